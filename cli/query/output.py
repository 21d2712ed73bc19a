"""The answers to queries as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from embedkit_cli.query.queries import Reply
from embedkit_cli.shared.text import DIGITS, cells, json_text, padded, plain

ReplyRenderer = Callable[[Reply], str]


def show(replies: Iterable[Reply], style: str, text: ReplyRenderer | None = None) -> None:
    """Print replies as they come, those without an answer on stderr, and exit with 2 if there were any.

    `text` replaces the renderer of the style "text".
    """
    render = text if text and style == "text" else RENDERERS[style]
    failed = False
    for reply in replies:
        if reply.error:
            failed = True
            click.echo(f"Error: {reply.query.place}{reply.error}", err=True)
        if rendered := render(reply):
            click.echo(rendered)
    if failed:
        raise click.exceptions.Exit(2)


def as_text(reply: Reply) -> str:
    """Answers in aligned columns; under their query if it is one of several."""
    width = max((cells(plain(answer.word)) for answer in reply.results), default=0)
    lines = [padded(plain(answer.word), width) + f"{answer.score:9.4f}" for answer in reply.results]
    if reply.query.one_of_several and lines:
        lines = [plain(" ".join(reply.query.words)), *(f"  {line}" for line in lines)]
    return "\n".join(lines)


def as_json(reply: Reply) -> str:
    """One object on one line; "error" is there only if there is no answer."""
    words = reply.query.words
    results = [{"word": answer.word, "score": round(answer.score, DIGITS)} for answer in reply.results]
    content: dict[str, Any] = {"query": words[0] if len(words) == 1 else words, "results": results}
    if reply.error:
        content["error"] = reply.error
    return json_text(content)


def as_tsv(reply: Reply) -> str:
    """A line an answer: query, word, score."""
    query = plain(" ".join(reply.query.words))
    return "\n".join(f"{query}\t{plain(answer.word)}\t{answer.score:.{DIGITS}f}" for answer in reply.results)


RENDERERS: dict[str, ReplyRenderer] = {"text": as_text, "json": as_json, "tsv": as_tsv}
