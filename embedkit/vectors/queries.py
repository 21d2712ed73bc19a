"""`Queries`: the part of `Embeddings` that looks words up and searches: neighbors, sums and analogies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedkit.arrays import Doubles2d, Floats1d, Floats2d, Longs1d, Longs2d
from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.answers import AnswerList, are_words, named
from embedkit.vectors.checks import checked_word, checked_words
from embedkit.vectors.expression_parser import as_expression
from embedkit.vectors.expressions import Expression, VectorLike, are_queries, sums, weighted
from embedkit.vectors.norms import NORM_TOLERANCE, check_finite, finite_vectors, frozen, row_norms, unit_rows
from embedkit.vectors.rows import NotFiniteError, StoredRows
from embedkit.vectors.search.analogy import Method, solve
from embedkit.vectors.search.exact import TopRows
from embedkit.vectors.search.nearest import nearest
from embedkit.vectors.subwords.subwords import Subwords

if TYPE_CHECKING:
    from embedkit.vectors.search.vector_index import VectorIndex


class Queries(ABC):
    """Vectors of words, and searches for the words nearest to them, to sums and to analogies."""

    _stored: StoredRows  # not known to be finite before `_checked`
    _index: VectorIndex | None = None

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
        rows = self.take(np.maximum(ids, 0))
        unknown = np.flatnonzero(ids < 0)
        if self.subwords is not None and len(unknown):
            rows[unknown] = self.subwords.vectors([listed[place] for place in unknown.tolist()])
        return rows

    def most_similar(
        self,
        positive: Any = (),
        negative: Any = (),
        top: int = 10,
        *,
        exclude: Iterable[str] = (),
        candidates: int | Iterable[str] | None = None,
    ) -> AnswerList:
        """The `top` words of largest cosine with a weighted sum, e.g. king + woman - man.

        Words count at length 1 and vectors as they are, as in gensim; the words of the question cannot
        answer it.

        Args:
            positive: what is added: a word, an expression, a vector (D,), a pair of one of them and its
                weight, such as ("king", 2.0), or a list of all of these.
            negative: what is subtracted, in the same forms; ("man", 0.5) subtracts half of man.
            top: the number of answers.
            exclude: more words that cannot answer.
            candidates: the words that may answer: the first so many, or a list; None for all.

        Example:
            >>> import embedkit
            >>> vectors = embedkit.load()
            >>> vectors.most_similar(["king", "woman"], "man", top=1)[0].word
            'queen'
        """
        parts = [(self._expression(query), weight) for query, weight in weighted(positive, negative)]
        return self.neighbors(Expression.total(parts), top, exclude=exclude, candidates=candidates)

    def neighbors(
        self,
        query: VectorLike,
        top: int = 10,
        *,
        exclude: Iterable[str] = (),
        candidates: int | Iterable[str] | None = None,
    ) -> AnswerList:
        """The `top` words of largest cosine with a word, an expression or a vector (D,).

        Words of the query are left out. Sums, `exclude` and `candidates` are those of `most_similar`.

        Example:
            >>> import embedkit
            >>> vectors = embedkit.load()
            >>> [word for word, score in vectors.neighbors("tuesday", top=3)]
            ['thursday', 'monday', 'friday']
            >>> vectors.neighbors("king - man + woman", top=1)[0].word
            'queen'
        """
        return self.neighbors_many([query], top, exclude=exclude, candidates=candidates)[0]

    def neighbors_many(
        self,
        queries: Sequence[VectorLike] | ArrayLike,
        top: int = 10,
        *,
        exclude: Iterable[str] = (),
        candidates: int | Iterable[str] | None = None,
    ) -> list[AnswerList]:
        """`neighbors` of many words and expressions, or of the rows of an (n, D) array, in one search."""
        targets, excluded = self._targets(queries)
        barred, among = self._excluded(exclude), self._candidates(candidates)
        with self._damage_named():
            if self._index is None:
                best = nearest(self.stored, targets, top, excluded, among, barred)
            else:
                best = self._index.nearest(self._stored, targets, top, excluded, among, barred)
        return named(self._as_cosines(best), self.vocabulary.words)

    def analogy(
        self,
        a: str,
        b: str,
        c: str,
        top: int = 10,
        method: Method = "3cosadd",
        include_query: bool = False,
        *,
        exclude: Iterable[str] = (),
        candidates: int | Iterable[str] | None = None,
    ) -> AnswerList:
        """The `top` words d that best solve a : b :: c : d, e.g. man : woman :: king : queen.

        `method` is "3cosadd", "3cosmul" or "pairdirection" (see `embedkit.vectors.search.analogy`); the three
        words of the question cannot answer it unless `include_query`. `exclude` and `candidates` are those of
        `most_similar`.

        Example:
            >>> import embedkit
            >>> embedkit.load().analogy("man", "woman", "king", top=1)[0].word
            'queen'
        """
        questions = [(a, b, c)]
        return self.analogies(questions, top, method, include_query, exclude=exclude, candidates=candidates)[
            0
        ]

    def analogies(
        self,
        triples: Sequence[tuple[str, str, str]],
        top: int = 10,
        method: Method = "3cosadd",
        include_query: bool = False,
        *,
        exclude: Iterable[str] = (),
        candidates: int | Iterable[str] | None = None,
    ) -> list[AnswerList]:
        """`analogy` of many questions (a, b, c) in one search."""
        wrong = next((triple for triple in triples if isinstance(triple, str) or len(triple) != 3), None)
        if wrong is not None:
            raise InputError(f"expected questions of three words, got {wrong!r}")
        words = checked_words(word for triple in triples for word in triple)
        ids = self._ids(words)
        unknown = np.flatnonzero(ids < 0)
        if not self._checked:
            self.take(np.unique(ids[ids >= 0]))
        ids[unknown] = len(self.vocabulary) + np.arange(len(unknown))
        with self._damage_named():
            best = solve(
                self.stored,
                ids.reshape(-1, 3),
                top,
                method,
                include_query,
                exclude=self._excluded(exclude),
                extra=self.rows([words[place] for place in unknown.tolist()]),
                candidates=self._candidates(candidates),
            )
        return named(best if method == "3cosmul" else self._as_cosines(best), self.vocabulary.words)

    def _targets(self, queries: Sequence[VectorLike] | ArrayLike) -> tuple[NDArray[np.floating], Longs2d]:
        """The vectors (Q, D) of queries, and the rows of their words, (Q, most words of a query), or -1."""
        if are_words(queries):
            ids = self._ids_or_none(queries)
            if (ids >= 0).all():
                return self.take(ids), ids[:, None]
        elif not are_queries(queries):
            vectors = finite_vectors(queries, self._stored.vector_size)
            return vectors, np.empty((len(vectors), 0), np.int64)
        expressions = list(map(self._expression, queries))
        rows = [self._ids_or_none(expression.words).tolist() for expression in expressions]
        excluded = np.array(list(zip_longest(*rows, fillvalue=-1)), np.int64).T.reshape(len(rows), -1)
        return self._sums(expressions, normalize=True), excluded

    def _expression(self, query: VectorLike) -> Expression:
        """A query as a sum; of words that may be unknown, and of finite vectors (D,)."""
        return as_expression(
            query, self._stored.vector_size, self.vocabulary.__contains__, any_word=self.subwords is not None
        )

    def _sums(self, expressions: Sequence[Expression], *, normalize: bool) -> Doubles2d:
        """The vectors (Q, D) of expressions."""
        return sums(expressions, self.rows, self._stored.vector_size, normalize=normalize)

    def _candidates(self, candidates: int | Iterable[str] | None) -> int | Longs1d | None:
        """The rows that may answer."""
        if candidates is None or not isinstance(candidates, Iterable):
            return candidates
        ids = self._known_ids(candidates)
        if not len(ids):
            raise InputError("expected at least one candidate, got none")
        return ids

    def _excluded(self, words: Iterable[str]) -> Longs1d:
        """The rows of words that may not answer, each once."""
        ids = np.unique(self._ids_or_none(words))
        return ids[ids >= 0]

    def _row(self, row: int) -> Floats1d:
        """The vector of a word."""
        vector: Floats1d = frozen(self._stored.block(slice(row, row + 1))[0])
        return vector if self._checked or np.isfinite(vector).all() else self.take(np.array([row]))[0]

    def take(self, ids: Longs1d) -> Floats2d:
        """The vectors of these rows, float32 (n, D), in their order; those of a mapped file are checked."""
        rows = self._stored.take(ids)
        if not self._checked and not np.isfinite(norms := row_norms(rows)).all():
            check_finite(norms, [self.vocabulary.words[row] for row in ids.tolist()])
        return rows

    def take_unit(self, ids: Longs1d) -> Floats2d:
        """The vectors of these rows at length 1, float32 (n, D); zero vectors stay zero."""
        rows = self.take(ids)
        return unit_rows(rows, row_norms(rows))

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
        return self._ids_or_none(words)

    def _ids_or_none(self, words: Iterable[str]) -> Longs1d:
        """The rows of words, -1 for those that are not in the vocabulary."""
        listed = checked_words(words)
        return np.fromiter((self.vocabulary.get(word, -1) for word in listed), np.int64, len(listed))
