"""The lines that a language model learns from, and those that are held out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from embedkit.errors import InputError
from embedkit.language_models.token_text import TokenText
from embedkit.progress import Progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.lines import read_lines
from embedkit.text.reading.texts_in_memory import Sources

MAX_HELD_OUT = 0.5


class SplitLines(NamedTuple):
    """Lines to learn from, and others to measure on, of which there may be none."""

    training: Sequence[str]
    held: Sequence[str]


def text_lines(
    sources: Sources,
    independent: bool,
    encoding_errors: str,
    reading: Reading | None,
    progress: Progress,
) -> list[str]:
    """All lines of a text; blank ones are lines, too, unless each line is a text by itself.

    Raises:
        InputError: text that cannot be read, or none at all.
    """
    lines = list(
        read_lines(
            sources,
            encoding_errors=encoding_errors,
            reading=reading,
            blank_lines=not independent,
            progress=progress,
        )
    )
    if not any(map(str.strip, lines)):
        raise InputError("expected text to learn from or to measure on, got none: no line has a token")
    return lines


def split_lines(lines: Sequence[str], fraction: float, independent: bool, seed: int) -> SplitLines:
    """A fraction of the lines held out: the last ones, or any of those that are texts by themselves.

    Raises:
        InputError: too few lines to hold some out.

    Example:
        >>> from embedkit.language_models.data import split_lines
        >>> split_lines(["a", "b", "c", "d"], 0.25, independent=False, seed=1)
        SplitLines(training=['a', 'b', 'c'], held=['d'])
    """
    if not 0 <= fraction <= MAX_HELD_OUT:
        raise InputError(
            f"expected a fraction of lines to hold out from 0 to {MAX_HELD_OUT}, got {fraction:g}"
        )
    if not fraction:
        return SplitLines(lines, [])
    count = max(1, round(len(lines) * fraction))
    if len(lines) < 2 or not any(map(str.strip, lines[: len(lines) - count])):
        raise InputError(
            f"expected more lines to hold out {fraction:.0%}, got {len(lines)}; give more text, break it "
            "into lines, or hold none out"
        )
    if not independent:
        return SplitLines(lines[:-count], lines[-count:])
    held = {*np.random.default_rng(seed).permutation(len(lines))[:count].tolist()}
    training = [line for number, line in enumerate(lines) if number not in held]
    return SplitLines(training, [lines[number] for number in sorted(held)])


def in_parts(text: TokenText, independent: bool) -> TokenText:
    """Lines as parts if they are independent, else as one."""
    return text if independent else TokenText(text.ids, text.offsets[[0, -1]])


def character_count(lines: Sequence[str]) -> int:
    """The characters of lines, each with its end."""
    return sum(map(len, lines)) + len(lines)
