"""`FedDecoderPass`: the decoder over known targets, each step of which reads what the last one found.

Input feeding (Luong et al. 2015, section 3.3): the first layer reads the vector of a token and, beside it,
tanh(W [context; state]) of the last step, so that attention knows where it has looked. Steps then come one
after the other, forward and back. Behind the end of a target steps go on, but nothing is scored there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import FloatArray
from embedkit.neural.attention import attend, attend_back
from embedkit.neural.cells.cell import KeptArrays
from embedkit.neural.cells.sequence import add_kernel_gradients
from embedkit.translation.decoder_pass import DecoderPass
from embedkit.translation.weights import TARGET, NamedWeights, add_rows, within


class FedStep(NamedTuple):
    """What a step of n targets keeps.

    Args:
        inputs: of each layer, (n, any).
        kept: by the cell of each layer.
        query: the state of the last layer, (n, units).
        context: (n, units).
        attention: the weights of attention, (n, 1, S).
        combined: tanh(W [context; state]), (n, vector_size).
    """

    inputs: Sequence[FloatArray]
    kept: Sequence[KeptArrays]
    query: FloatArray
    context: FloatArray
    attention: FloatArray
    combined: FloatArray


class FedDecoderPass(DecoderPass):
    """The pass, which remembers what the way back needs; see `DecoderPass`."""

    def _pass(self, vectors: FloatArray, first: Sequence[FloatArray], compiled: bool) -> None:
        """Read the vectors (T, n, vector_size), a step after the other; no compiled steps are there."""
        lasting, texts, size = vectors.shape
        self._above = [
            self._dropout.mask(f"decoder/{number}", (lasting, texts, cell.units))
            for number, cell in enumerate(self._network.decoder, 1)
        ]
        self._behind = self._dropout.mask("combine", (lasting, texts, size))
        self._first, self._steps, states = first, list[FedStep](), list(first)
        fed = np.zeros_like(vectors[0])
        for step in range(lasting):
            self._steps.append(self._step(step, np.concatenate([vectors[step], fed], axis=1), states))
            fed = self._steps[-1].combined * self._behind[step]
        self.attention = np.concatenate([step.attention for step in self._steps], axis=1)
        hidden = np.stack([step.combined for step in self._steps]) * self._behind
        self.hidden = hidden.swapaxes(0, 1)[self._real]

    def _step(self, step: int, shown: FloatArray, states: list[FloatArray]) -> FedStep:
        """Take a step, which changes `states`."""
        network, inputs, kept = self._network, list[FloatArray](), list[KeptArrays]()
        for number, cell in enumerate(network.decoder):
            inputs.append(shown)
            states[number], own = cell.step(cell.project(shown), states[number])
            kept.append(own)
            shown = states[number][0] * self._above[number][step]
        attention, contexts = attend(
            network.attention, shown[:, None], self._keys, self._prepared, self._mask
        )
        combined = network.combine(contexts[:, 0], shown)
        return FedStep(inputs, kept, shown, contexts[:, 0], attention, combined)

    def back(self, of_hidden: FloatArray, gradients: NamedWeights) -> tuple[FloatArray, list[FloatArray]]:
        """As of `DecoderPass`."""
        of_all = np.zeros((*self._real.shape, of_hidden.shape[1]), of_hidden.dtype)
        of_all[self._real] = of_hidden
        of_keys, of_prepared = np.zeros_like(self._keys), np.zeros_like(self._prepared)
        of_states = [np.zeros_like(first) for first in self._first]
        of_fed, size = np.zeros_like(of_all[:, 0]), of_hidden.shape[1]
        of_vectors = np.empty_like(self._behind, of_hidden.dtype)
        for step in range(len(self._steps) - 1, -1, -1):
            of_shown, own_keys, own_prepared = self._back_to_state(step, of_all[:, step] + of_fed, gradients)
            of_keys += own_keys
            of_prepared += own_prepared
            of_inputs = self._back_through_layers(step, of_shown, of_states, gradients)
            of_vectors[step], of_fed = of_inputs[:, :size], of_inputs[:, size:]
        add_rows(gradients[TARGET], self._batch.inputs.T, self._dropout.back(TARGET, of_vectors))
        attention = self._network.attention
        of_keys += attention.prepare_back(of_prepared, self._keys, within(gradients, "attention"))
        return of_keys, of_states

    def _back_to_state(
        self, step: int, of_hidden: FloatArray, gradients: NamedWeights
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The gradients of the last layer's state (n, units), of the keys and of what is prepared of them."""
        network, done = self._network, self._steps[step]
        of_sums = of_hidden * self._behind[step] * (1 - done.combined * done.combined)
        joined = np.concatenate([done.context, done.query], axis=1)
        gradients["combine/kernel"] += joined.T @ of_sums
        gradients["combine/bias"] += of_sums.sum(axis=0)
        of_context, of_query = np.split(of_sums @ network.weights["combine/kernel"].T, 2, axis=1)
        of_asking, of_keys, of_prepared = attend_back(
            network.attention,
            of_context[:, None],
            done.query[:, None],
            self._keys,
            self._prepared,
            done.attention,
            within(gradients, "attention"),
        )
        return of_query + of_asking[:, 0], of_keys, of_prepared

    def _back_through_layers(
        self, step: int, of_shown: FloatArray, of_states: list[FloatArray], gradients: NamedWeights
    ) -> FloatArray:
        """The gradient of what the first layer read, (n, 2 * vector_size); `of_states` go a step back."""
        network, done = self._network, self._steps[step]
        for number in range(len(network.decoder) - 1, -1, -1):
            cell, own = network.decoder[number], within(gradients, f"decoder/{number + 1}")
            of_states[number][0] += of_shown * self._above[number][step]
            of_given, of_states[number] = cell.step_back(of_states[number], done.kept[number], own)
            [of_shown] = add_kernel_gradients(cell, done.inputs[number][None], of_given[None], own)
        return of_shown
