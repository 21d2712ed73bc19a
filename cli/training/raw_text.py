"""Raw text on the command line: the options by which it is read, and the corpus made of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from embedkit import Corpus
from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.corpus.manifest import is_corpus
from embedkit.text.sources import expand
from embedkit.text.tokenization.factory import make_tokenizer


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How raw text becomes tokens; each field is an option of `tokenize` and of the trainers."""

    tokenizer: str = field(
        default="words",
        metadata={"help": "words, whitespace, spacy:LANG (such as spacy:en) or spacy:PACKAGE"},
    )
    lowercase: bool = field(default=True, metadata={"help": "lower the case of all text"})
    numbers: bool = field(default=True, metadata={"help": "keep tokens that have no letter"})
    punctuation: bool = field(default=False, metadata={"help": "keep signs as tokens"})
    encoding_errors: Literal["strict", "replace"] = field(
        default="strict", metadata={"help": "refuse bytes that are not UTF-8, or replace and count them"}
    )

    def encode(self, inputs: Sequence[str], path: Path, workers: int | None, progress: Progress) -> Corpus:
        """Make the corpus `path` of the text of `inputs`."""
        tokenizer = make_tokenizer(
            self.tokenizer, lowercase=self.lowercase, numbers=self.numbers, punctuation=self.punctuation
        )
        return Corpus.encode(
            inputs,
            path,
            tokenizer=tokenizer,
            encoding_errors=self.encoding_errors,
            workers=workers,
            progress=progress,
        )

    @contextmanager
    def corpus_of(self, inputs: Sequence[str], workers: int | None, progress: Progress) -> Iterator[Corpus]:
        """The corpus that is the only one of `inputs`, or a temporary one of the raw text they name."""
        corpora = [name for name in inputs if is_corpus(name)]
        if not corpora:
            with tempfile.TemporaryDirectory(prefix="embedkit-") as folder:
                yield self.encode(inputs, Path(folder) / "corpus", workers, progress)
        else:
            self.check_alone(corpora[0], inputs, "is a corpus", "and already tokenized")
            yield Corpus.open(corpora[0])

    def check_alone(self, name: str, inputs: Sequence[str], kind: str, reason: str) -> None:
        """Raise `InputError` unless `name`, which is no raw text, is the only input and read as it is."""
        if len(inputs) > 1:
            raise InputError(f"{name} {kind}, which must be the only INPUT, got {len(inputs)}")
        if self != Reading():
            raise InputError(
                f"{name} {kind} {reason}, so the options for raw text cannot apply to it; leave them out, or "
                "name the text"
            )


def check_inputs(inputs: Sequence[str], output: Path) -> None:
    """Raise `InputError` if there is no text under one of these names, or if `output` would replace it."""
    sources = [source for name in inputs if not is_corpus(name) for source in expand(name)]
    if output.exists() and any(source.path and output.samefile(source.path) for source in sources):
        raise InputError(f"{output} is one of the texts to read; name another output")
