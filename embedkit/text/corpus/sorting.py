"""Corpora sorted by frequency: what appended text has left unsorted, in a temporary copy for training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from embedkit.arrays import Ints1d
from embedkit.leftovers import temporary_folder
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.finishing import VOCABULARY, fingerprint_of
from embedkit.text.corpus.manifest import Manifest, ShardEntry
from embedkit.text.corpus.shards import save_array, shard_file, shard_sha256
from embedkit.text.packed_words import PackedWords, frequency_order
from embedkit.text.vocabulary import Vocabulary

ORIGINAL = "sorted_from"  # in the recipe of a copy: the fingerprint of the corpus


@contextmanager
def by_frequency(corpus: Corpus) -> Iterator[Corpus]:
    """The corpus itself if its vocabulary is sorted by descending count, else a temporary copy that is.

    Trainers take words by frequency as the first of a vocabulary. The copy takes as much room among the
    temporary files as the corpus; it is checked as `Corpus.checked_shards` does.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from embedkit import Corpus
        >>> from embedkit.text.corpus.sorting import by_frequency
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name, text in ("a.txt", "a cat"), ("b.txt", "two dogs two cats"):
        ...         _ = Path(folder, name).write_text(text)
        ...     corpus = Corpus.encode(Path(folder, "a.txt"), Path(folder, "corpus"))
        ...     corpus = corpus.append(Path(folder, "b.txt"))
        ...     with by_frequency(corpus) as ordered:
        ...         print(corpus.vocabulary.words, ordered.vocabulary.words)
        ('a', 'cat', 'two', 'cats', 'dogs') ('two', 'a', 'cat', 'cats', 'dogs')
    """
    if corpus.vocabulary.is_sorted:
        yield corpus
        return
    with temporary_folder() as folder:
        yield _sorted(corpus, folder)


def _sorted(corpus: Corpus, folder: Path) -> Corpus:
    """A copy in `folder`."""
    words, counts = corpus.vocabulary.words, corpus.vocabulary.counts
    assert counts is not None  # noqa: S101 - a corpus counts its words
    order = frequency_order(PackedWords.of(words), counts)
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    Vocabulary([words[number] for number in order.tolist()], counts[order]).save(folder / VOCABULARY)
    entries: list[ShardEntry] = []
    for number, (entry, (ids, offsets)) in enumerate(corpus.checked_shards()):
        ranked: Ints1d = ranks[ids]
        save_array(shard_file(folder, number, "ids"), ranked)
        save_array(shard_file(folder, number, "offsets"), offsets)
        entries.append(replace(entry, sha256=shard_sha256(ranked, offsets)))
    fingerprint = fingerprint_of(folder, entries)
    recipe = {**corpus.recipe, ORIGINAL: corpus.fingerprint}
    Manifest(corpus.words, corpus.documents, len(words), fingerprint, recipe, tuple(entries)).save(folder)
    return Corpus.open(folder)
