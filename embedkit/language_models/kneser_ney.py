"""Interpolated modified Kneser-Ney smoothing (Chen and Goodman 1998, section 3).

The probability of a token behind a context is

    p(w | context) = max(c - D(c), 0) / C + gamma p(w | context without its first token),

where c is the count of the n-gram, C the sum over all tokens behind the context, and gamma C what the
discounts have taken from these. For the longest n-grams c is how often they occur, for shorter ones how many
different tokens stand before them; n-grams at the beginning of a text, before which nothing can stand, keep
how often they occur. Each order has its discounts D1, D2 and D3+ of counts of 1, 2, and 3 or more (equation
26). The shortest context is interpolated with 1 / V, of which unknown tokens get their part.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from embedkit.arrays import Doubles1d, Longs1d
from embedkit.language_models.ngram_model import NgramProbabilities
from embedkit.language_models.ngram_trie import NgramLevel, NgramTrie, count_ngrams
from embedkit.language_models.token_text import TokenText

FALLBACK = (0.5, 1.0, 1.5)  # discounts where counts are too regular to estimate them, as KenLM has them


def kneser_ney(text: TokenText, size: int, order: int) -> NgramProbabilities:
    """The probabilities of n-grams up to `order` in a text, for a vocabulary of this size.

    Example:
        >>> import numpy as np
        >>> from embedkit.language_models.kneser_ney import kneser_ney
        >>> from embedkit.language_models.token_text import TokenText
        >>> model = kneser_ney(TokenText(np.array([2, 3, 0, 2, 3, 0]), np.array([0, 3, 6])), 4, order=2)
        >>> probabilities = model.following(np.array([[2]]))
        >>> float(probabilities.sum().round(6)), int(probabilities.argmax())
        (1.0, 3)
    """
    ids, offsets = text.with_begins()
    levels = count_ngrams(ids, offsets, size, order)
    counts = _adjusted_counts(text, levels, size)
    above: list[np.ndarray] = []  # gamma of contexts of 0, 1, 2 ... tokens
    own: list[np.ndarray] = []  # what n-grams of 1, 2, 3 ... tokens have before interpolation
    parents = [np.zeros(size, np.int64), *(level.keys // size for level in levels)]
    contexts = [1, size, *(len(level.keys) for level in levels)]
    for length, (count, parent) in enumerate(zip(counts, parents, strict=True)):
        discount = np.array([0, *discounts(count)])[np.minimum(count, 3)]
        totals = np.bincount(parent, count, contexts[length])
        taken = np.bincount(parent, discount, contexts[length])
        seen = totals > 0
        gamma = np.divide(taken, totals, out=np.ones(len(totals)), where=seen)
        share = np.maximum(totals, 1)[parent]
        own.append(((count - discount) / share).astype(np.float32))
        above.append(gamma.astype(np.float32))
    return NgramProbabilities(NgramTrie(size, [level.keys for level in levels]), own, above)


def _adjusted_counts(text: TokenText, levels: Sequence[NgramLevel], size: int) -> list[Longs1d]:
    """The counts that n-grams of 1, 2, 3 ... tokens are smoothed by."""
    if not levels:
        return [np.bincount(text.ids, minlength=size)]
    adjusted = [np.bincount(levels[0].suffixes, minlength=size)]
    for level, longer in pairwise(levels):
        different = np.bincount(longer.suffixes, minlength=len(level.keys))
        adjusted.append(np.where(level.begins, level.counts, different))
    return [*adjusted, levels[-1].counts]


def discounts(counts: Longs1d) -> Doubles1d:
    """D1, D2 and D3+ by how many n-grams have the counts 1 to 4 (Chen and Goodman 1998, equation 26).

    Example:
        >>> import numpy as np
        >>> from embedkit.language_models.kneser_ney import discounts
        >>> discounts(np.array([1] * 8 + [2] * 4 + [3] * 2 + [4])).tolist()  # Y = 8 / (8 + 2 * 4) = 1/2
        [0.5, 1.25, 2.0]
    """
    of = np.bincount(np.minimum(counts, 5), minlength=6)[:5].astype(np.float64)
    if not of[1:].all():
        return np.array(FALLBACK)
    share = of[1] / (of[1] + 2 * of[2])
    found: Doubles1d = np.array([n - (n + 1) * share * of[n + 1] / of[n] for n in (1, 2, 3)])
    usable = (found > 0).all() and (found <= (1, 2, 3)).all()
    return found if usable else np.array(FALLBACK)
