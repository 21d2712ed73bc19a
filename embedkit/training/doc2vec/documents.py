"""Documents to learn: a corpus of those that have a word, and a tag for each, by which it is found again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from embedkit.errors import InputError
from embedkit.leftovers import temporary_folder
from embedkit.progress import Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.manifest import is_corpus
from embedkit.text.corpus.opening import Documents, RawText, opened, texts_or_documents
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.source_lines import SourceLine, source_lines
from embedkit.text.reading.texts import Texts
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.training_corpus import corpus_metadata


class TaggedCorpus(NamedTuple):
    """The documents that have a word, their tags, how they are tokenized, and what metadata tell of them."""

    corpus: Corpus
    tags: Sequence[str]
    tokenizer: TextPipeline | None
    metadata: dict[str, object]


@contextmanager
def tagged_corpus(
    source: Corpus | Sources | Documents,
    text: RawText,
    tags: Iterable[str] | None,
    workers: int | None,
    progress: Progress,
) -> Iterator[TaggedCorpus]:
    """The documents of `source`, of which a temporary corpus is made unless they are one.

    Without `tags`, they are the numbers of documents, from 1 on; of text in files those of lines, or of the
    rows of tables, behind the name of the file if there are several.

    Raises:
        InputError: a source that cannot be read, or tags that are too few, too many or not all different.
    """
    if isinstance(source, Corpus) or (isinstance(source, str | Path) and is_corpus(source)):
        with opened(source, text, workers, progress) as corpus:
            yield _of_corpus(corpus, tags)
        return
    named, documents = texts_or_documents(source)
    if any(isinstance(name, str | Path) and is_corpus(name) for name in named):
        with opened(named, text, workers, progress) as corpus:
            yield _of_corpus(corpus, tags)
        return
    with temporary_folder() as folder:
        places: list[SourceLine | int] = []
        if documents is None:
            tokenizer = text_pipeline("words" if text.tokenizer is None else text.tokenizer)
            lines = source_lines(named, text.reading, progress, text.encoding_errors)
            read: Iterable[Sequence[str]] = _tokenized(lines, tokenizer, places)
        else:
            tokenizer = None
            text.check_unused("documents are lists of words and already tokenized", "them")
            read = _numbered(documents, places)
        progress.start("reading documents")
        corpus = Corpus.from_documents(read, folder / "corpus")
        progress.finish(f"{corpus.words:,} words in {corpus.documents:,} documents")
        sources = {"sources": _names(named)}
        recipe = None if tokenizer is None else tokenizer.recipe()
        facts = corpus_metadata(corpus)
        facts = {**facts, "corpus": {**facts["corpus"], **sources}, "tokenizer": recipe}  # type: ignore[dict-item]
        yield TaggedCorpus(corpus, _tags_of(places, tags), tokenizer, facts)


def _of_corpus(corpus: Corpus, tags: Iterable[str] | None) -> TaggedCorpus:
    tokenizer = None if corpus.recipe.get("tokenizer") is None else corpus.tokenizer
    places: list[SourceLine | int] = list(range(1, corpus.documents + 1))
    return TaggedCorpus(corpus, _tags_of(places, tags), tokenizer, corpus_metadata(corpus))


def _tokenized(
    lines: Iterator[SourceLine], tokenizer: TextPipeline, places: list[SourceLine | int]
) -> Iterator[list[str]]:
    """The tokens of lines that have any; their places are added to `places`."""
    waiting: deque[SourceLine] = deque()

    def texts() -> Iterator[str]:
        for line in lines:
            waiting.append(line._replace(text=""))
            yield line.text

    for tokens in tokenizer.tokenize_all(texts()):
        place = waiting.popleft()
        if tokens:
            places.append(place)
            yield tokens


def _numbered(documents: Documents, places: list[SourceLine | int]) -> Iterator[Sequence[str]]:
    """The documents that have any words; their numbers are added to `places`."""
    for number, document in enumerate(documents, 1):
        if isinstance(document, str) or document:
            places.append(number)
            yield document


def _tags_of(places: list[SourceLine | int], tags: Iterable[str] | None) -> list[str]:
    """The tags of documents at these places: names of places, or those that were given, in their order."""
    if tags is None:
        return _place_names(places)
    given = list(tags)
    numbers = [place if isinstance(place, int) else place.number for place in places]
    if len({place.source for place in places if isinstance(place, SourceLine)}) > 1:
        raise InputError("tags are for the lines of one file, or for documents in memory; got several files")
    if not all(isinstance(tag, str) for tag in given) or numbers[-1] > len(given):
        raise InputError(
            f"expected a tag, a string, for each of {numbers[-1]:,} documents, got {len(given):,}"
        )
    chosen = [given[number - 1] for number in numbers]
    if len(set(chosen)) < len(chosen):
        raise InputError("expected tags that are all different: each document has a vector of its own")
    return chosen


def _place_names(places: list[SourceLine | int]) -> list[str]:
    """The number of each place; of several files behind their names, of parts of a line with theirs."""
    several = len({place.source for place in places if isinstance(place, SourceLine)}) > 1
    names: list[str] = []
    last, part = "", 1
    for place in places:
        number = place if isinstance(place, int) else place.number
        name = f"{place.source}:{number}" if several and isinstance(place, SourceLine) else f"{number}"
        part = part + 1 if name == last else 1
        names.append(f"{name}.{part}" if part > 1 else name)
        last = name
    return names


def _names(named: Sequence[Any]) -> list[str]:
    return [str(name) for name in named if not isinstance(name, Texts)]
