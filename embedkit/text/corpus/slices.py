"""Tokenization of long lines in slices, which bounds the memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import tee
from operator import itemgetter

from embedkit.text.pipeline.pipeline import TextPipeline, is_local

SLICE = 1 << 12  # characters tokenized at once: few, as in ordinary lines, so that most slices are ASCII


def words_by_line(
    pipeline: TextPipeline, lines: Iterable[str], first: int
) -> Iterator[tuple[int, list[str]]]:
    """(number of the line, some of its words) over all lines, which are numbered from `first` on.

    A line of more than `SLICE` characters comes in several parts. It is cut before white space only, which is
    part of no token and composes with nothing; a run without white space stays whole, whatever its length.
    So does all of a line if the pipeline looks beyond white space, as functions, tags and phrases do.
    """
    slices, again = tee(_slices(lines, first) if is_local(pipeline) else enumerate(lines, first))
    words = pipeline.tokenize_all(map(itemgetter(1), slices))
    return zip(map(itemgetter(0), again), words, strict=True)


def _slices(lines: Iterable[str], first: int, size: int = SLICE) -> Iterator[tuple[int, str]]:
    """(number, slice) over all lines: (7, "a cat"), (7, " sat") if `lines` is ["a cat sat"], `size` is 3."""
    for number, line in enumerate(lines, first):
        if len(line) <= size:
            yield number, line
        else:
            for part in re.finditer(rf"(?s).{{{size}}}\S*|.+", line):
                yield number, part[0]
