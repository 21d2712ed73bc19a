"""finalfusion's vocabularies: words, and parts of words, whose rows stand behind those of words."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import FormatError
from embedkit.vectors.formats.finalfusion_chunks import (
    BUCKETS,
    FASTTEXT,
    NAMES,
    NGRAMS,
    WORDS,
    Chunk,
    content_of,
    unpack,
)
from embedkit.vectors.formats.text_rows import decode_words
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS
from embedkit.vectors.subwords.explicit_ngrams import ExplicitSubwords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.finalfusion_buckets import MAX_EXPONENT, FinalfusionSubwords
from embedkit.vectors.subwords.subwords import Subwords

HEADS = {WORDS: "<Q", BUCKETS: "<QIII", FASTTEXT: "<QIII", NGRAMS: "<QQII"}  # what stands before words
MAX_WHOLE = 4 << 30  # bytes of a table that is filled with zeros


class FinalfusionVocabulary(NamedTuple):
    """The first words of a vocabulary, how many there are, and what tells of parts of words."""

    words: list[str]
    total: int
    kind: int
    minn: int = 0
    maxn: int = 0
    buckets: int = 0  # or, in finalfusion's own, the exponent of their number
    ngrams: Sequence[str] = ()
    ngram_rows: Sequence[int] = ()

    def subwords(self, path: Path, table: Floats2d) -> Subwords | None:
        """The subwords with these rows; None without any."""
        rows = {
            WORDS: 0,
            BUCKETS: 1 << min(self.buckets, MAX_EXPONENT + 1),
            FASTTEXT: self.buckets,
            NGRAMS: 1 + max(self.ngram_rows, default=-1),
        }[self.kind]
        if rows != len(table):
            raise FormatError(f"{path}: expected {rows:,} rows behind those of words, got {len(table):,}")
        if not rows:
            return None
        if not 0 < self.minn <= self.maxn <= MAX_CHARACTERS:
            raise FormatError(f"{path}: expected lengths of n-grams, got {self.minn} to {self.maxn}")
        if self.kind == BUCKETS:
            return FinalfusionSubwords(table, self.minn, self.maxn, self.buckets)
        if self.kind == FASTTEXT:
            return FastTextSubwords(table, self.minn, self.maxn, self.buckets)
        places = np.array(self.ngram_rows, np.int64)
        return ExplicitSubwords(table, self.minn, self.maxn, self.ngrams, places)


def read_vocabulary(path: Path, chunk: Chunk, limit: int | None) -> FinalfusionVocabulary:
    """The first `limit` words of a vocabulary; n-grams that are listed are numbered as they come."""
    items = _Items(path, memoryview(content_of(path, chunk)), NAMES[chunk.kind])
    total, *told = items.numbers(HEADS[chunk.kind])
    items.check_count(total)
    if chunk.kind == WORDS:
        return FinalfusionVocabulary(items.texts(total if limit is None else min(total, limit)), total, WORDS)
    if chunk.kind != NGRAMS:
        minn, maxn, buckets = told
        return FinalfusionVocabulary(items.texts(total)[:limit], total, chunk.kind, minn, maxn, buckets)
    count, minn, maxn = told
    words = items.texts(total)
    items.check_count(count)
    ngrams: list[str] = []
    places: list[int] = []
    numbers: dict[int, int] = {}
    for _ in range(count):
        ngrams += items.texts(1)
        places.append(numbers.setdefault(items.numbers("<Q")[0], len(numbers)))
    return FinalfusionVocabulary(words[:limit], total, NGRAMS, minn, maxn, 0, ngrams, places)


class _Items:
    """Numbers and texts of a chunk, one after the other."""

    def __init__(self, path: Path, content: memoryview, name: str) -> None:
        self.path, self.content, self.name, self.at = path, content, name, 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        """The next numbers."""
        told = unpack(self.content[self.at :], form, self.path, f"numbers of {self.name}")
        self.at += struct.calcsize(form)
        return told

    def texts(self, count: int) -> list[str]:
        """The next texts, each behind its length in bytes."""
        found: list[bytes] = []
        for _ in range(count):
            (length,) = self.numbers("<I")
            self.at += length
            if self.at > len(self.content):
                raise FormatError(
                    f"{self.path}: expected word {len(found) + 1} of {length:,} bytes, got fewer"
                )
            found.append(bytes(self.content[self.at - length : self.at]))
        return decode_words(found, self.path)

    def check_count(self, count: int) -> None:
        """Raise `FormatError` unless so many texts can be there."""
        if count > (len(self.content) - self.at) // 4:
            raise FormatError(
                f"{self.path}: expected {count:,} words, got {len(self.content):,} bytes of them"
            )


def vocabulary_chunk(words: Sequence[str], subwords: Subwords | None) -> tuple[int, bytes, Floats2d | None]:
    """The kind and the content of a vocabulary, and the rows that follow those of its words.

    Subwords of other kinds are left out, and a warning says so; so are those of too many hashes without a
    row, such as estimates, as finalfusion has a row for each.
    """
    items = [_text(word) for word in words]
    if isinstance(subwords, FinalfusionSubwords):
        head = struct.pack(HEADS[BUCKETS], len(items), subwords.minn, subwords.maxn, subwords.exponent)
        return BUCKETS, head + b"".join(items), subwords.table[:]
    if isinstance(subwords, FastTextSubwords) and _has_whole_table(subwords):
        head = struct.pack(HEADS[FASTTEXT], len(items), subwords.minn, subwords.maxn, subwords.buckets)
        return FASTTEXT, head + b"".join(items), _whole_table(subwords)
    if isinstance(subwords, ExplicitSubwords):
        count = len(subwords.ngrams)
        head = struct.pack(HEADS[NGRAMS], len(items), count, subwords.minn, subwords.maxn)
        pairs = zip(subwords.ngrams, subwords.ngram_rows.tolist(), strict=True)
        items += [_text(ngram) + struct.pack("<Q", row) for ngram, row in pairs]
        used = 1 + max(subwords.ngram_rows.tolist(), default=-1)
        return NGRAMS, head + b"".join(items), subwords.table[:used]
    if subwords is not None:
        told = f"left out subwords of the kind {subwords.kind!r}, which finalfusion cannot keep"
        warnings.warn(told, stacklevel=3)
    return WORDS, struct.pack(HEADS[WORDS], len(items)) + b"".join(items), None


def _has_whole_table(subwords: FastTextSubwords) -> bool:
    """Whether there is a row for each hash, or they can be made."""
    return subwords.kept is None or 4 * subwords.buckets * subwords.vector_size <= MAX_WHOLE


def _whole_table(subwords: FastTextSubwords) -> Floats2d:
    """A row for each hash; zeros, which add nothing, for those whose rows a model has left out."""
    if subwords.kept is None or subwords.kept_rows is None:
        return subwords.table[:]
    table = np.zeros((subwords.buckets, subwords.vector_size), np.float32)
    table[subwords.kept] = subwords.table[subwords.kept_rows]
    return table


def _text(text: str) -> bytes:
    """A text behind its length in bytes."""
    stored = text.encode()
    return struct.pack("<I", len(stored)) + stored
