"""The recurrent cells of a trained network with what they read of a text: their gates and their gradients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Floats3d, Ints2d
from embedkit.errors import InputError
from embedkit.models.inference.layers import apply_layer
from embedkit.models.inference.network import NetworkPredictor
from embedkit.models.inference.token_rows import TokenRows
from embedkit.models.layers.layers import RecurrentLayer
from embedkit.models.layers.stack import TABLE
from embedkit.models.word_ids import FIRST_WORD
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.kinds import CELLS
from embedkit.neural.cells.sequence import forward_through_time
from embedkit.neural.gradient_reach import GradientReach, gradient_norms


class GateValues(NamedTuple):
    """A gate at each token of a text.

    Args:
        layer: its name and direction, such as "layer2/forward".
        gate: its name: input, forget or output of an LSTM, update or reset of a GRU.
        values: between 0 and 1, (T, units), in the order of the text.
    """

    layer: str
    gate: str
    values: Floats2d


class TextGates(NamedTuple):
    """The tokens that a network reads of a text, and all gates at them."""

    tokens: Sequence[str]
    gates: Sequence[GateValues]


def text_gates(predictor: NetworkPredictor, text: str) -> TextGates:
    """The gates of all recurrent layers of a classifier over a text.

    Raises:
        InputError: a network without gates, or a text of which it reads no token.
    """
    tokens = predictor.tokenizer.tokenize(text)
    if not tokens:
        raise InputError(f"expected a text with words, got {text!r:.80}")
    first, last = predictor.ends
    if len(tokens) > first + last:
        tokens = [*tokens[:first], *tokens[len(tokens) - last :]]
    ids = predictor.token_ids([text]).T
    gates = [found for walk in _walks(predictor, ids) for found in _gates(walk)]
    if not gates:
        raise InputError("the model has no LSTM and no GRU, so there are no gates to show")
    return TextGates(tokens, gates)


def network_reach(predictor: NetworkPredictor, distance: int, count: int, seed: int) -> list[GradientReach]:
    """How far gradients reach in each recurrent layer of a classifier, over words drawn at random.

    Args:
        predictor: of the network.
        distance: steps back.
        count: sequences of words.
        seed: draws words and directions.

    Raises:
        InputError: a network without recurrent layers.
    """
    generator = np.random.default_rng(seed)
    words = len(predictor.weights[TABLE])
    ids = generator.integers(min(FIRST_WORD, words - 1), words, (distance + 1, count)).astype(np.int32)
    reaches = [
        GradientReach(f"{walk.name} {walk.kind}", gradient_norms(walk.cell, walk.inputs, generator))
        for walk in _walks(predictor, ids)
    ]
    if not reaches:
        raise InputError("the model has no recurrent layers, so gradients do not go through time")
    return reaches


class _Walk(NamedTuple):
    """A cell and the sequences that it reads, (T, n, F), in its own order of reading."""

    name: str
    kind: str
    cell: RecurrentCell
    inputs: Floats3d
    backward: bool


def _walks(predictor: NetworkPredictor, ids: Ints2d) -> Iterator[_Walk]:
    """All recurrent cells over texts of words `ids` (T, n), which are equally long."""
    table, lengths = predictor.weights[TABLE], np.full(ids.shape[1], len(ids))
    state: Any = TokenRows(
        table[ids.ravel()],
        np.arange(ids.size).reshape(ids.shape),
        lengths,
    )
    for place in predictor.stack.placed(table.shape[1]):
        layer = place.layer
        if isinstance(layer, RecurrentLayer):
            inputs = state.rows[state.places]
            for direction in layer.directions:
                names = (f"{place.name}/{direction}/{one}" for one in ("kernel", "recurrent_kernel", "bias"))
                cell, backward = (
                    CELLS[layer.cell](*(predictor.weights[name] for name in names)),
                    direction == "backward",
                )
                given = inputs[::-1] if backward else inputs
                yield _Walk(f"{place.name}/{direction}", layer.cell, cell, given, backward)
        if layer.gives == "vector":
            return
        state = apply_layer(place, predictor.weights, state)


def _gates(walk: _Walk) -> Iterator[GateValues]:
    """The gates of a cell over one text."""
    steps = [walk.cell.gates_in(kept) for kept in forward_through_time(walk.cell, walk.inputs).kept]
    for gate in steps[0]:
        values = np.concatenate([step[gate] for step in steps])
        yield GateValues(walk.name, gate, values[::-1] if walk.backward else values)
