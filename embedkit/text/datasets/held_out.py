"""Held-out texts: a fraction of the data, a file of their own, or other rows of the same table."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.reading import read_labeled


class ReadsLabeled(Protocol):
    """What reads labeled texts: `read_labeled`, or another function with its options chosen."""

    def __call__(self, source: Path, *, only: str | None) -> Labeled:
        """The texts of a file, those of the rows of a table that `only` names."""


def split_validation(
    data: Labeled,
    validation: str | float,
    *,
    seed: int = 1,
    only: str | None = None,
    numbers: bool = False,
    read: ReadsLabeled = read_labeled,
) -> tuple[Labeled, Labeled | None]:
    """The texts of training and the held-out ones, None if there are to be none.

    Args:
        data: labeled texts.
        validation: a fraction of each class to hold out, 0 for none; or a file of labeled texts. Where
            `only` chose rows of a table, "part=test" are its rows of which that is true.
        seed: the same seed holds out the same fraction.
        numbers: whether the labels are numbers, of whose range a fraction is held out evenly.
        only: what chose the rows of `data`, such as "part=train".
        read: what reads the file.

    Raises:
        InputError: a fraction that is too large or too small, or a file that cannot be read.

    Example:
        >>> from embedkit import read_labeled
        >>> from embedkit.shipped_files import shipped_path
        >>> from embedkit.text.datasets.held_out import split_validation
        >>> data = read_labeled(shipped_path("emoji/sentences.tsv"), only="part=train")
        >>> training, held_out = split_validation(data, "part=test", only="part=train")
        >>> len(training) == len(data), len(held_out) < len(data)
        (True, True)
    """
    fraction = held_out_fraction(validation)
    if fraction is not None:
        return data.split(fraction, seed, numbers=numbers) if fraction else (data, None)
    same_table = only is not None and "=" in str(validation)
    if same_table:
        return data, read(Path(data.name), only=str(validation))
    return data, read(Path(validation), only=None)  # type: ignore[arg-type]


def held_out_fraction(validation: str | float) -> float | None:
    """The fraction that is held out; None if a file is named."""
    try:
        return float(validation)
    except ValueError:
        return None
