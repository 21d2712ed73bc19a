"""`neutralize` and `equalize`: one word, or a pair of words, without what lies along a direction.

These are the two steps of hard debiasing (Bolukbasi et al. 2016, section 6, "Neutralize and Equalize"), in
float64; `embedkit.debias` takes them for all words of a space at once.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.vectors.comparisons import Comparisons
from embedkit.vectors.expressions import VectorLike
from embedkit.vectors.projections import APART, equalized, rejected


def neutralize(vectors: Comparisons, word: VectorLike, direction: VectorLike) -> Doubles1d:
    """The vector w of a word less its part along a direction g: w - (w.g) g / |g|^2.

    Hard debiasing then gives it length 1.

    Args:
        vectors: any word vectors.
        word: a word, an expression or a vector (D,), taken as it is.
        direction: the same, such as "woman - man"; its length does not matter.

    Returns:
        float64 (D,), at right angles to the direction but for rounding.

    Raises:
        InputError: a direction of length 0.
        UnknownWordError: a word that is not in the vocabulary, and there are no subwords.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.Embeddings([[1, 0], [-1, 0], [3, 4]], ["woman", "man", "nurse"])
        >>> embedkit.neutralize(vectors, "nurse", "woman - man").tolist()
        [0.0, 4.0]
    """
    [neutral] = rejected(vectors.expression(word)[None], _basis(vectors, direction))
    return np.asarray(neutral)


def equalize(vectors: Comparisons, a: VectorLike, b: VectorLike, direction: VectorLike) -> Doubles2d:
    """The vectors of two words made to differ along a direction alone, both of length 1.

    Taken at length 1, they have the mean m, of which n lies at right angles to the direction; they become
    n + sqrt(1 - |n|^2) g and n - sqrt(1 - |n|^2) g, where g is the direction at length 1 or its opposite.
    Both then are equally far from whatever is at right angles to the direction.

    Args:
        vectors: any word vectors.
        a: a word, an expression or a vector (D,).
        b: the same.
        direction: the same, such as "woman - man"; its length does not matter.

    Returns:
        The vectors of `a` and `b`, float64 (2, D).

    Raises:
        InputError: a direction or a vector of length 0, or two that the direction does not tell apart.
        UnknownWordError: a word that is not in the vocabulary, and there are no subwords.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.Embeddings([[1, 0], [-4, 3]], ["she", "he"])
        >>> embedkit.equalize(vectors, "she", "he", [1, 0]).round(3).tolist()
        [[0.954, 0.3], [-0.954, 0.3]]
    """
    basis = _basis(vectors, direction)
    pair = np.stack([_unit(vectors.expression(query), query) for query in (a, b)])
    [first], [second] = pair @ basis.T
    if abs(first - second) < APART:
        raise InputError(
            f"expected two words that differ along {direction!r}, got {a!r} and {b!r}, "
            "which would become the same"
        )
    return equalized(pair, basis, (str(a), str(b)))


def _basis(vectors: Comparisons, direction: VectorLike) -> Doubles2d:
    """The direction at length 1, (1, D)."""
    return _unit(vectors.expression(direction), direction)[None]


def _unit(vector: Doubles1d, query: VectorLike) -> Doubles1d:
    length = np.linalg.norm(vector)
    if not length:
        raise InputError(f"expected a vector that points somewhere, got the length 0 of {query!r}")
    unit: Doubles1d = vector / length
    return unit
