"""Line numbers of the values of a TOML or JSON document: of each key and of each entry of a list.

Parsers of either form do not tell. The text is one that a parser has accepted, so a reader of brackets,
strings and separators is enough.
"""

from __future__ import annotations

import re

KeyPath = tuple[str | int, ...]  # ("definitional", 2, 0): the first word of the third set
Token = tuple[str, int]  # its text and line

TOKEN = re.compile(
    r'"""[\s\S]*?"""'
    r"|'''[\s\S]*?'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|[\[\]{},=:]|\n"
    r"""|[^\s\[\]{},=:#"']+"""
)


def line_numbers(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of each value of a document; it is JSON if it begins with a brace."""
    reader = _Reader(text)
    if text.lstrip().startswith("{"):
        reader.value(())
    else:
        reader.statements()
    return reader.numbers


def line_of(numbers: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of the value at `path`, or of the nearest that holds it; the first line for the document."""
    while path and path not in numbers:
        path = path[:-1]
    return numbers.get(path, 1)


def deepest(text: str) -> tuple[int, int]:
    """How deep a document nests lists, tables and the parts of dotted keys at most, and the line of that.

    Told without parsing, which takes memory that grows with the square of the depth.
    """
    most, place, depth, parts = 0, 0, 0, 1
    for match in TOKEN.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        if sign in "=,:\n[]{}":
            parts = 1
        elif sign[0] not in "\"'#":
            parts += sign.count(".")
        if depth + parts > most:
            most, place = depth + parts, match.start()
    return most, text.count("\n", 0, place) + 1


class _Reader:
    """Reads values from the left and notes the line of each in `numbers`."""

    def __init__(self, text: str) -> None:
        self.numbers: dict[KeyPath, int] = {}
        self._tokens: list[Token] = []
        line = 1
        for match in TOKEN.finditer(text):
            if not match[0].startswith("#"):
                self._tokens.append((match[0], line))
            line += match[0].count("\n")
        self._tokens.append(("", line))
        self._place = 0

    def statements(self) -> None:
        """TOML: headers `[table]` and statements `key = value`."""
        table: KeyPath = ()
        while self._next():
            if self._next() == "[":
                table = self._key("]")
                if self._next() == "]":  # of [[table]]
                    self._place += 1
            else:
                self.value((*table, *self._key("=")))

    def value(self, path: KeyPath) -> None:
        """A list, a table in braces, or a scalar up to the next separator."""
        self.numbers.setdefault(path, self._line())
        if self._next() == "[":
            self._entries("]", path)
        elif self._next() == "{":
            self._entries("}", path)
        else:
            while self._tokens[self._place][0] not in {"", "\n", ",", "]", "}"}:
                self._place += 1

    def _entries(self, end: str, path: KeyPath) -> None:
        """The values of a list or table, up to its closing bracket."""
        self._place += 1
        number = 0
        while self._next() not in {end, ""}:
            key = self._key("=:") if end == "}" else (number,)
            self.value((*path, *key))
            number += 1
            if self._next() == ",":
                self._place += 1
        self._place += 1

    def _key(self, ends: str) -> KeyPath:
        """The parts of a dotted key, without what closes it; of a header too."""
        line, parts = self._line(), list[str]()
        while (token := self._tokens[self._place][0]) and token not in ends:
            parts += [token[1:-1]] if token[0] in "\"'" else [part for part in token.split(".") if part]
            self._place += 1
        self._place += 1
        key = tuple(part for part in parts if part != "[")
        self.numbers.setdefault(key, line)
        return key

    def _next(self) -> str:
        """The next token that is no line end, "" at the end."""
        while self._tokens[self._place][0] == "\n":
            self._place += 1
        return self._tokens[self._place][0]

    def _line(self) -> int:
        self._next()
        return self._tokens[self._place][1]
