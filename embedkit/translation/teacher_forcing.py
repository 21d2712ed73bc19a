"""`TeacherForcing`: a pass over pairs in which the decoder reads what it should have said, and the way back.

The readable twin of one step is `Seq2SeqNetwork.step`; here every layer takes all steps at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.arrays import Doubles1d, FloatArray, Ints2d, Longs1d
from embedkit.neural.attention import attend, attend_back
from embedkit.neural.cells.sequence import SequencePass, backward_through_time, forward_through_time
from embedkit.neural.dropout import dropout_mask
from embedkit.translation.batches import PairBatch
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.output_loss import log_probabilities, output_loss
from embedkit.translation.weights import DIRECTIONS, OUTPUT, SOURCE, TARGET, NamedWeights, within


class TeacherForcing:
    """The pass, which remembers what the way back needs.

    Args:
        network: whose pass it is.
        batch: n pairs.
        dropout: the share of vectors, of states between layers and of what tokens are scored by that is left
            out.
        generator: draws it.
        compiled: by compiled steps, which pays in training.
    """

    def __init__(
        self,
        network: Seq2SeqNetwork,
        batch: PairBatch,
        dropout: float = 0.0,
        generator: np.random.Generator | None = None,
        compiled: bool = False,
    ) -> None:
        self.network, self.batch, self._compiled = network, batch, compiled
        self._rate, self._generator = dropout, generator or np.random.default_rng()
        self._masks: dict[str, FloatArray] = {}
        weights, count = network.weights, network.layers.recurrent_layers
        states = self._dropped(SOURCE, weights[SOURCE][batch.sources.T])
        self._encoder: list[list[SequencePass]] = []
        for number in range(1, count + 1):
            self._encoder.append(self._read(number, states))
            states = np.concatenate([done.states for done in self._encoder[-1]], axis=2)
            if number < count:
                states = self._dropped(f"encoder/{number}", states)
        self._keys = np.ascontiguousarray(states.swapaxes(0, 1))
        shown = self._dropped(TARGET, weights[TARGET][batch.inputs.T])
        self._first, self._decoder = list[FloatArray](), list[SequencePass]()
        for number, cell in enumerate(network.decoder, 1):
            final = np.concatenate([done.final for done in self._encoder[number - 1]], axis=2)
            self._first.append(network.bridge(number, final))
            done = forward_through_time(cell, shown, self._first[-1], batch.target_lengths, compiled=compiled)
            self._decoder.append(done)
            shown = self._dropped(f"decoder/{number}", done.states)
        self._queries = np.ascontiguousarray(shown.swapaxes(0, 1))
        self._prepared = network.attention.prepare(self._keys)
        mask = np.arange(self._keys.shape[1]) < batch.source_lengths[:, None]
        self.attention, self._contexts = attend(
            network.attention, self._queries, self._keys, self._prepared, mask
        )
        self._real = batch.mask
        self._combined = network.combine(self._contexts[self._real], self._queries[self._real])
        self._hidden = self._dropped("combine", self._combined)
        self._targets: Longs1d = batch.targets[self._real].astype(np.int64)

    def _read(self, number: int, states: FloatArray) -> list[SequencePass]:
        cells, lengths = self.network.encoder[number - 1], self.batch.source_lengths
        return [
            forward_through_time(cell, states, lengths=lengths, reverse=side == 1, compiled=self._compiled)
            for side, cell in enumerate(cells)
        ]

    def _dropped(self, name: str, values: FloatArray) -> FloatArray:
        if not self._rate:
            return values
        self._masks[name] = dropout_mask(values.shape, self._rate, self._generator)
        return values * self._masks[name]

    def _dropped_back(self, name: str, of_values: FloatArray) -> FloatArray:
        return of_values * self._masks[name] if self._rate else of_values

    def log_probabilities(self) -> Doubles1d:
        """The natural logarithm of the probability of each target, float64 (n,)."""
        vectors, bias = self.network.output_vectors, self.network.weights["output/bias"]
        own = log_probabilities(self._hidden, vectors, bias, self._targets)
        return np.add.reduceat(own, np.cumsum([0, *self.batch.target_lengths[:-1]]))

    def predictions(self) -> Ints2d:
        """The likeliest token at each place, (n, T)."""
        likeliest = np.zeros(self._real.shape, np.int32)
        vectors, bias = self.network.output_vectors, self.network.weights["output/bias"]
        likeliest[self._real] = (self._hidden @ vectors.T + bias).argmax(axis=1)
        return likeliest

    def gradients(self, smoothing: float = 0.0) -> tuple[float, NamedWeights]:
        """The loss, summed over the tokens of targets, and its gradients by name."""
        network, weights = self.network, self.network.weights
        gradients: NamedWeights = {name: np.zeros_like(weight) for name, weight in weights.items()}
        loss, of_hidden = output_loss(
            self._hidden,
            network.output_vectors,
            weights["output/bias"],
            self._targets,
            smoothing,
            gradients[TARGET if network.layers.tied else OUTPUT],
            gradients["output/bias"],
        )
        of_states, of_keys = self._back_to_states(of_hidden, gradients)
        of_finals = self._back_through_decoder(of_states, gradients)
        self._back_through_encoder(of_keys, of_finals, gradients)
        return loss, gradients

    def _back_to_states(
        self, of_hidden: FloatArray, gradients: NamedWeights
    ) -> tuple[FloatArray, FloatArray]:
        """The gradients of the decoder's states (T, n, units) and of the keys (n, S, units)."""
        of_sums = self._dropped_back("combine", of_hidden)
        of_sums = of_sums * (1 - self._combined * self._combined)
        kernel, size = self.network.weights["combine/kernel"], self._keys.shape[2]
        of_kernel = gradients["combine/kernel"]
        of_kernel[:size] += self._contexts[self._real].T @ of_sums
        of_kernel[size:] += self._queries[self._real].T @ of_sums
        gradients["combine/bias"] += of_sums.sum(axis=0)
        of_joined = of_sums @ kernel.T
        of_contexts, of_queries = np.zeros_like(self._contexts), np.zeros_like(self._queries)
        of_contexts[self._real], of_queries[self._real] = of_joined[:, :size], of_joined[:, size:]
        of_asking, of_keys = attend_back(
            self.network.attention,
            of_contexts,
            self._queries,
            self._keys,
            self._prepared,
            self.attention,
            within(gradients, "attention"),
        )
        of_queries += of_asking
        return of_queries.swapaxes(0, 1), of_keys

    def _back_through_decoder(self, of_states: FloatArray, gradients: NamedWeights) -> list[FloatArray]:
        """The gradients of the encoder's last states, of each layer (state_parts, n, units)."""
        of_finals = list[FloatArray]()
        for number in range(len(self._decoder), 0, -1):
            of_states = self._dropped_back(f"decoder/{number}", of_states)
            found = backward_through_time(self._decoder[number - 1], of_states)
            _add(gradients, f"decoder/{number}", found.weights)
            of_states, first = found.inputs, self._first[number - 1]
            of_sums = found.initial * (1 - first * first)
            finals = np.concatenate([done.final for done in self._encoder[number - 1]], axis=2)
            gradients[f"bridge/{number}/kernel"] += finals.swapaxes(1, 2) @ of_sums
            gradients[f"bridge/{number}/bias"] += of_sums.sum(axis=1, keepdims=True)
            kernel = self.network.weights[f"bridge/{number}/kernel"]
            of_finals.append(of_sums @ kernel.swapaxes(1, 2))
        add_rows(gradients[TARGET], self.batch.inputs.T, self._dropped_back(TARGET, of_states))
        return of_finals[::-1]

    def _back_through_encoder(
        self, of_keys: FloatArray, of_finals: Sequence[FloatArray], gradients: NamedWeights
    ) -> None:
        of_states, half = of_keys.swapaxes(0, 1), self.network.layers.units // 2
        for number in range(len(self._encoder), 0, -1):
            if number < len(self._encoder):
                of_states = self._dropped_back(f"encoder/{number}", of_states)
            found = [
                backward_through_time(done, of_states[:, :, part], of_finals[number - 1][:, :, part])
                for done, part in zip(
                    self._encoder[number - 1], (slice(half), slice(half, None)), strict=True
                )
            ]
            for side, own in zip(DIRECTIONS, found, strict=True):
                _add(gradients, f"encoder/{number}/{side}", own.weights)
            of_states = found[0].inputs + found[1].inputs
        add_rows(gradients[SOURCE], self.batch.sources.T, self._dropped_back(SOURCE, of_states))


def _add(gradients: NamedWeights, name: str, found: NamedWeights) -> None:
    for part, gradient in found.items():
        gradients[f"{name}/{part}"] += gradient


def add_rows(table: FloatArray, numbers: Ints2d, gradients: FloatArray) -> None:
    """Add the gradients (..., D) of rows that were read to those of the table (V, D).

    Example:
        >>> import numpy as np
        >>> from embedkit.translation.teacher_forcing import add_rows
        >>> table = np.zeros((3, 1))
        >>> add_rows(table, np.array([2, 0, 2]), np.array([[1.0], [5], [2]]))
        >>> table.ravel().tolist()
        [5.0, 0.0, 3.0]
    """
    flat = numbers.ravel()
    order = np.argsort(flat, kind="stable")
    rows, begins = np.unique(flat[order], return_index=True)
    table[rows] += np.add.reduceat(gradients.reshape(-1, gradients.shape[-1])[order], begins)
