"""The forward and the backward pass of recurrent layers over a batch, in chunks that threads share.

Both directions, and chunks of the batch, run side by side. This module deals texts out, fills weights up to
whole vectors and adds up; `embedkit.models.networks.recurrent_kernels` computes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Floats3d, Ints1d, Ints2d, Longs1d
from embedkit.models.networks import recurrent_kernels
from embedkit.neural.kernels.cell_steps import CELL_STEPS
from embedkit.parallel.cores import available_cores
from embedkit.parallel.threads import shared_threads
from embedkit.simd.storage import aligned_matrix, padded

MIN_TEXTS_PER_THREAD = 16  # texts that are worth a thread
ALIGNMENT = 64  # bytes


class BatchChunk(NamedTuple):
    """Some texts of a batch, read in a direction.

    Args:
        direction: 0 of forward, 1 of backward.
        number: of the chunk; every direction has the same chunks.
        texts: their numbers in the batch, in order of falling length.
        counts: how many of them have a token at each step, in the order of reading.
        first: which row of what is kept of the direction's tokens is the first of these texts.
    """

    direction: int
    number: int
    texts: Longs1d
    counts: Longs1d
    first: int

    @property
    def kept(self) -> slice:
        """The rows of what is kept of the tokens."""
        return slice(self.first, self.first + int(self.counts.sum()))


def read(
    cell: str,
    rows: Floats2d,
    places: Ints2d,
    lengths: Ints1d,
    kernels: Floats3d,
    biases: Floats2d,
    masks: Floats3d,
) -> tuple[Floats3d, Floats3d]:
    """The states (n, T, directions * units), and what is kept for the way back (directions, tokens, any).

    Arguments as `embedkit.models.networks.recurrent_layers.recurrent` has them.
    """
    directions, units, _ = kernels.shape
    states = aligned_zeros(*places.shape, directions * units)
    parts = CELL_STEPS[cell].PARTS + (cell == "gru" and masks.size > 0)
    kept = aligned(directions, int(lengths.sum()), parts * padded(units))
    packed = [pack(kernel, units) for kernel in kernels]

    def walk(chunk: BatchChunk) -> None:
        side = chunk.direction
        given = rows, places, chunk.texts, chunk.counts, packed[side], biases[side], masks[side], side
        recurrent_kernels.walk()(CELL_STEPS[cell].GATES, *given, states, kept[side, chunk.kept])

    _each(walk, chunks(directions, lengths))
    return states, kept


def read_back(
    cell: str,
    upstream: Floats3d,
    rows: Floats2d,
    places: Ints2d,
    lengths: Ints1d,
    kernels: Floats3d,
    biases: Floats2d,
    masks: Floats3d,
    kept: Floats3d,
) -> tuple[Floats2d, Floats3d, Floats2d]:
    """The gradients of the rows, the recurrent kernels and their biases, given that of the states."""
    directions, units, width = kernels.shape
    work = chunks(directions, lengths)
    transposed = [pack_transposed(kernel, units) for kernel in kernels]
    of_rows = [aligned_zeros(*rows.shape) for _ in range(work[-1].number + 1)]
    of_kernels = np.zeros(
        (len(of_rows), directions, padded(units), width // units * padded(units)), np.float32
    )
    of_biases = np.zeros((len(of_rows), directions, of_kernels.shape[3] if biases.size else 0), np.float32)
    upstream = np.ascontiguousarray(upstream)

    def walk(chunk: BatchChunk) -> None:
        side, number = chunk.direction, chunk.number
        given = upstream, places, chunk.texts, chunk.counts, transposed[side], masks[side], side
        found = of_rows[number], of_kernels[number, side], of_biases[number, side]
        recurrent_kernels.walk_back()(CELL_STEPS[cell].GATES, *given, kept[side, chunk.kept], *found)

    _each(walk, work)
    return _total(of_rows), unpack(_total(of_kernels)[:, :units], units), unpack(_total(of_biases), units)


def chunks(directions: int, lengths: Ints1d) -> list[BatchChunk]:
    """A batch in chunks for the cores there are, those of a direction one after the other.

    Texts are dealt out in turns from the longest to the shortest, so that all chunks take about as long.
    """
    count = max(1, min(available_cores() // directions, len(lengths) // MIN_TEXTS_PER_THREAD))
    falling = np.argsort(-lengths, kind="stable")
    work = []
    for direction in range(directions):
        first = 0
        for number in range(count):
            texts = np.ascontiguousarray(falling[number::count])
            steps = np.arange(lengths[texts[0]])
            counts = np.searchsorted(-lengths[texts], -steps)  # texts that are longer than so many steps
            work.append(
                BatchChunk(
                    direction,
                    number,
                    texts,
                    np.ascontiguousarray(counts[::-1]) if direction else counts,
                    first,
                )
            )
            first += int(counts.sum())
    return work


def pack(kernel: Floats2d, units: int) -> Floats2d:
    """Weights (n, gates * units) with the columns of each gate filled up to whole vectors."""
    gates = kernel.shape[1] // units
    packed = aligned_matrix(len(kernel), gates * padded(units))
    packed.reshape(len(kernel), gates, -1)[:, :, :units] = kernel.reshape(len(kernel), gates, units)
    return packed


def pack_transposed(kernel: Floats2d, units: int) -> Floats2d:
    """A kernel (units, gates * units) transposed, each gate's rows and the columns filled up."""
    gates = kernel.shape[1] // units
    packed = aligned_matrix(gates * padded(units), units)
    packed.reshape(gates, padded(units), -1)[:, :units, :units] = kernel.T.reshape(gates, units, units)
    return packed


def unpack(packed: Any, units: int) -> Any:
    """Arrays (..., gates * padded units) without what filled them up."""
    parts = packed.reshape(*packed.shape[:-1], -1, padded(units))[..., :units]
    return np.ascontiguousarray(parts).reshape(*packed.shape[:-1], -1)


def aligned(*shape: int) -> Any:
    """Numbers yet to be written, float32, where TensorFlow takes them without a copy."""
    raw = np.empty(math.prod(shape) + ALIGNMENT // 4, np.float32)
    skip = -raw.ctypes.data % ALIGNMENT // raw.itemsize
    return raw[skip : skip + math.prod(shape)].reshape(shape)


def aligned_zeros(*shape: int) -> Any:
    """Zeros where TensorFlow takes them without a copy."""
    zeros = aligned(*shape)
    zeros[...] = 0
    return zeros


def _total(parts: Any) -> Any:
    """The sum of arrays, in the first of them."""
    for part in parts[1:]:
        np.add(parts[0], part, out=parts[0])
    return parts[0]


def _each(walk: Callable[[BatchChunk], None], work: list[BatchChunk]) -> None:
    for _ in shared_threads().map(walk, work):
        pass
