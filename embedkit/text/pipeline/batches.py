"""Texts tokenized in batches: by compiled code where there are enough of them to be worth loading it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from embedkit.text.text_batches import text_batches

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
            yield from _tokens_of_lines(compiled(), stored, len(batch))
        else:
            yield from tokenize(batch)


def _lines(texts: list[str]) -> bytes | None:
    """The texts as lines of UTF-8; None if they cannot be."""
    lines = "\n".join(text.replace("\n", " ") for text in texts)
    if lines.startswith(MARK) or f"\n{MARK}" in lines:
        return None
    try:
        return lines.encode()
    except UnicodeEncodeError:
        return None


def _tokens_of_lines(compiled: CompiledPipeline, lines: bytes, count: int) -> Iterator[list[str]]:
    numbered, _ = compiled.number(lines)
    words = list(numbered.words)
    bounds = np.zeros(count + 1, np.int64)
    bounds[numbered.lines + 1] = np.diff(numbered.offsets)
    ids = numbered.ids.tolist()
    for begin, end in pairwise(np.cumsum(bounds).tolist()):
        yield [words[number] for number in ids[begin:end]]
