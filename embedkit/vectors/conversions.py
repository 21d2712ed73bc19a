"""`Conversions`: the part of `Embeddings` that converts from and to the objects of other libraries."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sized
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import ArrayLike

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.special_rows import UnknownRow
from embedkit.vectors.subwords.subwords import Subwords
from embedkit.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from gensim.models import KeyedVectors
    from spacy.language import Language

    from embedkit.vectors.bridges.keras import KerasLayers, Tokenization


class Conversions(WordVectors):
    """Vectors from and to dictionaries, data frames and the objects of other libraries."""

    @abstractmethod
    def __init__(
        self,
        matrix: ArrayLike,
        vocabulary: Vocabulary | list[str],
        metadata: Mapping[str, object] | None = None,
        subwords: Subwords | None = None,
    ) -> None: ...

    @property
    @abstractmethod
    def matrix(self) -> Floats2d:
        """All vectors, float32 (V, D), read-only."""

    @classmethod
    def from_dict(
        cls, vectors: Mapping[str, ArrayLike], metadata: Mapping[str, object] | None = None
    ) -> Self:
        """Words and their vectors, in the order of the mapping.

        Raises:
            InputError: no words, or vectors of different sizes.

        Example:
            >>> from embedkit import Embeddings
            >>> Embeddings.from_dict({"cat": [1, 0], "dog": [0.8, 0.6]})
            Embeddings(2 words x 2)
        """
        if not vectors:
            raise InputError("expected at least one word with its vector, got an empty mapping")
        rows: Any = list(vectors.values())
        sizes = [len(row) if isinstance(row, Sized) else 1 for row in rows]
        for word, size in zip(vectors, sizes, strict=True):
            if size != sizes[0]:
                first = next(iter(vectors))
                raise InputError(f"expected vectors of one size, got {first!r}: {sizes[0]}, {word!r}: {size}")
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
        """A copy of gensim `KeyedVectors` (of a trained model: `model.wv`), subwords included."""
        from embedkit.vectors.bridges.gensim import from_keyed_vectors

        matrix, vocabulary, subwords = from_keyed_vectors(vectors)
        return cls(matrix, vocabulary, subwords=subwords)

    def to_gensim(self) -> KeyedVectors:
        """The same vectors as gensim `KeyedVectors`, counts included.

        With fastText's subwords they are gensim's `FastTextKeyedVectors`, which give any word a vector; other
        subwords, those of an .ftz and estimates too, are left out with a warning.
        """
        from embedkit.vectors.bridges.gensim import to_keyed_vectors

        return to_keyed_vectors(self.matrix, self.vocabulary, self.subwords)

    @classmethod
    def from_spacy(cls, pipeline: Any) -> Self:
        """A copy of the vectors of a spaCy pipeline, or of its vocabulary, in the order of their rows.

        Words that share a row have equal vectors here.

        Raises:
            InputError: it has no vectors, or not one a word, as tables of floret.
        """
        from embedkit.vectors.bridges.spacy import from_pipeline

        return cls(*from_pipeline(pipeline))

    def to_spacy(self, pipeline: str | Language = "en") -> Language:
        """A spaCy pipeline whose tokens have these vectors, so that `doc.similarity` works.

        Where the vectors are of lower-cased text, "Paris" has the vector of "paris". spaCy splits texts in
        its own way: "don't" is two tokens, each with a vector of its own or none. Subwords are left out with
        a warning; a folder that `save` writes in the format "spacy" keeps those of floret.

        Args:
            pipeline: a language, for a blank pipeline, or a pipeline, whose vectors are replaced in place.

        Raises:
            InputError: spaCy does not know the language.
            DependencyError: spaCy is not installed.

        Example:
            >>> import embedkit
            >>> nlp = embedkit.load().to_spacy("en")
            >>> train, cat = nlp("A fast train"), nlp("a cat")
            >>> nlp("The dog").similarity(cat) > train.similarity(cat)
            True
        """
        from embedkit.vectors.bridges.spacy import to_pipeline
        from embedkit.vectors.lookup import is_lowercase

        return to_pipeline(self.matrix, self.vocabulary, pipeline, is_lowercase(self), self.subwords)

    def to_keras(
        self,
        trainable: bool = False,
        padding: bool = True,
        unknown: UnknownRow = "mean",
        tokenization: Tokenization = "keras",
        length: int | None = None,
    ) -> KerasLayers:
        """A Keras `Embedding` of these vectors, and the `TextVectorization` that makes its ids of texts.

        Id 0 is padding, a zero row, id 1 any unknown word, and the words follow in their order.

        Args:
            trainable: whether training changes the vectors.
            padding: whether layers behind are told to leave out padding (`mask_zero`).
            unknown: the row of unknown words: the mean of all vectors, or zeros.
            tokenization: "keras" takes away all punctuation, splits at white space and lowers ASCII letters
                if the vectors are of lower-cased text: such a layer can be saved, but "don't" becomes "dont".
                "vectors" splits as the text behind the vectors was split; that layer runs Python, so it
                serves to prepare data, and cannot be saved in a model.
            length: to which number of tokens texts are padded or cut; None for the longest of a batch.

        Raises:
            InputError: the tokenization of "vectors" where they do not record it.
            DependencyError: TensorFlow is not installed.

        Example:
            >>> from embedkit import Embeddings
            >>> embedding, vectorization = Embeddings([[1, 2], [3, 4]], ["cat", "dog"]).to_keras()
            >>> vectorization(["The cat"]).numpy().tolist()
            [[1, 2]]
            >>> embedding(vectorization(["The cat"])).numpy().tolist()
            [[[2.0, 3.0], [1.0, 2.0]]]
        """
        from embedkit.vectors.bridges.keras import keras_layers

        return keras_layers(self, self.matrix, trainable, padding, unknown, tokenization, length)
