"""Classifiers on the command line: the options by which texts and labels are read, and the models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedkit.progress import Progress
from embedkit.text.datasets.dataset import Labelled, read_labelled
from embedkit.text.datasets.unlabelled import NamedTexts, read_named_texts
from embedkit_cli.classifiers.models import EMOJIFY
from embedkit_cli.shared.inputs import given

if TYPE_CHECKING:
    from embedkit.models.assessment.report import Assessment
    from embedkit.models.estimator import TextEstimator

FOREIGN = 0.5  # share of unknown words from which texts seem to be of another language
HELD_OUT = "0.1"


@dataclass(frozen=True, kw_only=True)
class LabelledReading:
    """How labelled texts are found in a file; each field is an option of the commands that read some."""

    text_column: str | None = field(
        default=None,
        metadata={"help": "the column of texts, by name or number; guessed and said if left out"},
    )
    label_column: str | None = field(
        default=None,
        metadata={"help": "the column of labels, by name or number; guessed and said if left out"},
    )
    only: str | None = field(
        default=None,
        metadata={"help": "leave out all rows of DATA but those with this COLUMN=VALUE, such as part=train"},
    )
    label_separator: str | None = field(
        default=None, metadata={"help": "what parts several labels of a text; JSON lists need none"}
    )
    label_end: str | None = field(
        default=None,
        metadata={"help": "where the labels that are kept end; with : the label COARSE:fine is COARSE"},
    )
    label_first: bool = field(
        default=False,
        metadata={"help": "whether the first word of each line of a .txt is its label, with no __label__"},
    )
    header: bool | None = field(
        default=None,
        metadata={"help": "whether the first row of csv or tsv names columns; default: by its looks"},
    )
    quoting: bool | None = field(
        default=None, metadata={"help": "whether quotes enclose cells of csv or tsv; default: by their looks"}
    )
    encoding: str = field(default="utf-8", metadata={"help": "the encoding of the text, such as latin-1"})

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
    data: Labelled, validation: str, seed: int, reading: LabelledReading, progress: Progress
) -> tuple[Labelled, Labelled | None]:
    """The texts to learn from and those to judge by: of a file, or a share of the data; none of "0".

    "part=test" are the rows of the same table of which that is true, in the place of those of --only.
    """
    fraction = held_out_share(validation)
    if fraction is None:
        same = reading.only is not None and "=" in validation
        others = replace(reading, only=validation if same else None)
        return data, others.read(Path(data.name if same else validation), progress)
    return data.split(fraction, seed) if fraction else (data, None)


def held_out_share(validation: str) -> float | None:
    """The share of the data that --validation says, None if it names a file."""
    try:
        return float(validation)
    except ValueError:
        return None


def open_model(path: Path | None) -> TextEstimator:
    """The classifier in a file, or the one that ships."""
    from embedkit.model_files import load_model

    return load_model(path)


def judge(model: TextEstimator, data: Labelled, progress: Progress) -> Assessment:
    """A model's scores on labelled texts; says what of them it does not know."""
    from embedkit.models.assessment.report import assess
    from embedkit.models.targets import labels_from_text

    progress.start(f"classify {Path(data.name).name}")
    if model.kind == EMOJIFY:
        labels = model.emoji_of(data.labels)  # type: ignore[attr-defined]
    else:
        labels = labels_from_text(data.labels, model.targets_)
    likely, unknown = model.proba_and_unknown(data.texts)
    assessment = assess(model.targets_, likely, labels)
    progress.finish(f"{len(data):,} texts, {unknown.mean():.1%} of their words unknown to the model")
    if assessment.strange:
        progress.note(
            f"Warning: {assessment.strange:,} texts have labels unknown to the model, and count as wrong"
        )
    if warning := foreign(unknown.tolist()):
        progress.note(f"Warning: {warning}")
    return assessment


def texts_given(texts: Sequence[str], form: str, blank: bool = False) -> Iterator[list[str]]:
    """The texts of the command line as one batch; if there are none, or "-", those of stdin, a line each.

    Lines come as soon as they are there, as many at once as there are; those without a text only if `blank`.
    """
    for batch in given(texts, form, blank):
        yield [text for text, _ in batch]


def foreign(shares: Sequence[float]) -> str | None:
    """A warning if, on average, too many words of texts are unknown, given the share of each text."""
    share = float(np.mean(shares)) if len(shares) else 0.0
    if share < FOREIGN:
        return None
    return (
        f"{share:.0%} of the words are unknown to the model, so its answers rest on little; "
        "are the texts of another language, or of another kind, than those it learnt from?"
    )
