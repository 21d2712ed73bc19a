"""The memory limit of counting, and how it is divided."""

from __future__ import annotations

import re
from dataclasses import dataclass

from embedkit.errors import InputError

_SIZE = re.compile(r"(\d{1,20}(?:\.\d+)?)\s*([KMGT]?)(i?)B?", re.IGNORECASE)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}

_WORKER = 8 + 8 + 4 + 1  # bytes a word: sums, places in the index, touched columns and bits
_SHARED = 7 * 8  # bytes a word: starts, totals, bounds, offsets and what computing them takes
_ENTRY = 4 + 8 + 4  # bytes of an entry of a piece: column, sum and count
_POSITION = 4 + 4  # bytes of a position of a chunk: word and its place in the index
_MAX_ENTRIES = 1 << 18  # of a piece: they stay in the cache
_MAX_POSITIONS = (1 << 31) - 64  # of a chunk: positions are int32


def parse_memory(memory: str | int) -> int:
    """Bytes: "4GB" gives 4,000,000,000, "512MiB" 536,870,912; a number is itself.

    Raises:
        InputError: it is no amount of memory.
    """
    if not isinstance(memory, str):
        amount = int(memory)
    elif match := _SIZE.fullmatch(memory.strip()):
        number, prefix, binary = match.groups()
        amount = int(float(number) * (1024 if binary else 1000) ** _POWERS[prefix.upper()])
    else:
        raise InputError(f'memory must be like "4GB", "500MB" or a number of bytes, got {memory!r}')
    if amount < 1:
        raise InputError(f"memory must be more than 0, got {memory!r}")
    return amount


def format_memory(amount: int) -> str:
    """An amount of bytes that is at least this one, as `parse_memory` takes it: 1,234 gives "2KB"."""
    for prefix in ("K", "M", "G"):
        amount = -(-amount // 1000)
        if amount < 1000 or prefix == "G":
            break
    return f"{amount}{prefix}B"


@dataclass(frozen=True)
class Plan:
    """How counting shares out its memory.

    Attributes:
        workers: threads, each with an accumulator as long as the vocabulary.
        positions: the length of a chunk of text. What is counted of more text than that is a run, and runs
            are merged.
        entries: the most entries of the matrix that a thread makes before they are written.
    """

    workers: int
    positions: int
    entries: int

    @classmethod
    def of(cls, memory: str | int, size: int, window: int, workers: int) -> Plan:
        """The plan for a vocabulary of `size` words.

        Raises:
            InputError: the memory is too small to work with; says the minimum that would do.
        """
        fixed = size * (workers * _WORKER + _SHARED)
        min_positions = 2 * size * workers + 4 * window + 64  # merging takes the place of the chunk
        pieces = (workers + 1) * _ENTRY
        minimum = fixed + pieces * size + _POSITION * min_positions
        amount = parse_memory(memory)
        if amount < minimum:
            raise InputError(
                f"memory={memory!r} is too little for {size:,} words and {workers} workers, which take "
                f'"{format_memory(minimum)}" at least; allow more, or use fewer workers or words'
            )
        entries = max(size, min((amount - fixed) // (8 * pieces), _MAX_ENTRIES))
        positions = (amount - fixed - pieces * entries) // _POSITION
        return cls(workers, min(positions, _MAX_POSITIONS), entries)
