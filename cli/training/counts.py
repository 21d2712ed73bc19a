"""Counts on the command line: a file of them where text could be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from embedkit import Cooccurrences, Corpus
from embedkit.progress import Progress
from embedkit.training.counts.file_reading import is_counts
from embedkit_cli.training.raw_text import Reading


@contextmanager
def training_source(
    reading: Reading, inputs: Sequence[str], workers: int | None, progress: Progress
) -> Iterator[Cooccurrences | Corpus]:
    """The counts that are the only one of `inputs`, or the corpus that `reading` makes of them."""
    files = [name for name in inputs if is_counts(name)]
    if not files:
        with reading.corpus_of(inputs, workers, progress) as corpus:
            yield corpus
    else:
        reading.check_alone(files[0], inputs, "holds counts", "of tokenized text")
        yield Cooccurrences.open(files[0])
