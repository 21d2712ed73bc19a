"""The answers to queries as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from embedkit_cli.query.queries import Reply
from embedkit_cli.shared.text import DIGITS, cells, json_line, padded, plain

ReplyRenderer = Callable[[Reply], str]


def show(
    replies: Iterable[Reply],
    style: str,
    text: ReplyRenderer | None = None,
    renderers: Mapping[str, ReplyRenderer] | None = None,
) -> None:
    """Print replies as they come, those without an answer on stderr, and exit with 2 if there were any.

    What JSON has as "unknown" is for other styles a note on stderr. `text` replaces the renderer of the style
    "text", `renderers` those of all styles.
    """
    render = text if text and style == "text" else (renderers or RENDERERS)[style]
    failed = False
    for reply in replies:
        if reply.error:
            failed = True
            click.echo(f"Error: {reply.query.place}{plain(reply.error)}", err=True)
        if style != "json":
            for word, kind in reply.unknown.items():
                note = f"{word!r} is not in the vocabulary; its vector is made of subwords ({kind})"
                click.echo(f"Note: {reply.query.place}{plain(note)}", err=True)
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
    """One object on one line, with "results"; see `json_object` for the rest."""
    results = [{"word": answer.word, "score": round(answer.score, DIGITS)} for answer in reply.results]
    return json_object(reply, results=results)


def json_object(reply: Reply, **results: Any) -> str:
    """The query with its results as an object on one line.

    It has "looked_up" if a word was put in lower case, "unknown" if one is not in the vocabulary, with the
    kind of its subwords, and "error" if there is no answer.
    """
    words = reply.query.words
    content: dict[str, Any] = {"query": _one_or_all(words)}
    if any(word not in (found, word.lower()) for word, found in zip(words, reply.looked_up, strict=False)):
        content["looked_up"] = _one_or_all(reply.looked_up)
    if reply.unknown:
        content["unknown"] = reply.unknown
    content |= results
    if reply.error:
        content["error"] = reply.error
    return json_line(content)


def _one_or_all(words: tuple[str, ...]) -> str | tuple[str, ...]:
    return words[0] if len(words) == 1 else words


def as_tsv(reply: Reply) -> str:
    """A line an answer: query, word, score."""
    query = plain(" ".join(reply.query.words))
    return "\n".join(f"{query}\t{plain(answer.word)}\t{answer.score:.{DIGITS}f}" for answer in reply.results)


RENDERERS: dict[str, ReplyRenderer] = {"text": as_text, "json": as_json, "tsv": as_tsv}
