"""Errors of transcripts: words or characters that are missing, wrong or too many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from embedkit.errors import InputError
from embedkit.speech.labels import parts
from embedkit.speech.parameters import Units
from embedkit.statistics.intervals import Estimate, wilson


class ErrorRate(NamedTuple):
    """The errors of transcripts.

    Args:
        substitutions: words in the place of others.
        deletions: words that are missing.
        insertions: words too many.
        words: that were said, or characters.
        right: transcripts without an error.
        transcripts: how many there are.
    """

    substitutions: int
    deletions: int
    insertions: int
    words: int
    right: int
    transcripts: int

    @property
    def errors(self) -> int:
        """All errors: the fewest changes that turn the transcripts into what was said."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> Estimate:
        """Errors a word, and Wilson's interval, by which words are independent; above 1 there is none."""
        if not self.words:
            return Estimate(None, None)
        interval = wilson(self.errors, self.words) if self.errors <= self.words else None
        return Estimate(self.errors / self.words, interval)


def transcript_errors(said: Sequence[str], heard: Sequence[str], units: Units = "words") -> ErrorRate:
    """The errors of transcripts, by the edit distance of each.

    Args:
        said: what is said in n recordings.
        heard: what was recognized in each.
        units: count words, or characters.

    Raises:
        InputError: another number of transcripts.

    Example:
        >>> from embedkit import transcript_errors
        >>> errors = transcript_errors(["one two three", "four"], ["one three", "four"])
        >>> errors.deletions, errors.errors, errors.rate.value
        (1, 1, 0.25)
    """
    if len(said) != len(heard):
        raise InputError(f"expected as many transcripts as recordings, got {len(heard)} for {len(said)}")
    from rapidfuzz.distance import Levenshtein

    counts = {"replace": 0, "delete": 0, "insert": 0}
    words = right = 0
    for expected, got in zip(said, heard, strict=True):
        wanted = parts(expected, units)
        operations = Levenshtein.editops(wanted, parts(got, units))
        for operation in operations:
            counts[operation.tag] += 1
        words += len(wanted)
        right += not len(operations)
    return ErrorRate(counts["replace"], counts["delete"], counts["insert"], words, right, len(said))
