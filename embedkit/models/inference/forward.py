"""The forward pass of a network in numpy, layer by layer, without TensorFlow.

Prediction then starts at once, runs where TensorFlow is not installed, and is faster on a processor: the
vectors of a word are multiplied with the first layer's weights once a batch, however often it occurs, and a
step of a recurrent layer computes only the texts that have not ended. Texts of a batch stand in order of
falling length, so that those are always the first ones. Arrays are time-major: (T, n, any).

From `COMPILE_THRESHOLD` tokens on, recurrent layers are those of `embedkit.models.inference.compiled`, with
the same results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats2d, Floats3d, Ints2d, Longs1d
from embedkit.models.architecture import TABLE, Architecture, Weights, directions
from embedkit.neural.cells import CELLS, Inputs, walk_states
from embedkit.parallel.blas import one_blas_thread
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.simd.compiling import can_compile
from embedkit.text.sequences.buckets import length_buckets
from embedkit.text.sequences.sequences import Sequences

Summarize = Callable[[Ints2d, Longs1d, Longs1d], Floats2d]  # ids, counts, lengths -> (n, any)

BATCH = 120  # texts scored at once by a thread
PART = 4096  # texts for which the compiled layers are made at a time
COMPILE_THRESHOLD = 200_000  # tokens from which on it pays to load the compiled layers


def score_texts(architecture: Architecture, weights: Weights, sequences: Sequences) -> Doubles2d:
    """The scores (n, columns) of texts."""
    kernel, bias = weights["scores/kernel"], weights["scores/bias"]
    scores = np.zeros((len(sequences), len(bias)))
    _summarize(architecture, weights, sequences, scores, lambda summary: summary @ kernel + bias)
    return scores


def pooled_texts(architecture: Architecture, weights: Weights, sequences: Sequences) -> Floats2d:
    """What the scores of texts are computed from, (n, units or twice as many)."""
    pooled = np.zeros((len(sequences), len(weights["scores/kernel"])), np.float32)
    _summarize(architecture, weights, sequences, pooled, lambda summary: summary)
    return pooled


def _summarize(
    architecture: Architecture,
    weights: Weights,
    sequences: Sequences,
    rows: NDArray[np.floating],
    finish: Callable[[Floats2d], Floats2d],
) -> None:
    """Set rows to what `finish` makes of the pooled texts; several threads share the batches."""
    pays = architecture.cell != "conv" and len(sequences.ids) >= COMPILE_THRESHOLD
    network = _compiled if pays and can_compile() else _plain

    def set_rows(task: tuple[int, Sequences, Longs1d, Summarize]) -> None:
        start, part, batch, summarize = task
        ids, lengths = part.padded(batch).T, part.lengths[batch]
        counts = (lengths > np.arange(len(ids))[:, None]).sum(axis=1)
        rows[start + batch] = finish(summarize(ids, counts, lengths))

    def tasks() -> Iterator[tuple[int, Sequences, Longs1d, Summarize]]:
        for start in range(0, len(sequences), PART):
            part = sequences.part(start, start + PART)
            summarize = network(architecture, weights, part)
            for batch in length_buckets(part.lengths, BATCH):
                yield start, part, batch, summarize

    with one_blas_thread(), threads() as pool:
        for _ in map_as_completed(pool, set_rows, tasks(), PART // BATCH):
            pass


def _plain(architecture: Architecture, weights: Weights, _: Sequences) -> Summarize:
    """The network in numpy."""

    def summarize(ids: Ints2d, counts: Longs1d, lengths: Longs1d) -> Floats2d:
        rows, place = np.unique(ids, return_inverse=True)
        vectors, place = weights[TABLE][rows], place.reshape(ids.shape)
        if architecture.cell == "conv":
            hidden = vectors[place]
            for number in range(1, architecture.layers + 1):
                hidden = _convolved(hidden, weights, f"layer{number}", counts)
        else:
            hidden = _recurrent(architecture, weights, vectors, place, counts)
        return _pooled(architecture, weights, hidden, counts, lengths)

    return summarize


def _compiled(architecture: Architecture, weights: Weights, texts: Sequences) -> Summarize:
    """The network for the words of `texts`, its recurrent layers compiled."""
    from embedkit.models.inference.compiled import CompiledLayers

    layers = CompiledLayers(architecture, weights, texts.ids)

    def summarize(ids: Ints2d, counts: Longs1d, lengths: Longs1d) -> Floats2d:
        hidden = layers.read(ids, counts)
        if architecture.pooling == "attention":
            return _pooled(architecture, weights, hidden, counts, lengths)
        summary: Floats2d = hidden[0]
        if architecture.pooling == "mean":
            summary /= lengths[:, None].astype(np.float32)
        return summary

    return summarize


def _recurrent(
    architecture: Architecture,
    weights: Weights,
    vectors: Floats2d,
    place: NDArray[np.integer],
    counts: Longs1d,
) -> Floats3d:
    """What the last layer gives for each token, (T, n, any), zero after the end of a text."""
    hidden = np.zeros(0, np.float32)
    for number in range(1, architecture.layers + 1):
        below, units = hidden, architecture.units
        hidden = np.zeros((*place.shape, units * len(directions(architecture))), np.float32)
        for side, direction in enumerate(directions(architecture)):
            own = [weights[f"layer{number}/{direction}/{part}"] for part in ("kernel", "recurrent_kernel")]
            bias = weights[f"layer{number}/{direction}/bias"]
            projected = (vectors if number == 1 else below) @ own[0] + np.atleast_2d(bias)[0]
            inputs = _looked_up(projected, place) if number == 1 else _sliced(projected)
            steps = range(len(counts)) if direction == "forward" else range(len(counts) - 1, -1, -1)
            out = hidden[..., side * units : (side + 1) * units]
            CELLS[architecture.cell](inputs, own[1], np.atleast_2d(bias)[-1], walk_states(out, counts, steps))
    return hidden


def _looked_up(projected: Floats2d, place: NDArray[np.integer]) -> Inputs:
    return lambda step, first: projected[place[step, :first]]


def _sliced(projected: Floats3d) -> Inputs:
    return lambda step, first: projected[step, :first]


def _convolved(hidden: Floats3d, weights: Weights, name: str, counts: Longs1d) -> Floats3d:
    """A convolution with padding of zeros, and the positive part of it; zero after the end of a text."""
    kernel = weights[f"{name}/kernel"]
    _mask(hidden, counts, 0)
    convolved = np.zeros((*hidden.shape[:2], kernel.shape[2]), np.float32)
    for offset, part in enumerate(kernel, -((len(kernel) - 1) // 2)):
        begin, end = max(0, -offset), max(0, min(len(hidden), len(hidden) - offset))
        if begin < end:
            convolved[begin:end] += hidden[begin + offset : end + offset] @ part
    return np.maximum(convolved + weights[f"{name}/bias"], 0)


def _pooled(
    architecture: Architecture, weights: Weights, hidden: Floats3d, counts: Longs1d, lengths: Longs1d
) -> Floats2d:
    """One row a text (n, units)."""
    if architecture.pooling == "max":
        _mask(hidden, counts, -np.inf)
        highest: Floats2d = hidden.max(axis=0)
        return highest
    if architecture.pooling == "last":
        last: Floats2d = hidden[lengths - 1, np.arange(len(lengths))]
        if len(directions(architecture)) == 2:
            last[:, architecture.units :] = hidden[0, :, architecture.units :]
        return last
    if architecture.pooling == "mean":
        _mask(hidden, counts, 0)
        mean: Floats2d = hidden.sum(axis=0) / lengths[:, None].astype(np.float32)
        return mean
    seen = np.tanh(hidden @ weights["attention/kernel"] + weights["attention/bias"])
    logits = seen @ weights["attention_query/kernel"]
    _mask(logits, counts, -np.inf)
    shares = np.exp(logits - logits.max(axis=0))
    attended: Floats2d = (hidden * (shares / shares.sum(axis=0))).sum(axis=0)
    return attended


def _mask(hidden: Floats3d, counts: Longs1d, value: float) -> None:
    """Set what stands after the end of texts."""
    for row, count in zip(hidden, counts.tolist(), strict=True):
        row[count:] = value
