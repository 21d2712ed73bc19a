"""The recurrent cells of a language model with what they read of a text."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Ints2d
from embedkit.errors import InputError
from embedkit.language_models.language_model import LanguageModel
from embedkit.language_models.recurrent_model import RecurrentProbabilities
from embedkit.language_models.recurrent_weights import VECTORS, network_cells
from embedkit.language_models.token_text import END, UNKNOWN
from embedkit.neural.cell_walks import CellWalk, TextWalks


def text_walks(model: LanguageModel, text: str) -> TextWalks:
    """The cells over a text; the first token is the end of the line before it, which the model reads.

    Raises:
        InputError: a model of n-grams, or a text that the model cannot read.
    """
    ids = np.concatenate([[END], model.units.beginning(text).ids]).astype(np.int32)
    tokens = [model.units.tokens[number] for number in ids]
    return TextWalks([token.replace("\n", "\\n") for token in tokens], _walks(model, ids[:, None]))


def random_walks(
    model: LanguageModel, steps: int, count: int, generator: np.random.Generator
) -> list[CellWalk]:
    """The cells over `count` sequences of tokens drawn at random.

    Raises:
        InputError: a model of n-grams.
    """
    ids = generator.integers(min(UNKNOWN + 1, len(model.units) - 1), len(model.units), (steps, count))
    return _walks(model, ids.astype(np.int32))


def _walks(model: LanguageModel, ids: Ints2d) -> list[CellWalk]:
    network = model.predictor
    if not isinstance(network, RecurrentProbabilities):
        raise InputError("a model of n-grams has no recurrent layers; expected one by train-lm --model lstm")
    shown, walks = network.weights[VECTORS][ids], list[CellWalk]()
    for number, cell in enumerate(network_cells(network.layers, network.weights), 1):
        walks.append(CellWalk(f"layer{number}", cell, shown))
        shown = walks[-1].states
    return walks
