"""fastText's model files, parsed: arguments, dictionary, and where the matrices lie.

A file is a magic number and a version (not before 2017), the arguments, the dictionary, whether the input is
quantized, the input matrix, whether the output is, and the output matrix, all little-endian. floret's files
have the same magic number, and two more arguments. Files are mapped; nothing is allocated on the word of a
number in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Longs1d, Longs2d
from embedkit.errors import FormatError
from embedkit.vectors.formats.mapped_bytes import MappedBytes
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS
from embedkit.vectors.subwords.quantized_rows import CENTROIDS, QuantizedRows, RowTable

MAGIC, VERSION = 793712314, 12
SIGNATURE = MAGIC.to_bytes(4, "little")
SUPERVISED, FLORET = 3, 2  # the model, the mode
HIERARCHICAL_SOFTMAX, NEGATIVE_SAMPLING = 1, 2  # the loss
ARGUMENTS, FLORET_ARGUMENTS = "<12id", "<14id"
SIZES, PRUNED = "<3iq", "<q"  # of the dictionary: entries, words, labels, tokens; n-grams that were kept
FLORET_SEED = 2166136261  # of its hashes
MAX_WORD_BYTES = 1 << 16
MAX_DIMENSIONS = 1 << 20
ENTRY_BYTES = 10  # of a word in the dictionary, but for its letters
WORD = 0  # the type of an entry that is a word; that of a label is another


class Arguments(NamedTuple):
    """What a model was trained with; `mode` and `hash_count` stand in floret's files alone."""

    dimensions: int
    window: int
    epochs: int
    min_count: int
    negative: int
    word_ngrams: int
    loss: int
    model: int
    buckets: int
    minn: int
    maxn: int
    update_rate: int
    sample: float
    mode: int = 0
    hash_count: int = 0

    @property
    def is_plausible(self) -> bool:
        """Whether all numbers are such as arguments can be."""
        return (
            0 < self.dimensions <= MAX_DIMENSIONS
            and 1 <= self.loss <= 4
            and 1 <= self.model <= 3
            and self.buckets >= 0
            and 0 <= self.minn <= MAX_CHARACTERS
            and 0 <= self.maxn <= MAX_CHARACTERS
            and 0 <= self.mode <= FLORET
            and 0 <= self.hash_count <= 4
        )

    @property
    def has_ngrams(self) -> bool:
        """Whether there can be n-grams of characters."""
        return self.buckets > 0 and 0 < max(self.minn, 1) <= self.maxn


class Sizes(NamedTuple):
    """How many entries, words and labels the dictionary has, and how many tokens were read."""

    entries: int
    words: int
    labels: int
    tokens: int

    @property
    def is_plausible(self) -> bool:
        """Whether the entries are words and labels."""
        return self.words >= 0 and self.labels >= 0 and 0 < self.entries == self.words + self.labels


@dataclass(frozen=True)
class FastTextModel:
    """A parsed file.

    Attributes:
        arguments: what it was trained with.
        version: 11 or 12; 0 for files without one.
        words: the words of the dictionary as bytes; labels are left out.
        counts: how often each was seen, (V,).
        entries: where each word stands among words and labels, which is its row of the table, (V,).
        ngrams_begin: the row of the table at which those of n-grams begin.
        table: the input matrix, (V + B, D).
        kept: pairs of a hash and a row among those of n-grams, ascending, if others were left out, (B, 2).
        output: the output matrix, by which words or labels are predicted.
    """

    arguments: Arguments
    version: int
    words: list[bytes]
    counts: Longs1d
    entries: Longs1d
    ngrams_begin: int
    table: RowTable
    kept: Longs2d | None
    output: RowTable


def matches(head: bytes) -> bool:
    """Tell whether `head` begins a model of fastText or floret."""
    return head.startswith(SIGNATURE) or _begins_old(head)


def _begins_old(head: bytes) -> bool:
    """Whether `head` begins a file from before there was a magic number."""
    data = MappedBytes(head, "")
    try:
        return Arguments(*data.unpack(ARGUMENTS)).is_plausible and Sizes(*data.unpack(SIZES)).is_plausible
    except FormatError:
        return False


def parse(data: MappedBytes) -> FastTextModel:
    """The model in a file; its matrices stay there.

    Raises:
        FormatError: it is cut off, goes on behind its end, or holds numbers that no model has.
    """
    version = 0
    if data.startswith(SIGNATURE):
        _, version = data.unpack("<2i")
        if not 11 <= version <= VERSION:
            raise FormatError(f"{data.name}: expected fastText's version 11 or 12, got {version}")
    arguments, sizes = _arguments(data)
    if version == 11 and arguments.model == SUPERVISED:
        arguments = arguments._replace(maxn=0)  # as fastText does: these had no n-grams of characters
    pruned = data.unpack(PRUNED)[0] if version else -1
    words, counts, entries = _dictionary(data, sizes)
    kept = _kept(data, pruned)
    table = _matrix(data, quantized=_flag(data) if version else False, name="input matrix")
    _check_table(data.name, table, arguments, sizes, None if kept is None else len(kept))
    quantized_output = bool(version) and _flag(data) and isinstance(table, QuantizedRows)
    output = _matrix(data, quantized=quantized_output, name="output matrix")
    data.check_end()
    return FastTextModel(arguments, version, words, counts, entries, sizes.words, table, kept, output)


def _arguments(data: MappedBytes) -> tuple[Arguments, Sizes]:
    """The arguments and the sizes of the dictionary, in fastText's layout or in floret's."""
    begin = data.at
    arguments = Arguments(*data.unpack(ARGUMENTS))
    sizes = Sizes(*data.unpack(SIZES))
    if arguments.is_plausible and sizes.is_plausible:
        return arguments, sizes
    data.at = begin
    numbers = data.unpack(FLORET_ARGUMENTS)
    floret = Arguments(*numbers[:11], *numbers[13:], *numbers[11:13])
    sizes = Sizes(*data.unpack(SIZES))
    if floret.is_plausible and sizes.is_plausible:
        return floret, sizes
    raise FormatError(f"{data.name}: expected the arguments of a fastText model, got {arguments}")


def _dictionary(data: MappedBytes, sizes: Sizes) -> tuple[list[bytes], Longs1d, Longs1d]:
    """The words as bytes, their counts, and which of the entries they are."""
    data.check_room(sizes.entries * ENTRY_BYTES, f"a dictionary of {sizes.entries:,} words")
    words, ends = data.strings(sizes.entries, ENTRY_BYTES - 1, MAX_WORD_BYTES)
    counts, types = data.numbers_at(ends, "<i8"), data.numbers_at(ends + 8, "|u1")
    chosen = np.flatnonzero(types == WORD)
    if len(chosen) != sizes.words:
        raise FormatError(f"{data.name}: expected {sizes.words:,} words, got {len(chosen):,} and labels")
    if not len(chosen):
        raise FormatError(f"{data.name}: expected vectors of words, got a model of labels alone")
    if counts.min() < 0:
        raise FormatError(f"{data.name}: expected counts of words, got {counts.min()}")
    kept = words if len(chosen) == len(words) else [words[entry] for entry in chosen.tolist()]
    return kept, counts[chosen], chosen


def _kept(data: MappedBytes, pruned: int) -> Longs2d | None:
    """Which hashes of n-grams have a row, ascending, if not all have."""
    if pruned < 0:
        return None
    pairs = data.array("<i4", (pruned, 2), "the list of n-grams that were kept").astype(np.int64)
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    wrong = (pairs[:, 1] < 0) | (pairs[:, 1] >= pruned)
    if wrong.any() or (np.diff(pairs[:, 0]) <= 0).any():
        raise FormatError(f"{data.name}: expected a row for each of {pruned:,} n-grams, got others")
    return pairs


def _flag(data: MappedBytes) -> bool:
    """A byte that is 0 or 1."""
    (flag,) = data.unpack("<B")
    if flag > 1:
        raise FormatError(f"{data.name}: expected 0 or 1 at byte {data.at - 1:,}, got {flag}")
    return bool(flag)


def _matrix(data: MappedBytes, *, quantized: bool, name: str) -> RowTable:
    """A matrix, which stays in the file."""
    scaled = quantized and _flag(data)
    rows, size = data.unpack("<2q")
    if not (0 <= rows < 1 << 48 and 0 <= size <= MAX_DIMENSIONS):
        raise FormatError(f"{data.name}: expected an {name}, got one of {rows:,} x {size:,}")
    if not quantized:
        floats: Floats2d = data.array("<f4", (rows, size), f"an {name} of {rows:,} x {size:,}")
        return floats
    (code_bytes,) = data.unpack("<i")
    parts = code_bytes // rows if rows else 0
    codes = data.array("|u1", (rows, parts), f"codes of an {name} of {rows:,} x {size:,}")
    centroids, part_size = _quantizer(data, size, parts)
    if parts * rows != code_bytes:
        raise FormatError(f"{data.name}: expected codes of {rows:,} rows, got {code_bytes:,} bytes")
    if not scaled:
        return QuantizedRows(codes, centroids, part_size)
    norm_codes = data.array("|u1", (rows,), f"codes of {rows:,} lengths")
    norms, _ = _quantizer(data, 1, 1)
    return QuantizedRows(codes, centroids, part_size, norm_codes, norms)


def _quantizer(data: MappedBytes, size: int, parts: int) -> tuple[np.ndarray, int]:
    """The centroids of a product quantizer and the dimensions of its parts."""
    told = data.unpack("<4i")
    _, _, part_size, last = told
    fits = part_size > 0 and told == (size, parts, part_size, size - (parts - 1) * part_size)
    if not fits or not 0 < last <= part_size:
        raise FormatError(f"{data.name}: expected a quantizer of {size} dimensions, got {told}")
    return data.array("<f4", (size * CENTROIDS,), "centroids"), part_size


def _check_table(name: str, table: RowTable, arguments: Arguments, sizes: Sizes, kept: int | None) -> None:
    """Raise `FormatError` unless the input matrix has a row for each word and each n-gram."""
    ngrams = arguments.buckets if kept is None else kept
    needed = sizes.words + (ngrams if arguments.has_ngrams else 0)
    if table.shape[1] != arguments.dimensions or table.shape[0] < needed:
        raise FormatError(
            f"{name}: expected an input matrix of {needed:,} x {arguments.dimensions:,}, got one of "
            f"{table.shape[0]:,} x {table.shape[1]:,}"
        )
    if kept is not None and not isinstance(table, QuantizedRows):
        raise FormatError(f"{name}: expected a quantized matrix where n-grams were left out; fetch it anew")
