"""`PairBatch`: pairs of sequences as arrays, filled up behind their ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools2d, Ints2d, Longs1d
from embedkit.text.sequences.buckets import length_buckets
from embedkit.text.sequences.sequences import Sequences, joined
from embedkit.translation.token_sets import BEGIN, END


class PairBatch(NamedTuple):
    """n pairs.

    Args:
        sources: with their end, (n, S).
        source_lengths: the end included, (n,).
        inputs: what the decoder reads: the beginning and the target, (n, T).
        targets: what it shall say: the target and the end, (n, T).
        target_lengths: the end included, (n,).
    """

    sources: Ints2d
    source_lengths: Longs1d
    inputs: Ints2d
    targets: Ints2d
    target_lengths: Longs1d

    @property
    def mask(self) -> Bools2d:
        """Which places of targets are tokens, (n, T)."""
        return np.arange(self.targets.shape[1]) < self.target_lengths[:, None]

    def parts(self, count: int) -> list[PairBatch]:
        """The pairs in parts for threads, each filled up only to its own longest."""
        numbers = [own for own in np.array_split(np.arange(len(self.sources)), count) if len(own)]
        return [self._rows(own) for own in numbers]

    def _rows(self, numbers: Longs1d) -> PairBatch:
        sources, targets = self.source_lengths[numbers], self.target_lengths[numbers]
        return PairBatch(
            self.sources[numbers, : sources.max()],
            sources,
            self.inputs[numbers, : targets.max()],
            self.targets[numbers, : targets.max()],
            targets,
        )


@dataclass(frozen=True)
class NumberedPairs:
    """Pairs as numbers of tokens.

    Args:
        sources: each with its end.
        targets: each with its beginning and its end.

    Example:
        >>> from embedkit.translation.batches import NumberedPairs
        >>> pairs = NumberedPairs.of([[5], [6, 7]], [[8, 9], [3]])
        >>> batch = pairs.batch([0, 1])
        >>> batch.sources.tolist(), batch.inputs.tolist(), batch.targets.tolist()
        ([[5, 0, 0], [6, 7, 0]], [[2, 8, 9], [2, 3, 0]], [[8, 9, 0], [3, 0, 0]])
    """

    sources: Sequences
    targets: Sequences

    @classmethod
    def of(cls, sources: list[list[int]], targets: list[list[int]]) -> NumberedPairs:
        """Pairs of numbers without beginnings and ends."""
        return cls(joined([*own, END] for own in sources), joined([BEGIN, *own, END] for own in targets))

    def __len__(self) -> int:
        return len(self.sources)

    def batch(self, numbers: Longs1d | list[int]) -> PairBatch:
        """Some of the pairs."""
        chosen = np.asarray(numbers, np.int64)
        rows = self.targets.padded(chosen)
        lengths = self.targets.lengths[chosen] - 1
        inputs = rows[:, :-1].copy()
        inputs[np.arange(inputs.shape[1]) >= lengths[:, None]] = END
        return PairBatch(
            self.sources.padded(chosen), self.sources.lengths[chosen], inputs, rows[:, 1:], lengths
        )

    def batches(self, size: int, seed: int | None) -> Iterator[PairBatch]:
        """All pairs, those of about the same lengths together; in random order with a seed."""
        longest = int(self.sources.lengths.max(initial=0)) + 1
        lengths = self.targets.lengths * longest + self.sources.lengths
        return map(self.batch, length_buckets(lengths, size, seed))
