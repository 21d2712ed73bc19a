"""`Comparisons`: the part of `Embeddings` that compares words, expressions and vectors with one another.

All are taken as they are, without making words as long as each other first, and compared in float64: the
cosine of "france - paris" and "rome - italy" is that of the two differences. A zero vector has the cosine 0
with everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias, get_args, overload

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d, Doubles2d, Floats1d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.vectors.answers import Answer
from embedkit.vectors.expressions import Expression, VectorLike, are_queries
from embedkit.vectors.norms import finite, finite_vectors, unit_vectors
from embedkit.vectors.queries import Queries
from embedkit.vectors.search.exact import slices
from embedkit.vectors.search.nearest import candidate_rows
from embedkit.vectors.search.scan import cosines as exact_cosines
from embedkit.vectors.search.scan import rounding, scan

DistanceMetric = Literal["cosine", "euclidean"]
Compared: TypeAlias = VectorLike | Sequence[VectorLike]  # one, or a list of them

BLOCK = 2048  # rows in float64 at once


class Comparisons(Queries):
    """Similarities, distances and ranks of words that have vectors."""

    def expression(self, query: VectorLike, *, normalize: bool = False) -> Doubles1d:
        """The vector of an expression such as "king - man + woman", or of a word, float64 (D,).

        Words count with their vectors as they are, as in `similarity` and `distance`; with `normalize` at
        length 1, as in searches. See `embedkit.vectors.expression_parser` for how sums are written.

        Raises:
            InputError: operators that make no sum; the message names the place.
            UnknownWordError: one of the words is not in the vocabulary, and there are no subwords.

        Example:
            >>> from embedkit import Embeddings
            >>> vectors = Embeddings([[2, 0], [0, 4]], ["east", "north"])
            >>> vectors.expression("(east + north) / 2").tolist()
            [1.0, 2.0]
        """
        vector: Doubles1d = self._sums([self._expression(query)], normalize=normalize)[0]
        return vector

    @overload
    def similarity(self, a: str | Expression, b: str | Expression) -> float: ...
    @overload
    def similarity(self, a: Compared, b: Compared) -> float | Doubles1d: ...
    def similarity(self, a: Compared, b: Compared) -> float | Doubles1d:
        """The cosine of two words, expressions or vectors (D,), in [-1, 1]; of lists, of each pair.

        Args:
            a: a word, an expression, a vector (D,), or a list of n of them, such as an array (n, D).
            b: the same; one against a list of n is compared with each of them.

        Returns:
            The cosine, or with a list float64 (n,); 0 where either vector is zero.

        Raises:
            InputError: lists of different lengths, or what is no word and no finite vector.
            UnknownWordError: a word that is not in the vocabulary, and there are no subwords.

        Example:
            >>> import embedkit
            >>> vectors = embedkit.load()
            >>> vectors.similarity("cat", "dog") > vectors.similarity("cat", "train")
            True
            >>> vectors.similarity("cat", ["cat", "dog", "train"]).round(2).tolist()
            [1.0, 0.75, 0.09]
            >>> round(vectors.similarity("france - paris", "italy - rome"), 2)
            0.54
        """
        first, second, single = self._pairs(a, b)
        cosines = _in_blocks(_cosines, first, second)
        return float(cosines[0]) if single else cosines

    @overload
    def distance(
        self, a: str | Expression, b: str | Expression, metric: DistanceMetric = "cosine"
    ) -> float: ...
    @overload
    def distance(self, a: Compared, b: Compared, metric: DistanceMetric = "cosine") -> float | Doubles1d: ...
    def distance(self, a: Compared, b: Compared, metric: DistanceMetric = "cosine") -> float | Doubles1d:
        """The distance of two words, expressions or vectors (D,); of lists, of each pair, as in `similarity`.

        Args:
            a: a word, an expression, a vector, or a list of them.
            b: the same.
            metric: "cosine" is 1 - similarity, in [0, 2]; "euclidean" the length of the difference.

        Raises:
            InputError: another metric, and what `similarity` raises.

        Example:
            >>> from embedkit import Embeddings
            >>> vectors = Embeddings([[3, 0], [0, 4]], ["east", "north"])
            >>> vectors.distance("east", "north"), vectors.distance("east", "north", metric="euclidean")
            (1.0, 5.0)
        """
        if metric not in get_args(DistanceMetric):
            raise InputError(
                f"expected one of the metrics {', '.join(get_args(DistanceMetric))}, got {metric!r}"
            )
        if metric == "cosine":
            return 1 - self.similarity(a, b)
        first, second, single = self._pairs(a, b)
        lengths = _in_blocks(_lengths_between, first, second)
        return float(lengths[0]) if single else lengths

    def similarity_matrix(
        self, words: Sequence[VectorLike] | ArrayLike, others: Sequence[VectorLike] | ArrayLike | None = None
    ) -> Floats2d:
        """The cosines of n words, expressions or vectors with one another, or with m others.

        Returns:
            float32 (n, n) or (n, m).

        Example:
            >>> from embedkit import Embeddings
            >>> vectors = Embeddings([[3, 0], [0, 4], [1, 1]], ["east", "north", "northeast"])
            >>> vectors.similarity_matrix(["east", "north"], ["northeast", "east"]).round(4).tolist()
            [[0.707099974155426, 1.0], [0.707099974155426, 0.0]]
        """
        first = _unit_doubles(self._compared(words)[0])
        second = first if others is None else _unit_doubles(self._compared(others)[0])
        cosines = np.empty((len(first), len(second)), np.float32)
        for block in slices(len(first), BLOCK):
            cosines[block] = first[block] @ second.T
        return cosines.clip(-1, 1, out=cosines)

    def closer_than(
        self, word: VectorLike, other: VectorLike, *, candidates: int | Iterable[str] | None = None
    ) -> list[Answer]:
        """The words whose cosine with `word` is larger than that of `other`, best first.

        Words of an expression count at length 1, and do not answer, as in `neighbors`.

        Args:
            word: a word, an expression or a vector (D,).
            other: the same.
            candidates: the words that may answer: the first so many, or a list; None for all.

        Example:
            >>> import embedkit
            >>> vectors = embedkit.load()
            >>> [answer.word for answer in vectors.closer_than("tuesday", "friday")]
            ['thursday', 'monday']
        """
        rows, target = self._closer(word, other, candidates)
        cosines = exact_cosines(self.stored, rows, target).clip(-1, 1)
        order = np.argsort(-cosines, kind="stable")
        words = self.vocabulary.words
        pairs = zip(rows[order].tolist(), cosines[order].tolist(), strict=True)
        return [Answer(words[row], score) for row, score in pairs]

    def rank(
        self, word: VectorLike, other: VectorLike, *, candidates: int | Iterable[str] | None = None
    ) -> int:
        """The place of `other` among the neighbors of `word`: 1 for the nearest, equal ones share a place.

        The arguments are those of `closer_than`.

        Example:
            >>> import embedkit
            >>> embedkit.load().rank("tuesday", "friday")
            3
        """
        return len(self._closer(word, other, candidates)[0]) + 1

    def odd_one_out(self, words: Sequence[str]) -> str:
        """The word with the lowest mean cosine to the other words given; the first of several such.

        Example:
            >>> import embedkit
            >>> embedkit.load().odd_one_out(["breakfast", "cereal", "dinner", "lunch"])
            'cereal'
        """
        if isinstance(words, str) or len(words) < 3:
            raise InputError(f"expected a list of at least 3 words to find the odd one out, got {words!r}")
        unit = unit_vectors(self.rows(words))
        return words[int(np.argmin((unit @ unit.T).sum(axis=1) - np.einsum("ij,ij->i", unit, unit)))]

    def _closer(
        self, word: VectorLike, other: VectorLike, candidates: int | Iterable[str] | None
    ) -> tuple[Longs1d, Floats1d]:
        """The rows of larger cosine with `word` than `other` has, in ascending order, and `word` at length 1.

        Only rows whose cosines in float32 are too near to that of `other` are compared exactly.
        """
        vectors, excluded = self._targets([word, other])
        target, bar = unit_vectors(vectors)
        which = candidate_rows(self._candidates(candidates), len(self.vocabulary))
        scores, doubt = scan(self.stored, target, which), rounding(len(target))
        row = self.vocabulary.get(other, -1) if isinstance(other, str) else -1
        if row >= 0:
            [limit] = exact_cosines(self.stored, np.array([row]), target)
        else:
            limit = np.float32(bar.astype(np.float64) @ target)
        places = np.flatnonzero(scores >= limit - doubt)
        rows = places if isinstance(which, slice) else which[places]
        unsure = np.flatnonzero(scores[places] <= limit + doubt)
        farther = exact_cosines(self.stored, rows[unsure], target) <= limit
        rows = np.delete(rows, unsure[farther])
        return rows[~np.isin(rows, excluded[0])], target

    def _queried(self, queries: Sequence[VectorLike]) -> Floats2d | Doubles2d:
        """The vectors (n, D) of words, expressions and vectors."""
        if all(isinstance(query, str) and query in self.vocabulary for query in queries):
            return self.rows(queries)  # type: ignore[arg-type]
        return self._sums(list(map(self._expression, queries)), normalize=False)

    def _pairs(self, a: Compared, b: Compared) -> tuple[Floats2d | Doubles2d, Floats2d | Doubles2d, bool]:
        """The vectors (n, D) of both sides, (1, D) of one that is no list, and whether neither is."""
        (first, one), (second, another) = self._compared(a), self._compared(b)
        if not (one or another) and len(first) != len(second):
            raise InputError(
                f"expected lists of the same length, got {len(first)} and {len(second)}; "
                "similarity_matrix compares each of one with each of the other"
            )
        return first, second, one and another

    def _compared(self, given: Compared) -> tuple[Floats2d | Doubles2d, bool]:
        """The vectors (n, D) of one word, expression or vector or of a list, and whether it is one."""
        size = self._stored.vector_size
        if isinstance(given, str | Expression):
            return self._queried([given]), True
        if are_queries(given):
            return self._queried(given), False
        if isinstance(given, np.ndarray) and given.dtype == np.float32 and given.shape[1:] == (size,):
            return finite(given), False
        if not np.iterable(given):
            raise InputError(f"expected words, or vectors of {size} numbers, got {given!r}")
        single = not any(map(np.iterable, given))
        return finite_vectors([given] if single else given, size), single


def _in_blocks(
    measure: Callable[[Doubles2d, Doubles2d], Doubles1d], a: Floats2d | Doubles2d, b: Floats2d | Doubles2d
) -> Doubles1d:
    """What `measure` gives for the rows of (n, D) and (n, D), in float64; a single row goes with all."""
    values = np.empty(len(a) if len(b) == 1 else len(b))
    for block in slices(len(values), BLOCK):
        first, second = (rows if len(rows) == 1 else rows[block] for rows in (a, b))
        values[block] = measure(first.astype(np.float64), second.astype(np.float64))
    return values


def _cosines(a: Doubles2d, b: Doubles2d) -> Doubles1d:
    dots, squares = _products(a, b), _products(a, a) * _products(b, b)
    cosines: Doubles1d = (dots / np.sqrt(np.where(squares > 0, squares, 1))).clip(-1, 1)
    return cosines


def _unit_doubles(vectors: Floats2d | Doubles2d) -> Doubles2d:
    """Unit vectors (n, D) in float64, of which a product with itself is 1 in float32; zero ones stay zero."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    unit: Doubles2d = vectors / np.where(lengths > 0, lengths, 1)
    return unit


def _products(a: Doubles2d, b: Doubles2d) -> Doubles1d:
    products: Doubles1d = np.einsum("ij,ij->i", a, b)
    return products


def _lengths_between(a: Doubles2d, b: Doubles2d) -> Doubles1d:
    lengths: Doubles1d = np.linalg.norm(a - b, axis=1)
    return lengths
