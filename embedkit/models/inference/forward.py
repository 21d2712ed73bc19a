"""The forward pass of a network in numpy, layer by layer, without TensorFlow.

Prediction then starts at once, runs where TensorFlow is not installed, and is faster on a processor: the
vectors of a word are multiplied with the first layer's weights once a batch, however often it occurs, and a
step of a recurrent layer computes only the texts that have not ended. Texts of a batch stand in order of
falling length, so that those are always the first ones.

From `COMPILE_THRESHOLD` tokens on, recurrent layers are those of `embedkit.models.inference.compiled`, with
the same results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats2d, Ints2d, Longs1d
from embedkit.models.inference.layers import apply_layer
from embedkit.models.inference.token_rows import TokenRows
from embedkit.models.layers.layers import RecurrentLayer
from embedkit.models.layers.stack import OUTPUT, TABLE, LayerStack, Weights
from embedkit.parallel.blas import one_blas_thread
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.simd.compiling import can_compile
from embedkit.text.sequences.buckets import length_buckets
from embedkit.text.sequences.sequences import Sequences

Summarize = Callable[[Ints2d, Longs1d], Floats2d]  # ids (T, n), lengths -> (n, any)

BATCH = 120  # texts scored at once by a thread
PART = 4096  # texts for which the compiled layers are made at a time
COMPILE_THRESHOLD = 200_000  # tokens from which on it pays to load the compiled layers


def score_texts(stack: LayerStack, weights: Weights, sequences: Sequences) -> Doubles2d:
    """The scores (n, columns) of texts."""
    kernel, bias = weights[f"{OUTPUT}/kernel"], weights[f"{OUTPUT}/bias"]
    scores = np.zeros((len(sequences), len(bias)))
    _summarize(stack, weights, sequences, scores, lambda summary: summary @ kernel + bias)
    return scores


def pooled_texts(stack: LayerStack, weights: Weights, sequences: Sequences) -> Floats2d:
    """What the scores of texts are computed from, (n, any)."""
    pooled = np.zeros((len(sequences), len(weights[f"{OUTPUT}/kernel"])), np.float32)
    _summarize(stack, weights, sequences, pooled, lambda summary: summary)
    return pooled


def _summarize(
    stack: LayerStack,
    weights: Weights,
    sequences: Sequences,
    rows: NDArray[np.floating],
    finish: Callable[[Floats2d], Floats2d],
) -> None:
    """Set rows to what `finish` makes of the pooled texts; several threads share the batches."""
    recurrent = any(isinstance(layer, RecurrentLayer) for layer in stack.layers)
    pays = recurrent and len(sequences.ids) >= COMPILE_THRESHOLD
    network = _compiled if pays and can_compile() else _plain

    def set_rows(task: tuple[int, Sequences, Longs1d, Summarize]) -> None:
        start, part, batch, summarize = task
        rows[start + batch] = finish(summarize(part.padded(batch).T, part.lengths[batch]))

    def tasks() -> Iterator[tuple[int, Sequences, Longs1d, Summarize]]:
        for start in range(0, len(sequences), PART):
            part = sequences.part(start, start + PART)
            summarize = network(stack, weights, part)
            for batch in length_buckets(part.lengths, BATCH):
                yield start, part, batch, summarize

    with one_blas_thread(), threads() as pool:
        for _ in map_as_completed(pool, set_rows, tasks(), PART // BATCH):
            pass


def _plain(stack: LayerStack, weights: Weights, _: Sequences) -> Summarize:
    """The network in numpy."""
    places = list(stack.placed(weights[TABLE].shape[1]))

    def summarize(ids: Ints2d, lengths: Longs1d) -> Floats2d:
        words, place = np.unique(ids, return_inverse=True)
        state: Any = TokenRows(weights[TABLE][words], place.reshape(ids.shape), lengths)
        for layer in places:
            state = apply_layer(layer, weights, state)
        summary: Floats2d = state
        return summary

    return summarize


def _compiled(stack: LayerStack, weights: Weights, texts: Sequences) -> Summarize:
    """The network for the words of `texts`, its recurrent layers compiled."""
    from embedkit.models.inference.compiled import CompiledNetwork

    return CompiledNetwork(stack, weights, texts.ids).summarize
