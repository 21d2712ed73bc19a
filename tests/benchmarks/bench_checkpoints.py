"""What checkpoints cost: seconds and share of a training of word2vec with 300 dimensions on Simple Wikipedia.

`python -m tests.benchmarks.bench_checkpoints [MINUTES ...]`, with $EMBEDKIT_DATA set; by default the interval
that commands have, and a short one. Seconds are those of the processor, which a busy machine does not change,
and of the clock.
"""

import sys
import tempfile
import time
from pathlib import Path

from embedkit import Checkpoint, Corpus, Word2Vec
from embedkit.checkpoints import MINUTES
from embedkit.saver import Saver
from tests.benchmarks.data import find, skipped

SETTINGS = {"vector_size": 300, "epochs": 10, "workers": 1}
SHORT = 0.5


class Measured(Checkpoint):
    """Keeps what each checkpoint took, in seconds of the processor and of the clock."""

    def __enter__(self):
        self.taken, self.size, save = [], 0, Saver.save

        def measured(saver, *state):
            before = time.process_time(), time.monotonic()
            save(saver, *state)
            self.taken.append((time.process_time() - before[0], time.monotonic() - before[1]))
            self.size = sum(path.stat().st_size for path in self.folder.iterdir())

        self._put_back = lambda: setattr(Saver, "save", save)
        Saver.save = measured
        return super().__enter__()

    def __exit__(self, *error):
        self._put_back()
        return super().__exit__(*error)


def run(intervals=(MINUTES, SHORT)):
    """Rows of (minutes between checkpoints, what was measured)."""
    if not (source := find("simplewiki.txt")):
        return skipped("checkpoints")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.encode(source, Path(folder, "corpus"))
        return [_row(corpus, Path(folder, "made"), minutes) for minutes in intervals]


def _row(corpus, target, minutes):
    before = time.process_time(), time.monotonic()
    with Measured(target, minutes=minutes) as checkpoint:
        Word2Vec(**SETTINGS).train(corpus, checkpoint=checkpoint)
    processor, clock = time.process_time() - before[0], time.monotonic() - before[1]
    costs = [sum(column) for column in zip(*checkpoint.taken, strict=True)] or [0.0, 0.0]
    count = len(checkpoint.taken)
    each = f", {costs[0] / count:.2f} s each ({costs[1] / count:.2f} s by the clock)" if count else ""
    return (
        f"every {minutes:g} minutes",
        f"{count} checkpoints of {checkpoint.size / 1e6:,.0f} MB{each}: {costs[0] / processor:.2%} of "
        f"{processor:.0f} s of the processor, {costs[1] / clock:.2%} of {clock:.0f} s by the clock",
    )


if __name__ == "__main__":
    for name, told in run(tuple(map(float, sys.argv[1:])) or (MINUTES, SHORT)):
        sys.stdout.write(f"{name}: {told}\n")
