"""`open_exploration`: a page about files of vectors."""

from __future__ import annotations

from pathlib import Path

from embedkit.explorer.exploration import Exploration, explore
from embedkit.vectors.downloaded import vectors_path
from embedkit.vectors.formats.pipes import is_pipe
from embedkit.vectors.shipped import ENGLISH, load


def open_exploration(
    path: Path | None,
    other: Path | None = None,
    *,
    most_frequent: int,
    categories: Path | None = None,
    largest: int | None = None,
) -> Exploration:
    """A page about a file of vectors, or two; see `explore` for the arguments and errors."""
    files = [vectors_path(given) for given in (path or ENGLISH, *filter(None, [other]))]
    spaces = [load(file) for file in files]
    names = [_name(file) for file in files]
    beside = [None if is_pipe(file) else file for file in files]
    return explore(
        spaces[0],
        spaces[1] if other else None,
        names=(names[0], names[-1] if names[-1] != names[0] else f"{names[-1]} (second)"),
        files=(beside[0], beside[-1]),
        most_frequent=most_frequent,
        categories=categories,
        largest=largest,
    )


def _name(path: Path) -> str:
    return path.name if path.suffix != ".safetensors" else path.stem
