"""`TeacherForcing`: a pass over pairs in which the decoder reads what it should have said, and the way back.

The readable twin of one step of the decoder is `Seq2SeqNetwork.step`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.arrays import Doubles1d, FloatArray, Ints2d, Longs1d
from embedkit.neural.cells.sequence import SequencePass, backward_through_time, forward_through_time
from embedkit.neural.dropout import RememberedDropout
from embedkit.translation.batches import PairBatch
from embedkit.translation.decoder_pass import DecoderPass
from embedkit.translation.fed_decoder_pass import FedDecoderPass
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.output_loss import log_probabilities, output_loss
from embedkit.translation.weights import DIRECTIONS, OUTPUT, SOURCE, TARGET, NamedWeights, add_rows, add_under


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
        self._dropout = RememberedDropout(dropout, generator or np.random.default_rng())
        count = network.layers.recurrent_layers
        states = self._dropout.of(SOURCE, network.weights[SOURCE][batch.sources.T])
        self._encoder: list[list[SequencePass]] = []
        for number in range(1, count + 1):
            self._encoder.append(self._read(number, states))
            states = np.concatenate([done.states for done in self._encoder[-1]], axis=2)
            if number < count:
                states = self._dropout.of(f"encoder/{number}", states)
        keys = np.ascontiguousarray(states.swapaxes(0, 1))
        self._first = [network.bridge(number, self._final(number)) for number in range(1, count + 1)]
        decoder = FedDecoderPass if network.layers.input_feeding else DecoderPass
        self._decoder = decoder(network, batch, keys, self._first, self._dropout, compiled)
        self._targets: Longs1d = batch.targets[batch.mask].astype(np.int64)

    @property
    def attention(self) -> FloatArray:
        """The weights of attention, (n, T, S)."""
        return self._decoder.attention

    def _final(self, number: int) -> FloatArray:
        """The last states of a layer of the encoder, both directions together, (state_parts, n, units)."""
        return np.concatenate([done.final for done in self._encoder[number - 1]], axis=2)

    def _read(self, number: int, states: FloatArray) -> list[SequencePass]:
        cells, lengths = self.network.encoder[number - 1], self.batch.source_lengths
        return [
            forward_through_time(cell, states, lengths=lengths, reverse=side == 1, compiled=self._compiled)
            for side, cell in enumerate(cells)
        ]

    def log_probabilities(self) -> Doubles1d:
        """The natural logarithm of the probability of each target, float64 (n,)."""
        vectors, bias = self.network.output_vectors, self.network.weights["output/bias"]
        own = log_probabilities(self._decoder.hidden, vectors, bias, self._targets)
        return np.add.reduceat(own, np.cumsum([0, *self.batch.target_lengths[:-1]]))

    def predictions(self) -> Ints2d:
        """The likeliest token at each place, (n, T)."""
        likeliest = np.zeros(self.batch.mask.shape, np.int32)
        vectors, bias = self.network.output_vectors, self.network.weights["output/bias"]
        likeliest[self.batch.mask] = (self._decoder.hidden @ vectors.T + bias).argmax(axis=1)
        return likeliest

    def gradients(self, smoothing: float = 0.0) -> tuple[float, NamedWeights]:
        """The loss, summed over the tokens of targets, and its gradients by name."""
        network, weights = self.network, self.network.weights
        gradients: NamedWeights = {name: np.zeros_like(weight) for name, weight in weights.items()}
        loss, of_hidden = output_loss(
            self._decoder.hidden,
            network.output_vectors,
            weights["output/bias"],
            self._targets,
            smoothing,
            gradients[TARGET if network.layers.tied else OUTPUT],
            gradients["output/bias"],
        )
        of_keys, of_first = self._decoder.back(of_hidden, gradients)
        self._back_through_encoder(of_keys, self._back_over_bridges(of_first, gradients), gradients)
        return loss, gradients

    def _back_over_bridges(self, of_first: Sequence[FloatArray], gradients: NamedWeights) -> list[FloatArray]:
        """The gradients of the encoder's last states, of each layer (state_parts, n, units)."""
        of_finals = list[FloatArray]()
        for number, (of_own, first) in enumerate(zip(of_first, self._first, strict=True), 1):
            of_sums = of_own * (1 - first * first)
            gradients[f"bridge/{number}/kernel"] += self._final(number).swapaxes(1, 2) @ of_sums
            gradients[f"bridge/{number}/bias"] += of_sums.sum(axis=1, keepdims=True)
            kernel = self.network.weights[f"bridge/{number}/kernel"]
            of_finals.append(of_sums @ kernel.swapaxes(1, 2))
        return of_finals

    def _back_through_encoder(
        self, of_keys: FloatArray, of_finals: Sequence[FloatArray], gradients: NamedWeights
    ) -> None:
        of_states, half = of_keys.swapaxes(0, 1), self.network.layers.units // 2
        for number in range(len(self._encoder), 0, -1):
            if number < len(self._encoder):
                of_states = self._dropout.back(f"encoder/{number}", of_states)
            found = [
                backward_through_time(done, of_states[:, :, part], of_finals[number - 1][:, :, part])
                for done, part in zip(
                    self._encoder[number - 1], (slice(half), slice(half, None)), strict=True
                )
            ]
            for side, own in zip(DIRECTIONS, found, strict=True):
                add_under(gradients, f"encoder/{number}/{side}", own.weights)
            of_states = found[0].inputs + found[1].inputs
        add_rows(gradients[SOURCE], self.batch.sources.T, self._dropout.back(SOURCE, of_states))
