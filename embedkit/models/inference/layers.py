"""The layers of networks in numpy, one function a layer: what prediction computes, and nothing else does.

A function takes the layer at its place, its weights by their names in the layer, and `TokenRows` or a vector
a text (n, any); arrays are time-major, (T, n, any).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Floats3d
from embedkit.models.inference.token_rows import TokenRows
from embedkit.models.layers.layers import (
    GRU,
    LSTM,
    Attention,
    Conv1D,
    Dense,
    Dropout,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    LastState,
    MaxPooling1D,
    SimpleRNN,
)
from embedkit.models.layers.stack import PlacedLayer, Weights
from embedkit.models.layers.windows import window_count, window_start
from embedkit.neural.activations import sigmoid
from embedkit.neural.cells.kinds import CELLS
from embedkit.neural.cells.walk import walk

State = TokenRows | Floats2d
ACTIVATIONS: Mapping[str, Callable[[Floats2d], Floats2d]] = {
    "linear": lambda values: values,
    "relu": lambda values: np.maximum(values, 0),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
}


def apply_layer(place: PlacedLayer, weights: Weights, state: Any) -> Any:
    """What a layer makes of a state; `weights` are those of the whole network."""
    prefix = f"{place.name}/"
    own = {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}
    return FUNCTIONS[type(place.layer)](place, own, state)


def _dropout(_: PlacedLayer, __: Weights, state: State) -> State:
    return state


def _dense(place: PlacedLayer, weights: Weights, state: State) -> State:
    activation = ACTIVATIONS[place.layer.activation]  # type: ignore[attr-defined]
    rows = state.rows if isinstance(state, TokenRows) else state
    made = activation(rows @ weights["kernel"] + weights["bias"])
    return TokenRows(made, state.places, state.lengths) if isinstance(state, TokenRows) else made


def _recurrent(place: PlacedLayer, weights: Weights, state: TokenRows) -> TokenRows:
    layer: Any = place.layer
    hidden = np.zeros((*state.places.shape, place.width), np.float32)
    for side, direction in enumerate(layer.directions):
        cell = CELLS[layer.cell](
            *(weights[f"{direction}/{name}"] for name in ("kernel", "recurrent_kernel", "bias"))
        )
        given = _looked_up(cell.project(state.rows), state.places)
        steps = range(len(state.places))[:: -1 if direction == "backward" else 1]
        out = hidden[..., side * layer.units : (side + 1) * layer.units]
        walk(cell, given, cell.zero_state(len(state.lengths)), state.counts, steps, out)
    return TokenRows.of(hidden, state.lengths)


def _looked_up(rows: Floats2d, places: NDArray[np.integer]) -> Callable[[int, int], Floats2d]:
    return lambda step, first: rows[places[step, :first]]


def _convolution(place: PlacedLayer, weights: Weights, state: TokenRows) -> TokenRows:
    """A convolution at every token, of which the windows that are asked for are kept."""
    layer, kernel = place.layer, weights["kernel"]
    assert isinstance(layer, Conv1D)  # noqa: S101 - see `FUNCTIONS`
    hidden, size = state.hidden(0), len(kernel)
    windows = size, layer.strides, layer.padding
    every = layer.strides == 1 and layer.padding == "same"
    if not every and len(hidden) < size:
        hidden = np.concatenate([hidden, np.zeros((size - len(hidden), *hidden.shape[1:]), np.float32)])
    convolved = np.zeros((*hidden.shape[:2], kernel.shape[2]), np.float32)
    for offset, part in enumerate(kernel, -((size - 1) // 2)):
        begin, end = max(0, -offset), max(0, min(len(hidden), len(hidden) - offset))
        if begin < end:
            convolved[begin:end] += hidden[begin + offset : end + offset] @ part
    convolved = ACTIVATIONS[layer.activation](convolved + weights["bias"])
    if every:
        return TokenRows.of(convolved, state.lengths)
    counts = window_count(np, state.lengths, *windows)
    at = np.arange(counts.max())[:, None] * layer.strides + window_start(np, state.lengths, *windows)
    at = np.minimum(at + (size - 1) // 2, len(convolved) - 1)
    return TokenRows.of(convolved[at, np.arange(len(counts))], counts)


def _max_pooling(place: PlacedLayer, _: Weights, state: TokenRows) -> TokenRows:
    """The maximum of each window."""
    layer = place.layer
    assert isinstance(layer, MaxPooling1D)  # noqa: S101 - see `FUNCTIONS`
    strides = layer.strides or layer.pool_size
    windows = layer.pool_size, strides, layer.padding
    hidden, counts = state.hidden(-np.inf), window_count(np, state.lengths, *windows)
    starts = np.arange(counts.max())[:, None] * strides + window_start(np, state.lengths, *windows)
    texts = np.arange(len(counts))
    highest = np.full((*starts.shape, hidden.shape[2]), -np.inf, np.float32)
    for offset in range(layer.pool_size):
        at = starts + offset
        seen = hidden[np.clip(at, 0, len(hidden) - 1), texts]
        seen[(at < 0) | (at >= len(hidden))] = -np.inf
        np.maximum(highest, seen, out=highest)
    highest[np.isneginf(highest)] = 0  # windows behind the end of a text
    return TokenRows.of(highest, counts)


def _global_max(_: PlacedLayer, __: Weights, state: TokenRows) -> Floats2d:
    highest: Floats2d = state.hidden(-np.inf).max(axis=0)
    return highest


def _global_average(_: PlacedLayer, __: Weights, state: TokenRows) -> Floats2d:
    mean: Floats2d = state.hidden(0).sum(axis=0) / state.lengths[:, None].astype(np.float32)
    return mean


def _last_state(place: PlacedLayer, _: Weights, state: TokenRows) -> Floats2d:
    last: Floats2d = state.rows[state.places[state.lengths - 1, np.arange(len(state.lengths))]]
    if place.backward:
        last[:, -place.backward :] = state.rows[state.places[0], -place.backward :]
    return last


def _attention(_: PlacedLayer, weights: Weights, state: TokenRows) -> Floats2d:
    seen = np.tanh(state.rows @ weights["kernel"] + weights["bias"])
    logits: Floats3d = state.masked((seen @ weights["query"])[state.places], -np.inf)
    shares = np.exp(logits - logits.max(axis=0))
    attended: Floats2d = (state.hidden(0) * (shares / shares.sum(axis=0))).sum(axis=0)
    return attended


FUNCTIONS: Mapping[type[Any], Callable[[PlacedLayer, Weights, Any], Any]] = {
    LSTM: _recurrent,
    GRU: _recurrent,
    SimpleRNN: _recurrent,
    Conv1D: _convolution,
    MaxPooling1D: _max_pooling,
    GlobalMaxPooling1D: _global_max,
    GlobalAveragePooling1D: _global_average,
    LastState: _last_state,
    Attention: _attention,
    Dropout: _dropout,
    Dense: _dense,
}
