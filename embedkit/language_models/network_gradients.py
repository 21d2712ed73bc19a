"""The gradients of a recurrent language model: the forward pass with dropout, and the way back.

Dropout is that of Merity et al. (2018): variational on the vectors of tokens, between layers and behind the
last, so that the same numbers of a text are left out at all steps; of whole tokens, wherever in a batch they
occur; and of recurrent weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Floats3d, Ints1d
from embedkit.language_models.batches import TokenBatch
from embedkit.language_models.candidates import CandidateSampler, softmax_gradients
from embedkit.language_models.parameters import RecurrentDropout, RecurrentLayers
from embedkit.language_models.recurrent_weights import (
    BIAS,
    VECTORS,
    NetworkWeights,
    network_cells,
    output_table,
)
from embedkit.neural.adam import unique_rows
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.sequence import SequencePass, backward_through_time, forward_through_time
from embedkit.neural.dropout import dropout_mask


class BatchGradients(NamedTuple):
    """What a batch teaches.

    Args:
        loss: the negative log-likelihood of all its tokens.
        gradients: of the mean a token, by name.
        rows: of the weights whose gradient is that of some rows, these rows, each once.
        states: of each layer behind the batch, (parts, n, units).
    """

    loss: float
    gradients: NetworkWeights
    rows: dict[str, Ints1d]
    states: Sequence[Floats3d]


@dataclass(frozen=True)
class NetworkGradients:
    """Computes gradients of batches.

    Args:
        weights: of the network.
        layers: its form.
        dropout: what is left out.
        sampler: of the tokens that are predicted among.
        generator: draws all that is left out.
    """

    weights: NetworkWeights
    layers: RecurrentLayers
    dropout: RecurrentDropout
    sampler: CandidateSampler
    generator: np.random.Generator

    def of(self, batch: TokenBatch, states: Sequence[Floats3d] | None) -> BatchGradients:
        """The gradients of a batch, given the states of the layers before it, None at a beginning."""
        drop, weights = self.dropout, self.weights
        size, texts = self.layers.vector_size, batch.inputs.shape[1]
        tokens = dropout_mask((len(weights[VECTORS]), 1), drop.word_dropout, self.generator)
        masks = [dropout_mask((1, texts, size), drop.input_dropout, self.generator)]
        read = weights[VECTORS][batch.inputs] * masks[0]
        if drop.word_dropout:
            read *= tokens[batch.inputs]
        passes: list[SequencePass] = []
        shown, kernels = read, []
        cells = network_cells(self.layers, weights)
        for number, cell in enumerate(cells):
            kernels.append(dropout_mask(cell.recurrent_kernel.shape, drop.weight_dropout, self.generator))
            dropped = self._dropped(cell, kernels[-1])
            passes.append(
                forward_through_time(
                    dropped, shown, states[number] if states else None, batch.lengths, compiled=True
                )
            )
            rate = drop.output_dropout if number == len(cells) - 1 else drop.layer_dropout
            masks.append(dropout_mask((1, texts, cell.units), rate, self.generator))
            shown = passes[-1].states * masks[-1]
        mask = batch.mask
        loss, gradients, rows, of_hidden = self._predicted(shown[mask], batch.targets[mask])
        upstream = np.zeros_like(shown)
        upstream[mask] = of_hidden
        for number in range(len(cells), 0, -1):
            back = backward_through_time(passes[number - 1], upstream * masks[number])
            own = back.weights
            own["recurrent_kernel"] *= kernels[number - 1]
            gradients |= {f"layer{number}/{name}": value for name, value in own.items()}
            upstream = back.inputs
        upstream *= masks[0]
        if drop.word_dropout:
            upstream *= tokens[batch.inputs]
        self._add_read(batch, upstream, gradients, rows)
        return BatchGradients(loss, gradients, rows, [done.final for done in passes])

    def _dropped(self, cell: RecurrentCell, mask: Floats3d) -> RecurrentCell:
        if not self.dropout.weight_dropout:
            return cell
        return replace(cell, recurrent_kernel=cell.recurrent_kernel * mask)

    def _predicted(
        self, hidden: Floats2d, targets: Ints1d
    ) -> tuple[float, NetworkWeights, dict[str, Ints1d], Floats2d]:
        """The loss, the gradients of the output, their rows, and the gradient of the hidden states."""
        table = output_table(self.weights)
        candidates = self.sampler.draw(targets, self.generator)
        rows: Ints1d = candidates.tokens.astype(np.int32)
        done = softmax_gradients(
            hidden, targets, self.weights[table][rows], self.weights[BIAS][rows], candidates
        )
        return done.loss, {table: done.table, BIAS: done.bias}, {table: rows, BIAS: rows}, done.hidden

    def _add_read(
        self, batch: TokenBatch, upstream: Floats3d, gradients: NetworkWeights, rows: dict[str, Ints1d]
    ) -> None:
        """Add the gradient of the vectors that were read to that of those that were predicted by."""
        read = batch.inputs.ravel()
        values = upstream.reshape(len(read), -1)
        if VECTORS in gradients:
            read = np.concatenate([rows[VECTORS], read])
            values = np.concatenate([gradients[VECTORS], values])
        rows[VECTORS], gradients[VECTORS] = unique_rows(read, values)
