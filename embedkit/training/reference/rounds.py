"""A round of training in readable numpy: the oracle of private rows and of their merging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Doubles2d
from embedkit.training.reference.negative_sampling import Window

Worker = Callable[[list[Doubles2d]], None]


def train_round(
    matrices: Sequence[Doubles2d],
    workers: Sequence[Worker],
    changed: Sequence[Sequence[Bools1d]],
    dampings: Sequence[Doubles1d],
) -> None:
    """Train each worker on copies of the matrices, and merge in place what they made of them.

    A worker changes the matrices that it is given; `changed` tells, for each worker and matrix, which rows
    count as changed by it, and `dampings` those of the rows of each matrix.
    """
    copies = [[matrix.copy() for matrix in matrices] for _ in workers]
    for worker, own in zip(workers, copies, strict=True):
        worker(own)
    for i, matrix in enumerate(matrices):
        merge(matrix, [own[i] for own in copies], [rows[i] for rows in changed], dampings[i])


def merge(shared: Doubles2d, private: list[Doubles2d], changed: list[Bools1d], damping: Doubles1d) -> None:
    """Move each row of `shared` by what the workers that `changed` it made of it (see `rounds.merging`)."""
    for row in range(len(shared)):
        made = [own[row] for own, own_changed in zip(private, changed, strict=True) if own_changed[row]]
        if len(made) == 1:
            shared[row] = made[0]
        elif made:
            share = 1 / (1 + (len(made) - 1) * damping[row])
            shared[row] += share * sum(own - shared[row] for own in made)


def words_of(windows: Iterable[Window], size: int) -> tuple[Bools1d, Bools1d]:
    """Which of the words have an input row, and which an output row, in these windows."""
    of_inputs, of_outputs = np.zeros(size, bool), np.zeros(size, bool)
    for target, contexts, noise in windows:
        of_inputs[[target, *contexts]] = True
        if contexts:
            of_outputs[[target, *noise]] = True
    return of_inputs, of_outputs
