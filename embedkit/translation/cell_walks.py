"""The cells of a translator's encoder with what they read of a text."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Ints2d
from embedkit.errors import InputError
from embedkit.neural.cell_walks import CellWalk, TextWalks
from embedkit.translation.token_sets import END, SPECIAL
from embedkit.translation.translator import Translator
from embedkit.translation.weights import DIRECTIONS, SOURCE


def text_walks(model: Translator, text: str) -> TextWalks:
    """The encoder's cells over a text; the last token is its end, an empty one.

    Raises:
        InputError: a text without tokens.
    """
    [ids] = model.source.encode([text])
    if not ids:
        raise InputError(f"expected a text with words, got {text!r:.80}")
    tokens = [*model.source.split([text])[0], ""]
    return TextWalks(tokens, _walks(model, np.array([*ids, END], np.int32)[:, None]))


def random_walks(model: Translator, steps: int, count: int, generator: np.random.Generator) -> list[CellWalk]:
    """The encoder's cells over `count` sequences of tokens drawn at random."""
    first = min(len(SPECIAL), len(model.source) - 1)
    return _walks(model, generator.integers(first, len(model.source), (steps, count)).astype(np.int32))


def _walks(model: Translator, ids: Ints2d) -> list[CellWalk]:
    network, walks = model.network, list[CellWalk]()
    shown = network.weights[SOURCE][ids]
    for number, cells in enumerate(network.encoder, 1):
        both = [
            CellWalk(f"encoder{number}/{direction}", cell, shown, direction == "backward")
            for direction, cell in zip(DIRECTIONS, cells, strict=True)
        ]
        shown = np.concatenate([walk.states for walk in both], axis=2)
        walks += both
    return walks
