"""`EstimatedSubwords`: n-grams that were learned from vectors of whole words, to estimate those of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords


@dataclass(frozen=True, eq=False, repr=False)
class EstimatedSubwords(FastTextSubwords):
    """Gives a word the mean of the rows of those of its n-grams that enough words had.

    They work as those of fastText do; `estimate_unknown_words` learns them. What they give is an estimate.
    """

    kind: ClassVar[str] = "estimated"
