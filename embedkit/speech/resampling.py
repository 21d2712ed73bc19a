"""Sampling rates changed block by block, with the bytes that the whole recording would give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import gcd

import numpy as np

from embedkit.arrays import Floats1d

NEIGHBORS = 10  # samples of the lower rate on either side that a sample is made of


def resampled(blocks: Iterable[Floats1d], given: int, wanted: int) -> Iterator[Floats1d]:
    """Blocks of samples at another rate, by scipy's polyphase filter; together as long as at the first.

    Args:
        blocks: of float32, one behind the other.
        given: their samples per second.
        wanted: those of the blocks that come out.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.resampling import resampled
        >>> blocks = [np.ones(1000, np.float32)] * 3
        >>> sum(map(len, resampled(blocks, 8000, 4000)))
        1500
    """
    if given == wanted:
        yield from blocks
        return
    from scipy.signal import firwin, resample_poly

    shared = gcd(given, wanted)
    up, down = wanted // shared, given // shared
    half = NEIGHBORS * max(up, down)
    taps = firwin(2 * half + 1, 1 / max(up, down), window=("kaiser", 5.0)).astype(np.float32)
    context = -(-half // (up * down)) * down  # samples on each side that make a difference
    pending, before = np.zeros(0, np.float32), 0
    for block in blocks:
        pending = np.concatenate([pending, block])
        ready = (len(pending) - before - context) // down * down
        if ready > 0:
            made = resample_poly(pending[: before + ready + context], up, down, window=taps)
            yield made[before // down * up :][: ready // down * up]
            kept = min(before + ready, context)
            pending, before = pending[before + ready - kept :], kept
    made = resample_poly(pending, up, down, window=taps) if len(pending) > before else pending[:0]
    yield made[before // down * up :]
