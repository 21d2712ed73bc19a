"""What trainers on co-occurrence counts take: counts, a file of them, or text that is counted first."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.corpus import Corpus
from embedkit.training.cooccurrence import Cooccurrences
from embedkit.training.counts_reading import is_counts
from embedkit.training.source import Documents, Paths

_BROUGHT_ALONG = ("window", "min_count", "max_vocabulary")  # settings of counting that counts tell


class CountingTrainer(Protocol):
    """The fields of a trainer that say how text is counted.

    None stands for what counts in a file were made with, or for the default of `Counting`.
    """

    @property
    def window(self) -> int | None: ...  # noqa: D102
    @property
    def min_count(self) -> int | None: ...  # noqa: D102
    @property
    def max_vocabulary(self) -> int | None: ...  # noqa: D102
    @property
    def memory(self) -> str | int: ...  # noqa: D102
    @property
    def workers(self) -> int | None: ...  # noqa: D102


def counts_of(
    source: Cooccurrences | Corpus | Paths | Documents, trainer: CountingTrainer, progress: Progress
) -> Cooccurrences:
    """The counts that `source` is, or those made of it.

    Raises:
        InputError: counts were made with other settings than the trainer's, or cannot be made.
    """
    wanted = {name: value for name in _BROUGHT_ALONG if (value := getattr(trainer, name)) is not None}
    if isinstance(source, str | Path) and is_counts(source):
        source = Cooccurrences.open(source)
    if not isinstance(source, Cooccurrences):
        return Cooccurrences.count(
            source, **wanted, memory=trainer.memory, workers=trainer.workers, progress=progress
        )
    for name, value in wanted.items():
        if source.recipe[name] != value:
            raise InputError(
                f"{name}={value} cannot apply to counts made with {name}={source.recipe[name]}; "
                f"leave {name} out, or count again"
            )
    return source
