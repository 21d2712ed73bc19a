"""Batches of tokens: a long text as streams that go on from batch to batch, or independent lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Bools2d, Ints2d, Longs1d
from embedkit.language_models.token_text import END, TokenText
from embedkit.text.sequences.buckets import length_buckets

FEWEST_BATCHES = 10  # of an epoch: a short text is read in fewer streams


@dataclass(frozen=True)
class TokenBatch:
    """Tokens and those that follow them.

    Args:
        inputs: int32 (T, n).
        targets: int32 (T, n).
        lengths: how many tokens of each row count, (n,); None if all do.
        begins: whether rows begin anew, and do not go on from those of the batch before.
    """

    inputs: Ints2d
    targets: Ints2d
    lengths: Longs1d | None
    begins: bool

    @property
    def mask(self) -> Bools2d:
        """Which tokens count, (T, n)."""
        steps, rows = self.inputs.shape
        if self.lengths is None:
            return np.ones((steps, rows), np.bool_)
        return np.arange(steps)[:, None] < self.lengths

    @property
    def tokens(self) -> int:
        """How many count."""
        return self.inputs.size if self.lengths is None else int(self.lengths.sum())


def stream_batches(text: TokenText, rows: int, steps: int, offset: int = 0) -> Iterator[TokenBatch]:
    """A text of one part as `rows` streams side by side, `steps` tokens at a time.

    Args:
        text: of N tokens; the last ones that do not fill the streams are left out.
        rows: streams; fewer for a short text.
        steps: tokens of a stream in a batch; the first batch has `offset` fewer.
        offset: at most steps - 1, so that gradients are cut elsewhere each time.

    Example:
        >>> import numpy as np
        >>> from embedkit.language_models.batches import stream_batches
        >>> from embedkit.language_models.token_text import TokenText
        >>> text = TokenText(np.arange(10, 50, dtype=np.int32), np.array([0, 40]))
        >>> first, *_ = stream_batches(text, rows=2, steps=3)
        >>> first.inputs.T.tolist(), first.targets.T.tolist()
        ([[0, 10, 11], [29, 30, 31]], [[10, 11, 12], [30, 31, 32]])
    """
    rows = max(1, min(rows, len(text) // (FEWEST_BATCHES * min(steps, 2))))
    length = len(text) // rows
    targets = text.ids[: length * rows].reshape(rows, length).T
    inputs = np.concatenate([[END], text.ids])[: length * rows].astype(np.int32).reshape(rows, length).T
    start, stop = 0, max(1, steps - offset)
    while start < length:
        yield TokenBatch(inputs[start:stop], targets[start:stop], None, start == 0)
        start, stop = stop, stop + steps


def line_batches(text: TokenText, rows: int, seed: int | None = None) -> Iterator[TokenBatch]:
    """The parts of a text, of similar lengths side by side; with a seed in random order."""
    lengths = text.lengths
    for numbers in length_buckets(lengths, rows, seed):
        own = lengths[numbers]
        steps = np.arange(own.max())[:, None]
        at = np.minimum(text.offsets[numbers] + steps, text.offsets[numbers + 1] - 1)
        targets = text.ids[at]
        inputs = np.concatenate([np.full((1, len(own)), END, np.int32), targets[:-1]])
        yield TokenBatch(inputs, targets, own, True)
