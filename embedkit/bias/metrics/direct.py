"""Direct and indirect bias of Bolukbasi, Chang, Zou, Saligrama and Kalai (2016).

"Man is to computer programmer as woman is to homemaker? Debiasing word embeddings", NeurIPS 29, section 5.2:
DirectBias_c is the mean of |cos(w, g)|^c over neutral words, and the indirect bias of two words is

    beta(w, v) = (w . v - (w_perp . v_perp) / (|w_perp| |v_perp|)) / (w . v)

for unit vectors, where _perp is what remains of a vector without its part in the direction g. Beyond the
paper, g may be a subspace: |cos(w, g)| is then the length of the part of w that lies in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Longs2d
from embedkit.bias.metrics.bases import orthonormal
from embedkit.bias.metrics.measurement import Measurement, by_word, coverage_of, mean_interval
from embedkit.bias.topics.word_lists import MIN_COVERAGE, match_words
from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import unit_vectors

MEANING_DIRECT = (
    "the mean absolute cosine of words that should be neutral with the bias direction, from 0 to 1: 0 is "
    "no bias, higher is worse"
)
MEANING_INDIRECT = (
    "the share of the similarity of two words that is due to the bias direction: 0 is none of it and 1 "
    "all of it, the further from 0 the worse; it is unbounded, and below 0 the direction hides similarity"
)
MIN_COSINE = 1e-6  # a cosine so small that a share of it means nothing


def direct_bias(
    vectors: Embeddings,
    words: Iterable[str],
    direction: ArrayLike,
    *,
    strictness: float = 1.0,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """DirectBias_c of neutral words, with a bootstrap interval over words.

    Args:
        vectors: the space.
        words: those that should be neutral, such as professions.
        direction: (D,), or a subspace (k, D).
        strictness: c of the paper; 0 asks only whether a word has any part in the direction.
        seed: random seed of the bootstrap.
        min_coverage: the share of words that must be known.

    Returns:
        `details["words"]` has each word's part in the direction: the signed cosine, or for a subspace of
        several dimensions the length.

    Raises:
        InputError: too few words are known, or the direction is no such direction.

    Example:
        >>> from embedkit import Embeddings, Vocabulary
        >>> words = ["she", "he", "nurse", "smith"]
        >>> vectors = Embeddings([[1, 1], [-1, 1], [0.6, 0.8], [-0.6, 0.8]], Vocabulary(words))
        >>> direction = vectors["she"] - vectors["he"]
        >>> round(direct_bias(vectors, ["nurse", "smith"], direction).value, 3)
        0.6
    """
    if not strictness >= 0:
        raise InputError(f"expected a strictness of at least 0, got {strictness}")
    known = match_words(vectors, words, min_coverage=min_coverage, what="the neutral words")
    basis = orthonormal(direction, vectors.vector_size)
    unit = known.unit(vectors).astype(np.float64)
    parts = unit @ basis.T  # (n, k)
    lengths = np.linalg.norm(parts, axis=1).clip(0, 1)
    powers = lengths**strictness if strictness else (lengths > 0).astype(np.float64)
    low, high = mean_interval(powers, seed)
    signed = unit @ np.asarray(direction, np.float64).ravel() if len(basis) == 1 else lengths
    return Measurement(
        name="direct bias",
        value=float(powers.mean()),
        meaning=MEANING_DIRECT,
        low=low,
        high=high,
        **coverage_of(words=known),
        seed=seed,
        details={
            "strictness": strictness,
            "words": by_word(known, np.copysign(lengths, signed)),
        },
    )


def indirect_bias(
    vectors: Embeddings,
    pairs: Sequence[tuple[str, str]],
    direction: ArrayLike,
    *,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """The mean indirect bias beta of pairs of words, with a bootstrap interval over pairs.

    Args:
        vectors: the space.
        pairs: such as ("softball", "receptionist").
        direction: (D,), or a subspace (k, D).
        seed: random seed of the bootstrap.
        min_coverage: the share of pairs of which both words must be known.

    Returns:
        `details["pairs"]` has beta of each pair (None where the cosine of its words is 0); the mean is over
        the others. One pair has no interval.

    Raises:
        InputError: too few pairs are known, or all have cosine 0.

    Example:
        >>> from embedkit import Embeddings, Vocabulary
        >>> vectors = Embeddings([[2, 1, 0], [2, 1, 1]], Vocabulary(["nurse", "maid"]))
        >>> round(indirect_bias(vectors, [("nurse", "maid")], [1, 0, 0]).value, 3)
        0.225
    """
    known, lowercased = _known_pairs(vectors, pairs, min_coverage)
    basis = orthonormal(direction, vectors.vector_size)
    w, v = (vectors.take_unit(known[:, side]).astype(np.float64) for side in (0, 1))
    similarity = np.einsum("ij,ij->i", w, v)
    rests = [unit_vectors(side - side @ basis.T @ basis).astype(np.float64) for side in (w, v)]
    without = np.einsum("ij,ij->i", *rests)
    defined = np.abs(similarity) > MIN_COSINE
    if not defined.any():
        raise InputError("expected pairs whose words have a cosine other than 0, but all have 0")
    betas = (similarity[defined] - without[defined]) / similarity[defined]
    low, high = mean_interval(betas, seed)
    each = np.full(len(known), np.nan)
    each[defined] = betas
    names = [[vectors.vocabulary.words[row] for row in pair] for pair in known.tolist()]
    return Measurement(
        name="indirect bias",
        value=float(betas.mean()),
        meaning=MEANING_INDIRECT,
        low=low,
        high=high,
        coverage={"pairs": (len(known), len(pairs))},
        lowercased={"pairs": lowercased} if lowercased else {},
        seed=seed,
        details={
            "pairs": [
                {"words": words, "beta": None if np.isnan(beta) else beta}
                for words, beta in zip(names, each.tolist(), strict=True)
            ]
        },
    )


def _known_pairs(
    vectors: Embeddings, pairs: Sequence[tuple[str, str]], min_coverage: float
) -> tuple[Longs2d, tuple[str, ...]]:
    """The rows (n, 2) of the pairs whose words are both known, and the words known in lower case only."""
    wrong = next((pair for pair in pairs if isinstance(pair, str) or len(pair) != 2), None)
    if wrong is not None:
        raise InputError(f"expected pairs of words, got {wrong!r}")
    rows = []
    missing: list[str] = []
    lowercased: list[str] = []
    for pair in pairs:
        looked_up = [match_words(vectors, [word], min_coverage=0, min_words=0) for word in pair]
        missing += [word for side in looked_up for word in side.missing]
        if all(len(side.ids) for side in looked_up):
            rows.append([int(side.ids[0]) for side in looked_up])
            lowercased += [word for side in looked_up for word in side.lowercased]
    if len(rows) < max(1, min_coverage * len(pairs)):
        raise InputError(
            f"expected the vectors to know both words of at least {min_coverage:.0%} of the pairs, got "
            f"{len(rows)} of {len(pairs)}; missing: {', '.join(map(repr, dict.fromkeys(missing)))}"
        )
    return np.array(rows, np.int64), tuple(dict.fromkeys(lowercased))
