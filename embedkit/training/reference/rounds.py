"""A round of training in readable numpy: the oracle of private rows and of their merging."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Doubles2d
from embedkit.training.reference.negative_sampling import Window, train_shard


def train_round(
    inputs: Doubles2d,
    outputs: Doubles2d,
    pieces: list[list[Window]],
    rates: list[float],
    dampings: tuple[Doubles1d, Doubles1d],
    cbow: bool,
) -> list[tuple[int, float]]:
    """Train each worker on its piece from the same state, and merge in place.

    Each worker has its own learning rate; `dampings` are those of input and output rows. Returns the
    predictions made and their summed loss, of each worker.
    """
    done, own_inputs, own_outputs = [], [], []
    for windows, rate in zip(pieces, rates, strict=True):
        own_inputs.append(inputs.copy())
        own_outputs.append(outputs.copy())
        done.append(train_shard(own_inputs[-1], own_outputs[-1], iter(windows), lambda rate=rate: rate, cbow))  # type: ignore[misc]
    words = [_words_of(windows, len(inputs)) for windows in pieces]
    merge(inputs, own_inputs, [of_inputs for of_inputs, _ in words], dampings[0])
    merge(outputs, own_outputs, [of_outputs for _, of_outputs in words], dampings[1])
    return done


def merge(shared: Doubles2d, private: list[Doubles2d], changed: list[Bools1d], damping: Doubles1d) -> None:
    """Move each row of `shared` by what the workers that `changed` it made of it (see `rounds.merging`)."""
    for row in range(len(shared)):
        made = [own[row] for own, own_changed in zip(private, changed, strict=True) if own_changed[row]]
        if len(made) == 1:
            shared[row] = made[0]
        elif made:
            share = 1 / (1 + (len(made) - 1) * damping[row])
            shared[row] += share * sum(own - shared[row] for own in made)


def _words_of(windows: list[Window], size: int) -> tuple[Bools1d, Bools1d]:
    """Which words have an input row, and which an output row, in these windows."""
    of_inputs, of_outputs = np.zeros(size, bool), np.zeros(size, bool)
    for target, contexts, noise in windows:
        of_inputs[[target, *contexts]] = True
        if contexts:
            of_outputs[[target, *noise]] = True
    return of_inputs, of_outputs
