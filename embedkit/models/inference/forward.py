"""What a trained network says of texts, in numpy: the mathematics of its Keras layers, without TensorFlow.

Prediction then starts at once, runs where TensorFlow is not installed, and is faster on a processor: the
vectors of a word are multiplied with the first layer's weights once a batch, however often it occurs, and a
step of a recurrent layer computes only the texts that have not ended. Texts of a batch stand in order of
falling length, so that those are always the first ones. Arrays are time-major: (T, n, any).

From `MANY` tokens on, recurrent layers are those of `embedkit.models.inference.compiled`, which say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from embedkit.models.networks.config import Architecture
from embedkit.models.sequences import Sequences, length_buckets
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]
Weights = Mapping[str, Floats]
Inputs = Callable[[int, int], Floats]  # step, k -> what the kernel makes of k texts' tokens there (k, any)
Summarize = Callable[[NDArray[np.int32], Counts, Counts], Floats]  # ids, counts, lengths -> (n, any)
Walk = Iterator[tuple[int, Floats, Floats]]  # see _walk

TABLE = "vectors"  # the name of the table of vectors among the weights
GATES = {"lstm": 4, "gru": 3, "rnn": 1}
BATCH = 120  # texts scored at once by a thread
PART = 4096  # texts for which the compiled layers are made at a time
MANY = 200_000  # tokens from which on it pays to load the compiled layers


def weight_shapes(architecture: Architecture, size: int, columns: int) -> dict[str, tuple[int, ...]]:
    """The shapes of all weights but the table, for vectors of `size` dimensions."""
    units = architecture.units
    shapes: dict[str, tuple[int, ...]] = {}
    for number in range(1, architecture.layers + 1):
        name = f"layer{number}"
        if architecture.cell == "conv":
            shapes[f"{name}/kernel"] = (architecture.width, size, units)
            shapes[f"{name}/bias"] = (units,)
        for direction in directions(architecture):
            gates = GATES[architecture.cell] * units
            shapes[f"{name}/{direction}/kernel"] = (size, gates)
            shapes[f"{name}/{direction}/recurrent_kernel"] = (units, gates)
            shapes[f"{name}/{direction}/bias"] = (2, gates) if architecture.cell == "gru" else (gates,)
        size = units * max(1, len(directions(architecture)))
    if architecture.pooling == "attention":
        shapes |= {"attention/kernel": (size, units), "attention/bias": (units,)}
        shapes["attention_query/kernel"] = (units, 1)
    return {**shapes, "scores/kernel": (size, columns), "scores/bias": (columns,)}


def directions(architecture: Architecture) -> tuple[str, ...]:
    """In which directions the layers read; none of convolutions."""
    if architecture.cell == "conv":
        return ()
    return ("forward", "backward") if architecture.bidirectional else ("forward",)


def score_texts(architecture: Architecture, weights: Weights, sequences: Sequences) -> NDArray[np.float64]:
    """The scores (n, columns) of texts."""
    kernel, bias = weights["scores/kernel"], weights["scores/bias"]
    scores = np.zeros((len(sequences), len(bias)))
    _summarize(architecture, weights, sequences, scores, lambda summary: summary @ kernel + bias)
    return scores


def pooled_texts(architecture: Architecture, weights: Weights, sequences: Sequences) -> Floats:
    """What the scores of texts are computed from, (n, units or twice as many)."""
    pooled = np.zeros((len(sequences), len(weights["scores/kernel"])), np.float32)
    _summarize(architecture, weights, sequences, pooled, lambda summary: summary)
    return pooled


def _summarize(
    architecture: Architecture,
    weights: Weights,
    sequences: Sequences,
    rows: NDArray[np.floating],
    finish: Callable[[Floats], Floats],
) -> None:
    """Set rows to what `finish` makes of the pooled texts; several threads share the batches."""
    network = _compiled if architecture.cell != "conv" and len(sequences.ids) >= MANY else _plain

    def set_rows(task: tuple[int, Sequences, NDArray[np.int64], Summarize]) -> None:
        start, part, batch, summarize = task
        ids, lengths = part.padded(batch).T, part.lengths[batch]
        counts = (lengths > np.arange(len(ids))[:, None]).sum(axis=1)
        rows[start + batch] = finish(summarize(ids, counts, lengths))

    def tasks() -> Iterator[tuple[int, Sequences, NDArray[np.int64], Summarize]]:
        for start in range(0, len(sequences), PART):
            part = sequences.part(start, start + PART)
            summarize = network(architecture, weights, part)
            for batch in length_buckets(part.lengths, BATCH):
                yield start, part, batch, summarize

    with threadpool_limits(1, "blas"), threads() as pool:
        for _ in map_as_completed(pool, set_rows, tasks(), PART // BATCH):
            pass


def _plain(architecture: Architecture, weights: Weights, _: Sequences) -> Summarize:
    """The network in numpy."""

    def summarize(ids: NDArray[np.int32], counts: Counts, lengths: Counts) -> Floats:
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

    def summarize(ids: NDArray[np.int32], counts: Counts, lengths: Counts) -> Floats:
        hidden = layers.read(ids, counts)
        if architecture.pooling == "attention":
            return _pooled(architecture, weights, hidden, counts, lengths)
        summary: Floats = hidden[0]
        if architecture.pooling == "mean":
            summary /= lengths[:, None].astype(np.float32)
        return summary

    return summarize


def _recurrent(
    architecture: Architecture,
    weights: Weights,
    vectors: Floats,
    place: NDArray[np.integer],
    counts: Counts,
) -> Floats:
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
            STEPPERS[architecture.cell](inputs, own[1], np.atleast_2d(bias)[-1], _walk(out, counts, steps))
    return hidden


def _looked_up(projected: Floats, place: NDArray[np.integer]) -> Inputs:
    return lambda step, first: projected[place[step, :first]]


def _sliced(projected: Floats) -> Inputs:
    return lambda step, first: projected[step, :first]


def _lstm(inputs: Inputs, kernel: Floats, _: Floats, walk: Walk) -> None:
    """Hochreiter and Schmidhuber (1997) with forget gates; the gates are input, forget, cell and output."""
    units = len(kernel)
    memory = np.zeros((0, units), np.float32)
    for step, before, out in walk:
        if len(memory) < len(before):  # texts that begin here, or the first step of all
            memory = np.concatenate([memory, np.zeros((len(before) - len(memory), units), np.float32)])
        gates, kept = inputs(step, len(before)) + before @ kernel, memory[: len(before)]
        cell = np.tanh(gates[:, 2 * units : 3 * units])
        cell *= _sigmoid(gates[:, :units])
        kept *= _sigmoid(gates[:, units : 2 * units])
        kept += cell
        np.multiply(_sigmoid(gates[:, 3 * units :]), np.tanh(kept), out=out)


def _gru(inputs: Inputs, kernel: Floats, bias: Floats, walk: Walk) -> None:
    """Cho et al. (2014), reset after the product; the gates are update, reset and candidate."""
    units = len(kernel)
    for step, before, out in walk:
        given, own = inputs(step, len(before)), before @ kernel + bias
        gates = _sigmoid(given[:, : 2 * units] + own[:, : 2 * units])
        update, reset = gates[:, :units], gates[:, units:]
        candidate = np.tanh(given[:, 2 * units :] + reset * own[:, 2 * units :])
        np.add(candidate, update * (before - candidate), out=out)


def _rnn(inputs: Inputs, kernel: Floats, _: Floats, walk: Walk) -> None:
    """Elman (1990)."""
    for step, before, out in walk:
        np.tanh(inputs(step, len(before)) + before @ kernel, out=out)


STEPPERS = {"lstm": _lstm, "gru": _gru, "rnn": _rnn}


def _walk(hidden: Floats, counts: Counts, steps: range) -> Walk:
    """Each step, the states of its texts before it, zero where one begins, and where to write those after."""
    state = np.zeros_like(hidden[0])
    for step in steps:
        first = counts[step]
        yield step, state[:first], hidden[step, :first]
        state[:first] = hidden[step, :first]


def _sigmoid(values: Floats) -> Floats:
    found: Floats = np.tanh(values * np.float32(0.5))
    found += 1
    found *= np.float32(0.5)
    return found


def _convolved(hidden: Floats, weights: Weights, name: str, counts: Counts) -> Floats:
    """A convolution with padding of zeros, and the positive part of it; zero after the end of a text."""
    kernel = weights[f"{name}/kernel"]
    _mask(hidden, counts, 0)
    found = np.zeros((*hidden.shape[:2], kernel.shape[2]), np.float32)
    for offset, part in enumerate(kernel, -((len(kernel) - 1) // 2)):
        begin, end = max(0, -offset), max(0, min(len(hidden), len(hidden) - offset))
        if begin < end:
            found[begin:end] += hidden[begin + offset : end + offset] @ part
    return np.maximum(found + weights[f"{name}/bias"], 0)


def _pooled(
    architecture: Architecture, weights: Weights, hidden: Floats, counts: Counts, lengths: Counts
) -> Floats:
    """One row a text (n, units)."""
    if architecture.pooling == "max":
        _mask(hidden, counts, -np.inf)
        highest: Floats = hidden.max(axis=0)
        return highest
    if architecture.pooling == "last":
        last: Floats = hidden[lengths - 1, np.arange(len(lengths))]
        if len(directions(architecture)) == 2:
            last[:, architecture.units :] = hidden[0, :, architecture.units :]
        return last
    if architecture.pooling == "mean":
        _mask(hidden, counts, 0)
        mean: Floats = hidden.sum(axis=0) / lengths[:, None].astype(np.float32)
        return mean
    seen = np.tanh(hidden @ weights["attention/kernel"] + weights["attention/bias"])
    logits = seen @ weights["attention_query/kernel"]
    _mask(logits, counts, -np.inf)
    shares = np.exp(logits - logits.max(axis=0))
    attended: Floats = (hidden * (shares / shares.sum(axis=0))).sum(axis=0)
    return attended


def _mask(hidden: Floats, counts: Counts, value: float) -> None:
    """Set what stands after the end of texts."""
    for row, count in zip(hidden, counts.tolist(), strict=True):
        row[count:] = value
