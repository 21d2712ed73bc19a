"""fastText's .bin and .ftz, and floret's .bin: words, vectors, and the subwords that give vectors to others.

The vector of a word is what fastText itself prints: the mean of the word's row and those of its n-grams. The
rows of n-grams and the output vectors of words stay in the file, which is mapped. The nodes of hierarchical
softmax, and the labels of a supervised model with their vectors, are not read.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.formats import fasttext_model
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.fasttext_model import (
    FLORET,
    HIERARCHICAL_SOFTMAX,
    SUPERVISED,
    FastTextModel,
)
from embedkit.vectors.formats.mapped_bytes import MappedBytes
from embedkit.vectors.formats.row_checks import taken
from embedkit.vectors.formats.text_rows import decode_words
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.subwords.bucket_subwords import EOS, BucketSubwords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.floret import FloretSubwords
from embedkit.vectors.subwords.hashing import fnv1a_ngrams
from embedkit.vectors.subwords.quantized_rows import RowTable, part_of
from embedkit.vectors.subwords.row_means import row_means

MODELS = {1: "cbow", 2: "skipgram", 3: "supervised"}
FIRST = 1 << 10  # words, the most frequent, that have output vectors if any have
LOSSES = {1: "hierarchical softmax", 2: "negative sampling", 3: "softmax", 4: "one-vs-all"}
KEY = "fasttext"  # of the metadata

matches = fasttext_model.matches


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` words of a model, their vectors, and its subwords if there are any.

    Letters that are not UTF-8 become U+FFFD, and a warning tells; of words that become the same the first is
    kept.

    Raises:
        FormatError: the file is cut off, damaged, or of a version that is not known.
    """
    model = fasttext_model.parse(MappedBytes.of(path, matches))
    subwords = _subwords(model)
    words = model.words[:limit]
    contents = VectorContents(
        decode_words(words, path),
        _matrix(model, len(words), subwords),
        model.counts[: len(words)],
        {KEY: _told(model)},
        subwords=subwords,
        output=_output(model, len(words)),
    )
    return _distinct(contents, path)


def _output(model: FastTextModel, count: int) -> StoredRows | None:
    """The output vectors of the first `count` words; None if the model predicts no words, or has lost them.

    Zeros are what was not written.
    """
    told, output = model.arguments, model.output
    predicts_words = told.model != SUPERVISED and told.loss != HIERARCHICAL_SOFTMAX
    if not predicts_words or output.shape != (len(model.words), told.dimensions):
        return None
    return StoredRows(output[:count]) if output[:FIRST].any() else None


def _subwords(model: FastTextModel) -> BucketSubwords | None:
    """What gives other words their vectors; None if the model has no n-grams of characters."""
    told = model.arguments
    if not told.has_ngrams or (model.kept is not None and not len(model.kept)):
        return None
    end = model.ngrams_begin + (told.buckets if model.kept is None else len(model.kept))
    table = part_of(model.table, slice(model.ngrams_begin, end))
    if told.mode == FLORET:
        return FloretSubwords(table, told.minn, told.maxn, told.hash_count, fasttext_model.FLORET_SEED)
    if model.kept is None:
        return FastTextSubwords(table, told.minn, told.maxn, told.buckets)
    return FastTextSubwords(table, told.minn, told.maxn, told.buckets, *np.ascontiguousarray(model.kept.T))


def _matrix(model: FastTextModel, count: int, subwords: BucketSubwords | None) -> Floats2d:
    """The vectors of the first `count` words, as fastText prints them."""
    entries = model.entries[:count]
    own = model.table[:count] if entries[-1] == count - 1 else model.table[entries]
    if subwords is None:
        return np.array(own)
    words = packed(model.words[:count])
    if model.arguments.mode != FLORET:
        matrix = subwords.means(words, own)
        if not model.version and EOS in model.words[:count]:
            end = model.words.index(EOS)
            matrix[end] = _old_end_of_line(model, subwords.table, own[end : end + 1])
        return matrix
    matrix = subwords.means(words)
    if entries[0] == 0:  # floret keeps the row of the first word
        matrix[:1] = subwords.means(packed(model.words[:1]), own[:1])
    return matrix


def _old_end_of_line(model: FastTextModel, table: RowTable, own: Floats2d) -> Floats2d:
    """The vector of "</s>", to which fastText gave n-grams before there were versions, (1, D)."""
    told = model.arguments
    hashes, counts = fnv1a_ngrams(packed([EOS]), told.minn, told.maxn)
    ids = (hashes % np.uint32(told.buckets)).astype(np.int64)
    return row_means(table[ids], np.arange(len(ids)), counts, own)


def _told(model: FastTextModel) -> dict[str, object]:
    """How the model was trained, as metadata hold it."""
    told = model.arguments
    return {
        "model": MODELS[told.model],
        "loss": LOSSES[told.loss],
        "window": told.window,
        "epochs": told.epochs,
        "min_count": told.min_count,
        "negative": told.negative,
        "sample": told.sample,
        "minn": told.minn,
        "maxn": told.maxn,
        "buckets": told.buckets,
    }


def packed(words: list[bytes]) -> PackedWords:
    """Words whose bytes need not be UTF-8."""
    ends = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=ends[1:])
    return PackedWords(np.frombuffer(b"".join(words), np.uint8), ends)


def _distinct(contents: VectorContents, path: Path) -> VectorContents:
    """The contents without repeated words, of which the first row is kept and a warning tells."""
    words = contents.words
    first: dict[str, int] = {}
    for row, word in enumerate(words):
        first.setdefault(word, row)
    if len(first) == len(words):
        return contents
    repeated = [word for row, word in enumerate(words) if first[word] != row]
    shown = ", ".join(map(repr, repeated[:3]))
    warnings.warn(
        f"{path}: {len(repeated):,} repeated words dropped, the first row of each kept: {shown}", stacklevel=3
    )
    return taken(contents, np.fromiter(first.values(), np.int64, len(first)))
