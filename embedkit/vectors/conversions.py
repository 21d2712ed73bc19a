"""`Conversions`: the part of `Embeddings` that converts from and to the objects of other libraries."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import ArrayLike

from embedkit.arrays import Floats2d
from embedkit.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


class Conversions:
    """Vectors from and to dictionaries, data frames and the objects of other libraries."""

    @abstractmethod
    def __init__(
        self,
        matrix: ArrayLike,
        vocabulary: Vocabulary | list[str],
        metadata: Mapping[str, object] | None = None,
    ) -> None: ...

    @property
    @abstractmethod
    def matrix(self) -> Floats2d:
        """All vectors, float32 (V, D), read-only."""

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The words, in the order of the rows."""

    @classmethod
    def from_dict(
        cls, vectors: Mapping[str, ArrayLike], metadata: Mapping[str, object] | None = None
    ) -> Self:
        """Words and their vectors, in the order of the mapping.

        Example:
            >>> from embedkit import Embeddings
            >>> Embeddings.from_dict({"cat": [1, 0], "dog": [0.8, 0.6]})
            Embeddings(2 words x 2)
        """
        rows: Any = list(vectors.values())
        return cls(rows, list(vectors), metadata)

    @classmethod
    def from_frame(
        cls, frame: Any, words: str = "word", metadata: Mapping[str, object] | None = None
    ) -> Self:
        """The rows of a data frame (polars, pandas, pyarrow): a column of words, the others of numbers."""
        from embedkit.vectors.bridges.frames import words_and_matrix

        listed, matrix = words_and_matrix(frame, words)
        return cls(matrix, listed, metadata)

    def to_frame(self, backend: str, words: str = "word") -> Any:
        """A data frame of the library `backend`: a column of words, and "d0", "d1", ... of the dimensions."""
        from embedkit.vectors.bridges.frames import as_frame

        return as_frame(self.vocabulary.words, self.matrix, words, backend)

    @classmethod
    def from_gensim(cls, vectors: KeyedVectors) -> Self:
        """A copy of gensim `KeyedVectors` (of a trained model: `model.wv`)."""
        from embedkit.vectors.bridges.gensim import from_keyed_vectors

        return cls(*from_keyed_vectors(vectors))

    def to_gensim(self) -> KeyedVectors:
        """The same vectors as gensim `KeyedVectors`, counts included."""
        from embedkit.vectors.bridges.gensim import to_keyed_vectors

        return to_keyed_vectors(self.matrix, self.vocabulary)
