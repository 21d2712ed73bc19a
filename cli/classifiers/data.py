"""Options of labelled texts, and the split of held-out texts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from embedkit.progress import Progress
from embedkit.text.datasets.dataset import Labelled
from embedkit.text.datasets.reading import read_labelled
from embedkit.text.datasets.unlabelled import NamedTexts, read_named_texts
from embedkit_cli.classifiers.text_files import TextFileOptions

HELD_OUT = "0.1"


@dataclass(frozen=True, kw_only=True)
class LabelledDataOptions(TextFileOptions):
    """How labelled texts are found in a file; each field is an option of the commands that read some."""

    label_column: str | None = field(
        default=None,
        metadata={"help": "column of labels, by name or number; default: guessed and reported"},
    )
    only: str | None = field(
        default=None,
        metadata={"help": "read only the rows with this value in a column, such as part=train"},
    )
    label_separator: str | None = field(
        default=None, metadata={"help": "separator between the labels of one text; not needed for lists"}
    )
    label_end: str | None = field(
        default=None,
        metadata={"help": "cut labels at this text; with : the label COARSE:fine becomes COARSE"},
    )

    def read(self, path: Path, progress: Progress) -> Labelled:
        """The labelled texts in `path`; says which columns they are from."""
        progress.start(f"read {path.name}")
        data = read_labelled(path, **asdict(self))
        progress.finish(f"{len(data):,} texts, {len(data.counts)} labels; {data.columns}")
        return data

    def read_unlabelled(self, path: Path, progress: Progress) -> NamedTexts:
        """The texts in `path`, which may have other columns than labelled ones; says what it took."""
        progress.start(f"read {path.name}")
        told = {each.name: getattr(self, each.name) for each in fields(TextFileOptions)}
        del told["label_first"]  # it tells of the texts with labels
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
