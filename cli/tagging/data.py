"""Options of files of tagged sentences."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from embedkit.hyperparameters import described
from embedkit.progress import Progress
from embedkit.tagging.checks import SentencePlace, check_known, checked_scheme
from embedkit.tagging.tag_set import tag_set
from embedkit.text.datasets.held_out import held_out_fraction
from embedkit.text.datasets.splitting import check_fraction
from embedkit.text.datasets.tagged import TaggedTexts, check_tagged_file, read_tagged

DATA = "Data"


@dataclass(frozen=True, kw_only=True)
class TokenFileOptions:
    """How tokens are found in a file; each field is an option of the commands that read some."""

    token_column: str | None = described(
        None,
        "column of tokens: its number from 1, or -1 for the last; a name in CoNLL-U (form) and JSON lines; "
        "default: the first, form or tokens",
    )
    encoding: str = described("utf-8", "encoding of the text, such as cp1252")


@dataclass(frozen=True, kw_only=True)
class TaggedDataOptions(TokenFileOptions):
    """How tagged sentences are found in a file."""

    tag_column: str | None = described(
        None,
        "column of tags: its number from 1, or -1 for the last; a name in CoNLL-U (upos, xpos) and JSON "
        "lines; default: the last, upos or tags",
    )

    def read(self, path: Path, progress: Progress) -> TaggedTexts:
        """The tagged sentences in `path`."""
        progress.start(f"read {path.name}")
        data = read_tagged(path, **asdict(self))
        told = data.describe()
        progress.finish(f"{len(data):,} sentences, {told['tokens']:,} tokens, {len(told['tags'])} tags")
        return data

    def split(
        self, data: TaggedTexts, validation: str, seed: int, progress: Progress
    ) -> tuple[TaggedTexts, TaggedTexts | None]:
        """The sentences of training, checked, and the held-out ones that --validation names."""
        known = tag_set(data.tags, checked_scheme(data.tags, place_in(data)))
        fraction = held_out_fraction(validation)
        if fraction is not None:
            return data.split(fraction, seed) if fraction else (data, None)
        held = self.read(Path(validation), progress)
        check_known(known.as_predicted(held.tags), known.predicted, place_in(held))
        return data, held


def place_in(data: TaggedTexts) -> SentencePlace:
    """Tells the file and the line of a sentence, given its number."""
    return lambda number: f"{data.name}, sentence at line {data.lines[number]}"


def check_tagged_files(data: Path, validation: str) -> None:
    """Raise `InputError` for a fraction or a file that cannot be, before anything is read."""
    fraction = held_out_fraction(validation)
    if fraction:
        check_fraction(fraction)
    for path in [data, *([] if fraction is not None else [Path(validation)])]:
        check_tagged_file(path)
