"""What commands print: answers as text, JSON or TSV, and facts as indented lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import click

from embedkit_cli.query.queries import Reply

DIGITS = 6  # decimals of scores for programs
COUNTED = {"words", "vocabulary", "documents", "bytes"}  # facts whose numbers are long enough to need commas
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Renderer = Callable[[Reply], str]


def show(replies: Iterable[Reply], style: str, text: Renderer | None = None) -> None:
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
    return json.dumps(content, ensure_ascii=False)


def as_tsv(reply: Reply) -> str:
    """A line an answer: query, word, score."""
    query = plain(" ".join(reply.query.words))
    return "\n".join(f"{query}\t{plain(answer.word)}\t{answer.score:.{DIGITS}f}" for answer in reply.results)


RENDERERS: dict[str, Renderer] = {"text": as_text, "json": as_json, "tsv": as_tsv}


def facts(content: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Lines of aligned names and values; what is nested is indented, what is None left out."""
    width = max((len(name) for name in content), default=0)
    for name, value in content.items():
        if isinstance(value, Mapping) and value:
            yield f"{indent}{plain(name)}"
            yield from facts(value, f"{indent}  ")
        elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            yield f"{indent}{plain(name)}"
            for item in value:
                yield f"{indent}  " + ", ".join(f"{plain(key)} {_value(key, item[key])}" for key in item)
        elif value is not None:
            yield f"{indent}{plain(name):<{width}}  {_value(name, value)}"


def plain(text: str) -> str:
    r"""The text with its control characters escaped: a word cannot break a line or steer the terminal."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def _value(name: str, value: object) -> str:
    if name in COUNTED and isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return " ".join(_value(name, item) for item in value)
    return plain(f"{value:.6g}" if isinstance(value, float) else str(value))


def padded(word: str, width: int) -> str:
    """The word with spaces up to so many columns of a terminal."""
    return word + " " * (width - cells(word))


def cells(word: str) -> int:
    """The columns a word takes in a terminal: two for a Chinese character, none for a combining accent."""
    if word.isascii():
        return len(word)
    from rich.cells import cell_len

    return cell_len(word)
