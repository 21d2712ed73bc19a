"""`Seq2SeqNetwork`: encoder, attention and decoder by their weights, step by step and sequence by sequence.

The encoder reads a source in both directions; its states are what attention looks at, and the last ones,
through a layer, the first of the decoder (Bahdanau et al. 2015, appendix A.2.2, with both directions). The
decoder's state after each step asks for a context (Luong et al. 2015, section 3), and
tanh(W [context; state]) (equation 5) scores all tokens by their vectors. With input feeding the next step
reads it beside its token (section 3.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools2d, FloatArray, Ints2d, Longs1d
from embedkit.neural.attention import ATTENTIONS, attend
from embedkit.neural.cells.sequence import forward_through_time
from embedkit.translation.parameters import Seq2SeqLayers
from embedkit.translation.weights import (
    DIRECTIONS,
    OUTPUT,
    SOURCE,
    TARGET,
    cell_of,
    within,
)


class Memory(NamedTuple):
    """What the decoder knows of n sources.

    Args:
        keys: the encoder's states, (n, S, units).
        prepared: what attention makes of them once.
        mask: which are there, (n, S).
        states: the first of the decoder, of each layer (n, state_parts, units), and what is fed to its first
            step, if any is, zeros (n, vector_size).
    """

    keys: FloatArray
    prepared: FloatArray
    mask: Bools2d
    states: Sequence[FloatArray]


class Seq2SeqNetwork:
    """A network.

    Args:
        layers: what it is made of.
        weights: by name, see `embedkit.translation.weights`.
    """

    def __init__(self, layers: Seq2SeqLayers, weights: Mapping[str, FloatArray]) -> None:
        self.layers, self.weights = layers, weights
        numbers = range(1, layers.recurrent_layers + 1)
        self.encoder = [
            [cell_of(layers, weights, f"encoder/{number}/{side}") for side in DIRECTIONS]
            for number in numbers
        ]
        self.decoder = [cell_of(layers, weights, f"decoder/{number}") for number in numbers]
        self.attention = ATTENTIONS[layers.attention](within(weights, "attention"))

    @property
    def output_vectors(self) -> FloatArray:
        """The vectors by which tokens are scored, (V, vector_size)."""
        return self.weights[TARGET if self.layers.tied else OUTPUT]

    def encode(self, sources: Ints2d, lengths: Longs1d) -> Memory:
        """What the decoder knows of n sources.

        Args:
            sources: the numbers of tokens with the end, (n, S).
            lengths: how many of them each has, (n,).
        """
        states = self.weights[SOURCE][sources.T]
        first = []
        for number, cells in enumerate(self.encoder, 1):
            passes = [
                forward_through_time(cell, states, lengths=lengths, reverse=side == 1)
                for side, cell in enumerate(cells)
            ]
            states = np.concatenate([done.states for done in passes], axis=2)
            final = np.concatenate([done.final for done in passes], axis=2)
            first.append(np.ascontiguousarray(self.bridge(number, final).swapaxes(0, 1)))
        if self.layers.input_feeding:
            first.append(np.zeros((len(lengths), self.layers.vector_size), states.dtype))
        keys = np.ascontiguousarray(states.swapaxes(0, 1))
        mask = np.arange(keys.shape[1]) < lengths[:, None]
        return Memory(keys, self.attention.prepare(keys), mask, first)

    def bridge(self, number: int, final: FloatArray) -> FloatArray:
        """The decoder's first state of a layer, given the encoder's last ones, (state_parts, n, units)."""
        weights = self.weights
        sums = final @ weights[f"bridge/{number}/kernel"] + weights[f"bridge/{number}/bias"]
        return np.tanh(sums, out=sums)

    def step(
        self, tokens: Longs1d, states: Sequence[FloatArray], memory: Memory, width: int
    ) -> tuple[FloatArray, list[FloatArray], FloatArray]:
        """One step of the decoder, for `width` hypotheses of each of the n sources of `memory`.

        Args:
            tokens: the last of each hypothesis, (n * width,).
            states: of each layer, (n * width, state_parts, units), and what is fed (n * width, vector_size).
            memory: of the sources.
            width: hypotheses of a source.

        Returns:
            The log probabilities of what follows (n * width, V), the states, and the weights of attention
            (n * width, S).
        """
        shown, after = self.weights[TARGET][tokens], []
        if self.layers.input_feeding:
            *states, fed = states
            shown = np.concatenate([shown, fed], axis=1)
        for cell, state in zip(self.decoder, states, strict=True):
            stepped, _ = cell.step(cell.project(shown), state.swapaxes(0, 1))
            shown = stepped[0]
            after.append(np.ascontiguousarray(stepped.swapaxes(0, 1)))
        queries = shown.reshape(-1, width, shown.shape[1])
        weights, contexts = attend(self.attention, queries, memory.keys, memory.prepared, memory.mask)
        hidden = self.combine(contexts, queries).reshape(len(tokens), -1)
        if self.layers.input_feeding:
            after.append(hidden)
        scores = hidden @ self.output_vectors.T + self.weights["output/bias"]
        return log_softmax(scores), after, weights.reshape(len(tokens), -1)

    def combine(self, contexts: FloatArray, states: FloatArray) -> FloatArray:
        """tanh(W [context; state] + b), of the size of vectors."""
        joined = np.concatenate([contexts, states], axis=-1)
        sums = joined @ self.weights["combine/kernel"] + self.weights["combine/bias"]
        return np.tanh(sums, out=sums)


def log_softmax(scores: FloatArray) -> FloatArray:
    """The logarithms of probabilities that are the softmax of scores (n, V), in the same place.

    Example:
        >>> import numpy as np
        >>> from embedkit.translation.network import log_softmax
        >>> np.exp(log_softmax(np.array([[0.0, np.log(3)]]))).round(3).tolist()
        [[0.25, 0.75]]
    """
    scores -= scores.max(axis=1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return scores
