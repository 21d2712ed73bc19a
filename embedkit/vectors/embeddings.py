"""`Embeddings`: an immutable value of words, their vectors and the provenance of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.answers import Answer
from embedkit.vectors.checks import checked_words
from embedkit.vectors.comparisons import Comparisons
from embedkit.vectors.conversions import Conversions
from embedkit.vectors.metadata import metadata_text, with_transform
from embedkit.vectors.norms import check_finite, check_lengths, frozen, read_only, unit_rows
from embedkit.vectors.output_layer import checked_output, predicted_words
from embedkit.vectors.pictures import Pictures
from embedkit.vectors.rows import RowType, StoredRows
from embedkit.vectors.subwords.subwords import Subwords, check_subwords, mapped_subwords
from embedkit.vectors.vector_files import VectorFiles

if TYPE_CHECKING:
    from embedkit.text.pipeline.pipeline import TextPipeline
    from embedkit.vectors.search.vector_index import VectorIndex
    from embedkit.vectors.texts.parameters import TextWeighting


class Embeddings(Comparisons, Pictures, Conversions, VectorFiles):
    """Words and their vectors; nothing of it changes after construction.

    Args:
        matrix: one row a word, (V, D), finite; kept as float32. It is copied unless it is a float32 array
            that is read-only, and so is all that it is a view of. `StoredRows` are kept as they are.
        vocabulary: the V words, in the order of the rows: a list, or a `Vocabulary`, which may have counts.
        metadata: how the vectors were made; anything JSON can hold.
        subwords: gives words outside the vocabulary a vector; None if nothing does.
        output_vectors: the second matrix of word2vec with negative sampling, (V, D) as the first, which
            predicts words from their context; see `predict_output_word`. None if it was not kept.

    Raises:
        InputError: shapes that do not fit, rows with NaN or infinity (their words are named), or metadata
            that JSON cannot hold.

    Example:
        >>> import numpy as np
        >>> vectors = Embeddings([[1, 0], [0.8, 0.6], [0, 1]], ["cat", "dog", "car"], {"made": "by hand"})
        >>> vectors
        Embeddings(3 words x 2)
        >>> vectors["dog"].tolist()
        [0.800000011920929, 0.6000000238418579]
        >>> vectors.neighbors("cat", top=1)
        [Answer(word='dog', score=0.800000011920929)]
        >>> np.asarray(vectors).shape
        (3, 2)
    """

    _stored: StoredRows
    _vocabulary: Vocabulary
    _metadata: str  # JSON
    _subwords: Subwords | None
    _output: StoredRows | None

    def __init__(
        self,
        matrix: ArrayLike | StoredRows,
        vocabulary: Vocabulary | Iterable[str],
        metadata: Mapping[str, object] | None = None,
        subwords: Subwords | None = None,
        output_vectors: ArrayLike | StoredRows | None = None,
    ) -> None:
        if not isinstance(vocabulary, Vocabulary):
            vocabulary = Vocabulary(checked_words(vocabulary))
        self._set(matrix, vocabulary, metadata or {}, subwords, output_vectors)
        if self._stored.written_norms is None:
            _ = self.verified, self.stored_output

    def _set(
        self,
        matrix: ArrayLike | StoredRows,
        vocabulary: Vocabulary,
        metadata: Mapping[str, object],
        subwords: Subwords | None,
        output_vectors: ArrayLike | StoredRows | None,
    ) -> None:
        values = matrix.values if isinstance(matrix, StoredRows) else read_only(matrix)
        if values.ndim != 2 or 0 in values.shape or len(values) != len(vocabulary):
            raise InputError(
                f"expected a matrix with one row of numbers for each of {len(vocabulary)} words, "
                f"got shape {values.shape}"
            )
        check_subwords(subwords, values.shape[1])
        vars(self).update(
            _stored=matrix if isinstance(matrix, StoredRows) else StoredRows(values),
            _vocabulary=vocabulary,
            _metadata=metadata_text(metadata),
            _subwords=subwords,
            _output=None if output_vectors is None else checked_output(output_vectors, values.shape),
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"embeddings cannot be changed, not even their {name}")

    def __reduce__(self) -> tuple[type[Embeddings], tuple[object, ...]]:
        return type(self), (self._stored, self._vocabulary, self.metadata, self._subwords, self._output)

    def __copy__(self) -> Embeddings:
        return self

    def __deepcopy__(self, memo: object) -> Embeddings:
        return self

    @cached_property
    def matrix(self) -> Floats2d:
        """All vectors, float32 (V, D), read-only; made of them once where they are kept in another type."""
        rows = self.verified
        return rows.values if rows.dtype == "float32" else frozen(rows.block(slice(None)))

    @property
    def dtype(self) -> RowType:
        """In which type the numbers are kept: "float32", "float16" or "int8"."""
        return self._stored.dtype

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
    def subwords(self) -> Subwords | None:
        """What gives words outside the vocabulary a vector; None if nothing does."""
        return self._subwords

    @property
    def has_output_vectors(self) -> bool:
        """Whether the output vectors of word2vec were kept."""
        return self._output is not None

    @property
    def stored_output(self) -> StoredRows | None:
        """The output vectors of word2vec as they are kept, all of them finite; None if there are none."""
        if self._output is not None:
            check_finite(self._output.norms, self._vocabulary.words)
        return self._output

    @cached_property
    def output_vectors(self) -> Floats2d | None:
        """The output vectors of word2vec, float32 (V, D), read-only; None if they were not kept."""
        output = self.stored_output
        return None if output is None else frozen(output.block(slice(None)))

    @property
    def vector_size(self) -> int:
        """The number of dimensions D."""
        return self._stored.vector_size

    @property
    def tokenizer(self) -> TextPipeline | None:
        """The steps that made tokens of the text behind the vectors, None if it was not recorded."""
        from embedkit.text.pipeline.recipes import pipeline_from_recipe

        recipe = self.metadata.get("tokenizer")
        return None if recipe is None else pipeline_from_recipe(recipe)

    @cached_property
    def norms(self) -> Floats1d:
        """The length of each vector, float32 (V,), read-only."""
        check_finite(self._stored.norms, self._vocabulary.words)
        return self._stored.norms

    @property
    def stored(self) -> StoredRows:
        """All vectors as they are kept; finite, or so says the file that they are mapped from."""
        _ = self.norms  # raises for rows without a length
        return self._stored

    @cached_property
    def verified(self) -> StoredRows:
        """All vectors as they are kept, once all were read and found finite and as long as the file says."""
        if self.stored.written_norms is not None:
            computed = self._stored.computed_norms()
            check_finite(computed, self._vocabulary.words)
            check_lengths(computed, self._stored.norms, self._vocabulary.words)
        return self._stored

    @cached_property
    def unit_matrix(self) -> Floats2d:
        """All vectors at length 1, float32 (V, D), read-only; zero vectors stay zero."""
        return frozen(unit_rows(self.matrix, self.norms))

    def __repr__(self) -> str:
        return f"Embeddings({len(self)} words x {self.vector_size})"

    def _repr_html_(self) -> str:
        from embedkit.vectors.notebook import html_table

        return html_table(self._vocabulary.words, self.matrix, self.metadata)

    def explore(self, other: Embeddings | None = None, **settings: Any) -> Any:
        """A page on which one looks at these vectors, shown as it is in notebooks; see `embedkit.explore`.

        10,000 words are shown unless `most_frequent` says otherwise. `.improved()` of it has a better map.

        Example:
            >>> shown = Embeddings([[1, 0], [0, 1]], ["cat", "dog"]).explore()
            >>> shown._repr_html_().startswith("<iframe")
            True
        """
        return import_module("embedkit").explore(self, other, **{"most_frequent": 10_000, **settings})

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.matrix, dtype, copy=copy)

    def __len__(self) -> int:
        return len(self._vocabulary)

    def __contains__(self, word: object) -> bool:
        return word in self._vocabulary

    def __iter__(self) -> Iterator[str]:
        return iter(self._vocabulary)

    def subset(self, keep: Iterable[str] | int) -> Embeddings:
        """The vectors of these words, in this order, or of the first `keep` words.

        Example:
            >>> list(Embeddings([[1, 0], [0, 1], [1, 1]], ["a", "b", "c"]).subset(["c", "a"]))
            ['c', 'a']
        """
        counts = self._vocabulary.counts
        words: Sequence[str]
        ids: Longs1d | slice
        if isinstance(keep, Iterable):
            words = checked_words(keep)
            ids = self._known_ids(words)
            rows, output = self._stored.select(ids), self._output and self._output.select(ids)
        else:
            check_count("keep", keep)
            ids, words = slice(keep), self._vocabulary.words[:keep]
            rows, output = self._stored.first(keep), self._output and self._output.first(keep)
        kept = Vocabulary(words, None if counts is None else counts[ids])
        metadata = with_transform(self.metadata, "subset", words=len(kept))
        return Embeddings(rows, kept, metadata, self._subwords, output)

    def astype(self, dtype: RowType) -> Embeddings:
        """The same words with vectors kept in another type, in half or a quarter of the memory.

        float16 is off by at most 2**-11 of each number (2**-25 of those below 2**-14), int8 by at most half
        the scale of its row, that is by max|row| / 254.

        Raises:
            InputError: a number is too large for float16, or there is no such type.

        Example:
            >>> small = Embeddings([[3, 4], [0, 1]], ["a", "b"]).astype("float16")
            >>> small.dtype, small["a"].tolist()
            ('float16', [3.0, 4.0])
        """
        rows = self.verified.astype(dtype)
        output = self._output and self._output.astype(dtype)
        return Embeddings(rows, self._vocabulary, self.metadata, self._subwords, output)

    def normalize(self) -> Embeddings:
        """The same words with vectors of length 1; zero vectors stay zero.

        Subwords, of which no change of rows makes vectors of length 1, are left out.
        """
        return self.transformed(self.unit_matrix, "normalize")

    def center(self) -> Embeddings:
        """The same words with vectors whose mean is zero: what all words share is taken away.

        It is taken from vectors made of fastText's, floret's and estimated subwords, too.
        """
        mean = self.matrix.mean(axis=0, dtype=np.float64).astype(np.float32)
        subwords = mapped_subwords(self._subwords, lambda rows: rows - mean, self.vector_size)
        return self.transformed(frozen(self.matrix - mean), "center").with_subwords(subwords)

    def transformed(self, matrix: ArrayLike, name: str, **settings: object) -> Embeddings:
        """The same words with the rows of another matrix, (V, any D).

        The metadata get one more entry in their list "transforms": its `name` and `settings`, which say how
        the matrix was made from this one. Subwords and output vectors, which belong to this one, are left
        out.

        Example:
            >>> vectors = Embeddings([[0, 4]], ["a"])
            >>> vectors.transformed(vectors.matrix / 2, "scale", by=0.5).metadata
            {'transforms': [{'name': 'scale', 'by': 0.5}]}
        """
        return Embeddings(matrix, self._vocabulary, with_transform(self.metadata, name, **settings))

    def with_metadata(self, /, **changes: object) -> Embeddings:
        """The same words and vectors, of which nothing is read again, with metadata added or replaced.

        Example:
            >>> Embeddings([[1, 0]], ["a"]).with_metadata(source="a dream").metadata
            {'source': 'a dream'}
        """
        return self._with(_metadata=metadata_text({**self.metadata, **changes}))

    def _with(self, **fields: object) -> Embeddings:
        """The same vectors with other fields, and all that was computed of them."""
        changed = type(self).__new__(type(self))
        vars(changed).update({**vars(self), **fields})
        return changed

    def with_index(self, index: VectorIndex) -> Embeddings:
        """The same words and vectors, whose neighbors are found by an approximate index.

        It answers `neighbors`, `neighbors_many` and `most_similar`; questions with `candidates`, and
        analogies, are searched exactly as before.

        Raises:
            InputError: the index is one of other vectors.
        """
        index.check(self._stored, self._vocabulary.words)
        return self._with(_index=index)

    def encode(
        self,
        texts: Iterable[str],
        weights: TextWeighting = "sif",
        components: int = 0,
        *,
        smoothing: float = 1e-3,
    ) -> Floats2d:
        """The vectors of texts, weighted means of those of their words: float32 (n, D).

        Texts are read as the text behind the vectors was; those without a known word are zero vectors. For
        texts that are encoded later like earlier ones there is `embedkit.text_encoder`, and for scikit-learn
        `TextVectors`.

        Args:
            texts: n texts.
            weights: "mean", "sif", "usif" or "tfidf", see `embedkit.text_encoder`.
            components: how many of the first principal components of these texts are taken out.
            smoothing: the a of "sif".

        Raises:
            InputError: what are no texts, a parameter out of range, or no more known texts than components.

        Example:
            >>> Embeddings([[1, 0], [0, 1]], ["snow", "alps"]).encode(["Snow in the Alps"], "mean")
            array([[0.5, 0.5]], dtype=float32)
        """
        from embedkit.vectors.texts.encoder import encode_texts
        from embedkit.vectors.texts.parameters import EncodingParameters

        parameters = EncodingParameters(weights=weights, components=components, smoothing=smoothing)
        return encode_texts(self, texts, parameters)

    def predict_output_word(self, context_words: Iterable[str], top: int = 10) -> list[Answer]:
        """The words that are likely to stand among these, and their probabilities, best first.

        That is the softmax of the mean vector of the context words times the output vectors, as in gensim;
        what was trained with negative sampling orders the words rightly, but is not made to give the true
        probabilities. Words that have never been predicted, whose output vector is zero, do not answer.

        Args:
            context_words: the words around the one to be predicted.
            top: how many answers.

        Raises:
            InputError: no words, or vectors whose output vectors were not kept.
            UnknownWordError: a word that is not in the vocabulary, and there are no subwords.

        Example:
            >>> from embedkit import Embeddings
            >>> vectors = Embeddings([[1, 0], [0, 1]], ["bread", "sea"], output_vectors=[[0, 2], [2, 0]])
            >>> [(word, round(chance, 2)) for word, chance in vectors.predict_output_word(["bread"])]
            [('sea', 0.88), ('bread', 0.12)]
        """
        check_count("top", top)
        return predicted_words(self.rows(context_words), self.output_vectors, self._vocabulary.words, top)

    def with_subwords(self, subwords: Subwords | None) -> Embeddings:
        """The same words and vectors, with other subwords for words outside the vocabulary; None for none."""
        changed = self.with_metadata()
        check_subwords(subwords, self.vector_size)
        vars(changed)["_subwords"] = subwords
        return changed
