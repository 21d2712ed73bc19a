"""Word2vec with negative sampling in readable numpy: the oracle of the compiled kernels.

The same mathematics and the same random draws as `embedkit.training.kernels`, one word at a time and in
float64. A window predicts its target word, against `negative` noise words, from each context word
(skip-gram) or from the mean of the context words (CBOW); with x a context vector and y_k the output
vectors, target first, its loss is that of Mikolov et al. 2013b, eq. 4:

    loss(x) = -log sigmoid(x . y_0) - sum over k >= 1 of log sigmoid(-x . y_k)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d
from embedkit.training.rounds.dealing import NoiseShare


def negative_sampling_loss(contexts: Doubles2d, samples: Doubles2d) -> float:
    """The summed loss of predicting row 0 of `samples` (K, D), not the others, from `contexts` (M, D)."""
    scores = contexts @ samples.T
    scores[:, 0] *= -1
    return float(np.logaddexp(0, scores).sum())


def prediction_errors(contexts: Doubles2d, samples: Doubles2d) -> Doubles2d:
    """The derivatives of the loss by the scores x . y_k: their sigmoids, less 1 for the target; (M, K)."""
    errors = 1 / (1 + np.exp(-(contexts @ samples.T)))
    errors[:, 0] -= 1
    return errors


def negative_sampling_gradients(contexts: Doubles2d, samples: Doubles2d) -> tuple[Doubles2d, Doubles2d]:
    """The gradients of `negative_sampling_loss` by `contexts` and by `samples`."""
    errors = prediction_errors(contexts, samples)
    return errors @ samples, errors.T @ contexts


def train_window(
    inputs: Doubles2d, outputs: Doubles2d, contexts: list[int], samples: list[int], rate: float, cbow: bool
) -> tuple[int, float]:
    """One step of gradient descent, in place; returns the number of predictions and their loss.

    All rows move by the errors at the beginning of the window. A context word that occurs twice moves
    twice, the second time from where it then is.

    CBOW follows the word2vec program: every context word takes the whole gradient by the mean, where the
    chain rule would give it one part in len(contexts). The larger step makes the better vectors.
    """
    x = inputs[contexts].mean(axis=0, keepdims=True) if cbow else inputs[contexts]
    before = outputs[samples]
    loss = negative_sampling_loss(x, before)
    steps = -rate * prediction_errors(x, before)
    after = before + steps.T @ x if cbow else before.copy()
    for context, step in zip(contexts, np.broadcast_to(steps, (len(contexts), len(samples))), strict=True):
        if not cbow:
            after += np.outer(step, inputs[context])
        inputs[context] += step @ before
    outputs[samples] = after
    return len(x), loss


class Window(NamedTuple):
    """A window of a document: the word in its middle and the kept words around it, by id."""

    target: int
    contexts: list[int]
    noise: list[int]


class Draws:
    """The random draws of training, a stream for each position; see `embedkit.training.kernels.draws`.

    A worker of a round draws noise from its share of the words.
    """

    def __init__(
        self, keep: NDArray[np.uint32], noise: NDArray[np.uint32], key: int, share: NoiseShare | None = None
    ) -> None:
        self.keep, self.noise, self.key = keep.tolist(), noise.tolist(), key
        self.words = list(range(len(noise)))
        if share:
            self.words[share.first :] = [
                share.first + beyond * share.step + share.offset for beyond in range(len(noise) - share.first)
            ]

    def stream(self, position: int) -> Iterator[int]:
        """Random 64-bit integers: SplitMix64 from a hash of key and position."""
        state = mix(self.key + _GOLDEN * (position + 1))
        while True:
            state += _GOLDEN
            yield mix(state)

    def windows(
        self, ids: list[int], offsets: list[int], window: int, negative: int, shrink: bool = True
    ) -> Iterator[Window]:
        """All windows of a shard, in order."""
        for begin, end in pairwise(offsets):
            kept = []
            for position in range(begin, end):
                stream, word = self.stream(position), ids[position]
                if word < len(self.keep) and next(stream) >> 32 <= self.keep[word]:
                    width = 1 + below(next(stream), window)
                    kept.append((word, width if shrink else window, stream))
            words = [word for word, _, _ in kept]
            for i, (word, width, stream) in enumerate(kept):
                contexts = words[max(0, i - width) : i] + words[i + 1 : i + 1 + width]
                yield Window(word, contexts, [self.noise_word(word, stream) for _ in range(negative)])

    def noise_word(self, target: int, stream: Iterator[int]) -> int:
        """A noise word other than `target`; after many draws in vain, the next word of the vocabulary."""
        number = 0
        for _ in range(REDRAWS):
            number = self._number(next(stream))
            if self.words[number] != target:
                return self.words[number]
        return self.words[(number + 1) % len(self.noise)]

    def noise_row(self, bits: int) -> int:
        """The word that random bits choose."""
        return self.words[self._number(bits)]

    def _number(self, bits: int) -> int:
        """The row of the alias table, or its alias."""
        row = below(bits, len(self.noise))
        threshold, alias = self.noise[row]
        return int(row if bits & 0xFFFFFFFF <= threshold else alias)


def train_shard(
    inputs: Doubles2d, outputs: Doubles2d, windows: Iterator[Window], rate: Callable[[], float], cbow: bool
) -> tuple[int, float]:
    """Train on `windows` in order, in place; returns the number of predictions and their summed loss."""
    predictions, loss = 0, 0.0
    for target, contexts, noise in windows:
        if contexts:
            made, lost = train_window(inputs, outputs, contexts, [target, *noise], rate(), cbow)
            predictions, loss = predictions + made, loss + lost
    return predictions, loss


REDRAWS = 64
_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def mix(state: int) -> int:
    """A hash of 64 bits: the finalizer of SplitMix64."""
    z = state & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def below(bits: int, limit: int) -> int:
    """An integer in [0, limit) from the upper half of 64 random bits."""
    return (bits >> 32) * limit >> 32
