"""Inference of recurrent layers by compiled kernels: packed weights, and the states of many texts.

What the first layer's kernel makes of a word is computed once for all texts, however often it occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Floats3d, Ints2d, Longs1d
from embedkit.models.inference.layers import apply_layer
from embedkit.models.inference.rnn_kernels import EVERY, HIGHEST, LAST, SUM, TILE, layer, pack, pack_recurrent
from embedkit.models.inference.token_rows import TokenRows
from embedkit.models.layers.layers import (
    Dense,
    Dropout,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    LastState,
    Layer,
    RecurrentLayer,
)
from embedkit.models.layers.stack import TABLE, LayerStack, PlacedLayer, Weights
from embedkit.models.word_ids import PADDING
from embedkit.simd.storage import aligned_matrix, padded

KEPT: dict[type[Layer], int] = {GlobalMaxPooling1D: HIGHEST, LastState: LAST, GlobalAveragePooling1D: SUM}


class CompiledNetwork:
    """The layers of a network, for texts whose words are known before.

    Args:
        stack: what the network is built of.
        weights: its weights by name.
        ids: of all tokens that will be read, int32, in any shape.
    """

    def __init__(self, stack: LayerStack, weights: Weights, ids: NDArray[np.int32]) -> None:
        self._weights = weights
        occurs = np.zeros(len(weights[TABLE]), np.bool_)
        occurs[ids] = occurs[PADDING] = True
        self._place_of = np.cumsum(occurs, dtype=np.int32) - 1  # of a word in the rows
        self._rows: Floats2d = weights[TABLE][occurs]
        places = [
            place for place in stack.placed(weights[TABLE].shape[1]) if not isinstance(place.layer, Dropout)
        ]
        while isinstance(places[0].layer, Dense):  # of words, which need not be seen in texts
            alone = TokenRows(self._rows, np.zeros((1, 1), np.int32), np.ones(1, np.int64))
            self._rows = apply_layer(places.pop(0), weights, alone).rows
        self._layers: list[PlacedLayer | CompiledLayer] = []
        for number, place in enumerate(places):
            if isinstance(place.layer, RecurrentLayer):
                words = None if number else self._rows
                self._layers.append(CompiledLayer(place, weights, _kept(places[number + 1]), words))
            elif not (number and _is_recurrent(places[number - 1]) and _kept(place) != EVERY):
                self._layers.append(place)

    def summarize(self, ids: Ints2d, lengths: Longs1d) -> Floats2d:
        """What the output layer reads of texts, (n, any).

        Args:
            ids: int32 (T, n), of texts in order of falling length, with padding behind them.
            lengths: (n,).
        """
        state: Any = TokenRows(self._rows, self._place_of[ids], lengths)
        for step in self._layers:
            if isinstance(step, CompiledLayer):
                state = step.read(state)
            else:
                state = apply_layer(step, self._weights, state)
        summary: Floats2d = state
        return summary


def _is_recurrent(place: PlacedLayer) -> bool:
    return isinstance(place.layer, RecurrentLayer)


def _kept(place: PlacedLayer) -> int:
    """What a layer needs of all states of the layer before it."""
    return KEPT.get(type(place.layer), EVERY)


class CompiledLayer:
    """A recurrent layer, with the pooling over time behind it if that keeps less than all states.

    Args:
        place: the layer.
        weights: those of the network.
        keep: of the states: `EVERY` one, the `LAST`, the `HIGHEST` or the `SUM`.
        words: the rows that all states will have, if these are known.
    """

    def __init__(self, place: PlacedLayer, weights: Weights, keep: int, words: Floats2d | None) -> None:
        recurrent: Any = place.layer
        self._keep = keep
        self._sides = [
            PackedLayer.of(recurrent, weights, f"{place.name}/{direction}")
            for direction in recurrent.directions
        ]
        self._projected = None if words is None else [side.project(words) for side in self._sides]

    def read(self, state: TokenRows) -> TokenRows | Floats2d:
        """The states of texts at all tokens; else what is kept of them, (n, any)."""
        steps, texts = state.places.shape
        places = np.zeros((steps, -(-texts // TILE) * TILE), np.int32)
        places[:, :texts] = state.places
        inputs = self._projected or [side.project(state.rows) for side in self._sides]
        hidden: Floats3d = np.concatenate(
            [
                side.read(rows, places, state.counts, self._keep)
                for side, rows in zip(self._sides, inputs, strict=True)
            ],
            axis=2,
        )[:, :texts]
        if self._keep == EVERY:
            return TokenRows.of(hidden, state.lengths)
        summary: Floats2d = hidden[0]
        if self._keep == SUM:
            summary /= state.lengths[:, None].astype(np.float32)
        return summary


@dataclass(frozen=True)
class PackedLayer:
    """A layer in one direction: its code, and four packed arrays, of which the recurrent ones are flat."""

    walk: Callable[..., None]  # see `layer`
    units: int
    backward: bool
    kernel: Floats2d
    bias: Floats2d
    recurrent_kernel: Floats1d
    recurrent_bias: Floats1d

    @classmethod
    def of(cls, recurrent: RecurrentLayer, weights: Weights, name: str) -> PackedLayer:
        """The layer and direction called `name` among the weights."""
        cell, bias = recurrent.cell, np.atleast_2d(weights[f"{name}/bias"])
        return cls(
            walk=layer(cell),
            units=recurrent.units,
            backward=name.endswith("/backward"),
            kernel=pack(weights[f"{name}/kernel"], cell),
            bias=pack(bias[:1], cell),
            recurrent_kernel=pack_recurrent(weights[f"{name}/recurrent_kernel"], cell),
            recurrent_bias=pack(bias[-1:], cell).reshape(-1),
        )

    def project(self, rows: Floats2d) -> Floats1d:
        """What kernel and bias make of rows (n, any), packed, flat."""
        projected = aligned_matrix(len(rows), self.kernel.shape[1])
        np.matmul(rows, self.kernel, out=projected)
        projected += self.bias
        return projected.reshape(-1)

    def read(self, inputs: Floats1d, places: Ints2d, counts: Longs1d, keep: int) -> Floats3d:
        """What is kept of the states, (T or 1, n, units), of texts whose tokens are rows of `inputs`."""
        steps, texts = places.shape
        units = padded(self.units)
        lines = steps if keep == EVERY else 1
        kept = np.full((lines, texts * units), -np.inf if keep == HIGHEST else 0, np.float32)
        recurrent = self.recurrent_kernel, self.recurrent_bias
        self.walk(inputs, places, counts, *recurrent, units, self.backward, keep, kept)
        return kept.reshape(lines, texts, units)[:, :, : self.units]
