"""Text for a terminal: no control characters, columns aligned; and facts as indented lines."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

DIGITS = 6  # decimals of scores for programs
COUNTED = {"words", "vocabulary", "documents", "bytes"}  # facts whose numbers are long enough to need commas
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    r"""The text with its control characters escaped: a word cannot break a line or steer the terminal."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def json_text(content: Any) -> str:
    """The content as JSON, which knows no NaN and no infinity: numbers that are not finite are null."""
    try:
        return json.dumps(content, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(content), ensure_ascii=False)


def _finite(content: Any) -> Any:
    """The content with None in the place of numbers that are not finite."""
    if isinstance(content, Mapping):
        return {name: _finite(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def padded(word: str, width: int) -> str:
    """The word with spaces up to so many columns of a terminal."""
    return word + " " * (width - cells(word))


def cells(word: str) -> int:
    """The columns a word takes in a terminal: two for a Chinese character, none for a combining accent."""
    if word.isascii():
        return len(word)
    from rich.cells import cell_len

    return cell_len(word)


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


def _value(name: str, value: object) -> str:
    if name in COUNTED and isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return " ".join(_value(name, item) for item in value)
    return plain(f"{value:.6g}" if isinstance(value, float) else str(value))
