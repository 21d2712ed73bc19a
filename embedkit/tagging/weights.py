"""The weights of a tagger by name: their shapes, and how they begin.

A word is its vector, its shape and what an LSTM makes of its characters (Lample et al. 2016, section 4.1),
one beside the other. Word LSTM layers read these in both directions, a dense layer scores the tags of each
token, and the transitions of the CRF score the way from tag to tag.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from embedkit.neural.initializers import glorot_uniform, orthogonal
from embedkit.tagging.parameters import TaggerLayers
from embedkit.tagging.word_shapes import SHAPES

TaggerWeights = dict[str, NDArray[np.float32]]

WORDS, SHAPE_TABLE, CHARACTERS = "vectors", "shapes", "characters"  # tables of vectors
PAIRS, FIRST, LAST = "crf/pairs", "crf/first", "crf/last"
BOTH = 2  # directions of an LSTM


def weight_shapes(
    layers: TaggerLayers, words: int, vector_size: int, characters: int, tags: int
) -> dict[str, tuple[int, ...]]:
    """The shape of each weight, for so many words and characters, the unknown one included, and tags."""
    shapes: dict[str, tuple[int, ...]] = {WORDS: (words, vector_size)}
    size = vector_size + layers.shape_size
    if layers.shape_size:
        shapes[SHAPE_TABLE] = len(SHAPES), layers.shape_size
    if layers.character_units:
        shapes[CHARACTERS] = characters, layers.character_size
        shapes |= _lstm("character_lstm", layers.character_size, layers.character_units)
        size += BOTH * layers.character_units
    for number in range(1, layers.lstm_layers + 1):
        shapes |= _lstm(f"lstm{number}", size, layers.units)
        size = BOTH * layers.units
    shapes |= {"tags/kernel": (size, tags), "tags/bias": (tags,)}
    return shapes | {PAIRS: (tags, tags), FIRST: (tags,), LAST: (tags,)}


def _lstm(name: str, size: int, units: int) -> dict[str, tuple[int, ...]]:
    """Both directions side by side: of each the gates input, forget, cell and output."""
    return {
        f"{name}/kernel": (size, BOTH * 4 * units),
        f"{name}/bias": (BOTH * 4 * units,),
        f"{name}/recurrent": (BOTH, units, 4 * units),
    }


def initial_weights(shapes: Mapping[str, tuple[int, ...]], seed: int) -> TaggerWeights:
    """Weights drawn at random.

    Kernels are those of Glorot and Bengio (2010), recurrent ones orthogonal, tables uniform as in Lample et
    al. (2016, section 4.3); forget gates begin at 1, other biases and transitions at 0.
    """
    generator = np.random.default_rng(seed)
    weights: TaggerWeights = {}
    for name, shape in shapes.items():
        if name in (WORDS, SHAPE_TABLE, CHARACTERS):
            weights[name] = glorot_uniform(generator, shape, 2 * shape[1])
        elif name.endswith("/kernel"):
            gates = 1 if name.startswith("tags") else BOTH * 4
            weights[name] = glorot_uniform(generator, shape, shape[0] + shape[1] // gates)
        elif name.endswith("/recurrent"):
            weights[name] = orthogonal(generator, shape)
        else:
            weights[name] = np.zeros(shape, np.float32)
            if "lstm" in name:
                weights[name].reshape(BOTH, 4, -1)[:, 1] = 1
    return weights
