"""Stereotype analogies: the pairs x : y by which the vectors complete "she is to he as x is to y".

Bolukbasi et al. (2016), section 3, equation 1: of all pairs of common words whose unit vectors are at most
`delta` apart, those whose difference points most in the direction of the seed pair,

    S(x, y) = cos(a - b, x - y)  if |x - y| <= delta, else 0.

No word occurs twice. The cosine of x - y with the direction is the difference of two projections over the
distance, so all pairs are one blocked product of the matrix with itself, upper half; the best `HELD` pairs
are kept, and more only if they run out before enough pairs of different words are found. Words whose vectors
are the same but for rounding are no pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d, Floats1d, Floats2d, Longs1d
from embedkit.bias.metrics.bases import unit_direction
from embedkit.bias.topics.word_lists import match_words
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.search.exact import slices

MAX_VOCABULARY = 30_000  # words from the front of the vocabulary that are paired
DELTA = 1.0  # of the paper: an angle of 60 degrees
HELD = 1 << 12  # candidates kept at first
ALIKE = 1 - 5e-6  # a cosine so near to 1 that the difference of the vectors is rounding
BLOCK = 2048  # rows compared with as many others at once


class StereotypeAnalogy(NamedTuple):
    """a : b :: x : y, with the cosine of both differences."""

    x: str
    y: str
    score: float


def stereotype_analogies(
    vectors: Embeddings,
    direction: ArrayLike,
    *,
    top: int = 50,
    max_vocabulary: int = MAX_VOCABULARY,
    delta: float = DELTA,
    excluded: Iterable[str] = (),
) -> list[StereotypeAnalogy]:
    """The `top` analogies, best first.

    Args:
        vectors: the space.
        direction: a - b (D,), such as the vector of "she" less that of "he".
        top: how many at most.
        max_vocabulary: how many words from the front of the vocabulary are paired.
        delta: the distance of the unit vectors of a pair at most.
        excluded: words that are left out, such as those of the seed pair; unknown ones do not matter.

    Returns:
        Only pairs with a score above 0; fewer than `top` if there are no more.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(3000)
        >>> direction = vectors["she"] - vectors["he"]
        >>> [best] = stereotype_analogies(vectors, direction, top=1, excluded=["she", "he"])
        >>> best.x, best.y
        ('her', 'his')
    """
    check_count("top", top)
    check_count("max_vocabulary", max_vocabulary)
    if not 0 < delta <= 2:
        raise InputError(f"expected a distance above 0 and at most 2, got {delta}")
    axis = unit_direction(direction, vectors.vector_size).astype(np.float32)
    left_out = match_words(vectors, excluded, min_coverage=0, min_words=0).ids
    rows = np.setdiff1d(np.arange(min(max_vocabulary, len(vectors))), left_out)
    rows = rows[vectors.norms[rows] > 0]
    unit = vectors.take_unit(rows)
    words = vectors.vocabulary.words
    return [
        StereotypeAnalogy(words[rows[x]], words[rows[y]], score)
        for x, y, score in _different(unit, unit @ axis, delta, top)
    ]


class _Pairs(NamedTuple):
    """Candidates: rows x and y (n,) and their scores, best first; `all` if none was dropped."""

    x: Longs1d
    y: Longs1d
    scores: Doubles1d
    all: bool


def _different(unit: Floats2d, projections: Floats1d, delta: float, top: int) -> list[tuple[int, int, float]]:
    """The best pairs of which none shares a word with a better one."""
    held = HELD
    while True:
        pairs = _candidates(unit, projections, delta, held)
        chosen: list[tuple[int, int, float]] = []
        used: set[int] = set()
        for x, y, score in zip(pairs.x.tolist(), pairs.y.tolist(), pairs.scores.tolist(), strict=True):
            if x in used or y in used:
                continue
            chosen.append((x, y, score))
            used |= {x, y}
            if len(chosen) == top:
                return chosen
        if pairs.all:
            return chosen
        held *= 8


def _candidates(unit: Floats2d, projections: Floats1d, delta: float, held: int) -> _Pairs:
    """The `held` best pairs of rows of `unit` (n, D) at most `delta` apart."""
    min_cosine = np.float32(1 - delta * delta / 2)  # the cosine of rows that are delta apart
    best = _Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), True)
    blocks = list(slices(len(unit), BLOCK))
    for place, rows in enumerate(blocks):
        for columns in blocks[place:]:
            cosines = (unit[rows] @ unit[columns].T).ravel()
            near = np.flatnonzero(cosines >= min_cosine)
            first, second = np.divmod(near, columns.stop - columns.start)
            first, second, near_cosines = first + rows.start, second + columns.start, cosines[near]
            pairs = (second > first) & (near_cosines < ALIKE)
            first, second = first[pairs], second[pairs]
            distances = np.sqrt(2 - 2 * near_cosines[pairs].astype(np.float64))
            signed = (projections[first].astype(np.float64) - projections[second]) / distances
            scores = np.abs(signed)
            ahead = scores > (0 if best.all else best.scores[-1])
            x, y = np.where(signed > 0, (first, second), (second, first))
            best = _merged(best, x[ahead], y[ahead], scores[ahead], held)
    return best


def _merged(best: _Pairs, x: Longs1d, y: Longs1d, scores: Doubles1d, held: int) -> _Pairs:
    """The `held` best of the candidates held and the new ones; among equals the earlier rows."""
    x, y, scores = (
        np.concatenate(both) for both in zip((best.x, best.y, best.scores), (x, y, scores), strict=True)
    )
    order = np.lexsort((y, x, -scores))[:held]
    return _Pairs(x[order], y[order], scores[order].clip(0, 1), best.all and len(scores) <= held)
