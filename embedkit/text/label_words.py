"""fastText's labels in lines of text: the words that begin with `__label__`, wherever they stand."""

from __future__ import annotations

import re

PREFIX = "__label__"
_LABEL = re.compile(rf"(?<!\S){PREFIX}(\S*)[ \t]*")


def split_labels(line: str) -> tuple[str, list[str]]:
    """The line "__label__a fine film __label__b" gives ("fine film", ["a", "b"])."""
    labels, rest = [], line.strip()
    while rest.startswith(PREFIX):
        label, *more = rest.split(maxsplit=1)
        labels.append(label.removeprefix(PREFIX))
        rest = "".join(more)
    if PREFIX in rest:
        labels += _LABEL.findall(rest)
        rest = without_labels(rest).strip()
    return rest, labels


def without_labels(text: str) -> str:
    r"""The text without its labels: "__label__a fine\nfilm" gives "fine\nfilm"."""
    return _LABEL.sub("", text) if PREFIX in text else text
