"""Texts tokenized in batches: by compiled code where there are enough of them to be worth loading it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedkit.text.sequences.sequences import Sequences, joined, offsets_of, parts
from embedkit.text.text_batches import text_batches
from embedkit.text.tokenization.numbered import numbering

if TYPE_CHECKING:
    from embedkit.text.pipeline.compiled import CompiledPipeline

BATCH = 1 << 22  # characters
MARK = "\ufeff"  # passed over by compiled code where it begins a line

Tokenize = Callable[[Iterable[str]], Iterator[list[str]]]


def tokenize_in_batches(
    texts: Iterable[str], tokenize: Tokenize, compiled: Callable[[], CompiledPipeline]
) -> Iterator[list[str]]:
    """The tokens of each text.

    Args:
        texts: read ahead, up to `BATCH` characters.
        tokenize: gives the tokens of a few texts.
        compiled: gives what does the same for many.
    """
    for batch, characters in text_batches(texts, BATCH):
        if characters >= BATCH and (stored := _lines(batch)) is not None:
            words, sequences = _numbered_lines(compiled(), stored, len(batch))
            yield from parts(list(map(words.__getitem__, sequences.ids.tolist())), sequences.offsets)
        else:
            yield from tokenize(batch)


def number_in_batches(
    texts: Iterable[str], tokenize: Tokenize, compiled: Callable[[], CompiledPipeline] | None
) -> Iterator[tuple[Sequence[str], Sequences]]:
    """The different tokens of each batch of texts, and their numbers in each of its texts.

    The arguments are those of `tokenize_in_batches`; without `compiled` code all texts go to `tokenize`.
    """
    for batch, characters in text_batches(texts, BATCH):
        if compiled and characters >= BATCH and (stored := _lines(batch)) is not None:
            yield _numbered_lines(compiled(), stored, len(batch))
        else:
            numbers = numbering()
            sequences = joined(map(numbers.__getitem__, tokens) for tokens in tokenize(batch))
            yield list(numbers), sequences


def _lines(texts: list[str]) -> bytes | None:
    """The texts as lines of UTF-8; None if they cannot be."""
    lines = "\n".join(text.replace("\n", " ") for text in texts)
    if lines.startswith(MARK) or f"\n{MARK}" in lines:
        return None
    try:
        return lines.encode()
    except UnicodeEncodeError:
        return None


def _numbered_lines(compiled: CompiledPipeline, lines: bytes, count: int) -> tuple[Sequence[str], Sequences]:
    """The different tokens of so many lines, and their numbers in each line."""
    numbered, _ = compiled.number(lines)
    lengths = np.zeros(count, np.int64)
    lengths[numbered.lines] = np.diff(numbered.offsets)
    return list(numbered.words), Sequences(numbered.ids, offsets_of(lengths))
