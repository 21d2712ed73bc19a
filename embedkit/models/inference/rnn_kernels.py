"""Compiled kernels of recurrent layers: the states of a batch stay in the caches from token to token.

A *tile* is `TILE` texts by `LANES` units. Its sums over the states before are taken in registers, for all
gates at once; the gates then make the new states of them, without another visit to memory for anything that
lies between. A step goes through the tiles of sixteen units before it comes to the next sixteen, so that the
weights of these are read from the first-level cache.

Units are padded to whole vectors, texts to whole tiles. What stands in the padding is computed too: units
stay 0, and no text ever reads what belongs to another, so that the same bits come out whatever stands beside
it. `pack` says in which order weights stand. `embedkit.models.inference.forward` says all of it in numpy.
"""

# mypy: disable-error-code="call-arg"
# An intrinsic is declared with a typing context that its callers do not pass.

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from embedkit.arrays import Floats1d, Floats2d
from embedkit.simd import activations, intrinsics, storage, vectors
from embedkit.simd import lanes as lanes_module
from embedkit.simd.activations import tanh_fraction
from embedkit.simd.compiling import code_version, compiled
from embedkit.simd.intrinsics import INDEX, emits, prefetch_to_read
from embedkit.simd.lanes import LANES, Lanes, loop
from embedkit.simd.storage import aligned, aligned_matrix, padded
from embedkit.simd.target import has_avx512
from embedkit.simd.vectors import Vector

TILE = 6  # texts; four gates of them take up 24 of the 32 registers of AVX-512
EVERY, LAST, HIGHEST, SUM = range(4)  # what is kept of the states of a text: see `layer`
HALVED = {"lstm": (1, 1, 0, 1), "gru": (1, 1, 0), "rnn": (0,)}  # gates that are sigmoids: see `pack`

Fraction = tuple[ir.Value, ir.Value]
Gates = Sequence[ir.Value]
Update = tuple[ir.Value, ir.Value]  # the state and the memory of a cell


def pack(weights: Floats2d, cell: str) -> Floats2d:
    """Weights of all gates (n, G * units) as the kernels read them: (n, G * padded units), aligned.

    Sixteen units stand together, and of these the gates in their order. Those of sigmoids are halved, which
    is exact, because sigmoid(x) = (1 + tanh(x / 2)) / 2.
    """
    gates = len(HALVED[cell])
    units = weights.shape[1] // gates
    wide = np.zeros((len(weights), gates, padded(units)), np.float32)
    wide[:, :, :units] = weights.reshape(len(weights), gates, units)
    wide *= np.where(HALVED[cell], np.float32(0.5), np.float32(1))[:, None]
    packed = aligned_matrix(len(weights), gates * padded(units))
    packed[:] = wide.reshape(len(weights), gates, -1, LANES).swapaxes(1, 2).reshape(packed.shape)
    return packed


def pack_recurrent(kernel: Floats2d, cell: str) -> Floats1d:
    """A recurrent kernel (units, G * units), packed, flat: block by block, and in a block unit by unit."""
    blocks = pack(kernel, cell).reshape(len(kernel), -1, len(HALVED[cell]) * LANES)
    packed = aligned_matrix(blocks.shape[1], padded(len(kernel)) * blocks.shape[2])
    packed[:, : blocks[:, 0].size] = blocks.swapaxes(0, 1).reshape(blocks.shape[1], -1)
    return packed.reshape(-1)


@functools.cache
def layer(cell: str) -> Any:
    """Compile `walk` for a cell; compiled code is kept on disk for later processes."""
    gates = len(HALVED[cell])
    code = code_version(lanes_module, intrinsics, storage, activations, vectors)

    @compiled(nogil=True)
    def walk(
        inputs: Any, places: Any, counts: Any, kernel: Any, bias: Any, units: int, backward: bool, keep: int,
        kept: Any,
    ) -> None:  # fmt: skip
        """Read the tokens of a batch of texts.

        Args:
            inputs: float32, flat, aligned: rows of packed gates, what the layer's kernel and bias make of a
                token.
            places: int32 (T, n), the row of each token; n is a multiple of `TILE`.
            counts: int64 (T,), how many texts have a token at each step: always the first ones.
            kernel: the recurrent one, see `pack_recurrent`.
            bias: the recurrent one, packed, flat.
            units: padded to a multiple of `LANES`.
            backward: from the last step to the first.
            keep: `EVERY` state, the `LAST` one, the `HIGHEST` of each unit or the `SUM`.
            kept: float32, (T, n * units) for `EVERY`, else (1, n * units), where sums and the highest begin
                with what stands there.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        steps, texts = places.shape
        before, after, memory = aligned(texts * units), aligned(texts * units), aligned(texts * units)
        sums = aligned(TILE * gates * LANES)
        _clear(before, memory, 0, texts * units)
        begun = 0
        for index in range(steps):
            step = steps - 1 - index if backward else index
            size = counts[step] * units
            _clear(before, memory, begun, size)
            begun = max(begun, size)
            for block in range(0, units, LANES):
                for first in range(0, counts[step], TILE):
                    for i in range(TILE):
                        given = (np.int64(places[step, first + i]) * units + block) * gates
                        prefetch_to_read(inputs, given, gates)
                    multiply(before, first * units, kernel, block * units * gates, units, sums, gates)
                    for i in range(TILE):
                        given = (np.int64(places[step, first + i]) * units + block) * gates
                        own = i * gates * LANES
                        at = (first + i) * units + block
                        update(
                            inputs, given, sums, own, bias, block * gates, before, memory, after, at, gates
                        )
            _keep(kept[step if keep == EVERY else 0], after, size, keep)
            before, after = after, before

    return walk


@njit(inline="always")
def _clear(states: Any, memory: Any, begin: int, end: int) -> None:
    """Texts that begin remember nothing."""
    for i in range(begin, end):
        states[i] = 0
        memory[i] = 0


@njit(inline="always")
def _keep(kept: Any, states: Any, size: int, keep: int) -> None:
    if keep == HIGHEST:
        for i in range(size):
            kept[i] = max(kept[i], states[i])
    elif keep == SUM:
        for i in range(size):
            kept[i] += states[i]
    else:
        for i in range(size):
            kept[i] = states[i]


@intrinsic(prefer_literal=True)
def multiply(
    typing: Any, states: Any, first: Any, kernel: Any, panel: Any, units: Any, sums: Any, gates: Any
) -> Any:
    """Write the products of a tile of states, from offset `first`, with sixteen columns of each gate.

    The weights begin at offset `panel`. `sums` gets, for each text, sixteen sums a gate.
    """
    count = gates.literal_value
    together = count if has_avx512() else 1

    def emit(
        builder: ir.IRBuilder,
        states: ir.Value,
        first: ir.Value,
        kernel: ir.Value,
        panel: ir.Value,
        units: ir.Value,
        sums: ir.Value,
        _: ir.Value,
    ) -> None:
        lanes = Lanes(builder)
        texts = [builder.gep(states, [builder.add(first, builder.mul(units, INDEX(i)))]) for i in range(TILE)]
        for start in range(0, count, together):
            some = range(start, start + together)

            def add(unit: ir.Value, *before: ir.Value, some: range = some) -> list[ir.Value]:
                at = builder.add(panel, builder.mul(unit, INDEX(count * LANES)))
                weights = [lanes.load(kernel, builder.add(at, INDEX(gate * LANES))) for gate in some]
                after = []
                for i, text in enumerate(texts):
                    state = lanes.splat(builder.load(builder.gep(text, [unit])))
                    own = before[i * len(some) : (i + 1) * len(some)]
                    after += [
                        lanes.fma(state, weight, total) for weight, total in zip(weights, own, strict=True)
                    ]
                return after

            totals = loop(builder, units, [lanes.constant(0)] * (TILE * together), add)
            for i in range(TILE):
                for number, gate in enumerate(some):
                    lanes.store(totals[i * together + number], sums, INDEX((i * count + gate) * LANES))

    signature = types.void(states, types.intp, kernel, types.intp, types.intp, sums, gates)
    return emits(signature, emit)


@intrinsic(prefer_literal=True)
def update(
    typing: Any, inputs: Any, given: Any, sums: Any, own: Any, bias: Any, first: Any, before: Any,
    memory: Any, after: Any, at: Any, gates: Any,
) -> Any:  # fmt: skip
    """Write sixteen new states of a text, and of their memory: offset `at` of `after` and `memory`.

    The gates begin at offsets `given` of the inputs, `own` of the sums and `first` of the bias.
    """
    count = gates.literal_value

    def emit(builder: ir.IRBuilder, *arguments: ir.Value) -> None:
        inputs, given, sums, own, bias, first, before, memory, after, at, _ = arguments
        lanes = Lanes(builder)
        taken = [
            [lanes.load(array, builder.add(start, INDEX(gate * LANES))) for gate in range(count)]
            for array, start in ((inputs, given), (sums, own), (bias, first))
        ]
        state, stored = _CELLS[count](lanes, *taken, lanes.load(before, at), lanes.load(memory, at))
        lanes.store(state, after, at)
        lanes.store(stored, memory, at)

    signature = types.void(
        inputs, types.intp, sums, types.intp, bias, types.intp, before, memory, after, types.intp, gates
    )
    return emits(signature, emit)


def _lstm(lanes: Lanes, given: Gates, own: Gates, _: Gates, __: ir.Value, memory: ir.Value) -> Update:
    """Input, forget, cell and output; the first three are put over one denominator."""
    b, two = lanes.builder, lanes.constant(2)
    (i, i_), (f, f_), (g, g_), (o, o_) = (_tanh(lanes, b.fadd(x, y)) for x, y in zip(given, own, strict=True))
    others = b.fmul(i_, g_)
    kept = b.fmul(b.fmul(b.fadd(f_, f), memory), others)
    whole = lanes.fma(b.fmul(b.fadd(i_, i), g), f_, kept)
    memory = b.fdiv(whole, b.fmul(b.fmul(f_, two), others))
    m, m_ = _tanh(lanes, memory)
    return b.fdiv(b.fmul(b.fadd(o_, o), m), b.fmul(b.fmul(o_, two), m_)), memory


def _gru(lanes: Lanes, given: Gates, own: Gates, bias: Gates, before: ir.Value, memory: ir.Value) -> Update:
    """Update, reset and candidate."""
    b, two = lanes.builder, lanes.constant(2)
    own = [b.fadd(x, y) for x, y in zip(own, bias, strict=True)]
    (u, u_), (r, r_) = (_tanh(lanes, b.fadd(x, y)) for x, y in zip(given[:2], own[:2], strict=True))
    reset = b.fdiv(b.fadd(r_, r), b.fmul(r_, two))
    candidate = b.fdiv(*_tanh(lanes, lanes.fma(reset, own[2], given[2])))
    share = b.fdiv(b.fadd(u_, u), b.fmul(u_, two))
    return lanes.fma(share, b.fsub(before, candidate), candidate), memory


def _rnn(lanes: Lanes, given: Gates, own: Gates, _: Gates, __: ir.Value, memory: ir.Value) -> Update:
    return lanes.builder.fdiv(*_tanh(lanes, lanes.builder.fadd(given[0], own[0]))), memory


_CELLS = {4: _lstm, 3: _gru, 1: _rnn}  # by the number of gates


def _tanh(lanes: Lanes, x: ir.Value) -> Fraction:
    over, under = tanh_fraction(Vector(lanes, x))
    return over.value, under.value
