"""`VectorFiles`: the part of `Embeddings` that reads and writes files, and folders with a model card."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from numpy.typing import ArrayLike

from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_folder
from embedkit.remote_copies import here, written
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.formats.contents import SKIP, VectorContents
from embedkit.vectors.formats.pipes import name_of
from embedkit.vectors.formats.reading import read
from embedkit.vectors.rows import RowType, StoredRows
from embedkit.vectors.subwords.subwords import Subwords
from embedkit.vectors.word_vectors import WordVectors


class VectorFiles(WordVectors):
    """Vectors in files of any format, and in folders as hubs have them."""

    @property
    @abstractmethod
    def verified(self) -> StoredRows:
        """All vectors as they are kept, once all were read and found finite and as long as the file says."""

    @property
    @abstractmethod
    def stored_output(self) -> StoredRows | None:
        """The output vectors as they are kept, all of them finite; None if there are none."""

    @property
    @abstractmethod
    def metadata(self) -> dict[str, Any]:
        """How the vectors were made."""

    @abstractmethod
    def _set(
        self,
        matrix: ArrayLike | StoredRows,
        vocabulary: Vocabulary,
        metadata: Mapping[str, object],
        subwords: Subwords | None,
        output_vectors: ArrayLike | StoredRows | None,
    ) -> None:
        """Become these words and vectors."""

    def save(self, path: str | Path, format: str | None = None, dtype: RowType | None = None) -> None:
        """Write to `path`, which is replaced only once everything is written.

        Args:
            path: the file, or the folder of a format that is one; or the address (s3://bucket/file) to put a
                file at.
            format: a name in `embedkit.vectors.formats.table.FORMATS`; None for the format of the suffix:
                .safetensors, .bin (word2vec binary), .txt or .vec (word2vec text), .fifu (finalfusion), .npy,
                .npz, .parquet or .tsv (TensorBoard projector). What it cannot keep is left out. Text and
                word2vec binary are compressed if .gz, .bz2, .xz or .zst follows.
            dtype: the type of the numbers in the file, where the format has several: "float32", "float16" or
                "int8", see `astype` for how far they are off; None for that of these vectors.

        Raises:
            InputError: a format or a suffix that is not known, a type that the format has not, numbers too
                large for float16, or a file that cannot be written.

        Example:
            >>> import tempfile
            >>> from embedkit import Embeddings
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     Embeddings([[1, 0]], ["a"]).save(folder + "/vectors.bin")
            ...     Embeddings.load(folder + "/vectors.bin")
            Embeddings(1 words x 2)
        """
        from embedkit.vectors.formats.writing import write

        with written(path) as file:
            write(file, self.contents(), format, dtype)

    def contents(self) -> VectorContents:
        """What files keep of these vectors."""
        rows = self.verified
        return VectorContents(
            self.vocabulary.words,
            rows.values,
            self.vocabulary.counts,
            self.metadata,
            subwords=self.subwords,
            scales=rows.scales,
            norms=rows.norms,
            output=self.stored_output,
        )

    def save_pretrained(
        self,
        folder: str | Path,
        *,
        title: str | None = None,
        license: str | None = None,
        language: str | None = None,
        sections: Mapping[str, str] | None = None,
    ) -> None:
        """Write `vectors.safetensors` and a model card, `README.md`, to a folder, as hubs have them.

        Args:
            folder: made, or replaced if it was made by this method.
            title: the heading of the card; None for the name of the folder.
            license: under which the vectors may be used, such as "cc-by-sa-3.0".
            language: the code of their language, such as "en".
            sections: more Markdown by heading; `embedkit.model_card_sections` makes scores and a bias audit.

        Raises:
            InputError: a folder that holds something else.
        """
        from embedkit.vectors.model_card import model_card
        from embedkit.vectors.pretrained import CARD, FILE

        target = Path(folder)
        card = model_card(
            self.vocabulary.words,
            self.vector_size,
            self.metadata,
            title or target.resolve().name,
            license=license,
            language=language,
            sections=sections,
        )
        with atomic_folder(target, FILE) as temporary:
            self.save(temporary / FILE)
            (temporary / CARD).write_text(card, encoding="utf-8")

    @classmethod
    def from_pretrained(
        cls, repository: str | Path, file: str | None = None, revision: str | None = None
    ) -> Self:
        """The vectors of a folder that `save_pretrained` wrote, or of a repository of the Hugging Face hub.

        Of a repository only files of vectors are fetched, into the cache, and no code or pickle; $HF_ENDPOINT
        names another hub. Arguments and errors are those of `embedkit.vectors.pretrained.pretrained_path`.

        Example:
            >>> import tempfile
            >>> from embedkit import Embeddings
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     Embeddings([[1, 0]], ["a"]).save_pretrained(folder + "/mine", license="mit")
            ...     Embeddings.from_pretrained(folder + "/mine")
            Embeddings(1 words x 2)
        """
        from embedkit.vectors.pretrained import pretrained_path

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
    ) -> Self:
        """Read vectors of any known format, the first `limit` words only if given.

        The format is found by content; files may be compressed (gzip, bzip2, xz, zstd), or lie in a zip or
        tar archive, which holds one file, pair of files or folder of vectors and may hold other things. A
        native file is memory-mapped in the type that it holds: words and vectors are read, and checked, when
        they are used, and processes that open it share its memory. Replace such a file, as `save` does, and
        never write into it: the system ends a program that reads where somebody cut off a mapped file.

        Args:
            path: the file, or the folder of a format that is one; the address (s3://bucket/file) of a file,
                which is fetched into the cache; "-" for stdin.
            limit: how many words to read.
            skip_bad_rows: leave out lines of text that are no row, damaged rows of word2vec binary, and rows
                that have no word or hold NaN or infinity; they are counted and named in a warning.
            verify: compare all of a native file with its checksums, which reads it.
            trust_pickle: read words and arrays from pickles, as gensim saves its objects; whatever else they
                ask for is refused.

        Raises:
            FormatError: the file is damaged, of no known format, or a pickle that was not said to be trusted.
        """
        path = here(path)
        contents = read(path, limit, skip_bad_rows, verify, trust_pickle)
        vocabulary = Vocabulary(contents.words, contents.counts)
        loaded = cls.__new__(cls)
        loaded._set(contents.rows, vocabulary, contents.metadata, contents.subwords, contents.output)
        if not contents.mapped:
            try:
                _ = loaded.verified
            except InputError as error:  # rows that are not finite
                raise FormatError(f"{name_of(path)}: {error}; {SKIP}") from None
        return loaded
