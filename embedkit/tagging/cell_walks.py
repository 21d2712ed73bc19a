"""The word LSTMs of a tagger with what they read of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.errors import InputError
from embedkit.neural.cell_walks import CellWalk, TextWalks
from embedkit.neural.cells.lstm import LSTMCell
from embedkit.tagging.forward import word_inputs
from embedkit.tagging.predictor import TagPredictor


def text_walks(tagger: TagPredictor, text: str) -> TextWalks:
    """The word LSTMs over a text.

    Raises:
        InputError: a text without words.
    """
    [words] = tagger.tokenize([text])
    if not words:
        raise InputError(f"expected a text with words, got {text!r:.80}")
    return TextWalks(words, _walks(tagger, words, 1))


def random_walks(
    tagger: TagPredictor, steps: int, count: int, generator: np.random.Generator
) -> list[CellWalk]:
    """The word LSTMs over `count` sequences of words drawn at random."""
    chosen = generator.integers(0, len(tagger.reader.words), steps * count)
    return _walks(tagger, [tagger.reader.words[number] for number in chosen], count)


def _walks(tagger: TagPredictor, words: Sequence[str], count: int) -> list[CellWalk]:
    """The cells over words (T * n), which are n = `count` sequences, step by step."""
    weights, walks, number = tagger.weights, list[CellWalk](), 1
    shown = word_inputs(weights, tagger.reader.read(words), compiled=False)
    shown = shown.reshape(-1, count, shown.shape[1])
    while (name := f"lstm{number}/kernel") in weights:
        kernels, biases = np.split(weights[name], 2, axis=1), np.split(weights[f"lstm{number}/bias"], 2)
        cells = map(LSTMCell, kernels, weights[f"lstm{number}/recurrent"], biases)
        both = [
            CellWalk(f"lstm{number}/{direction}", cell, shown, direction == "backward")
            for direction, cell in zip(("forward", "backward"), cells, strict=True)
        ]
        shown = np.concatenate([walk.states for walk in both], axis=2)
        walks += both
        number += 1
    return walks
