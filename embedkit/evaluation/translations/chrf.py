"""chrF (Popovic 2015) and chrF++ (Popovic 2017): F-scores of n-grams, of characters and of words.

Precision and recall are averaged over the orders n that occur on both sides, and F weighs recall beta times
as much as precision. White space does not count. Of several references a text is compared with the one
that it is closest to. The numbers are those of sacrebleu.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.evaluation.translations.segments import References, checked_pairs

CHARACTER_ORDER, WORD_ORDER, BETA = 6, 0, 2.0
LARGEST_ORDER = 16  # more is a mistake


def chrf(
    hypotheses: Iterable[str],
    references: References,
    *,
    character_order: int = CHARACTER_ORDER,
    word_order: int = WORD_ORDER,
    beta: float = BETA,
    lowercase: bool = False,
) -> float:
    """ChrF of translations from 0 to 100, over all of them together; with `word_order` 2 it is chrF++.

    Args:
        hypotheses: the translations.
        references: for each of them a text, or a list of several.
        character_order: the longest n-grams of characters.
        word_order: the longest n-grams of words, 0 for none.
        beta: how much more recall counts than precision.
        lowercase: compare in lower case.

    Raises:
        InputError: lists of different lengths, no text at all, or a parameter that cannot be.

    Example:
        >>> from embedkit import chrf
        >>> round(chrf(["the cat sat"], ["the cat sits"]), 2)
        61.03
    """
    counts = chrf_counts(hypotheses, references, character_order, word_order, beta, lowercase)
    return float(chrf_of_counts(counts.sum(axis=0, keepdims=True), beta)[0])


def chrf_counts(
    hypotheses: Iterable[str],
    references: References,
    character_order: int = CHARACTER_ORDER,
    word_order: int = WORD_ORDER,
    beta: float = BETA,
    lowercase: bool = False,
) -> Doubles2d:
    """What chrF adds up over n texts, float64 (n, 3 * orders): of each order n-grams said, wanted, right."""
    for name, order, least in (("character_order", character_order, 1), ("word_order", word_order, 0)):
        if isinstance(order, bool) or not isinstance(order, int) or not least <= order <= LARGEST_ORDER:
            raise InputError(f"{name} must be a number from {least} to {LARGEST_ORDER}, got {order!r}")
    if not 0 < beta < np.inf:
        raise InputError(f"beta must be more than 0 and finite, got {beta!r}")
    said, truth = checked_pairs(hypotheses, references)
    rows = []
    for hypothesis, own in zip(said, truth, strict=True):
        texts = [text.lower() if lowercase else text for text in (hypothesis, *own)]
        grams, *others = [_all_ngrams(text, character_order, word_order) for text in texts]
        candidates = np.array([_matches(grams, other) for other in others], np.float64)
        rows.append(candidates[np.argmax(chrf_of_counts(candidates, beta))])
    return np.array(rows)


def _all_ngrams(text: str, character_order: int, word_order: int) -> list[Counter[str]]:
    """The n-grams of each order, first those of characters."""
    letters, words = "".join(text.split()), _words(text) if word_order else []
    of_letters = (
        Counter(letters[at : at + order] for at in range(len(letters) - order + 1))
        for order in range(1, character_order + 1)
    )
    of_words = (
        Counter(" ".join(words[at : at + order]) for at in range(len(words) - order + 1))
        for order in range(1, word_order + 1)
    )
    return [*of_letters, *of_words]


def _words(text: str) -> list[str]:
    """The words, with one punctuation mark apart: the last character if it is one, else the first."""
    return list(chain.from_iterable(map(_parts, text.split())))


def _parts(word: str) -> tuple[str, ...]:
    if len(word) > 1 and word[-1] in string.punctuation:
        return word[:-1], word[-1]
    if len(word) > 1 and word[0] in string.punctuation:
        return word[0], word[1:]
    return (word,)


def _matches(grams: Sequence[Counter[str]], others: Sequence[Counter[str]]) -> list[int]:
    """Said, wanted and right n-grams of each order; an order that the reference lacks counts nothing."""
    counts = []
    for own, other in zip(grams, others, strict=True):
        counts += [own.total() if other else 0, other.total(), (own & other).total()]
    return counts


def chrf_of_counts(counts: Doubles2d, beta: float = BETA) -> Doubles1d:
    """ChrF (r,) from 0 to 100 of rows of counts (r, 3 * orders)."""
    said, wanted, right = (counts[:, start::3] for start in range(3))
    both = (said > 0) & (wanted > 0)
    orders = np.maximum(both.sum(axis=1), 1)
    precision = np.divide(right, said, out=np.zeros_like(right), where=both).sum(axis=1) / orders
    recall = np.divide(right, wanted, out=np.zeros_like(right), where=both).sum(axis=1) / orders
    weight = beta**2
    below = weight * precision + recall
    scores: Doubles1d = 100 * (1 + weight) * precision * recall / np.where(below > 0, below, 1)
    return scores
