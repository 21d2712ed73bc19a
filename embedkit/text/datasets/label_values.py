"""Values as labels: one label for a value, however a file or a frame stores it, and whether it is a class.

The truth value of a JSON file and the word True that pandas writes are "true", the number 1.0 and the cell
"1.0" are "1". Text is in Unicode's composed form (NFC), without invisible characters, with single blanks, and
without the `__label__` that fastText writes before labels.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from numbers import Number
from typing import Any

import numpy as np

from embedkit.text.label_words import PREFIX

_INVISIBLE = dict.fromkeys(
    (
        *map(ord, "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\ufeff"),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
    )
)  # without joiners and variation selectors, which belong to emoji and to some scripts
_WHOLE = re.compile(r"(-?\d+)\.0+")
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?")
_EXPONENT = re.compile(r"-?\d(\.\d+[eE][+-]|[eE]\+)\d+")  # as numpy and R write numbers to text
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(\D.*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d\d)(\D.*)?"
    r"|(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d.*|\d{1,2}:\d\d(:\d\d.*)?"
)
_MAX_PLAIN = 1e16  # from there on whole numbers are written with exponents


def label_text(value: Any) -> str | None:
    """The label that a value is, None for what is none: None, NaN, lists and other objects.

    Example:
        >>> from embedkit.text.datasets.label_values import label_text
        >>> [label_text(value) for value in (True, "True", 1.0, "1.0", 1234567.0, " a  b ")]
        ['true', 'true', '1', '1', '1234567', 'a b']
    """
    if isinstance(value, str):
        return _spelled(visible(value).removeprefix(PREFIX))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < _MAX_PLAIN else _shortest(value)
    if hasattr(value, "as_integer_ratio") or hasattr(value, "isoformat"):  # other numbers, dates
        return _spelled(str(value))
    return None


def _shortest(value: float) -> str:
    """The fewest digits that tell a number from others; one of single precision from others of it."""
    single = np.float32(value) if abs(value) < _MAX_PLAIN else value
    return str(single) if single == value else float.__repr__(value)


def visible(text: str) -> str:
    """The text in composed form, without invisible characters, and with single blanks between words."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def are_measures(labels: Collection[str]) -> bool:
    """Whether labels are dates, or numbers of which some have fractions: no classes, as a rule."""
    known = [label.strip() for label in labels if label.strip()]
    if not known:
        return False
    if all(map(_DATE.fullmatch, known)):
        return True
    return all(map(_NUMBER.fullmatch, known)) and any(_number(label) % 1 for label in known)


def number_of(label: Any) -> float | None:
    """The finite number that a cell is, None for what is none.

    Example:
        >>> from embedkit.text.datasets.label_values import number_of
        >>> number_of(" 7.50"), number_of(4), number_of("seven"), number_of("nan"), number_of(True)
        (7.5, 4.0, None, None, None)
    """
    if isinstance(label, bool) or not isinstance(label, str | int | float | Number):
        return None
    try:
        value = float(label)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _number(label: str) -> float:
    return float(label.replace(",", "."))


def _spelled(text: str) -> str | None:
    if text.lower() in ("true", "false"):
        return text.lower()
    if _EXPONENT.fullmatch(text):
        return label_text(float(text))
    whole = _WHOLE.fullmatch(text)
    return text if whole is None else "0" if whole[1] == "-0" else whole[1]
