"""Lists of labels in cells of text: as JSON, or as Python, pandas and numpy write them."""

from __future__ import annotations

import json
import re
from typing import Any

_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_ITEM = re.compile(rf"{_QUOTED}|(?<!\S)[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|True|False|None")
_WRAPPED = re.compile(r"(?:frozenset|array)\((.*?)(?:,\s*dtype=[\w.'<|]+)?\)", re.DOTALL)
_EMPTY = ("()", "set()", "{}")


def parsed_list(cell: str) -> list[Any] | None:
    """The list that a cell holds, None if it holds none.

    Lists are ["a", "b"] of JSON, ['a', 'b'] of pandas and ['a' 'b'] of numpy; tuples and sets of Python hold
    nothing but strings: ('a', 'b') and {'a', 'b'}. Around them may stand frozenset(...) or array(...).

    Example:
        >>> from embedkit.text.datasets.label_lists import parsed_list
        >>> parsed_list("['a', 'b']"), parsed_list("['a' 'b']"), parsed_list("[draft]")
        (['a', 'b'], ['a', 'b'], None)
    """
    cell = cell.strip()
    if wrapped := _WRAPPED.fullmatch(cell):
        cell = wrapped[1].strip() or "()"
    if cell in _EMPTY:
        return []
    if cell[:1] + cell[-1:] not in ("[]", "()", "{}"):
        return None
    listed = _json_list(cell) if cell[0] == "[" else None
    return _python_list(cell) if listed is None else listed


def _json_list(cell: str) -> list[Any] | None:
    try:
        content = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, list) else None


def _python_list(cell: str) -> list[Any] | None:
    body = cell[1:-1]
    items = _ITEM.findall(body)
    if not items or _ITEM.sub("", body).strip(" ,\r\n\t"):
        return None
    if cell[0] != "[" and not all(item[0] in "'\"" for item in items):
        return None
    import ast

    try:
        values = [ast.literal_eval(item) for item in items]
    except (ValueError, SyntaxError):  # a number such as 01
        return None
    return sorted(values) if cell[0] == "{" else values
