"""Vectors as text, which is that of a file of vectors, as JSON or TSV."""

from __future__ import annotations

from embedkit_cli.query.output import ReplyRenderer, json_object
from embedkit_cli.query.queries import Reply
from embedkit_cli.shared.text import plain


def _as_text(reply: Reply) -> str:
    return _line(reply, " ")


def _as_tsv(reply: Reply) -> str:
    return _line(reply, "\t")


def _as_json(reply: Reply) -> str:
    numbers = {} if reply.error else {"vector": [float(number) for number in _numbers(reply)]}
    return json_object(reply, **numbers)


def _line(reply: Reply, separator: str) -> str:
    """The query and its numbers; nothing if it has none."""
    return "" if reply.error else separator.join([plain(reply.query.words[0]), *_numbers(reply)])


def _numbers(reply: Reply) -> list[str]:
    """The shortest numerals that are read as the same float32."""
    return list(map(str, reply.results))


RENDERERS: dict[str, ReplyRenderer] = {"text": _as_text, "json": _as_json, "tsv": _as_tsv}
