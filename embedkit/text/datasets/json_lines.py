"""JSON lines as rows of a table: an object a line, whose keys are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice, repeat
from typing import Any

from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.formats.encodings import has_surrogate_escape, parsed_json

BATCH = 256  # lines parsed together

JsonObject = tuple[int, dict[str, Any]]  # with the number of its line


def json_rows(
    lines: Iterator[tuple[int, str]], first: int, bad: BadRows
) -> tuple[tuple[str, ...], Iterator[tuple[int, list[Any]]]]:
    """The columns, which are the keys in the `first` lines, and the rows; an absent value is None."""
    sample = list(_objects(islice(lines, first), bad, {"object_pairs_hook": _each_key_once}))
    objects = _batched_objects(lines, bad)
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


def _batched_objects(lines: Iterator[tuple[int, str]], bad: BadRows) -> Iterator[JsonObject]:
    """The objects as `_objects` gives them; lines that hold a whole one and no more are parsed together."""
    decoder: Any = json.JSONDecoder()
    scan = decoder.scan_once  # gives (object, where it ends); no object at all ends a `map` of it
    while batch := list(islice(lines, BATCH)):
        try:
            scanned = list(map(scan, [line for _, line in batch], repeat(0)))
        except (ValueError, RecursionError):
            scanned = []
        if len(scanned) < len(batch):
            yield from _objects(batch, bad, {})
            continue
        for (number, line), (content, end) in zip(batch, scanned, strict=True):
            whole = isinstance(content, dict) and (end + 1 >= len(line) or not line[end:].strip())
            if whole and not ("\\u" in line and has_surrogate_escape(line)):
                yield number, content
            else:
                yield from _objects([(number, line)], bad, {})


def _objects(lines: Iterable[tuple[int, str]], bad: BadRows, how: dict[str, Any]) -> Iterator[JsonObject]:
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
