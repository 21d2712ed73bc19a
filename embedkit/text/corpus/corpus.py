"""`Corpus`: the token ids of many documents on disk, with the recipe that made them.

The folder of a corpus holds manifest.json, vocabulary.tsv, and for each shard the ids of its words one after
the other (shard-00000.ids.npy, int32) and where documents begin and end in them (shard-00000.offsets.npy,
int64: one more than there are documents, from 0 to the number of words). Every document has a word. A very
long one can have parts in several shards; the manifest says which shards begin with such a rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from embedkit.arrays import Ints1d
from embedkit.errors import FormatError, InputError
from embedkit.progress import SILENT, Progress
from embedkit.remote_copies import written
from embedkit.remote_files import is_address
from embedkit.text.corpus.appending import check_unchanged
from embedkit.text.corpus.building import append_text, encode_text
from embedkit.text.corpus.finishing import VOCABULARY, fingerprint_of, link_files
from embedkit.text.corpus.manifest import MANIFEST, Manifest, ShardEntry
from embedkit.text.corpus.remote import fetched, shard_names
from embedkit.text.corpus.shards import Shard, Shards, shard_file, shard_sha256
from embedkit.text.corpus.statistics import CorpusStatistics
from embedkit.text.corpus.tokenized_documents import encode_documents
from embedkit.text.corpus.validation import IDS, OFFSETS, check_ids, check_offsets, check_size
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import pipeline_from_recipe
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster


class Corpus:
    r"""Documents as arrays of word ids; `open`, `encode` and `from_documents` give one.

    Attributes:
        path: the folder.
        address: from where it was fetched into that folder; None if it was not.
        words: the number of words in all documents, each counted as often as it stands there.
        documents: the number of documents.
        recipe: how it was made: tokenizer, sources with their sha256, treatment of undecodable bytes.
        fingerprint: a sha256 of the content, the same on any machine and for any number of workers.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from embedkit import Corpus
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     text = Path(folder, "text.txt")
        ...     _ = text.write_text("The cat sat.\nThe dog sat, too.\n")
        ...     corpus = Corpus.encode(text, Path(folder, "corpus"))
        ...     print(corpus.words, "words in", corpus.documents, "documents")
        ...     print(corpus.vocabulary.words)
        ...     print([ids.tolist() for ids in corpus])
        7 words in 2 documents
        ('sat', 'the', 'cat', 'dog', 'too')
        [[1, 2, 0], [1, 3, 0, 4]]
    """

    def __init__(self, path: Path, manifest: Manifest, address: str | None = None) -> None:
        self.path, self.address = path, address
        self.words = manifest.words
        self.documents = manifest.documents
        self.fingerprint = manifest.fingerprint
        self.recipe: Mapping[str, Any] = MappingProxyType(manifest.recipe)
        self._manifest = manifest

    @classmethod
    def open(cls, path: str | Path) -> Corpus:
        """The corpus in the folder `path`; `InputError` if it is none, `FormatError` if it is damaged.

        The manifest and the size of every shard's files are checked here, the vocabulary when it is first
        needed, and what the shards hold only by `checked_shards`. From an address, such as
        s3://bucket/corpus, a corpus is fetched into the cache (`EMBEDKIT_CACHE`) first, and checked.
        """
        address = str(path) if is_address(path) else None
        folder = fetched(address, cls._check) if address else Path(path)
        manifest = Manifest.load(folder)
        for number, entry in enumerate(manifest.shards):
            check_size(shard_file(folder, number, "ids"), IDS, entry.words)
            check_size(shard_file(folder, number, "offsets"), OFFSETS, entry.documents + 1)
        return cls(folder, manifest, address)

    @classmethod
    def encode(
        cls,
        sources: Sources,
        path: str | Path,
        *,
        tokenizer: TextPipeline | str = "words",
        encoding_errors: str = "strict",
        max_vocabulary: int | None = None,
        reading: Reading | None = None,
        workers: int | None = None,
        cluster: Cluster | None = None,
        progress: Progress = SILENT,
    ) -> Corpus:
        """Tokenize text into the new folder `path`; a line is a document, one without words is none.

        If it is interrupted (Ctrl-C, SIGTERM, a kill, a loss of power), the same call goes on from the blocks
        of text that were done, within a week. That is not so for stdin, or where folders cannot be locked.

        Args:
            sources: files, folders, globs, or "-" for stdin, found by `embedkit.text.formats.sources.expand`:
                text, tables of which a column is read, and archives of both; texts in memory as `Texts`, or
                as a column, a data frame or a dataset of Hugging Face; or several of these.
            path: the folder to make, or the address (s3://bucket/corpus) to put it at when it is made in the
                cache (`EMBEDKIT_CACHE`); only another corpus is replaced.
            tokenizer: a pipeline, or what `text_pipeline` takes: a tokenizer, its name, or a function.
            encoding_errors: "strict" refuses bytes that are not in the encoding of the text, "replace" counts
                them and goes on.
            reading: how texts are found in files: the column of tables, the encoding.
            max_vocabulary: the most different words to keep, which bounds the memory; others leave the
                documents. `recipe["dropped"]` says how many types (estimated if they do not fit into memory)
                and tokens those were, and the `highest_count`: every word that occurs more often was kept,
                with all its occurrences. It is at most the number of tokens over `max_vocabulary + 1`; see
                `embedkit.text.corpus.merging`.
            workers: threads (of compiled tokenizers) or processes at most, and never more than there are
                cores, which is the default. The result does not depend on it.
            cluster: whose workers compute instead of this machine's. Where they see plain text, in files or
                at addresses, they read it, and else it is sent to them; where they see the folder `path`,
                they write there, and else what they make is sent here. It is left open.
            progress: where progress is reported.
        """
        with written(path, folder=True) as folder:
            encode_text(
                sources,
                folder,
                tokenizer=tokenizer,
                encoding_errors=encoding_errors,
                max_vocabulary=max_vocabulary,
                reading=reading,
                workers=workers,
                cluster=cluster,
                progress=progress,
            )
        return cls.open(path)

    @classmethod
    def _check(cls, folder: Path) -> None:
        """Raise `FormatError` unless all files of a corpus are what its manifest says."""
        deque(cls.open(folder).checked_shards(), maxlen=0)

    def append(
        self,
        sources: Sources,
        *,
        tokenizer: TextPipeline | str | None = None,
        encoding_errors: str | None = None,
        reading: Reading | None = None,
        workers: int | None = None,
        cluster: Cluster | None = None,
        progress: Progress = SILENT,
    ) -> Corpus:
        """Tokenize more text by the recipe of this corpus and add it, in the same folder.

        Words keep their ids, and new ones get the next, the most frequent first; so the vocabulary is no
        longer sorted by count, and `fingerprint` is another. Anything that fails or interrupts it leaves the
        corpus as it was; an interrupted call goes on as `encode` does. The arguments are those of `encode`;
        `tokenizer`, `encoding_errors` and `reading.documents` are those of the corpus, and may be named to
        make sure.

        Returns:
            The corpus as it is then; this object keeps telling of what it was.

        Raises:
            InputError: the corpus was made in another way, of tokenized documents, or with
                `max_vocabulary`.

        Example:
            >>> import tempfile
            >>> from pathlib import Path
            >>> from embedkit import Corpus
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     for name, text in ("a.txt", "the cat the mat"), ("b.txt", "a cat sat, a cat ran"):
            ...         _ = Path(folder, name).write_text(text)
            ...     corpus = Corpus.encode(Path(folder, "a.txt"), Path(folder, "corpus"))
            ...     corpus = corpus.append(Path(folder, "b.txt"))
            ...     print(dict(zip(corpus.vocabulary, corpus.vocabulary.counts.tolist())))
            {'the': 2, 'cat': 3, 'mat': 1, 'a': 2, 'ran': 1, 'sat': 1}
        """
        place = self.address or self.path
        with written(place, shard_names(self._manifest), folder=True) as folder:
            if self.address:
                link_files(self.path, folder)
            append_text(
                sources,
                folder,
                tokenizer=tokenizer,
                encoding_errors=encoding_errors,
                reading=reading,
                workers=workers,
                cluster=cluster,
                progress=progress,
            )
            if self.address:
                check_unchanged(type(self).open(self.address).path, self._manifest)
        return type(self).open(place)

    @classmethod
    def from_documents(cls, documents: Iterable[Sequence[str]], path: str | Path) -> Corpus:
        """Make the new folder `path` of documents that are lists of words; an empty list is no document."""
        encode_documents(documents, Path(path))
        return cls.open(path)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every word of the corpus with its count, by descending count; those of appended text come last."""
        vocabulary = Vocabulary.load(self.path / VOCABULARY)
        counts = vocabulary.counts
        if counts is None or (len(vocabulary), counts.sum()) != (self._manifest.vocabulary, self.words):
            raise FormatError(
                f"{self.path / VOCABULARY} does not belong to this corpus: its sizes are others"
            )
        return vocabulary

    @property
    def tokenizer(self) -> TextPipeline:
        """The steps that made tokens of the text, for new text."""
        recipe = self.recipe.get("tokenizer")
        if recipe is None:
            raise InputError(f"{self.path} was made of tokenized documents; no tokenizer is known for it")
        return pipeline_from_recipe(recipe)

    def shards(self) -> Sequence[Shard]:
        """The shards; each is opened when it is asked for."""
        return Shards(self.path, len(self._manifest.shards))

    def checked_shards(self) -> Iterator[tuple[ShardEntry, Shard]]:
        """Every shard with its entry in the manifest, for compiled code that trusts what it reads.

        The vocabulary and each shard are known to be what their sha256 in the manifest say; every id is in
        the vocabulary, and the offsets rise from 0 to the number of ids. All shards are mapped at once, so
        that they stay what they are if the corpus is replaced; but each is read and checked in its turn, so
        that whoever lets it go holds no more than one in memory.

        Raises:
            FormatError: the corpus is damaged; the file is named.
        """
        entries = self._manifest.shards
        if fingerprint_of(self.path, entries) != self.fingerprint:
            raise FormatError(
                f"{self.path} is damaged: its {VOCABULARY} or its {MANIFEST} is not what the fingerprint "
                "says; make it again"
            )
        waiting = deque(enumerate(zip(entries, self.shards(), strict=True)))
        while waiting:
            number, (entry, shard) = waiting.popleft()
            ids, offsets = (shard_file(self.path, number, kind) for kind in ("ids", "offsets"))
            check_ids(ids, shard.ids, entry.words, len(self.vocabulary))
            check_offsets(offsets, shard.offsets, entry.documents, entry.words)
            if shard_sha256(shard.ids, shard.offsets) != entry.sha256:
                raise FormatError(
                    f"{self.path} is damaged: {ids.name} or {offsets.name} is not what its sha256 says; make "
                    "it again"
                )
            yield entry, shard

    def statistics(self, top: int = 20) -> CorpusStatistics:
        """What the corpus holds: growth of the vocabulary, laws of Zipf and Heaps, lengths of documents.

        All shards are read once, and checked; memory holds the vocabulary and one of them.

        Args:
            top: how many of the most frequent words are told.

        Raises:
            FormatError: the corpus is damaged.

        Example:
            >>> import tempfile
            >>> from embedkit import Corpus
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     corpus = Corpus.from_documents([["a", "cat", "a"], ["a", "dog"]], f"{folder}/corpus")
            ...     told = corpus.statistics(top=1)
            >>> told.tokens, told.types, told.hapaxes, told.frequent
            (5, 3, 2, (('a', 3),))
        """
        return CorpusStatistics.of(self.vocabulary, self.checked_shards(), top)

    def __iter__(self) -> Iterator[Ints1d]:
        """The documents, each as the ids of its words; one with parts in several shards is put together."""
        parts: list[Ints1d] = []
        for entry, (ids, offsets) in zip(self._manifest.shards, self.shards(), strict=True):
            for begin, end in pairwise(offsets.tolist()):
                if parts and not (entry.continues and begin == 0):
                    yield _whole(parts)
                    parts = []
                parts.append(ids[begin:end])
        if parts:
            yield _whole(parts)

    def __len__(self) -> int:
        return self.documents

    def __repr__(self) -> str:
        return f"<Corpus {self.path}: {self.words:,} words in {self.documents:,} documents>"


def _whole(parts: list[Ints1d]) -> Ints1d:
    """The parts as one array, without a copy where there is but one."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
