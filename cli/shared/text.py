"""Text for a terminal: no control characters, columns aligned; JSON that is safe there; facts as lines."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

DIGITS = 6  # decimals of scores for programs
COUNTED = {  # facts whose numbers are long enough to need commas
    "words", "vocabulary", "documents", "bytes", "targets", "known", "new", "absent_kept", "frozen",
}  # fmt: skip
_UNSAFE = r"\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff"  # line ends, writing direction, halves of pairs
_CONTROL = re.compile(rf"[\x00-\x1f{_UNSAFE}]")
_UNSAFE_IN_JSON = re.compile(f"[{_UNSAFE}]")


def plain(text: str, kept: str = "") -> str:
    r"""The text with its control characters escaped: a word cannot break a line or steer the terminal.

    So are those that turn the direction of writing, and lone surrogates, which no encoding has.
    What is in `kept` stays.
    """
    return _CONTROL.sub(
        lambda match: match[0] if match[0] in kept else match[0].encode("unicode_escape").decode(), text
    )


def json_line(content: object) -> str:
    r"""The content as JSON on one line, with the same characters escaped as \uXXXX, which JSON takes back.

    Numbers that are not finite, which JSON does not know, are null. Where stdout is not Unicode, all
    characters beyond ASCII are escaped.
    """
    unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    try:
        text = json.dumps(content, ensure_ascii=not unicode, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(content), ensure_ascii=not unicode)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _finite(content: Any) -> Any:
    """The content with None in the place of numbers that are not finite."""
    if isinstance(content, Mapping):
        return {name: _finite(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def rounded(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a JSON object with six significant digits in its numbers."""
    return {
        name: float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
        for name, value in entry.items()
    }


def sentence(text: str) -> str:
    """The text with a capital and a full stop: "most words" gives "Most words."."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


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
        elif _is_list_of_mappings(value):
            yield f"{indent}{plain(name)}"
            for item in value:
                nested = {key: each for key, each in item.items() if _is_nested(each)}
                flat = [(key, each) for key, each in item.items() if key not in nested and each is not None]
                yield f"{indent}  {', '.join(f'{plain(key)} {_value(key, each)}' for key, each in flat)}"
                yield from facts(nested, f"{indent}    ")
        elif value is not None:
            yield f"{indent}{plain(name):<{width}}  {_value(name, value)}"


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping) or _is_list_of_mappings(value)


def _is_list_of_mappings(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _value(name: str, value: object) -> str:
    if name in COUNTED and isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return " ".join(_value(name, item) for item in value)
    return plain(f"{value:.6g}" if isinstance(value, float) else str(value))
