"""Pages about files: `open_exploration` of vectors, `open_texts` of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.explorer.exploration import Exploration, explore
from embedkit.explorer.texts import explore_texts
from embedkit.files import check_regular
from embedkit.progress import SILENT, Progress
from embedkit.text.datasets.labels import Label
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_named_texts
from embedkit.vectors.downloaded import vectors_path
from embedkit.vectors.formats.pipes import is_pipe
from embedkit.vectors.shipped import ENGLISH, load

PLAIN = ("text_column", "header", "quoting", "encoding", "skip_bad_rows")  # of reading texts without labels


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


def open_texts(
    path: Path,
    vectors: Path | None,
    model: str | None,
    reading: Mapping[str, Any],
    *,
    most: int,
    seed: int = 1,
    largest: int | None = None,
    progress: Progress = SILENT,
) -> Exploration:
    """A page about the texts of a file, with their labels if it has some and a model's if one is named.

    `reading` are arguments of `read_labeled`; the others are those of `explore_texts`.

    Raises:
        InputError: the file cannot be read, or see `explore_texts`.
    """
    check_regular(path)
    if not path.exists():
        raise InputError(f"cannot read {path}: No such file or directory")
    texts, labels, told = _texts(path, reading)
    progress.note(f"{path}: {len(texts):,} texts; {told}")
    predictor = None
    if model is not None:
        from embedkit.model_files import load_predictor
        from embedkit.models.inference.predictor import Predictor, predictor_of

        predictor = predictor_of(load_predictor(model), Predictor)  # type: ignore[type-abstract]
    return explore_texts(
        texts, load(vectors), labels, predictor, name=path.name, most=most, seed=seed, largest=largest
    )


def _texts(path: Path, reading: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[Label] | None, str]:
    """The texts of a file, their labels if it has some, and where they were found."""
    try:
        data = read_labeled(path, **reading)
    except FormatError:
        raise
    except InputError:
        if reading.get("label_column") is not None or reading.get("label_first"):
            raise
        plain = {name: reading[name] for name in PLAIN if name in reading}
        named = read_named_texts(path, **plain)
        return named, None, named.columns
    return data.texts, data.labels, data.columns


def _name(path: Path) -> str:
    return path.name if path.suffix != ".safetensors" else path.stem
