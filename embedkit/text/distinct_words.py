"""Whether words are distinct, told by their hashes: a set would take as much memory as the words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def are_distinct(words: Sequence[str]) -> bool:
    """Whether no word occurs twice.

    Example:
        >>> are_distinct(["a", "b"]), are_distinct(["a", "b", "a"])
        (True, False)
    """
    hashes = np.fromiter(map(hash, words), np.int64, len(words))
    hashes.sort()
    return bool((hashes[1:] != hashes[:-1]).all()) or len(set(words)) == len(words)
