"""Folders with a sub-folder a class, in which each text file is a text."""

from __future__ import annotations

import warnings
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.bad_rows import SHOWN
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.label_values import label_text
from embedkit.text.datasets.lines import whole_text
from embedkit.text.formats.compression import SUFFIXES
from embedkit.text.formats.sources import TEXT_SUFFIXES

UNLABELED = "unsup"  # the folder of reviews without a label in the Large Movie Review Dataset


def read_class_folder(folder: Path, encoding: str, skip_bad_rows: bool = False) -> Labeled:
    """The texts of a folder that has a sub-folder a class.

    Args:
        folder: the folder.
        encoding: of its files.
        skip_bad_rows: leave out files that are not in this encoding, with a warning.

    Raises:
        InputError: no text in sub-folders, or texts in folders within them.
        FormatError: a file that is not in this encoding.
    """
    classes = [path for path in _folders(folder) if path.name != UNLABELED]
    files = [(path, kind.name) for kind in classes for path in sorted(kind.iterdir()) if _is_text(path)]
    _check_depth(folder, classes)
    if not files:
        raise InputError(
            f"expected a sub-folder for each class with {TEXT_SUFFIXES[0]} files in it "
            f"(plain or {', '.join(SUFFIXES)}), got the folder {folder} without any"
        )
    _warn_of_folders(folder, classes, {name for _, name in files})
    read = [(path, name, _text(path, encoding, skip_bad_rows)) for path, name in files]
    if bad := [path for path, _, text in read if text is None]:
        _warn(f"{folder}: {len(bad):,} files that cannot be read were left out, such as {bad[0]}")
    if empty := [path for path, _, text in read if text is not None and not text.strip()]:
        _warn(f"{len(empty)} empty texts, such as {empty[0]}")
    pairs = [(text, label_text(name) or name) for _, name, text in read if text is not None]
    texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
    return Labeled(texts, labels, str(folder), "labels from the names of sub-folders")


def _text(path: Path, encoding: str, skip_bad_rows: bool) -> str | None:
    """The text in a file; None of one that cannot be read, if that shall not be an error."""
    try:
        return whole_text(path, encoding)
    except FormatError:
        if skip_bad_rows:
            return None
        raise


def _warn_of_folders(folder: Path, classes: list[Path], with_texts: set[str]) -> None:
    """Warn of folders that are no classes."""
    bare = [kind.name for kind in classes if kind.name not in with_texts]
    if bare:
        _warn(f"{folder}: no {TEXT_SUFFIXES[0]} file in {', '.join(bare[:SHOWN])}, so no such class")
    if (folder / UNLABELED).is_dir():
        _warn(f"{folder}: {UNLABELED} holds texts without labels, so it is no class")


def _check_depth(folder: Path, classes: list[Path]) -> None:
    """Raise `InputError` if texts lie deeper than in sub-folders, which then are no classes."""
    deeper = [
        kind for kind in classes if any(_is_text(path) for sub in _folders(kind) for path in sub.iterdir())
    ]
    if deeper:
        raise InputError(
            f"expected a sub-folder for each class, got the folder {folder}, whose sub-folders hold folders "
            f"of texts; name one of them, such as {deeper[0]}"
        )


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder, sorted, without hidden ones."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _is_text(path: Path) -> bool:
    return path.name.lower().endswith(TEXT_SUFFIXES) and not path.name.startswith(".") and path.is_file()


def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=4)
