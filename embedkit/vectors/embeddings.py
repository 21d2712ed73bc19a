"""`Embeddings`: an immutable value of words, their vectors and the story of how they were made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors import formats
from embedkit.vectors.answers import Answer, are_words, named
from embedkit.vectors.checks import check_count, checked_word, checked_words
from embedkit.vectors.norms import (
    FloatMatrix,
    FloatVector,
    finite_norms,
    finite_vectors,
    frozen,
    read_only,
    unit_rows,
    unit_vectors,
)
from embedkit.vectors.search.analogy import Method, solve
from embedkit.vectors.search.exact import RowIds, nearest

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

    from embedkit.text.tokenization.factory import Tokenizer


class Embeddings:
    """Words and their vectors; nothing of it changes after construction.

    Args:
        matrix: one row a word, (V, D), finite; kept as float32. It is copied unless it is a float32 array
            that is read-only, and so is all that it is a view of.
        vocabulary: the V words, in the order of the rows.
        metadata: how the vectors were made; anything JSON can hold.

    Raises:
        InputError: shapes that do not fit, rows with NaN or infinity (their words are named), or metadata
            that JSON cannot hold.
    """

    _matrix: FloatMatrix
    _vocabulary: Vocabulary
    _metadata: str  # JSON

    def __init__(
        self, matrix: ArrayLike, vocabulary: Vocabulary, metadata: Mapping[str, object] | None = None
    ) -> None:
        self._set(read_only(matrix), vocabulary, metadata or {})
        _ = self.norms  # raises for rows that are not finite

    def _set(self, matrix: FloatMatrix, vocabulary: Vocabulary, metadata: Mapping[str, object]) -> None:
        if matrix.ndim != 2 or 0 in matrix.shape or len(matrix) != len(vocabulary):
            raise InputError(
                f"expected a matrix with one row of numbers for each of {len(vocabulary)} words, "
                f"got shape {matrix.shape}"
            )
        try:
            story = json.dumps(dict(metadata), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(f"expected metadata that JSON can hold: {error}") from error
        vars(self).update(_matrix=matrix, _vocabulary=vocabulary, _metadata=story)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"embeddings cannot be changed, not even their {name}")

    def __reduce__(self) -> tuple[type[Embeddings], tuple[FloatMatrix, Vocabulary, dict[str, Any]]]:
        return type(self), (self._matrix, self._vocabulary, self.metadata)

    def __copy__(self) -> Embeddings:
        return self

    def __deepcopy__(self, memo: object) -> Embeddings:
        return self

    @property
    def matrix(self) -> FloatMatrix:
        """All vectors, float32 (V, D), read-only."""
        return self._matrix

    @property
    def vocabulary(self) -> Vocabulary:
        """The words, in the order of the rows."""
        return self._vocabulary

    @property
    def metadata(self) -> dict[str, Any]:
        """How the vectors were made, as a copy that is free to change."""
        metadata: dict[str, Any] = json.loads(self._metadata)
        return metadata

    @property
    def vector_size(self) -> int:
        """The number of dimensions D."""
        return int(self._matrix.shape[1])

    @property
    def tokenizer(self) -> Tokenizer | None:
        """The tokenizer of the text behind the vectors, None if it was not recorded."""
        from embedkit.text.tokenization.factory import tokenizer_from_recipe

        recipe = self.metadata.get("tokenizer")
        return None if recipe is None else tokenizer_from_recipe(recipe)

    @cached_property
    def norms(self) -> FloatVector:
        """The length of each vector, float32 (V,), read-only."""
        return finite_norms(self._matrix, self._vocabulary.words)

    @cached_property
    def unit_matrix(self) -> FloatMatrix:
        """All vectors at length 1, float32 (V, D), read-only; zero vectors stay zero."""
        return frozen(unit_rows(self._matrix, self.norms))

    def __repr__(self) -> str:
        return f"Embeddings({len(self)} words x {self.vector_size})"

    def __len__(self) -> int:
        return len(self._vocabulary)

    def __contains__(self, word: object) -> bool:
        return word in self._vocabulary

    def __iter__(self) -> Iterator[str]:
        return iter(self._vocabulary)

    def __getitem__(self, word: str) -> FloatVector:
        row: FloatVector = self._matrix[self._vocabulary[checked_word(word)]]
        return row

    def get(self, word: str, default: FloatVector | None = None) -> FloatVector | None:
        """The vector of `word`, or `default` when it is unknown."""
        row = self._vocabulary.get(checked_word(word))
        return default if row is None else self._matrix[row]

    def rows(self, words: Iterable[str]) -> FloatMatrix:
        """The vectors of `words`, float32 (n, D), in their order.

        Raises:
            UnknownWordError: one of them is not in the vocabulary.
        """
        rows: FloatMatrix = self._matrix[self._ids(words)]
        return rows

    def similarity(self, a: str, b: str) -> float:
        """The cosine of two words, in [-1, 1]; 0.0 if either vector is zero."""
        first, second = unit_vectors(np.stack([self[a], self[b]]))
        return float(np.clip(first @ second, -1, 1))

    def neighbors(self, query: str | ArrayLike, top: int = 10) -> list[Answer]:
        """The `top` words of largest cosine with a word (left out itself) or with a vector (D,)."""
        return self.neighbors_many([query], top)[0]

    def neighbors_many(
        self, queries: Sequence[str | ArrayLike] | ArrayLike, top: int = 10
    ) -> list[list[Answer]]:
        """`neighbors` of many words, or of the rows of an (n, D) array, in one search."""
        if are_words(queries):
            ids = self._vocabulary.ids(queries)
            found = nearest(self.unit_matrix, self.unit_matrix[ids], top, excluded=ids[:, None])
        else:
            vectors = finite_vectors(queries, self.vector_size)
            found = nearest(self.unit_matrix, unit_vectors(vectors), top)
        return named(found, self._vocabulary.words)

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
        ids = self._ids(word for triple in triples for word in triple).reshape(-1, 3)
        found = solve(self.unit_matrix, ids, top, method, include_query)
        return named(found, self._vocabulary.words)

    def odd_one_out(self, words: Sequence[str]) -> str:
        """The word with the lowest mean cosine to the other words given; the first of several such."""
        if isinstance(words, str) or len(words) < 3:
            raise InputError(f"expected a list of at least 3 words to find the odd one out, got {words!r}")
        unit = unit_vectors(self.rows(words))
        return words[int(np.argmin((unit @ unit.T).sum(axis=1) - np.einsum("ij,ij->i", unit, unit)))]

    def subset(self, keep: Iterable[str] | int) -> Embeddings:
        """The vectors of these words, in this order, or of the first `keep` words."""
        if isinstance(keep, Iterable):
            ids = self._ids(keep)
            rows = frozen(self._matrix[ids])
        else:
            check_count("keep", keep)
            ids = np.arange(min(keep, len(self)))
            rows = self._matrix[:keep]
        words, counts = self._vocabulary.words, self._vocabulary.counts
        kept = Vocabulary([words[i] for i in ids.tolist()], None if counts is None else counts[ids])
        return Embeddings(rows, kept, self._metadata_after("subset", words=len(ids)))

    def normalize(self) -> Embeddings:
        """The same words with vectors of length 1; zero vectors stay zero."""
        return self.transformed(self.unit_matrix, "normalize")

    def center(self) -> Embeddings:
        """The same words with vectors whose mean is zero: what all words share is taken away."""
        mean = self._matrix.mean(axis=0, dtype=np.float64).astype(np.float32)
        return self.transformed(frozen(self._matrix - mean), "center")

    def transformed(self, matrix: ArrayLike, name: str, **settings: object) -> Embeddings:
        """The same words with the rows of another matrix, (V, any D).

        The metadata get one more entry in their list "transforms": its `name` and `settings`, which say how
        the matrix was made from this one.
        """
        return Embeddings(matrix, self._vocabulary, self._metadata_after(name, **settings))

    def save(self, path: str | Path, format: str = "safetensors", quantize: str | None = None) -> None:
        """Write to `path`, which is replaced only once everything is written.

        Args:
            path: the file.
            format: a name in `embedkit.vectors.formats.FORMATS`.
            quantize: "int8" stores a byte an entry and a scale a row (safetensors only); each entry is then
                off by at most half its row's scale, max|row| / 254.
        """
        _ = self.norms  # raises for a memory-mapped matrix with NaN
        contents = formats.VectorContents(
            self._vocabulary.words, self._matrix, self._vocabulary.counts, self.metadata
        )
        formats.write(Path(path), contents, format, quantize)

    @classmethod
    def load(cls, path: str | Path, limit: int | None = None) -> Embeddings:
        """Read vectors of any known format, the first `limit` words only if given.

        The format is found by content; word2vec and GloVe files may be compressed (gzip, bzip2, xz, zstd). A
        native float32 file is memory-mapped: its matrix is read, and checked for NaN, when it is first used.

        Raises:
            FormatError: the file is damaged or of no known format.
        """
        contents = formats.read(Path(path), limit)
        vocabulary = Vocabulary(contents.words, contents.counts)
        loaded = cls.__new__(cls)
        loaded._set(frozen(contents.matrix), vocabulary, contents.metadata)
        if not contents.mapped:
            _ = loaded.norms  # raises for rows that are not finite
        return loaded

    def to_gensim(self) -> KeyedVectors:
        """The same vectors as gensim `KeyedVectors`, counts included."""
        from embedkit.vectors.gensim_bridge import to_keyed_vectors

        return to_keyed_vectors(self._matrix, self._vocabulary)

    @classmethod
    def from_gensim(cls, vectors: KeyedVectors) -> Embeddings:
        """A copy of gensim `KeyedVectors` (of a trained model: `model.wv`)."""
        from embedkit.vectors.gensim_bridge import from_keyed_vectors

        return cls(*from_keyed_vectors(vectors))

    def _ids(self, words: Iterable[str]) -> RowIds:
        """The rows of words; what is no string raises `InputError`."""
        return self._vocabulary.ids(checked_words(words))

    def _metadata_after(self, name: str, **settings: object) -> dict[str, object]:
        """The metadata with one more entry in its list of transforms, a new one if it is something else."""
        metadata = self.metadata
        before = metadata.get("transforms")
        steps = before if isinstance(before, list) else []
        return {**metadata, "transforms": [*steps, {"name": name, **settings}]}
