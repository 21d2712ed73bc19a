"""Options of labelled texts, and the split of held-out texts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.datasets.dataset import Labelled, read_labelled
from embedkit.text.datasets.splitting import check_fraction
from embedkit.text.datasets.unlabelled import NamedTexts, read_named_texts

HELD_OUT = "0.1"


@dataclass(frozen=True, kw_only=True)
class LabelledDataOptions:
    """How labelled texts are found in a file; each field is an option of the commands that read some."""

    text_column: str | None = field(
        default=None,
        metadata={"help": "column of texts, by name or number; default: guessed and reported"},
    )
    label_column: str | None = field(
        default=None,
        metadata={"help": "column of labels, by name or number; default: guessed and reported"},
    )
    only: str | None = field(
        default=None,
        metadata={"help": "read only the rows with this value in a column, such as part=train"},
    )
    label_separator: str | None = field(
        default=None, metadata={"help": "separator between the labels of one text; not needed for JSON lists"}
    )
    label_end: str | None = field(
        default=None,
        metadata={"help": "cut labels at this text; with : the label COARSE:fine becomes COARSE"},
    )
    label_first: bool = field(
        default=False,
        metadata={"help": "the first word of each line of a .txt file is its label, without __label__"},
    )
    header: bool | None = field(
        default=None,
        metadata={"help": "the first row of a .csv or .tsv file has the column names; default: detected"},
    )
    quoting: bool | None = field(
        default=None, metadata={"help": "cells of a .csv or .tsv file may be quoted; default: detected"}
    )
    encoding: str = field(default="utf-8", metadata={"help": "encoding of the file, such as cp1252"})

    def read(self, path: Path, progress: Progress) -> Labelled:
        """The labelled texts in `path`; says which columns they are from."""
        progress.start(f"read {path.name}")
        data = read_labelled(path, **asdict(self))
        progress.finish(f"{len(data):,} texts, {len(data.counts)} labels; {data.columns}")
        return data

    def read_unlabelled(self, path: Path, progress: Progress) -> NamedTexts:
        """The texts in `path`, which may have other columns than labelled ones; says what it took."""
        progress.start(f"read {path.name}")
        told = {name: getattr(self, name) for name in ("text_column", "header", "quoting", "encoding")}
        texts = read_named_texts(path, **told)
        progress.finish(f"{len(texts):,} texts without labels; {texts.columns}")
        return texts


def split_validation(
    data: Labelled, validation: str, seed: int, options: LabelledDataOptions, progress: Progress
) -> tuple[Labelled, Labelled | None]:
    """The texts of training and the held-out ones: of a file, or a fraction of the data; none of "0".

    "part=test" are the rows of the same table of which that is true, in the place of those of --only.
    """
    fraction = held_out_share(validation)
    if fraction is None:
        same = options.only is not None and "=" in validation
        others = replace(options, only=validation if same else None)
        return data, others.read(Path(data.name if same else validation), progress)
    return data.split(fraction, seed) if fraction else (data, None)


def held_out_share(validation: str) -> float | None:
    """The share of the data that --validation says, None if it names a file."""
    try:
        return float(validation)
    except ValueError:
        return None


def check_data(data: Path, validation: str = "0", only: str | None = None) -> None:
    """Raise `InputError`, before anything is read, for texts that are not there or cannot be held out so."""
    fraction = held_out_share(validation)
    named = [data]
    if fraction is None and not (only is not None and "=" in validation):
        named.append(Path(validation))
    for path in named:
        if not path.exists():
            raise InputError(f"cannot read {path}: No such file or directory")
    if fraction:
        check_fraction(fraction)
