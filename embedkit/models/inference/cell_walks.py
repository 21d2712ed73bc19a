"""The recurrent cells of a classifier with what they read of a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from embedkit.arrays import Ints2d
from embedkit.errors import InputError
from embedkit.models.inference.layers import apply_layer
from embedkit.models.inference.network import NetworkPredictor
from embedkit.models.inference.token_rows import TokenRows
from embedkit.models.layers.layers import RecurrentLayer
from embedkit.models.layers.stack import TABLE
from embedkit.models.word_ids import FIRST_WORD
from embedkit.neural.cell_walks import CellWalk, TextWalks
from embedkit.neural.cells.kinds import CELLS


def text_walks(predictor: NetworkPredictor, text: str) -> TextWalks:
    """The cells over a text.

    Raises:
        InputError: a text of which the network reads no token.
    """
    tokens = predictor.tokenizer.tokenize(text)
    if not tokens:
        raise InputError(f"expected a text with words, got {text!r:.80}")
    first, last = predictor.ends
    if len(tokens) > first + last:
        tokens = [*tokens[:first], *tokens[len(tokens) - last :]]
    return TextWalks(tokens, list(_walks(predictor, predictor.token_ids([text]).T)))


def random_walks(
    predictor: NetworkPredictor, steps: int, count: int, generator: np.random.Generator
) -> list[CellWalk]:
    """The cells over `count` sequences of words drawn at random."""
    words = len(predictor.weights[TABLE])
    ids = generator.integers(min(FIRST_WORD, words - 1), words, (steps, count)).astype(np.int32)
    return list(_walks(predictor, ids))


def _walks(predictor: NetworkPredictor, ids: Ints2d) -> Iterator[CellWalk]:
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
                cell = CELLS[layer.cell](*(predictor.weights[name] for name in names))
                yield CellWalk(f"{place.name}/{direction}", cell, inputs, direction == "backward")
        if layer.gives == "vector":
            return
        state = apply_layer(place, predictor.weights, state)
