"""JSON lines as rows of a table: an object a line, whose keys are the columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.encodings import parsed_json

JsonObject = tuple[int, dict[str, Any]]  # with the number of its line


def json_rows(
    lines: Iterator[tuple[int, str]], first: int, bad: BadRows
) -> tuple[tuple[str, ...], Iterator[tuple[int, list[Any]]]]:
    """The columns, which are the keys in the `first` lines, and the rows; an absent value is None."""
    sample = list(_objects(islice(lines, first), bad, {"object_pairs_hook": _each_key_once}))
    objects = _objects(lines, bad, {})
    columns = tuple(dict.fromkeys(key for _, content in sample for key in content))
    bad.check_width(len(columns))
    both = chain(sample, objects)
    return columns, ((number, [content.get(name) for name in columns]) for number, content in both)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; `ValueError` if a key has two values, of which nobody knows which one counts."""
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content and content[key] != value:
            raise ValueError(f"the key {key!r:.40} has two values")
        content[key] = value
    return content


def _objects(lines: Iterator[tuple[int, str]], bad: BadRows, how: dict[str, Any]) -> Iterator[JsonObject]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            content = parsed_json(line, **how)
        except (ValueError, RecursionError) as error:
            bad.report(number, f"expected a JSON object, got none: {getattr(error, 'msg', error)}")
            continue
        if isinstance(content, dict):
            yield number, content
        else:
            bad.report(number, f"expected a JSON object, got {line.strip()[:60]!r}")
