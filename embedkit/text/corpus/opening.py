"""Opening what is to be read: a corpus, or raw text and documents encoded into a temporary one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from embedkit.errors import InputError
from embedkit.leftovers import temporary_folder
from embedkit.progress import Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.manifest import is_corpus
from embedkit.text.corpus.sorting import by_frequency
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts import Texts, is_texts
from embedkit.text.reading.texts_in_memory import Sources

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster

Documents = Iterable[Sequence[str]]


class RawText(NamedTuple):
    """How raw text is read: tokenizer, by default "words", undecodable bytes, and how texts are found."""

    tokenizer: TextPipeline | str | None = None
    encoding_errors: str = "strict"
    reading: Reading | None = None

    def check_alone(self, name: str, names: Sequence[object], kind: str, reason: str) -> None:
        """Raise `InputError` unless `name`, which is no raw text, is the only one and read as it is."""
        if len(names) > 1:
            raise InputError(f"{name} {kind}, which must be the only INPUT, got {len(names)}")
        self.check_unused(f"{name} {kind} {reason}", "it")

    def check_unused(self, what: str, it: str) -> None:
        """Raise `InputError` if anything was chosen; `what` says why it cannot apply."""
        if self != RawText():
            raise InputError(
                f"{what}, so the options for raw text cannot apply to {it}; leave them out, or name the text"
            )


@contextmanager
def opened(
    source: Corpus | Sources | Documents,
    text: RawText,
    workers: int | None,
    progress: Progress,
    cluster: Cluster | None = None,
) -> Iterator[Corpus]:
    """The corpus that `source` is, or a temporary one made of it, whose vocabulary is sorted by count.

    Raises:
        InputError: a corpus beside other sources; a choice of how to read `text` where there is none; text
            that cannot be read.
    """
    if isinstance(source, Corpus):
        text.check_unused(f"{source.path} is a corpus and already tokenized", "it")
        with by_frequency(source) as corpus:
            yield corpus
        return
    named, documents = texts_or_documents(source)
    if corpora := [str(name) for name in named if isinstance(name, str | Path) and is_corpus(name)]:
        text.check_alone(corpora[0], named, "is a corpus", "and already tokenized")
        with by_frequency(Corpus.open(corpora[0])) as corpus:
            yield corpus
        return
    with temporary_folder() as folder:
        path = folder / "corpus"
        if documents is None:
            tokenizer = "words" if text.tokenizer is None else text.tokenizer
            yield Corpus.encode(
                named,
                path,
                tokenizer=tokenizer,
                encoding_errors=text.encoding_errors,
                reading=text.reading,
                workers=workers,
                cluster=cluster,
                progress=progress,
            )
        else:
            text.check_unused("documents are lists of words and already tokenized", "them")
            yield Corpus.from_documents(documents, path)


def named_paths(source: object) -> list[str]:
    """The paths that a source names; none of anything else, or of an iterator, which is not drawn from."""
    parts = [source] if isinstance(source, str | Path) else source
    if isinstance(parts, Sequence) and all(isinstance(part, str | Path) for part in parts):
        return list(map(str, parts))
    return []


def texts_or_documents(source: Any) -> tuple[list[str | Path | Texts], Documents | None]:
    """Paths and texts, or else documents, which may come from a generator: the first of them tells."""
    if isinstance(source, str | Path) or is_texts(source):
        return [source], None
    if not isinstance(source, Iterable):
        raise InputError(f"expected a Corpus, paths, texts, or documents as lists of words, got {source!r}")
    parts = iter(source)
    first = list(islice(parts, 1))
    if all(isinstance(part, str | Path | Texts) for part in first):
        return list(chain(first, parts)), None
    return [], chain(first, parts)
