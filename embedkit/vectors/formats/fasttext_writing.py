"""fastText's and floret's .bin written: models that both programs and gensim load, with the same vectors.

The vector of a word is the mean of the word's own row and those of its n-grams, so the row is found for which
that mean is the vector, to the last bit. The output matrix, which predictions and further training need, is
that of the output vectors, or zero, as it is where training begins.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import disk_usage
from typing import IO

import numpy as np

from embedkit.arrays import Floats2d, Longs2d
from embedkit.errors import InputError
from embedkit.files import atomic_file
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.fasttext_binary import KEY, MODELS
from embedkit.vectors.formats.fasttext_model import (
    ARGUMENTS,
    FLORET,
    FLORET_ARGUMENTS,
    FLORET_SEED,
    MAGIC,
    NEGATIVE_SAMPLING,
    PRUNED,
    SIZES,
    VERSION,
    WORD,
    Arguments,
)
from embedkit.vectors.formats.text_rows import check_words
from embedkit.vectors.subwords.bucket_subwords import BucketSubwords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.floret import FloretSubwords
from embedkit.vectors.subwords.own_rows import own_rows
from embedkit.vectors.subwords.quantized_rows import QuantizedRows
from embedkit.vectors.subwords.quantizing import quantized, quantizer_of

WORDS = re.compile(r"[^\0]*")  # what the dictionary can hold
ADVICE = "leave that word out"
TOLD = ("window", "epochs", "min_count", "negative")  # arguments that metadata hold, as those of training do
DEFAULTS = Arguments(
    dimensions=0,
    window=5,
    epochs=5,
    min_count=1,
    negative=5,
    word_ngrams=1,
    loss=NEGATIVE_SAMPLING,
    model=2,
    buckets=0,
    minn=0,
    maxn=0,
    update_rate=100,
    sample=1e-4,
)
BLOCK = 1 << 16  # rows at once
TOLERANCE = 1e-4  # of vectors that the subwords alone must give


def write(path: Path, contents: VectorContents) -> None:
    """Write a model (.bin) with the subwords of `contents`, without n-grams if there are none.

    Raises:
        InputError: subwords, or words, that such a file cannot hold, or more rows than there is room for.
    """
    subwords = _checked(contents, "fastText's .bin")
    if isinstance(subwords, FastTextSubwords) and not subwords.is_complete:
        raise InputError("fastText's .bin cannot hold subwords of which some were left out; write .ftz")
    arguments = _arguments(contents, subwords)
    _check_room(path, arguments)
    with atomic_file(path) as stream:
        _write_head(stream, arguments, contents, None)
        rows = len(contents.words) + arguments.buckets
        stream.write(b"\0" + struct.pack("<2q", rows, arguments.dimensions))
        for own in _blocks_of_own_rows(contents, subwords):
            stream.write(own.astype("<f4").tobytes())
        for table in _blocks_of_ngram_rows(subwords, arguments.buckets):
            stream.write(table.astype("<f4").tobytes())
        stream.write(b"\0" + struct.pack("<2q", len(contents.words), arguments.dimensions))
        if contents.output is None:
            stream.truncate(stream.tell() + 4 * contents.matrix.size)  # zeros
        else:
            for start in range(0, len(contents.words), BLOCK):
                stream.write(contents.output.block(slice(start, start + BLOCK)).astype("<f4").tobytes())


def _check_room(path: Path, arguments: Arguments) -> None:
    """Raise `InputError` if the rows of all buckets cannot fit on the disk."""
    needed, free = 4 * arguments.dimensions * arguments.buckets, disk_usage(path.resolve().parent).free
    if needed > free:
        raise InputError(
            f"fastText's .bin takes {needed / 1e9:,.1f} GB for {arguments.buckets:,} buckets, and {path} has "
            f"{free / 1e9:,.1f} GB of room; train with a smaller bucket, or write .safetensors"
        )


def _blocks_of_ngram_rows(subwords: BucketSubwords | None, buckets: int) -> Iterator[Floats2d]:
    """The rows of n-grams, in blocks."""
    for start in range(0, buckets if subwords else 0, BLOCK):
        stop = min(start + BLOCK, buckets)
        if isinstance(subwords, FastTextSubwords):
            yield subwords.bucket_rows(start, stop)
        elif subwords is not None:
            yield subwords.table[start:stop]


def write_quantized(path: Path, contents: VectorContents) -> None:
    """Write a quantized model (.ftz), with a byte for every two numbers; there is no output matrix.

    Rows of n-grams that are quantized stay as they are, and give words their centroids; else centroids are
    learned. Vectors change: a mean is that of rows which are only near to what they were.

    Raises:
        InputError: subwords, or words, that such a file cannot hold.
    """
    subwords = _checked(contents, "fastText's .ftz")
    if isinstance(subwords, FloretSubwords):
        raise InputError("fastText's .ftz cannot hold subwords of floret; write .bin (--to fasttext)")
    own = np.concatenate(list(_blocks_of_own_rows(contents, subwords)))
    subwords = None if subwords is None else subwords.pruned()
    table = own[:0] if subwords is None else subwords.table
    if isinstance(table, QuantizedRows):
        words, ngrams = quantized(own, table), table
    else:
        quantizer = quantizer_of(np.concatenate([own, table]))
        words, ngrams = quantized(own, quantizer), quantized(table, quantizer)
    with atomic_file(path) as stream:
        _write_head(stream, _arguments(contents, subwords), contents, subwords)
        stream.write(b"\1")
        _write_quantized(stream, words, ngrams)
        stream.write(b"\0" + struct.pack("<2q", 0, contents.matrix.shape[1]))


def _write_quantized(stream: IO[bytes], words: QuantizedRows, ngrams: QuantizedRows) -> None:
    """Write a quantized matrix: the rows of words, then those of n-grams, which have the same centroids."""
    rows, (_, size), parts = len(words) + len(ngrams), words.shape, words.codes.shape[1]
    last = size - (parts - 1) * words.part_size
    stream.write(struct.pack("<?2qi", words.norms is not None, rows, size, rows * parts))
    stream.write(words.codes.tobytes() + ngrams.codes.tobytes())
    stream.write(struct.pack("<4i", size, parts, words.part_size, last))
    stream.write(words.centroids.astype("<f4").tobytes())
    if words.norms is not None and words.norm_codes is not None and ngrams.norm_codes is not None:
        stream.write(words.norm_codes.tobytes() + ngrams.norm_codes.tobytes())
        stream.write(struct.pack("<4i", 1, 1, 1, 1) + words.norms.astype("<f4").tobytes())


def _blocks_of_own_rows(contents: VectorContents, subwords: BucketSubwords | None) -> Iterator[Floats2d]:
    """The rows of words, in blocks."""
    for start in range(0, len(contents.words), BLOCK):
        block = slice(start, start + BLOCK)
        words, matrix = PackedWords.of(contents.words[block]), contents.matrix[block]
        yield _own_rows(words, matrix, subwords, start == 0)


def _own_rows(words: PackedWords, matrix: Floats2d, subwords: BucketSubwords | None, first: bool) -> Floats2d:
    """The rows of words; floret gives one to the first word of all alone."""
    if subwords is None:
        return matrix
    if not isinstance(subwords, FloretSubwords):
        return own_rows(words, matrix, subwords)
    rows = np.zeros_like(matrix)
    rows[: int(first)] = own_rows(words.take(range(int(first))), matrix[: int(first)], subwords)
    others = slice(int(first), None)
    wrong = np.abs(subwords.means(words)[others] - matrix[others]).max(axis=1, initial=0) > TOLERANCE
    if wrong.any():
        word = words[int(first) + int(np.argmax(wrong))]
        raise InputError(f"floret's .bin cannot hold another vector of {word!r} than that of its n-grams")
    return rows


def _checked(contents: VectorContents, format: str) -> FastTextSubwords | FloretSubwords | None:
    """The subwords, or `InputError` if no such file can hold them or the words."""
    check_words(contents.words, WORDS, format, ADVICE)
    subwords = contents.subwords
    if subwords is not None and not isinstance(subwords, FastTextSubwords | FloretSubwords):
        raise InputError(f"{format} cannot hold subwords of the kind {subwords.kind!r}")
    if isinstance(subwords, FloretSubwords) and subwords.hash_seed != FLORET_SEED:
        raise InputError(f"floret's .bin has hashes of seed {FLORET_SEED}, got {subwords.hash_seed}")
    return subwords


def _arguments(contents: VectorContents, subwords: FastTextSubwords | FloretSubwords | None) -> Arguments:
    """What the model was trained with, as far as the metadata tell."""
    told = contents.metadata.get(KEY, contents.metadata.get("parameters"))
    known = told if isinstance(told, Mapping) else {}
    numbers = {name: known[name] for name in TOLD if _is_count(known.get(name))}
    model = next((number for number, name in MODELS.items() if name == known.get("model") and number < 3), 2)
    arguments = DEFAULTS._replace(**numbers, model=model, dimensions=contents.matrix.shape[1])
    if subwords is None:
        return arguments
    arguments = arguments._replace(minn=subwords.minn, maxn=subwords.maxn)
    if isinstance(subwords, FloretSubwords):
        count = len(subwords.table)
        return arguments._replace(buckets=count, mode=FLORET, hash_count=subwords.hash_count)
    return arguments._replace(buckets=subwords.buckets)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << 31


def _write_head(
    stream: IO[bytes], arguments: Arguments, contents: VectorContents, pruned: BucketSubwords | None
) -> None:
    """Write all before the input matrix."""
    words = [word.encode() for word in contents.words]
    counts = np.ones(len(words), np.int64) if contents.counts is None else np.maximum(contents.counts, 1)
    *before, update_rate, sample, mode, hash_count = arguments
    stream.write(struct.pack("<2i", MAGIC, VERSION))
    if mode == FLORET:
        stream.write(struct.pack(FLORET_ARGUMENTS, *before, mode, hash_count, update_rate, sample))
    else:
        stream.write(struct.pack(ARGUMENTS, *before, update_rate, sample))
    stream.write(struct.pack(SIZES, len(words), len(words), 0, int(counts.sum())))
    kept = _kept(pruned)
    stream.write(struct.pack(PRUNED, -1 if kept is None else len(kept)))
    stream.writelines(
        word + b"\0" + struct.pack("<qB", count, WORD)
        for word, count in zip(words, counts.tolist(), strict=True)
    )
    if kept is not None:
        stream.write(kept.astype("<i4").tobytes())


def _kept(subwords: BucketSubwords | None) -> Longs2d | None:
    """Pairs of a hash and its row, if others were left out, (B, 2)."""
    if not isinstance(subwords, FastTextSubwords) or subwords.kept is None or subwords.kept_rows is None:
        return None
    return np.stack([subwords.kept, subwords.kept_rows], axis=1)
