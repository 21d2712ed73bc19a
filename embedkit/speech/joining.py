"""`join_recordings`: recordings one behind the other with pauses, as material to train on or to try out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.arrays import Doubles1d, Floats1d
from embedkit.errors import InputError


def join_recordings(
    recordings: Sequence[Floats1d],
    rate: int,
    *,
    pauses: tuple[float, float] = (0.1, 0.5),
    ends: bool = True,
    generator: np.random.Generator,
) -> tuple[Floats1d, Doubles1d]:
    """Recordings joined with pauses of silence, and when each begins and ends.

    Args:
        recordings: n of them, float32, all at the same rate.
        rate: samples per second.
        pauses: the shortest and the longest pause in seconds; each is drawn evenly.
        ends: whether pauses also stand before the first recording and behind the last.
        generator: draws them.

    Returns:
        The samples, float32, and float64 (n, 2): the seconds at which each recording begins and ends.

    Raises:
        InputError: no recordings, or pauses that are none.

    Example:
        >>> import numpy as np
        >>> from embedkit import join_recordings
        >>> ones = np.ones(80, np.float32)
        >>> joined, times = join_recordings(
        ...     [ones, ones], 8000, pauses=(0.1, 0.1), ends=False, generator=np.random.default_rng(1)
        ... )
        >>> len(joined), times.tolist()
        (960, [[0.0, 0.01], [0.11, 0.12]])
    """
    shortest, longest = pauses
    if not recordings or not 0 <= shortest <= longest < np.inf:
        raise InputError(
            f"expected recordings, and pauses of at least 0 seconds, the shortest first, got "
            f"{len(recordings)} recordings and pauses of {pauses}"
        )
    drawn = (generator.uniform(shortest, longest, len(recordings) + 1) * rate).astype(np.int64)
    if not ends:
        drawn[[0, -1]] = 0
    parts: list[Floats1d] = [np.zeros(drawn[0], np.float32)]
    times = np.zeros((len(recordings), 2))
    at = int(drawn[0])
    for number, (recording, pause) in enumerate(zip(recordings, drawn[1:].tolist(), strict=True)):
        times[number] = at, at + len(recording)
        parts += [recording, np.zeros(pause, np.float32)]
        at += len(recording) + pause
    return np.concatenate(parts), times / rate
