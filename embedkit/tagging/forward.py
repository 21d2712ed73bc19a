"""The forward pass of a tagger: from words to the scores of tags, without anything that training needs."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d, Ints1d, Ints2d
from embedkit.tagging.recurrent import states_of
from embedkit.tagging.weights import CHARACTERS, SHAPE_TABLE, WORDS, TaggerWeights
from embedkit.tagging.word_reader import WordFeatures


def word_inputs(weights: TaggerWeights, words: WordFeatures, compiled: bool) -> Floats2d:
    """What the word LSTM reads of m words, float32 (m, F): vector, shape and characters side by side."""
    parts = [weights[WORDS][words.vectors]]
    if SHAPE_TABLE in weights:
        parts.append(weights[SHAPE_TABLE][words.shapes])
    if CHARACTERS in weights:
        rows = weights[CHARACTERS] @ weights["character_lstm/kernel"] + weights["character_lstm/bias"]
        states = states_of(
            rows, words.characters, words.lengths, weights["character_lstm/recurrent"], compiled
        )
        parts.append(final_states(states, words.lengths))
    return np.concatenate(parts, axis=1)


def final_states(states: Floats2d, lengths: Ints1d) -> Floats2d:
    """The last state of each direction, (n, 2 * units), given those of all tokens (n, T, 2 * units)."""
    units = states.shape[2] // 2
    return np.concatenate([states[np.arange(len(states)), lengths - 1, :units], states[:, 0, units:]], axis=1)


def tag_scores(
    weights: TaggerWeights, rows: Floats2d, places: Ints2d, lengths: Ints1d, compiled: bool
) -> Floats2d:
    """The scores of tags, float32 (N, K), of all tokens of a batch, sentence by sentence.

    Args:
        weights: of the tagger.
        rows: what the first word LSTM's kernel and bias make of each word, see `first_rows`.
        places: the row of each token, int32 (n, T).
        lengths: the number of tokens of each sentence, int32 (n,), at least 1.
        compiled: whether by compiled code.
    """
    states = states_of(rows, places, lengths, weights["lstm1/recurrent"], compiled)
    number = 2
    while f"lstm{number}/kernel" in weights:
        hidden = states.reshape(-1, states.shape[2])
        rows = hidden @ weights[f"lstm{number}/kernel"] + weights[f"lstm{number}/bias"]
        places = np.arange(places.size, dtype=np.int32).reshape(places.shape)
        states = states_of(rows, places, lengths, weights[f"lstm{number}/recurrent"], compiled)
        number += 1
    hidden = states[token_mask(places, lengths)]
    return hidden @ weights["tags/kernel"] + weights["tags/bias"]


def first_rows(weights: TaggerWeights, words: WordFeatures, compiled: bool) -> Floats2d:
    """What the first word LSTM's kernel and bias make of m words, float32 (m, 2 * 4 * units)."""
    return word_inputs(weights, words, compiled) @ weights["lstm1/kernel"] + weights["lstm1/bias"]


def token_mask(places: Ints2d, lengths: Ints1d) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Which places of a batch (n, T) are tokens."""
    return np.arange(places.shape[1]) < lengths[:, None]
