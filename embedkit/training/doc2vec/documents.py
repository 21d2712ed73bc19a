"""Documents to learn: a corpus of those that have a word, and a tag for each, by which it is found again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.leftovers import temporary_folder
from embedkit.progress import Progress
from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.document_lines import DocumentLines
from embedkit.text.corpus.manifest import is_corpus
from embedkit.text.corpus.opening import Documents, RawText, opened, texts_or_documents
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts import Texts
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.doc2vec.tag_files import tagged_texts
from embedkit.training.training_corpus import corpus_metadata


class DocumentTags(NamedTuple):
    """How documents are called: by names in their order, or by a column of the tables they stand in."""

    given: Iterable[str] | None = None
    column: str | int | None = None


class TaggedCorpus(NamedTuple):
    """The documents that have a word, their tags, how they are tokenized, and what metadata tell of them."""

    corpus: Corpus
    tags: Sequence[str]
    tokenizer: TextPipeline | None
    metadata: dict[str, object]

    @classmethod
    def of(cls, corpus: Corpus, tags: Sequence[str]) -> TaggedCorpus:
        """A corpus whose documents have these tags."""
        tokenizer = None if corpus.recipe.get("tokenizer") is None else corpus.tokenizer
        return cls(corpus, tags, tokenizer, corpus_metadata(corpus))


@contextmanager
def tagged_corpus(
    source: Corpus | Sources | Documents,
    text: RawText,
    tags: DocumentTags,
    workers: int | None,
    progress: Progress,
) -> Iterator[TaggedCorpus]:
    """The documents of `source`, of which a temporary corpus is made unless they are one.

    Without `tags`, they are the numbers of documents, from 1 on; of text in files those of lines, or of the
    rows of tables, behind the name of the file if there are several; of sentences those among sentences that
    have a word.

    Raises:
        InputError: a source that cannot be read, or tags that are too few, too many or not all different.
    """
    if tags.given is not None and tags.column is not None:
        raise InputError("tags and tag_column both name documents; give one of them")
    named, documents = ([], None) if isinstance(source, Corpus) else texts_or_documents(source)
    is_made = isinstance(source, Corpus) or any(_is_corpus(name) for name in named)
    if tags.column is not None and (is_made or documents is not None):
        raise InputError("tag_column names a column of tables; give a corpus, or lists of words, their tags")
    if is_made:
        with opened(source if isinstance(source, Corpus) else named, text, workers, progress) as corpus:
            yield TaggedCorpus.of(corpus, _chosen(tags.given, np.arange(corpus.documents)))
        return
    with temporary_folder() as folder:
        path = folder / "corpus"
        if documents is not None:
            text.check_unused("documents are lists of words and already tokenized", "them")
            places: list[int] = []
            corpus = Corpus.from_documents(_numbered(documents, places), path)
            yield TaggedCorpus.of(corpus, _chosen(tags.given, np.array(places, np.int64)))
        else:
            yield _encoded(named, path, text, tags, workers, progress)


def _is_corpus(name: object) -> bool:
    return isinstance(name, str | Path) and is_corpus(name)


def _encoded(
    sources: Sources, path: Path, text: RawText, tags: DocumentTags, workers: int | None, progress: Progress
) -> TaggedCorpus:
    """The corpus of text, made at `path`, with its tags."""
    reading, rows = text.reading or Reading(), list[str]()
    if tags.column is not None:
        tagged = tagged_texts(sources, tags.column, reading, progress)
        sources, reading = Texts(_texts(tagged, rows)), Reading(strict=reading.strict)
    lines = DocumentLines()
    encode_text(
        sources,
        path,
        tokenizer="words" if text.tokenizer is None else text.tokenizer,
        encoding_errors=text.encoding_errors,
        reading=reading,
        workers=workers,
        progress=progress,
        lines=lines,
    )
    corpus = Corpus.open(path)
    if reading.documents == "sentences":
        return TaggedCorpus.of(corpus, _chosen(tags.given, np.arange(corpus.documents)))
    if tags.given is None and tags.column is None:
        return TaggedCorpus.of(corpus, _line_names(lines))
    if tags.given is not None and len(lines.names) > 1:
        raise InputError("tags are for the lines of one file, or for documents in memory; got several files")
    return TaggedCorpus.of(corpus, _chosen(tags.given if tags.column is None else rows, lines.lines))


def _texts(tagged: Iterable[tuple[str, str]], tags: list[str]) -> Iterator[str]:
    """The texts; their tags are added to `tags`."""
    for tag, text in tagged:
        tags.append(tag)
        yield text


def _numbered(documents: Documents, places: list[int]) -> Iterator[Sequence[str]]:
    """The documents that have any words; their numbers from 0 on are added to `places`."""
    for number, document in enumerate(documents):
        if isinstance(document, str) or document:
            places.append(number)
            yield document


def _chosen(tags: Iterable[str] | None, places: Longs1d) -> list[str]:
    """The tags of the documents at these places, from 0 on; without any, the numbers of these from 1 on."""
    if tags is None:
        return list(map(str, (places + 1).tolist()))
    given, last = list(tags), int(places[-1]) + 1
    if not all(isinstance(tag, str) for tag in given) or last > len(given):
        raise InputError(f"expected a tag, a string, for each of {last:,} documents, got {len(given):,}")
    chosen = [given[place] for place in places.tolist()]
    repeated, times = Counter(chosen).most_common(1)[0]
    if times > 1:
        raise InputError(
            "expected tags that are all different, as each document has a vector of its own, got "
            f"{repeated!r} {times:,} times"
        )
    if "" in chosen:
        number = places[chosen.index("")] + 1
        raise InputError(f"expected a tag for each document, got none for number {number:,}")
    return chosen


def _line_names(lines: DocumentLines) -> list[str]:
    """The number of the line of each document; of several files, behind their names."""
    sources, numbers = (places.tolist() for places in lines.places())
    if len(lines.names) < 2:
        return list(map(str, numbers))
    return [f"{lines.names[source]}:{number}" for source, number in zip(sources, numbers, strict=True)]
