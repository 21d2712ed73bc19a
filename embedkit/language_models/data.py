"""The lines that a language model learns from, and those that are held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.errors import InputError
from embedkit.language_models.parameters import TokenParameters
from embedkit.language_models.perplexity import Perplexity, perplexity_of
from embedkit.language_models.token_predictor import TokenPredictor
from embedkit.language_models.token_text import TokenText
from embedkit.language_models.token_units import TokenUnits, learn_units
from embedkit.progress import SILENT, Progress
from embedkit.shipped_files import shipped_path
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.lines import read_lines
from embedkit.text.reading.texts_in_memory import Sources

MAX_HELD_OUT = 0.5
CREATURES = "creatures"  # names that ship


def named_sources(sources: Sources) -> Sources:
    """Sources, of which "creatures" stands for the names that ship, unless there is such a file.

    Example:
        >>> from embedkit.language_models.data import named_sources
        >>> [path.name for path in named_sources(["creatures"])]
        ['creatures.txt']
    """
    if isinstance(sources, str):
        sources = [sources]
    if not isinstance(sources, list | tuple):
        return sources
    named: Sources = [
        shipped_path("creatures.txt") if source == CREATURES and not Path(CREATURES).exists() else source
        for source in sources
    ]
    return named


def excluded_lines(source: Sources) -> set[str]:
    """The lines of a text that texts which are made shall not be."""
    return {*text_lines(source, True, "strict", None, SILENT)}


class LanguageData(NamedTuple):
    """Text as a language model learns it.

    Args:
        units: its tokens.
        training: to be learned from.
        held: to be measured on, None if nothing is held out.
        held_characters: of the latter, the ends of lines included.
    """

    units: TokenUnits
    training: TokenText
    held: TokenText | None
    held_characters: int

    def measured(self, models: Mapping[str, TokenPredictor]) -> dict[str, Perplexity]:
        """How well models predict what is held out; nothing if nothing is."""
        if self.held is None:
            return {}
        return {
            name: perplexity_of(self.held, self.held_characters, model.log_probabilities(self.held))
            for name, model in models.items()
        }


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
            named_sources(sources),
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


def language_data(
    sources: Sources,
    validation: float | Sources,
    parameters: TokenParameters,
    *,
    seed: int,
    encoding_errors: str,
    reading: Reading | None,
    progress: Progress,
) -> LanguageData:
    """The tokens of a text, and the text as their numbers.

    Args:
        sources: the text.
        validation: another one to measure on, or the fraction of the lines that is held out for it.
        parameters: what tokens are.
        seed: of the choice of independent lines that are held out.
        encoding_errors: of raw text, as in `Corpus.encode`.
        reading: how texts are found in files, as in `Corpus.encode`.
        progress: where it is reported.

    Raises:
        InputError: text that cannot be read, or none at all.
    """
    apart = parameters.independent_lines
    lines: Sequence[str] = text_lines(sources, apart, encoding_errors, reading, progress)
    if isinstance(validation, int | float):
        lines, held = split_lines(lines, validation, apart, seed)
    else:
        held = text_lines(validation, apart, encoding_errors, reading, progress)
    units, text = learn_units(lines, parameters, progress)
    measured = in_parts(units.encode(held), apart) if held else None
    return LanguageData(units, in_parts(text, apart), measured, character_count(held))
