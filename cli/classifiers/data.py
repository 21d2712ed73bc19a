"""Options of labeled texts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import ClassVar

from embedkit.errors import InputError
from embedkit.hyperparameters import described
from embedkit.progress import Progress
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.held_out import held_out_fraction, split_validation
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.splitting import check_fraction
from embedkit.text.datasets.unlabeled import NamedTexts, read_named_texts
from embedkit_cli.classifiers.text_files import TextFileOptions

HELD_OUT = "0.1"


@dataclass(frozen=True, kw_only=True)
class DataOptions(TextFileOptions):
    """How texts with labels or numbers are found in a file."""

    numbers: ClassVar[bool] = False  # whether the labels are numbers to be predicted

    label_column: str | None = described(
        None, "column of labels, by name or number; default: guessed and reported"
    )
    only: str | None = described(None, "read only the rows with this value in a column, such as part=train")

    def split(
        self, data: Labeled, validation: str, seed: int, progress: Progress
    ) -> tuple[Labeled, Labeled | None]:
        """The texts of training and the held-out ones that --validation names."""

        def read(source: Path, *, only: str | None) -> Labeled:
            return replace(self, only=only).read(source, progress)

        return split_validation(data, validation, seed=seed, only=self.only, numbers=self.numbers, read=read)

    def read(self, path: Path, progress: Progress) -> Labeled:
        """The labeled texts in `path`; says which columns they are from."""
        progress.start(f"read {path.name}")
        data = read_labeled(path, **asdict(self), numbers=self.numbers)
        what = "" if self.numbers else f", {len(data.counts)} labels"
        progress.finish(f"{len(data):,} texts{what}; {data.columns}")
        return data

    def read_unlabeled(self, path: Path, progress: Progress) -> NamedTexts:
        """The texts in `path`, which may have other columns than labeled ones; says what it took."""
        progress.start(f"read {path.name}")
        told = {each.name: getattr(self, each.name) for each in fields(TextFileOptions)}
        del told["label_first"]  # it tells of the texts with labels
        texts = read_named_texts(path, **told)
        progress.finish(f"{len(texts):,} texts without labels; {texts.columns}")
        return texts


@dataclass(frozen=True, kw_only=True)
class LabeledDataOptions(DataOptions):
    """How labeled texts are found in a file; each field is an option of the commands that read some."""

    label_separator: str | None = described(
        None, "separator between the labels of one text; not needed for lists"
    )
    label_end: str | None = described(
        None, "cut labels at this text; with : the label COARSE:fine becomes COARSE"
    )


@dataclass(frozen=True, kw_only=True)
class NumberedDataOptions(DataOptions):
    """How texts with a number each are found in a file."""

    numbers: ClassVar[bool] = True

    label_column: str | None = described(
        None, "column of numbers, by name or number; default: guessed and reported"
    )


def check_data(data: Path, validation: str = "0", only: str | None = None) -> None:
    """Raise `InputError`, before anything is read, for texts that are not there or cannot be held out so."""
    fraction = held_out_fraction(validation)
    named = [data]
    if fraction is None and not (only is not None and "=" in validation):
        named.append(Path(validation))
    for path in named:
        if not path.exists():
            raise InputError(f"cannot read {path}: No such file or directory")
    if fraction:
        check_fraction(fraction)
