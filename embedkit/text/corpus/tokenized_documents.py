"""Building a corpus of documents that are tokenized already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from embedkit.errors import InputError
from embedkit.files import atomic_folder
from embedkit.text.corpus.encoding import write_shard
from embedkit.text.corpus.finishing import finish
from embedkit.text.corpus.manifest import MANIFEST
from embedkit.text.corpus.merging import Merger
from embedkit.text.corpus.word_table import PythonWordTable
from embedkit.text.documents import checked_document
from embedkit.text.tokenization.numbered import number_words

SHARD_WORDS = 1 << 22  # about the words of a shard


def encode_documents(documents: Iterable[Sequence[str]], path: Path, shard_words: int = SHARD_WORDS) -> None:
    """Make the corpus `path` of tokenized documents; see `Corpus.from_documents`."""
    if isinstance(documents, str | bytes):
        raise InputError("documents must be lists of words, got one string; Corpus.encode reads text files")
    checked = enumerate(map(checked_document, documents))
    with atomic_folder(path, MANIFEST) as folder:
        merger = Merger(folder, PythonWordTable())
        for number, first in enumerate(checked):
            shard = number_words(_up_to(shard_words, chain([first], checked)))
            merger.add(write_shard(shard, folder, number))
        finish(map, merger, {"tokenizer": None, "sources": []})


def _up_to(words: int, documents: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The first documents, each with its number, until they have as many words."""
    for number, document in documents:
        yield number, document
        words -= len(document)
        if words <= 0:
            return
