"""`Checkpoint`: what long work saves now and then, from which the same work goes on after an interruption.

Checkpoints lie in a hidden folder beside the file that is to be written (`leftovers.unfinished_folder`):
locked while a run works on that file, kept for a week after a run that did not come to its end, and removed
once the file is written. Each is named by its job, all that decides what comes out, so that what other
settings or another text have left is never taken for one's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from embedkit.errors import InputError
from embedkit.files import check_writable
from embedkit.leftovers import unfinished_folder, unfinished_path

MINUTES = 5.0  # between two checkpoints
SUFFIX = ".checkpoint"


def no_stop() -> None:
    """Nobody asks for a stop."""


class Checkpoint:
    """Saves what is being made beside the file it is for, and finds what an interrupted run saved there.

    Hand it to `train` or `count` within its `with` block, and write the file there, too: when the block ends
    well, what was saved is removed. When it ends by an exception, or the process is killed, it stays for a
    week, and the same call goes on from there. What is computed in a fixed order (one worker,
    `deterministic`, GloVe, networks) then gives the same bytes as if nothing had happened.

    Args:
        target: the file that is being made.
        minutes: from the end of a checkpoint to the next; more if saving takes over 2 % of that. 0 for none
            but where `stop` asks for one.
        restart: begin anew, and remove what was saved.
        stop: asked after each step; an exception that it returns is raised when the state is saved.

    Raises:
        InputError: a number out of range, or the target cannot be written.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from embedkit import Checkpoint, Word2Vec
        >>> documents = [["a", "cat", "purrs"], ["a", "dog", "barks"]] * 50
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     target = Path(folder, "vectors.safetensors")
        ...     with Checkpoint(target) as checkpoint:
        ...         trainer = Word2Vec(vector_size=8, min_count=1, sample=0)
        ...         trainer.train(documents, checkpoint=checkpoint).save(target)
        ...     [path.name for path in Path(folder).iterdir()]
        ['vectors.safetensors']
    """

    def __init__(
        self,
        target: str | Path,
        *,
        minutes: float = MINUTES,
        restart: bool = False,
        stop: Callable[[], BaseException | None] = no_stop,
    ) -> None:
        if not 0 <= minutes < math.inf:
            raise InputError(f"minutes must be 0 or more, got {minutes!r:.80}")
        self.target, self.minutes, self.stop = Path(target), minutes, stop
        self._restart = restart
        self._folder: Path | None = None
        self.job = ""  # what names files
        self.running = False  # whether `stop` is being asked

    def __repr__(self) -> str:
        return f"Checkpoint({str(self.target)!r}, minutes={self.minutes:g})"

    def __enter__(self) -> Self:
        check_writable(self.target)
        real = self.target.resolve()
        kept = unfinished_folder(real.parent, real.name, f"*{SUFFIX}", (BaseException,))
        with ExitStack() as block:
            self._folder = block.enter_context(kept)
            if self._restart:
                for path in filter(Path.is_file, self._folder.iterdir()):
                    path.unlink()
            self._block = block.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder = None
        self._block.__exit__(kind, error, trace)

    @property
    def folder(self) -> Path:
        """Where it is saved.

        Raises:
            InputError: outside the `with` block.
        """
        if self._folder is None:
            raise InputError(f"{self!r} is to be used in a with block, which removes it at the end")
        return self._folder

    def beside(self, suffix: str) -> Path:
        """A file of the present job, to be kept and removed with its checkpoint."""
        return self.folder / (self.job + suffix)

    @property
    def lasts(self) -> bool:
        """Whether the folder is kept for the next run: no other one uses it, and it can be locked."""
        real = self.target.resolve()
        return self.folder == unfinished_path(real.parent, real.name)
