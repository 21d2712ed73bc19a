"""Permutation tests over the partitions of n words into two groups of given sizes.

If it made no difference which group a word is in, every partition would have been as likely to be seen as the
one that was. The p-value is the share of partitions whose statistic is at least as extreme.

- Up to `EXACT` partitions, or no more than the draws asked for, all are enumerated: the p-value is exact, and
  the partition that was seen is one of them.
- Beyond, distinct partitions are drawn, without replacement and never the one that was seen, which counts as
  one more: p = (1 + as extreme) / (1 + drawn) (Phipson and Smyth 2010, "Permutation p-values should never be
  zero", section 3).

Partitions are rows of 0 and 1, so that sums over groups of thousands of them are one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes2d, Doubles1d, Doubles2d
from embedkit.bias.metrics.measurement import Alternative
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.vectors.search.exact import slices

Statistics = Callable[[Doubles2d], Doubles2d]  # partitions (P, n) of 0 and 1 -> (P,) or (P, m)

EXACT = 200_000  # partitions that are all enumerated
PERMUTATIONS = 100_000  # drawn where there are more
BLOCK = 8192  # partitions handled at once
TOLERANCE = 1e-7  # statistics of float32 cosines that differ by less are equal


class PermutationTest(NamedTuple):
    """What came of a test: one p-value for each of m statistics, and over how many partitions."""

    p_values: Doubles1d  # (m,)
    partitions: int
    exact: bool

    @property
    def p_value(self) -> float:
        """The p-value of the only statistic."""
        return float(self.p_values[0])


def permutation_test(
    statistics: Statistics,
    first: int,
    second: int,
    *,
    alternative: Alternative = "two-sided",
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    exact: int = EXACT,
) -> PermutationTest:
    """Test whether it matters which of `first` + `second` items are in the first group.

    Args:
        statistics: takes partitions (P, n), 1 where an item is in the first group, and returns their
            statistics, (P,) or (P, m); under the null hypothesis they are centered on 0.
        first: items of the first group; the partition that was seen has these first.
        second: items of the second group.
        alternative: what is extreme: "greater", "less", or "two-sided", far from 0 on either side.
        permutations: how many partitions are drawn if there are too many to enumerate.
        seed: random seed of the draws.
        exact: how many partitions are still all enumerated; less than the default for slow statistics.
    """
    check_count("permutations", permutations)
    if alternative not in {"two-sided", "greater", "less"}:
        raise InputError(f"expected the alternative 'two-sided', 'greater' or 'less', got {alternative!r}")
    count, total = first + second, comb(first + second, first)
    complete = total <= max(exact, permutations + 1)
    seen = np.repeat([[1.0, 0.0]], [first, second], axis=1)
    observed = _sided(_table(statistics(seen)), alternative)[0]
    packed = all_partitions(count, first) if complete else drawn_partitions(count, first, permutations, seed)
    as_extreme = np.zeros(len(observed), np.int64)
    for block in slices(len(packed), BLOCK):
        values = _table(statistics(unpacked(packed[block], count)))
        as_extreme += np.count_nonzero(_sided(values, alternative) >= observed - TOLERANCE, axis=0)
    unseen = 0 if complete else 1
    return PermutationTest((as_extreme + unseen) / (len(packed) + unseen), len(packed), complete)


def all_partitions(count: int, first: int) -> Bytes2d:
    """Every way to choose `first` of `count` items, as packed bits; the first is the first items."""
    total = comb(count, first)
    chosen = np.fromiter(chain.from_iterable(combinations(range(count), first)), np.intp, total * first)
    blocks = [_pack(chosen.reshape(total, first)[block], count) for block in slices(total, BLOCK)]
    return np.concatenate(blocks)


def drawn_partitions(count: int, first: int, wanted: int, seed: int) -> Bytes2d:
    """`wanted` distinct ways to choose `first` of `count` items, none of them the first items."""
    generator = np.random.default_rng(seed)
    seen = _pack(np.arange(first)[None], count)
    drawn = np.concatenate([seen, *_draws(generator, count, first, wanted)])
    while True:
        drawn = _distinct(drawn)
        if len(drawn) > wanted:
            return drawn[1 : wanted + 1]
        missing = max(BLOCK, wanted + 1 - len(drawn))
        drawn = np.concatenate([drawn, *_draws(generator, count, first, missing)])


def unpacked(packed: Bytes2d, count: int) -> Doubles2d:
    """Bytes2d bits as partitions (P, `count`) of 0.0 and 1.0."""
    return np.unpackbits(packed, axis=1, count=count).astype(np.float64)


def _draws(generator: np.random.Generator, count: int, first: int, wanted: int) -> Iterator[Bytes2d]:
    """`wanted` random partitions in blocks: the items with the smallest of random keys are chosen."""
    for block in slices(wanted, BLOCK):
        keys = generator.random((block.stop - block.start, count), np.float32)
        yield _pack(np.argpartition(keys, first - 1, axis=1)[:, :first], count)


def _pack(chosen: NDArray[np.intp], count: int) -> Bytes2d:
    """The rows (P, k) of chosen items as packed bits."""
    member = np.zeros((len(chosen), count), bool)
    np.put_along_axis(member, chosen, True, axis=1)
    return np.packbits(member, axis=1)


def _distinct(drawn: Bytes2d) -> Bytes2d:
    """The rows that repeat none before them, in their order."""
    keys = np.ascontiguousarray(drawn).view(np.dtype((np.void, drawn.shape[1]))).ravel()
    return drawn[np.sort(np.unique(keys, return_index=True)[1])]


def _sided(statistics: Doubles2d, alternative: Alternative) -> Doubles2d:
    """Statistics (P, m) so that the more extreme is the greater."""
    if alternative == "two-sided":
        return np.abs(statistics)
    return statistics if alternative == "greater" else -statistics


def _table(statistics: Doubles2d) -> Doubles2d:
    return statistics[:, None] if statistics.ndim == 1 else statistics
