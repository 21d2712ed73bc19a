"""Document vectors in readable numpy: the oracle of the compiled kernels, in float64.

The same mathematics and the same random draws as `embedkit.training.kernels.distributed_bag` and
`distributed_memory`. In the first, a pair is a document d and a target t with a
weight w, negative for noise; with y the sign of w and s the dot product of d and t, or their cosine times a
scale, its loss is

    |w| log(1 + exp(-y s))

In the second, a document is one more context word of every window, as by CBOW, or its vector stands before
theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.training.reference.negative_sampling import (
    Draws,
    below,
    negative_sampling_loss,
    prediction_errors,
    train_window,
)

ROWS = 16  # of a tile
POSITIVES = 4, 6  # of them are targets that the document holds, by dot products and by cosines


def pair_loss(document: Doubles1d, target: Doubles1d, weight: float, scale: float | None) -> float:
    """The loss of one pair, by their cosine times `scale` or, if that is None, by their dot product."""
    return float(abs(weight) * np.logaddexp(0, -np.sign(weight) * _score(document, target, scale)))


def pair_gradients(
    document: Doubles1d, target: Doubles1d, weight: float, scale: float | None
) -> tuple[Doubles1d, Doubles1d]:
    """The gradients of `pair_loss` by the document and by the target."""
    slope = _slope(document, target, weight, scale)
    if scale is None:
        return -slope * target, -slope * document
    d, t = unit(document), unit(target)
    cosine = float(d @ t)
    by_document = -slope * scale * (t - cosine * d) / np.linalg.norm(document)
    by_target = -slope * scale * (d - cosine * t) / np.linalg.norm(target)
    return by_document, by_target


class Tile(NamedTuple):
    """Targets of a document, as rows, with weights: positive, or negative of noise."""

    rows: list[int]
    weights: list[float]


class Rates(NamedTuple):
    """How far documents and targets are moved, and by what."""

    document: float
    target: float
    scale: float | None = None


def train_tile(document: Doubles1d, targets: Doubles2d, tile: Tile, rates: Rates) -> float:
    """One step of gradient descent for all pairs of a tile, in place; returns the sum of their losses.

    All slopes are those of the rows at the beginning. Targets change one after the other. By cosines every
    target is turned, and its length brought nearer to 1 by a sixteenth of what it lacks; the document is made
    of length 1 before it moves. No pair moves a vector farther than by its length.
    """
    weights = np.array(tile.weights)
    held = targets[tile.rows]
    before = document.copy()
    loss = sum(pair_loss(before, target, w, rates.scale) for target, w in zip(held, weights, strict=True))
    slopes = np.array([_slope(before, t, w, rates.scale) for t, w in zip(held, weights, strict=True)])
    if rates.scale is None:
        for row, slope in zip(tile.rows, slopes, strict=True):
            document += rates.document * slope * targets[row]
            targets[row] += rates.target * slope * before
        return loss
    lengths, own = np.linalg.norm(held, axis=1), np.linalg.norm(before)
    cosines = held @ before / lengths / own
    turns = np.clip(rates.document * rates.scale * slopes, -1, 1)
    steps = np.clip(rates.target * rates.scale * slopes, -1, 1)
    document *= (1 - turns @ cosines) / own
    for row, turn, step, cosine, length in zip(tile.rows, turns, steps, cosines, lengths, strict=True):
        document += turn * targets[row] / length
        grown = np.sqrt(1 + step**2 * (1 - cosine**2)) / np.clip(1 + (1 - length) / 16, 0.5, 1.5)
        targets[row] = ((1 - step * cosine) * targets[row] + step * length * before / own) / grown
    return loss


def tiles(
    targets: Sequence[int], draws: Draws, stream: Iterator[int], negative: float, cosine: bool = False
) -> Iterator[Tile]:
    """The pairs of a document that holds `targets`, in tiles."""
    positives = POSITIVES[cosine]
    kept: list[int] = []
    for target in targets:
        if target >= len(draws.keep):
            continue
        bits = next(stream)
        if bits >> 32 <= draws.keep[target]:
            place = below(bits << 32 & (1 << 64) - 1, len(kept) + 1)
            kept.append(kept[place] if place < len(kept) else target)
            kept[place] = target
    for start in range(0, len(kept), positives):
        some = kept[start : start + positives]
        noise = [draws.noise_row(bits) for bits in islice(stream, ROWS - len(some))]
        weight = -negative * len(some) / len(noise)
        yield Tile([*some, *noise], [1.0] * len(some) + [weight] * len(noise))


def train_memory(
    inputs: Doubles2d,
    outputs: Doubles2d,
    words: Sequence[int],
    own: int,
    draws: Draws,
    window: int,
    negative: int,
    rate: float,
) -> tuple[int, float]:
    """Distributed memory on a document, whose vector is row `own` of `inputs`, in place.

    Returns the number of predictions and their loss.
    """
    predictions, loss = 0, 0.0
    for target, contexts, noise in draws.windows(list(words), [0, len(words)], window, negative):
        made, lost = train_window(inputs, outputs, [*contexts, own], [target, *noise], rate, cbow=True)
        predictions, loss = predictions + made, loss + lost
    return predictions, loss


def train_concatenated(
    inputs: Doubles2d,
    outputs: Doubles2d,
    words: Sequence[int],
    own: int,
    draws: Draws,
    window: int,
    negative: int,
    rate: float,
) -> tuple[int, float]:
    """Distributed memory by concatenation, as `train_memory`; a row of `outputs` has 2 * `window` + 1 parts.

    They are for the document, the words before the one that is predicted, and those behind it.
    """
    predictions, loss = 0, 0.0
    windows = draws.windows(list(words), [0, len(words)], window, negative, shrink=False)
    for number, (target, contexts, noise) in enumerate(windows):
        left = min(number, window)
        places = [0, *range(1 + window - left, 1 + window + len(contexts) - left)]
        rows, samples = [own, *contexts], [target, *noise]
        x = np.zeros((2 * window + 1, inputs.shape[1]))
        x[places] = inputs[rows]
        wide, before = x.reshape(1, -1), outputs[samples]
        loss += negative_sampling_loss(wide, before)
        steps = -rate * prediction_errors(wide, before)
        changes = (steps @ before).reshape(x.shape)
        for place, row in zip(places, rows, strict=True):
            inputs[row] += changes[place]
        outputs[samples] = before + steps.T @ wide
        predictions += 1
    return predictions, loss


def mean_loss(
    document: Doubles1d,
    targets: Doubles2d,
    weights: Doubles1d,
    noise: Doubles2d,
    scale: float,
    negative: float,
) -> float:
    """The loss of a document that holds these targets, per target, that of noise (M, D) included."""
    pulls = weights @ np.logaddexp(0, -scale * (targets @ document)) / weights.sum()
    return float(pulls + negative * np.logaddexp(0, scale * (noise @ document)).mean())


def infer(
    targets: Doubles2d, weights: Doubles1d, noise: Doubles2d, scale: float, negative: float, passes: int
) -> Doubles1d:
    """The vector (D,) of a document that holds these targets, rows of length 1 as those of noise (M, D)."""
    shares = weights / weights.sum()
    document = unit(shares @ targets - noise.mean(axis=0))
    step, before = 1.5, np.inf
    for _ in range(passes):
        pull = (shares / (1 + np.exp(scale * (targets @ document)))) @ targets
        push = (negative / len(noise) / (1 + np.exp(-scale * (noise @ document)))) @ noise
        tangent = pull - push - ((pull - push) @ document) * document
        length = float(np.linalg.norm(tangent))
        step, before = step / 2 if length > before else step, length
        document = unit(document + step * tangent)
    return document


def unit(vector: Doubles1d) -> Doubles1d:
    """The vector with length 1."""
    scaled: Doubles1d = vector / np.linalg.norm(vector)
    return scaled


def _score(document: Doubles1d, target: Doubles1d, scale: float | None) -> float:
    product = float(document @ target)
    if scale is None:
        return product
    return scale * product / float(np.linalg.norm(document) * np.linalg.norm(target))


def _slope(document: Doubles1d, target: Doubles1d, weight: float, scale: float | None) -> float:
    """Minus the derivative of the loss of a pair by its score."""
    return float(weight / (1 + np.exp(np.sign(weight) * _score(document, target, scale))))
