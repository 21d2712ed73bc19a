"""`DecoderPass`: the decoder over known targets, all steps of a layer at once, and the way back.

As no step needs the context of the one before, all states are computed first, then all contexts, then what
tokens are scored by, as few large products. `embedkit.translation.fed_decoder_pass` goes step by step.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.arrays import FloatArray
from embedkit.neural.attention import attend, attend_back
from embedkit.neural.cells.sequence import SequencePass, backward_through_time, forward_through_time
from embedkit.neural.dropout import RememberedDropout
from embedkit.translation.batches import PairBatch
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.weights import TARGET, NamedWeights, add_rows, add_under, within


class DecoderPass:
    """The pass, which remembers what the way back needs.

    Args:
        network: whose decoder it is.
        batch: n pairs.
        keys: the states of the encoder, (n, S, units).
        first: the first states, of each layer (state_parts, n, units).
        dropout: of the vectors of tokens, of states above each layer, and of what tokens are scored by.
        compiled: by compiled steps, which pays in training.

    Attributes:
        attention: the weights of attention, (n, T, S).
        hidden: what the N tokens of all targets are scored by, (N, vector_size).
    """

    attention: FloatArray
    hidden: FloatArray

    def __init__(
        self,
        network: Seq2SeqNetwork,
        batch: PairBatch,
        keys: FloatArray,
        first: Sequence[FloatArray],
        dropout: RememberedDropout,
        compiled: bool,
    ) -> None:
        self._network, self._batch, self._keys, self._dropout = network, batch, keys, dropout
        self._prepared = network.attention.prepare(keys)
        self._mask = np.arange(keys.shape[1]) < batch.source_lengths[:, None]
        self._real = batch.mask
        vectors = dropout.of(TARGET, network.weights[TARGET][batch.inputs.T])
        self._pass(vectors, first, compiled)

    def _pass(self, vectors: FloatArray, first: Sequence[FloatArray], compiled: bool) -> None:
        """Read the vectors (T, n, vector_size): sets `attention` and `hidden`."""
        self._passes, shown = list[SequencePass](), vectors
        for number, (cell, initial) in enumerate(zip(self._network.decoder, first, strict=True), 1):
            lengths = self._batch.target_lengths
            self._passes.append(forward_through_time(cell, shown, initial, lengths, compiled=compiled))
            shown = self._dropout.of(f"decoder/{number}", self._passes[-1].states)
        self._queries = np.ascontiguousarray(shown.swapaxes(0, 1))
        self.attention, self._contexts = attend(
            self._network.attention, self._queries, self._keys, self._prepared, self._mask
        )
        self._combined = self._network.combine(self._contexts[self._real], self._queries[self._real])
        self.hidden = self._dropout.of("combine", self._combined)

    def back(self, of_hidden: FloatArray, gradients: NamedWeights) -> tuple[FloatArray, list[FloatArray]]:
        """The gradients of the keys, and of the first states; those of weights are added to `gradients`."""
        of_states, of_keys = self._back_to_states(of_hidden, gradients)
        of_first = list[FloatArray]()
        for number in range(len(self._passes), 0, -1):
            of_states = self._dropout.back(f"decoder/{number}", of_states)
            found = backward_through_time(self._passes[number - 1], of_states)
            add_under(gradients, f"decoder/{number}", found.weights)
            of_states = found.inputs
            of_first.append(found.initial)
        add_rows(gradients[TARGET], self._batch.inputs.T, self._dropout.back(TARGET, of_states))
        return of_keys, of_first[::-1]

    def _back_to_states(
        self, of_hidden: FloatArray, gradients: NamedWeights
    ) -> tuple[FloatArray, FloatArray]:
        """The gradients of the last layer's states (T, n, units) and of the keys (n, S, units)."""
        network, real, size = self._network, self._real, self._keys.shape[2]
        of_sums = self._dropout.back("combine", of_hidden) * (1 - self._combined * self._combined)
        of_kernel = gradients["combine/kernel"]
        of_kernel[:size] += self._contexts[real].T @ of_sums
        of_kernel[size:] += self._queries[real].T @ of_sums
        gradients["combine/bias"] += of_sums.sum(axis=0)
        of_joined = of_sums @ network.weights["combine/kernel"].T
        of_contexts, of_queries = np.zeros_like(self._contexts), np.zeros_like(self._queries)
        of_contexts[real], of_queries[real] = of_joined[:, :size], of_joined[:, size:]
        of_attention = within(gradients, "attention")
        of_asking, of_keys, of_prepared = attend_back(
            network.attention,
            of_contexts,
            self._queries,
            self._keys,
            self._prepared,
            self.attention,
            of_attention,
        )
        of_keys += network.attention.prepare_back(of_prepared, self._keys, of_attention)
        of_queries += of_asking
        return of_queries.swapaxes(0, 1), of_keys
