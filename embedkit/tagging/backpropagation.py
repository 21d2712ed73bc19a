"""The gradients of a tagger's weights, layer by layer: the forward pass with dropout, and the way back.

Dropout (Srivastava et al. 2014) is drawn for the words of a batch, each once however often it occurs, and
for the states of each token.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Bools2d, Doubles1d, Floats2d, Floats3d, Ints1d, Ints2d
from embedkit.models.networks.recurrent_passes import read, read_back
from embedkit.neural.dropout import dropout_mask
from embedkit.tagging.crf import Transitions
from embedkit.tagging.crf_kernels import expectations
from embedkit.tagging.decoding import transitions_of
from embedkit.tagging.forward import final_states, token_mask
from embedkit.tagging.recurrent import unused
from embedkit.tagging.weights import CHARACTERS, FIRST, LAST, PAIRS, SHAPE_TABLE, WORDS, TaggerWeights
from embedkit.tagging.word_reader import WordFeatures
from embedkit.text.sequences.sequences import offsets_of


@dataclass(frozen=True)
class TaggedBatch:
    """Sentences with their tags.

    Args:
        words: what is read of the m words of the batch.
        places: the word of each token, int32 (n, T).
        lengths: the number of tokens of each sentence, int32 (n,), at least 1.
        tags: of all N tokens, sentence by sentence, int32 (N,).
    """

    words: WordFeatures
    places: Ints2d
    lengths: Ints1d
    tags: Ints1d


def batch_gradients(
    weights: TaggerWeights,
    batch: TaggedBatch,
    allowed: Transitions,
    dropout: float,
    generator: np.random.Generator,
) -> tuple[float, TaggerWeights]:
    """The loss of a batch, summed over its sentences, and the gradient of its mean a token.

    That of a table of vectors is of the rows that were read: of words one a word of the batch (m, D).

    Args:
        weights: of the tagger.
        batch: n sentences.
        allowed: 0 for transitions that may be, else `FORBIDDEN`.
        dropout: the share of inputs and states that are left out.
        generator: draws them.
    """
    forward = _Forward(weights, batch, dropout, generator)
    total, of_scores, gradients = crf_gradients(
        forward.scores, transitions_of(weights, allowed), batch.tags, batch.lengths
    )
    share = np.float32(1 / len(batch.tags))
    gradients = {name: gradient * share for name, gradient in gradients.items()}
    gradients |= forward.back(of_scores * share)
    return total, gradients


def crf_gradients(
    scores: Floats2d, transitions: Transitions, tags: Ints1d, lengths: Ints1d
) -> tuple[float, Floats2d, TaggerWeights]:
    """The negative log-likelihood of the tags, and its gradients: of scores (N, K), and of transitions."""
    offsets, count = offsets_of(lengths), scores.shape[1]
    marginals, expected = np.empty(scores.shape), np.zeros((count, count))
    totals: Doubles1d = np.empty(len(lengths))
    expectations(scores, offsets, *transitions, marginals, expected, totals)
    starts, ends = offsets[:-1], offsets[1:] - 1
    begins = np.zeros(len(tags), np.bool_)
    begins[starts] = True
    before, behind = tags[:-1][~begins[1:]], tags[1:][~begins[1:]]
    own = scores[np.arange(len(tags)), tags].sum(dtype=np.float64) + transitions.pairs[before, behind].sum()
    own += transitions.first[tags[starts]].sum() + transitions.last[tags[ends]].sum()
    expected -= np.bincount(before * count + behind, minlength=count * count).reshape(count, count)
    marginals[np.arange(len(tags)), tags] -= 1
    of_transitions = {
        PAIRS: expected,
        FIRST: marginals[starts].sum(axis=0),
        LAST: marginals[ends].sum(axis=0),
    }
    gradients = {name: value.astype(np.float32) for name, value in of_transitions.items()}
    return float(totals.sum() - own), marginals.astype(np.float32), gradients


class _Forward:
    """A forward pass that remembers what the way back needs."""

    def __init__(
        self, weights: TaggerWeights, batch: TaggedBatch, dropout: float, generator: np.random.Generator
    ) -> None:
        self.weights, self.batch, words = weights, batch, batch.words
        parts = [weights[WORDS][words.vectors]]
        if SHAPE_TABLE in weights:
            parts.append(weights[SHAPE_TABLE][words.shapes])
        if CHARACTERS in weights:
            self._characters = _Recurrent(
                weights, "character_lstm", weights[CHARACTERS], words.characters, words.lengths
            )
            parts.append(final_states(self._characters.states, words.lengths))
        self._ends = np.cumsum([part.shape[1] for part in parts])[:-1]
        mask = token_mask(batch.places, batch.lengths)
        self._dropouts = [
            dropout_mask((len(words), sum(part.shape[1] for part in parts)), dropout, generator)
        ]
        inputs, places = np.concatenate(parts, axis=1) * self._dropouts[0], batch.places
        self._layers: list[_Recurrent] = []
        while f"lstm{len(self._layers) + 1}/kernel" in weights:
            layer = _Recurrent(weights, f"lstm{len(self._layers) + 1}", inputs, places, batch.lengths)
            self._layers.append(layer)
            self._dropouts.append(dropout_mask(layer.states.shape, dropout, generator))
            inputs = (layer.states * self._dropouts[-1]).reshape(-1, layer.states.shape[2])
            places = np.arange(places.size, dtype=np.int32).reshape(places.shape)
        self._mask: Bools2d = mask
        self._hidden: Floats2d = inputs[mask.ravel()]
        self.scores = self._hidden @ weights["tags/kernel"] + weights["tags/bias"]

    def back(self, of_scores: Floats2d) -> TaggerWeights:
        """The gradients of all weights but the transitions, given that of the scores (N, K)."""
        gradients = {"tags/kernel": self._hidden.T @ of_scores, "tags/bias": of_scores.sum(axis=0)}
        upstream = np.zeros((self._mask.size, self._hidden.shape[1]), np.float32)
        upstream[self._mask.ravel()] = of_scores @ self.weights["tags/kernel"].T
        for layer, dropped in zip(reversed(self._layers), reversed(self._dropouts[1:]), strict=True):
            upstream = layer.back(upstream.reshape(dropped.shape) * dropped, gradients)
        words, *others = np.split(upstream * self._dropouts[0], self._ends, axis=1)
        gradients[WORDS] = words
        if SHAPE_TABLE in self.weights:
            gradients[SHAPE_TABLE] = _summed(others[0], self.batch.words.shapes, self.weights[SHAPE_TABLE])
        if CHARACTERS in self.weights:
            self._back_to_characters(others[-1], gradients)
        return gradients

    def _back_to_characters(self, of_final: Floats2d, gradients: TaggerWeights) -> None:
        states, lengths = self._characters.states, self.batch.words.lengths
        units = states.shape[2] // 2
        upstream = np.zeros_like(states)
        upstream[np.arange(len(lengths)), lengths - 1, :units] = of_final[:, :units]
        upstream[:, 0, units:] = of_final[:, units:]
        gradients[CHARACTERS] = self._characters.back(upstream, gradients)


class _Recurrent:
    """An LSTM layer in both directions on rows of `inputs` (m, F), of which `places` (n, T) are read."""

    def __init__(
        self, weights: TaggerWeights, name: str, inputs: Floats2d, places: Ints2d, lengths: Ints1d
    ) -> None:
        self._kernel, self._recurrent = weights[f"{name}/kernel"], weights[f"{name}/recurrent"]
        self._name, self._inputs = name, inputs
        rows = inputs @ self._kernel + weights[f"{name}/bias"]
        self._given = rows, places, lengths, self._recurrent, *unused(self._recurrent)
        self.states, self._kept = read("lstm", *self._given)

    def back(self, upstream: Floats3d, gradients: TaggerWeights) -> Floats2d:
        """The gradient of the inputs (m, F), given that of the states; those of weights are added."""
        of_rows, of_recurrent, _ = read_back("lstm", upstream, *self._given, self._kept)
        gradients[f"{self._name}/kernel"] = self._inputs.T @ of_rows
        gradients[f"{self._name}/bias"] = of_rows.sum(axis=0)
        gradients[f"{self._name}/recurrent"] = of_recurrent
        return of_rows @ self._kernel.T


def _summed(gradient: Floats2d, rows: Ints1d, table: Floats2d) -> Floats2d:
    """The gradient of a table (V, D), given that of each row that was read (m, D)."""
    total = np.zeros_like(table)
    np.add.at(total, rows, gradient)
    return total
