"""JSON lines of tagged sentences: {"tokens": ["Ada", "lives"], "tags": ["B-person", "O"]}."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from embedkit.errors import FormatError
from embedkit.text.datasets.column_files import TaggedRow
from embedkit.text.formats.encodings import parsed_json

TOKENS, TAGS = "tokens", "tags"  # the keys, unless others are named


def is_token_lists(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether the first line that is not blank is a JSON object."""
    first = next((line for _, line in lines if line.strip()), "")
    return first.lstrip().startswith("{") and first.rstrip().endswith("}")


def listed_rows(
    name: str,
    lines: Sequence[tuple[int, str]],
    token_column: str | None,
    tag_column: str | None,
    tagged: bool,
) -> Iterator[TaggedRow]:
    """The sentences in numbered lines of JSON: the line, tokens and tags."""
    for number, line in lines:
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            content = parsed_json(line)
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{place}: expected a JSON object, got none: {error}") from None
        tokens = _strings(content, token_column or TOKENS, place)
        tags = _strings(content, tag_column or TAGS, place) if tagged else [""] * len(tokens)
        if len(tokens) != len(tags):
            raise FormatError(
                f"{place}: expected a tag for each token, got {len(tokens)} tokens and {len(tags)} tags"
            )
        if not tokens:
            raise FormatError(f"{place}: expected a sentence of at least one token, got none; leave it out")
        yield number, tokens, tags


def _strings(content: Any, key: str, place: str) -> list[str]:
    if not isinstance(content, dict) or key not in content:
        keys = ", ".join(map(repr, content)) if isinstance(content, dict) else "no object"
        raise FormatError(f"{place}: expected a JSON object with the key {key!r}, got {keys:.80}")
    values = content[key]
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise FormatError(f"{place}: expected {key!r} as a list of strings, none empty, got {values!r:.80}")
    return values
