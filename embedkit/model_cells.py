"""`text_gates` and `model_reach`: gates over a text, and the reach of gradients, of any model in a file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from embedkit.model_files import load_predictor
from embedkit.models.inference.predictor import predictor_of
from embedkit.neural.cell_walks import TextGates, gates_over, reach_over
from embedkit.neural.gradient_reach import GradientReach


class ReadModel(NamedTuple):
    """A model, and the module that knows its cells."""

    model: Any
    home: Any


def text_gates(path: str | Path | None, text: str) -> TextGates:
    """The gates of a model at each token of a text.

    Args:
        path: a classifier, regressor, tagger, language model or translator with an LSTM or a GRU; None for
            the bundled classifier of English sentiment.
        text: to be read.

    Raises:
        InputError: a model without gates, or a text of which it reads no token.
        FormatError: a file that is damaged, or no model.

    Example:
        >>> from embedkit.model_cells import text_gates
        >>> found = text_gates(None, "a waste of two hours")
        >>> found.tokens
        ['a', 'waste', 'of', 'two', 'hours']
        >>> [gate.gate for gate in found.gates[:3]], found.gates[0].values.shape[0]
        (['input', 'forget', 'output'], 5)
    """
    read = _model_of(path)
    return gates_over(read.home.text_walks(read.model, text))


def model_reach(path: str | Path | None, distance: int, count: int, seed: int) -> list[GradientReach]:
    """How far gradients reach in each recurrent layer of a model, over tokens drawn at random.

    Args:
        path: as of `text_gates`.
        distance: steps back.
        count: sequences of tokens.
        seed: draws tokens and directions.

    Raises:
        InputError: a model without recurrent layers.
        FormatError: a file that is damaged, or no model.
    """
    read, generator = _model_of(path), np.random.default_rng(seed)
    return reach_over(read.home.random_walks(read.model, distance + 1, count, generator), generator)


def _model_of(path: str | Path | None) -> ReadModel:
    """The model of a file; each kind imports only its own code."""
    for room, name in (("language_models", "LanguageModel"), ("translation", "Translator")):
        if path is not None and import_module(f"embedkit.{room}.file").FORMAT.matches(Path(path)):
            home = import_module(f"embedkit.{room}.cell_walks")
            return ReadModel(getattr(home, name).load(path), home)
    predictor = load_predictor(path)
    if predictor.kind == "tagger":
        return ReadModel(predictor, import_module("embedkit.tagging.cell_walks"))
    from embedkit.models.inference.network import NetworkPredictor

    network = predictor_of(predictor, NetworkPredictor)
    return ReadModel(network, import_module("embedkit.models.inference.cell_walks"))
