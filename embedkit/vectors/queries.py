"""`Queries`: the part of `Embeddings` that answers similarity, neighbour and analogy queries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.answers import Answer, are_words, named
from embedkit.vectors.checks import checked_word, checked_words
from embedkit.vectors.norms import (
    NORM_TOLERANCE,
    check_finite,
    finite_vectors,
    frozen,
    row_norms,
    unit_vectors,
)
from embedkit.vectors.rows import NotFiniteError, StoredRows
from embedkit.vectors.search.analogy import Method, solve
from embedkit.vectors.search.exact import TopRows
from embedkit.vectors.search.nearest import nearest
from embedkit.vectors.subwords.subwords import Subwords


class Queries(ABC):
    """Similarities, neighbours and analogies of words that have vectors."""

    _stored: StoredRows  # not known to be finite before `_checked`

    @property
    @abstractmethod
    def stored(self) -> StoredRows:
        """All vectors as they are kept; finite, or so says the file that they are mapped from."""

    @property
    @abstractmethod
    def verified(self) -> StoredRows:
        """All vectors as they are kept, once all were read and found finite and as long as the file says."""

    @property
    def _checked(self) -> bool:
        """Whether all vectors are known to be finite."""
        return "verified" in vars(self)

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The words, in the order of the rows."""

    @property
    @abstractmethod
    def subwords(self) -> Subwords | None:
        """What gives words outside the vocabulary a vector; None if nothing does."""

    def __getitem__(self, word: str) -> Floats1d:
        row = self.vocabulary.get(checked_word(word))
        vector: Floats1d = self.rows([word])[0] if row is None else self._row(row)
        return vector

    def get(self, word: str, default: Floats1d | None = None) -> Floats1d | None:
        """The vector of `word`, or `default` when it is unknown and there are no subwords."""
        known = checked_word(word) in self.vocabulary or self.subwords is not None
        return self[word] if known else default

    def rows(self, words: Iterable[str]) -> Floats2d:
        """The vectors of `words`, float32 (n, D), in their order; of unknown ones those of their subwords.

        Raises:
            UnknownWordError: one of them is not in the vocabulary, and there are no subwords.
        """
        listed = checked_words(words)
        ids = self._ids(listed)
        rows = self._finite(np.maximum(ids, 0))
        unknown = np.flatnonzero(ids < 0)
        if self.subwords is not None and len(unknown):
            rows[unknown] = self.subwords.vectors([listed[place] for place in unknown.tolist()])
        return rows

    def similarity(self, a: str, b: str) -> float:
        """The cosine of two words, in [-1, 1]; 0.0 if either vector is zero.

        Example:
            >>> import embedkit
            >>> vectors = embedkit.load()
            >>> vectors.similarity("cat", "dog") > vectors.similarity("cat", "train")
            True
        """
        first, second = unit_vectors(np.stack([self[a], self[b]]))
        return float(np.clip(first @ second, -1, 1))

    def neighbors(self, query: str | ArrayLike, top: int = 10) -> list[Answer]:
        """The `top` words of largest cosine with a word (left out itself) or with a vector (D,).

        Example:
            >>> import embedkit
            >>> vectors = embedkit.load()
            >>> [word for word, score in vectors.neighbors("tuesday", top=3)]
            ['thursday', 'monday', 'friday']
        """
        return self.neighbors_many([query], top)[0]

    def neighbors_many(
        self, queries: Sequence[str | ArrayLike] | ArrayLike, top: int = 10
    ) -> list[list[Answer]]:
        """`neighbors` of many words, or of the rows of an (n, D) array, in one search."""
        with self._damage_named():
            if are_words(queries):
                best = nearest(self.stored, self.rows(queries), top, excluded=self._ids(queries)[:, None])
            else:
                best = nearest(self.stored, finite_vectors(queries, self._stored.vector_size), top)
        return named(self._as_cosines(best), self.vocabulary.words)

    def analogy(
        self,
        a: str,
        b: str,
        c: str,
        top: int = 10,
        method: Method = "3cosadd",
        include_query: bool = False,
    ) -> list[Answer]:
        """The `top` words d that best solve a : b :: c : d, e.g. man : woman :: king : queen.

        `method` is "3cosadd", "3cosmul" or "pairdirection" (see `embedkit.vectors.search.analogy`); the three
        words of the question cannot answer it unless `include_query`.

        Example:
            >>> import embedkit
            >>> embedkit.load().analogy("man", "woman", "king", top=1)[0].word
            'queen'
        """
        return self.analogies([(a, b, c)], top, method, include_query)[0]

    def analogies(
        self,
        triples: Sequence[tuple[str, str, str]],
        top: int = 10,
        method: Method = "3cosadd",
        include_query: bool = False,
    ) -> list[list[Answer]]:
        """`analogy` of many questions (a, b, c) in one search."""
        wrong = next((triple for triple in triples if isinstance(triple, str) or len(triple) != 3), None)
        if wrong is not None:
            raise InputError(f"expected questions of three words, got {wrong!r}")
        ids = self._known_ids(word for triple in triples for word in triple).reshape(-1, 3)
        if not self._checked:
            self._finite(np.unique(ids))
        with self._damage_named():
            best = solve(self.stored, ids, top, method, include_query)
        return named(best if method == "3cosmul" else self._as_cosines(best), self.vocabulary.words)

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

    def _row(self, row: int) -> Floats1d:
        """The vector of a word."""
        vector: Floats1d = frozen(self._stored.block(slice(row, row + 1))[0])
        return vector if self._checked or np.isfinite(vector).all() else self._finite(np.array([row]))[0]

    def _finite(self, ids: Longs1d) -> Floats2d:
        """The vectors of words, float32 (n, D); those of a file that is mapped are checked here."""
        rows = self._stored.take(ids)
        if not self._checked:
            check_finite(row_norms(rows), [self.vocabulary.words[row] for row in ids.tolist()])
        return rows

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        """Let a search that meets rows of NaN or infinity raise the error that names their words."""
        try:
            yield
        except NotFiniteError:
            _ = self.verified
            raise

    def _as_cosines(self, best: TopRows) -> TopRows:
        """The answers with scores in [-1, 1], beyond which those of unit vectors are rounded a little."""
        if (best.scores > 1 + NORM_TOLERANCE).any():  # a length that is too short
            _ = self.verified
        return best._replace(scores=best.scores.clip(-1, 1))

    def _known_ids(self, words: Iterable[str]) -> Longs1d:
        """The rows of words of the vocabulary; what is no string raises `InputError`."""
        return self.vocabulary.encode(checked_words(words), unknown="error").astype(np.int64)

    def _ids(self, words: Iterable[str]) -> Longs1d:
        """The rows of words, -1 for those that only subwords know."""
        if self.subwords is None:
            return self._known_ids(words)
        listed = checked_words(words)
        return np.fromiter((self.vocabulary.get(word, -1) for word in listed), np.int64, len(listed))
