"""Inference of recurrent layers by compiled kernels: packed weights, and the states of many texts.

What the first layer's kernel makes of a word is computed once for all texts, however often it occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Floats3d, Ints2d, Longs1d
from embedkit.models.architecture import TABLE, Architecture, Weights, directions
from embedkit.models.inference.rnn_kernels import EVERY, HIGHEST, LAST, SUM, TILE, layer, pack, pack_recurrent
from embedkit.models.word_ids import PADDING
from embedkit.simd.storage import aligned_matrix, padded

KEPT = {"max": HIGHEST, "last": LAST, "mean": SUM, "attention": EVERY}  # of the last layer, by pooling


class CompiledLayers:
    """The recurrent layers of a network, for texts whose words are known before.

    Args:
        architecture: what the network is built of.
        weights: its weights by name.
        ids: of all tokens that will be read, int32, in any shape.
    """

    def __init__(self, architecture: Architecture, weights: Weights, ids: NDArray[np.int32]) -> None:
        self._architecture = architecture
        self._layers = [
            [
                PackedLayer.of(architecture, weights, f"layer{number}/{direction}")
                for direction in directions(architecture)
            ]
            for number in range(1, architecture.layers + 1)
        ]
        occurs = np.zeros(len(weights[TABLE]), np.bool_)
        occurs[ids] = occurs[PADDING] = True
        self._place_of = np.cumsum(occurs, dtype=np.int32) - 1  # of a word in the inputs
        self._inputs = [layer.project(weights[TABLE][occurs]) for layer in self._layers[0]]

    def read(self, ids: Ints2d, counts: Longs1d) -> Floats3d:
        """What the pooling of the network needs of the states of the last layer.

        Args:
            ids: int32 (T, n), of texts in order of falling length, with padding behind them.
            counts: (T,), how many texts have a token at each step.

        Returns:
            float32 (T, n, any) for attention, zero after the end of a text; else (1, n, any): the highest of
            each unit, the sum, or the states after the end.
        """
        steps, texts = ids.shape
        places = np.zeros((steps, -(-texts // TILE) * TILE), np.int32)
        places[:, :texts] = self._place_of[ids]
        inputs = self._inputs
        hidden: Floats3d = np.zeros(0, np.float32)
        for number, layers in enumerate(self._layers, 1):
            top = number == len(self._layers)
            if number > 1:
                rows = hidden.reshape(-1, hidden.shape[2])
                inputs = [layer.project(rows) for layer in layers]
                places = np.arange(places.size, dtype=np.int32).reshape(places.shape)
            keep = KEPT[self._architecture.pooling] if top else EVERY
            hidden = np.concatenate(
                [layer.read(rows, places, counts, keep) for layer, rows in zip(layers, inputs, strict=True)],
                axis=2,
            )
        return hidden[:, :texts]


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
    def of(cls, architecture: Architecture, weights: Weights, name: str) -> PackedLayer:
        """The layer and direction called `name` among the weights."""
        cell, bias = architecture.cell, np.atleast_2d(weights[f"{name}/bias"])
        return cls(
            walk=layer(cell),
            units=architecture.units,
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
