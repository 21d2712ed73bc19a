"""`NumberedWords`: the words of a piece of text as numbers, line by line."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Ints1d, Longs1d


class NumberedWords(NamedTuple):
    """Words, numbered as they first occur, of the lines that have any."""

    ids: Ints1d  # the number of each word
    offsets: Longs1d  # where the words of each line begin in `ids`; and their end
    lines: Longs1d  # which lines those are
    words: Sequence[str]  # by their number; compiled code hands them over packed
    counts: Longs1d  # how often each of `words` occurs

    def renamed(self, names: Sequence[str]) -> NumberedWords:
        """The same with another name for each word; words of one name become one, those without a name go."""
        numbers = numbering()
        new = np.array([numbers[name] if name else -1 for name in names], np.int32)
        ids = new[self.ids]
        kept = np.concatenate([np.zeros(1, np.int64), np.cumsum(ids >= 0)])
        bounds = kept[self.offsets]
        filled = np.flatnonzero(np.diff(bounds))
        offsets = np.append(bounds[filled], bounds[-1])
        ids = ids[ids >= 0]
        counts = np.bincount(ids, minlength=len(numbers))
        return NumberedWords(ids, offsets, self.lines[filled], list(numbers), counts)


def numbering() -> defaultdict[str, int]:
    """A mapping that numbers words as they are first looked up: 0, 1, 2, ..."""
    return defaultdict(count().__next__)


def number_words(parts: Iterable[tuple[int, Sequence[str]]]) -> NumberedWords:
    """Number the words of lines.

    A part is (number of a line, some of its words); the parts of a line follow each other.
    """
    numbers, ids = numbering(), array("i")
    offsets, lines = array("q"), array("q")
    lookup = numbers.__getitem__
    last = -1
    for line, words in parts:
        if words:
            if line != last:
                offsets.append(len(ids))
                lines.append(last := line)
            ids.extend(map(lookup, words))
    offsets.append(len(ids))
    numbered, which = np.frombuffer(ids, np.int32), np.array(lines, np.int64)
    counts = np.bincount(numbered, minlength=len(numbers))
    return NumberedWords(numbered, np.frombuffer(offsets, np.int64), which, list(numbers), counts)
