"""`RecurrentProbabilities`: what a recurrent network knows, and the probabilities it gives tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools2d, Doubles1d, Floats2d, Floats3d, Longs1d, Longs2d
from embedkit.errors import FormatError
from embedkit.language_models.batches import TokenBatch, line_batches
from embedkit.language_models.candidates import CHUNK
from embedkit.language_models.parameters import RecurrentLayers
from embedkit.language_models.recurrent_weights import (
    BIAS,
    VECTORS,
    NetworkWeights,
    network_cells,
    network_shapes,
    output_table,
)
from embedkit.language_models.token_text import END, TokenText
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.sequence import forward_through_time

ROWS = 64  # texts that are read side by side
STEPS = 128  # tokens of each that are read at once
QUIET = np.errstate(invalid="ignore")  # kernels of BLAS may compute with what lies beyond small matrices
WARM_UP = 256  # tokens that are read before each part of a long text whose parts are read side by side


class RecurrentProbabilities:
    """A trained network.

    Args:
        layers: its form.
        weights: by name, see `embedkit.language_models.recurrent_weights`.
    """

    kind: ClassVar[str] = "recurrent"

    def __init__(self, layers: RecurrentLayers, weights: NetworkWeights) -> None:
        self.layers, self.weights = layers, weights

    def __repr__(self) -> str:
        size = sum(weight.size for weight in self.weights.values())
        return f"<{type(self).__name__}: {self.layers.recurrent_layers} {self.layers.cell}, {size:,} weights>"

    def log_probabilities(self, text: TokenText) -> Doubles1d:
        """The natural logarithm of the probability of each token behind those before it, float64 (N,).

        A long text is cut into parts that are read side by side, each with the tokens before it.
        """
        found: Doubles1d = np.empty(len(text))
        if len(text.offsets) > 2:
            places = TokenText(np.arange(len(text), dtype=np.int32), text.offsets)
            for batch, where in zip(line_batches(text, ROWS), line_batches(places, ROWS), strict=True):
                mask = batch.mask
                shown, _ = self._read(batch.inputs, None, batch.lengths)
                found[where.targets[mask]] = self._scored(shown[mask], batch.targets[mask])
            return found
        states: list[Floats3d] | None = None
        for batch, at, counts in _side_by_side(text):
            if batch.begins and states:
                for state in states:
                    state[:, 0] = 0
            shown, states = self._read(batch.inputs, states, None)
            if counts.any():
                found[at[counts]] = self._scored(shown[counts], batch.targets[counts])
        return found

    @QUIET
    def _read(
        self, ids: NDArray[np.integer], states: Sequence[Floats3d] | None, lengths: Longs1d | None
    ) -> tuple[Floats3d, list[Floats3d]]:
        """What the last layer shows of tokens (T, n), and the states of all layers behind them."""
        shown: Floats3d = self.weights[VECTORS][ids]
        final = []
        for number, cell in enumerate(self.cells):
            done = forward_through_time(cell, shown, states[number] if states else None, lengths)
            shown = done.states
            final.append(done.final)
        return shown, final

    def _scored(self, shown: Floats2d, targets: NDArray[np.integer]) -> Doubles1d:
        """The log probabilities of targets."""
        rows = max(1, CHUNK // len(self.weights[BIAS]))
        found = []
        for start in range(0, len(shown), rows):
            logs = self._logs(shown[start : start + rows])
            found.append(logs[np.arange(len(logs)), targets[start : start + rows]])
        return np.concatenate(found).astype(np.float64)

    @QUIET
    def _logs(self, shown: Floats2d) -> Floats2d:
        """The log probabilities of all tokens, (N, V)."""
        scores: Floats2d = shown @ self.weights[output_table(self.weights)].T
        scores += self.weights[BIAS]
        scores -= scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return scores

    def begin(self, count: int) -> list[NDArray[Any]]:
        """The states of `count` texts before their first token: an array (n, parts, units) a layer."""
        return [cell.zero_state(count).transpose(1, 0, 2) for cell in self.cells]

    def step(
        self, states: Sequence[NDArray[Any]], tokens: Longs1d
    ) -> tuple[Floats2d, Sequence[NDArray[Any]]]:
        """The log probabilities (n, V) of what follows these tokens, the last of n texts, and the states."""
        shown, final = self._read(tokens[None], [state.transpose(1, 0, 2) for state in states], None)
        return self._logs(shown[0]), [state.transpose(1, 0, 2) for state in final]

    @property
    def cells(self) -> list[RecurrentCell]:
        """The cells of its layers, the first first."""
        return network_cells(self.layers, self.weights)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """What a file keeps."""
        return dict(self.weights)

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]], layers: RecurrentLayers, size: int) -> Self:
        """The model of what a file keeps; `FormatError` for what cannot be."""
        weights = {}
        for name, shape in network_shapes(layers, size).items():
            tensor = tensors.get(name)
            fits = tensor is not None and tensor.dtype == np.float32 and tensor.shape == shape
            if tensor is None or not fits or not np.isfinite(tensor).all():
                raise FormatError(f"expected {name!r} as finite float32 of shape {shape}")
            weights[name] = tensor
        return cls(layers, weights)


def _side_by_side(text: TokenText) -> Iterator[tuple[TokenBatch, Longs2d, Bools2d]]:
    """Parts of a long text side by side; with where each token stands in it, and which are to be scored.

    The first part, before which nothing stands, begins anew with the first batch that is scored.
    """
    rows = max(1, min(ROWS, len(text) // (4 * WARM_UP)))
    length = -(-len(text) // rows)
    begins = np.arange(rows) * length
    inputs = np.concatenate([[END], text.ids]).astype(np.int32)
    warm = WARM_UP if rows > 1 else 0
    for first, last in ((-warm, 0), (0, length)):
        for start in range(first, last, STEPS):
            steps = np.arange(start, min(start + STEPS, last))[:, None]
            at = np.clip(begins + steps, 0, len(text) - 1)
            counts = (steps >= 0) & (begins + steps < len(text))
            yield TokenBatch(inputs[at], text.ids[at], None, start == 0), at, counts
