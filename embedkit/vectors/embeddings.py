"""`Embeddings`: an immutable value of words, their vectors and the provenance of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedkit.arrays import Floats1d, Floats2d
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_folder
from embedkit.hyperparameters import check_count
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors import formats
from embedkit.vectors.checks import checked_words
from embedkit.vectors.comparisons import Comparisons
from embedkit.vectors.conversions import Conversions
from embedkit.vectors.formats.pipes import name_of
from embedkit.vectors.formats.text_rows import SKIP
from embedkit.vectors.metadata import metadata_text, with_transform
from embedkit.vectors.model_card import model_card
from embedkit.vectors.norms import check_finite, frozen, read_only, unit_rows
from embedkit.vectors.pretrained import CARD, FILE, pretrained_path
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.subwords.subwords import Subwords, check_subwords

if TYPE_CHECKING:
    from embedkit.text.pipeline.pipeline import TextPipeline
    from embedkit.vectors.texts.parameters import TextWeighting


class Embeddings(Comparisons, Conversions):
    """Words and their vectors; nothing of it changes after construction.

    Args:
        matrix: one row a word, (V, D), finite; kept as float32. It is copied unless it is a float32 array
            that is read-only, and so is all that it is a view of.
        vocabulary: the V words, in the order of the rows: a list, or a `Vocabulary`, which may have counts.
        metadata: how the vectors were made; anything JSON can hold.
        subwords: gives words outside the vocabulary a vector; None if nothing does.

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

    _matrix: Floats2d
    _stored: StoredRows
    _vocabulary: Vocabulary
    _metadata: str  # JSON
    _subwords: Subwords | None

    def __init__(
        self,
        matrix: ArrayLike,
        vocabulary: Vocabulary | Iterable[str],
        metadata: Mapping[str, object] | None = None,
        subwords: Subwords | None = None,
    ) -> None:
        if not isinstance(vocabulary, Vocabulary):
            vocabulary = Vocabulary(checked_words(vocabulary))
        self._set(read_only(matrix), vocabulary, metadata or {}, subwords)
        _ = self.norms  # raises for rows that are not finite

    def _set(
        self,
        matrix: Floats2d,
        vocabulary: Vocabulary,
        metadata: Mapping[str, object],
        subwords: Subwords | None,
    ) -> None:
        if matrix.ndim != 2 or 0 in matrix.shape or len(matrix) != len(vocabulary):
            raise InputError(
                f"expected a matrix with one row of numbers for each of {len(vocabulary)} words, "
                f"got shape {matrix.shape}"
            )
        check_subwords(subwords, matrix.shape[1])
        vars(self).update(
            _matrix=matrix,
            _stored=StoredRows(matrix),
            _vocabulary=vocabulary,
            _metadata=metadata_text(metadata),
            _subwords=subwords,
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"embeddings cannot be changed, not even their {name}")

    def __reduce__(self) -> tuple[type[Embeddings], tuple[object, ...]]:
        return type(self), (self._matrix, self._vocabulary, self.metadata, self._subwords)

    def __copy__(self) -> Embeddings:
        return self

    def __deepcopy__(self, memo: object) -> Embeddings:
        return self

    @property
    def matrix(self) -> Floats2d:
        """All vectors, float32 (V, D), read-only."""
        _ = self.norms  # raises for a memory-mapped matrix with NaN
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
    def subwords(self) -> Subwords | None:
        """What gives words outside the vocabulary a vector; None if nothing does."""
        return self._subwords

    @property
    def vector_size(self) -> int:
        """The number of dimensions D."""
        return int(self._matrix.shape[1])

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
        """All vectors as they are kept, and known to be finite."""
        _ = self.norms  # raises for a memory-mapped matrix with NaN
        return self._stored

    @cached_property
    def unit_matrix(self) -> Floats2d:
        """All vectors at length 1, float32 (V, D), read-only; zero vectors stay zero."""
        return frozen(unit_rows(self._matrix, self.norms))

    def __repr__(self) -> str:
        return f"Embeddings({len(self)} words x {self.vector_size})"

    def _repr_html_(self) -> str:
        from embedkit.vectors.notebook import html_table

        return html_table(self._vocabulary.words, self.matrix, self.metadata)

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
        if isinstance(keep, Iterable):
            ids = self._known_ids(keep)
            rows = frozen(self._matrix[ids])
        else:
            check_count("keep", keep)
            ids = np.arange(min(keep, len(self)))
            rows = self._matrix[:keep]
        words, counts = self._vocabulary.words, self._vocabulary.counts
        kept = Vocabulary([words[i] for i in ids.tolist()], None if counts is None else counts[ids])
        return Embeddings(rows, kept, with_transform(self.metadata, "subset", words=len(ids)), self._subwords)

    def normalize(self) -> Embeddings:
        """The same words with vectors of length 1; zero vectors stay zero."""
        return self.transformed(self.unit_matrix, "normalize")

    def center(self) -> Embeddings:
        """The same words with vectors whose mean is zero: what all words share is taken away."""
        mean = self.matrix.mean(axis=0, dtype=np.float64).astype(np.float32)
        return self.transformed(frozen(self._matrix - mean), "center")

    def transformed(self, matrix: ArrayLike, name: str, **settings: object) -> Embeddings:
        """The same words with the rows of another matrix, (V, any D).

        The metadata get one more entry in their list "transforms": its `name` and `settings`, which say how
        the matrix was made from this one. Subwords, which belong to this one, are left out.

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
        changed = type(self).__new__(type(self))
        text = metadata_text({**self.metadata, **changes})
        vars(changed).update({**vars(self), "_metadata": text})
        return changed

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

    def with_subwords(self, subwords: Subwords | None) -> Embeddings:
        """The same words and vectors, with other subwords for words outside the vocabulary; None for none."""
        changed = self.with_metadata()
        check_subwords(subwords, self.vector_size)
        vars(changed)["_subwords"] = subwords
        return changed

    def save(self, path: str | Path, format: str | None = None, quantize: str | None = None) -> None:
        """Write to `path`, which is replaced only once everything is written.

        Args:
            path: the file.
            format: a name in `embedkit.vectors.formats.FORMATS`; None for the format of the suffix:
                .safetensors, .bin (word2vec binary), .txt or .vec (word2vec text).
            quantize: "int8" stores a byte an entry and a scale a row (safetensors only); each entry is then
                off by at most half its row's scale, max|row| / 254.

        Raises:
            InputError: a format or a suffix that is not known, or a file that cannot be written.

        Example:
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     Embeddings([[1, 0]], ["a"]).save(folder + "/vectors.bin")
            ...     Embeddings.load(folder + "/vectors.bin")
            Embeddings(1 words x 2)
        """
        contents = formats.VectorContents(
            self._vocabulary.words,
            self.matrix,
            self._vocabulary.counts,
            self.metadata,
            subwords=self._subwords,
        )
        formats.write(Path(path), contents, format, quantize)

    def save_pretrained(
        self,
        folder: str | Path,
        *,
        title: str | None = None,
        licence: str | None = None,
        language: str | None = None,
        sections: Mapping[str, str] | None = None,
    ) -> None:
        """Write `vectors.safetensors` and a model card, `README.md`, to a folder, as hubs have them.

        Args:
            folder: made, or replaced if it was made by this method.
            title: the heading of the card; None for the name of the folder.
            licence: under which the vectors may be used, such as "cc-by-sa-3.0".
            language: the code of their language, such as "en".
            sections: more Markdown by heading; `embedkit.model_card_sections` makes scores and a bias audit.

        Raises:
            InputError: a folder that holds something else.
        """
        target = Path(folder)
        card = model_card(
            self._vocabulary.words,
            self.vector_size,
            self.metadata,
            title or target.resolve().name,
            licence=licence,
            language=language,
            sections=sections,
        )
        with atomic_folder(target, FILE) as temporary:
            self.save(temporary / FILE)
            (temporary / CARD).write_text(card, encoding="utf-8")

    @classmethod
    def from_pretrained(
        cls, repository: str | Path, file: str | None = None, revision: str | None = None
    ) -> Embeddings:
        """The vectors of a folder that `save_pretrained` wrote, or of a repository of the Hugging Face hub.

        Of a repository only files of vectors are fetched, into the cache, and no code or pickle; $HF_ENDPOINT
        names another hub. Arguments and errors are those of `embedkit.vectors.pretrained.pretrained_path`.

        Example:
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     Embeddings([[1, 0]], ["a"]).save_pretrained(folder + "/mine", licence="mit")
            ...     Embeddings.from_pretrained(folder + "/mine")
            Embeddings(1 words x 2)
        """
        return cls.load(pretrained_path(repository, file, revision))

    @classmethod
    def load(
        cls,
        path: str | Path,
        limit: int | None = None,
        *,
        skip_bad_rows: bool = False,
        verify: bool = False,
        trust_pickle: bool = False,
    ) -> Embeddings:
        """Read vectors of any known format, the first `limit` words only if given.

        The format is found by content; word2vec and GloVe files may be compressed (gzip, bzip2, xz, zstd, or
        zip with one file in it). A native float32 file is memory-mapped: its matrix is read, and checked for
        NaN, when it is first used. Replace such a file, as `save` does, and never write into it: the system
        ends a program that reads where somebody cut off a mapped file.

        Args:
            path: the file, or the folder of a format that is one; "-" for stdin.
            limit: how many words to read.
            skip_bad_rows: leave out lines of text that are no row, and rows that hold NaN or infinity; they
                are counted and named in a warning.
            verify: compare the matrix of a native float32 file with its checksum, too, which reads all of it.
            trust_pickle: read words and arrays from pickles, as gensim saves its objects; whatever else they
                ask for is refused.

        Raises:
            FormatError: the file is damaged, of no known format, or a pickle that was not said to be trusted.
        """
        contents = formats.read(Path(path), limit, skip_bad_rows, verify, trust_pickle)
        vocabulary = Vocabulary(contents.words, contents.counts)
        loaded = cls.__new__(cls)
        loaded._set(frozen(contents.matrix), vocabulary, contents.metadata, contents.subwords)
        if not contents.mapped:
            try:
                _ = loaded.norms
            except InputError as error:  # rows that are not finite
                raise FormatError(f"{name_of(Path(path))}: {error}; {SKIP}") from None
        return loaded
