"""Long recordings in pieces that are read on their own, cut where they are quietest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from embedkit.arrays import Floats1d

LONGEST = 20.0  # seconds of a piece
QUIET = 0.2  # seconds whose energy tells where it is quiet
STEP = 0.02  # seconds from place to place that is looked at


def pieces(blocks: Iterable[Floats1d], rate: int, longest: float = LONGEST) -> Iterator[tuple[int, Floats1d]]:
    """The pieces of a recording, of `longest` seconds at most, and the sample at which each begins.

    A piece ends in the middle of the quietest moment of its second half, and the next one begins there; the
    last ends where the recording does. No more than a piece and a block is held in memory.

    Args:
        blocks: samples, float32, one block behind the other.
        rate: samples per second.
        longest: seconds of a piece.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.pieces import pieces
        >>> loud, quiet = np.ones(700, np.float32), np.zeros(100, np.float32)
        >>> [(begin, len(piece)) for begin, piece in pieces([loud, quiet, loud], 100, longest=10)]
        [(0, 750), (750, 750)]
    """
    size = max(2, int(longest * rate))
    pending, begin = np.zeros(0, np.float32), 0
    for block in blocks:
        pending = np.concatenate([pending, block])
        while len(pending) > size:
            end = quietest(pending[:size], rate)
            yield begin, pending[:end]
            pending, begin = pending[end:], begin + end
    if len(pending):
        yield begin, pending


def quietest(samples: Floats1d, rate: int) -> int:
    """The sample in the middle of the quietest moment in the second half; of equal ones the middle one."""
    width, step = max(1, int(QUIET * rate)), max(1, int(STEP * rate))
    half = len(samples) // 2
    sums = np.concatenate([[0.0], np.cumsum(np.square(samples[half:], dtype=np.float64))])
    if len(sums) <= width:
        return len(samples)
    energies = (sums[width:] - sums[:-width])[::step]
    equal = np.flatnonzero(energies <= energies.min() + 1e-9)
    return half + int(equal[len(equal) // 2]) * step + width // 2
