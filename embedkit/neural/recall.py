"""A task of memory: name the first symbol of a sequence after its last (Hochreiter and Schmidhuber 1997, 2).

The first of `steps` symbols is one of `SYMBOLS`, the others, drawn from as many more, mean nothing. What a
simple network learns of it ends with the distance that gradients reach.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d, Floats3d, Longs1d
from embedkit.neural.adam import Adam
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.sequence import backward_through_time, forward_through_time
from embedkit.neural.clipping import clip_by_norm

SYMBOLS = 8
SIZE = 2 * SYMBOLS  # of an input, one number a symbol
BATCH, RATE, CLIP = 32, 0.005, 1.0


def recall_batch(steps: int, count: int, generator: np.random.Generator) -> tuple[Floats3d, Longs1d]:
    """Sequences as one-hot inputs (steps, n, `SIZE`), and the first symbol of each (n,).

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.recall import recall_batch
        >>> inputs, first = recall_batch(5, 2, np.random.default_rng(1))
        >>> inputs.shape, bool((inputs[0].argmax(axis=1) == first).all())
        ((5, 2, 16), True)
    """
    symbols = generator.integers(SYMBOLS, SIZE, (steps, count))
    symbols[0] = first = generator.integers(SYMBOLS, size=count)
    return np.eye(SIZE, dtype=np.float32)[symbols], first


def train_to_recall(
    cell: RecurrentCell, steps: int, updates: int, generator: np.random.Generator, compiled: bool = False
) -> list[float]:
    """Train a cell in place; the share of right answers in each batch.

    Args:
        cell: that reads `SIZE` numbers.
        steps: of a sequence.
        updates: batches that are learned from.
        generator: draws them.
        compiled: by compiled steps.
    """
    output: Floats2d = np.zeros((cell.units, SYMBOLS), np.float32)
    weights = {**cell.weights(), "output": output}
    adam, right = Adam(weights), []
    for _ in range(updates):
        inputs, first = recall_batch(steps, BATCH, generator)
        done = forward_through_time(cell, inputs, compiled=compiled)
        scores = np.exp(done.final[0] @ output)
        of_scores = scores / scores.sum(axis=1, keepdims=True)
        right.append(float((scores.argmax(axis=1) == first).mean()))
        of_scores[np.arange(BATCH), first] -= 1
        of_scores /= BATCH
        of_final = np.zeros_like(done.final)
        of_final[0] = of_scores @ output.T
        gradients = backward_through_time(done, np.zeros_like(done.states), of_final).weights
        gradients["output"] = done.final[0].T @ of_scores
        clip_by_norm(gradients, CLIP)
        adam.step(gradients, RATE)
    return right
