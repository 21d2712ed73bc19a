"""Word and character error rates: edits (Levenshtein 1966) that turn a text into its reference, a word of it.

Of several references the one with the fewest edits counts, of equals the longest. A text without error has
0; a rate may be above 1, as words that are too many count, too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.evaluation.translations.segments import References, checked_pairs
from embedkit.evaluation.translations.tokenization import WordCutting, tokenizer_named


def edit_distance(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """The fewest insertions, deletions and substitutions that make one sequence of the other.

    Example:
        >>> from embedkit import edit_distance
        >>> edit_distance("kitten", "sitting"), edit_distance(["a", "b"], ["b"])
        (3, 1)
    """
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(first, second))


def error_rate(hypotheses: Iterable[str], references: References, *, tokenize: WordCutting = "none") -> float:
    """The word error rate of texts, all edits by all words of the references; of characters with "char".

    Args:
        hypotheses: the texts, such as transcripts or translations.
        references: for each of them a text, or a list of several.
        tokenize: "none" at blanks, "13a" with punctuation apart, "char" into characters.

    Returns:
        0 if all is right; infinite if something is said where nothing should be.

    Raises:
        InputError: lists of different lengths, or no text at all.

    Example:
        >>> from embedkit import error_rate
        >>> error_rate(["the cat sat down"], ["the cat sits"])
        0.6666666666666666
    """
    edits, words = error_counts(hypotheses, references, tokenize).sum(axis=0).tolist()
    return float(edits / words) if words else (float("inf") if edits else 0.0)


def error_counts(
    hypotheses: Iterable[str], references: References, tokenize: WordCutting = "none"
) -> Doubles2d:
    """Edits and words of the reference of n texts, float64 (n, 2)."""
    tokenizer = tokenizer_named(tokenize)
    rows = []
    for hypothesis, own in zip(*checked_pairs(hypotheses, references), strict=True):
        words = tokenizer(hypothesis)
        truths = map(tokenizer, own)
        rows.append(min(((edit_distance(words, truth), len(truth)) for truth in truths), key=_rank))
    return np.array(rows, np.float64)


def _rank(counts: tuple[int, int]) -> tuple[int, int]:
    edits, words = counts
    return edits, -words
