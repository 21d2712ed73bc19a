"""What trainers take: a corpus, or raw text and documents of which a temporary one is made."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.manifest import is_corpus
from embedkit.text.vocabulary import Vocabulary

Paths = str | Path | Sequence[str | Path]
Documents = Iterable[Sequence[str]]


def words_to_train(corpus: Corpus, min_count: int, max_vocabulary: int | None) -> Vocabulary:
    """The words of a corpus that get a vector.

    Raises:
        InputError: fewer than two words are left.
    """
    vocabulary = corpus.vocabulary.prefix(min_count=min_count, max_size=max_vocabulary)
    if len(vocabulary) < 2:
        raise InputError(
            f"min_count={min_count} leaves {len(vocabulary)} of {len(corpus.vocabulary)} different "
            f"words, and training needs 2: {_count_summary(corpus.vocabulary)}; lower min_count"
        )
    return vocabulary


def described(corpus: Corpus) -> dict[str, object]:
    """What the metadata of vectors tell of the corpus they were made from."""
    return {
        "corpus": {
            "words": corpus.words,
            "documents": corpus.documents,
            "fingerprint": corpus.fingerprint,
            "sources": corpus.recipe["sources"],
        },
        "tokenizer": corpus.recipe["tokenizer"],
    }


@contextmanager
def opened(source: Corpus | Paths | Documents, progress: Progress) -> Iterator[Corpus]:
    """The corpus that `source` is, or a temporary one made of it."""
    if isinstance(source, Corpus):
        yield source
    elif isinstance(source, str | Path) and is_corpus(source):
        yield Corpus.open(source)
    else:
        with tempfile.TemporaryDirectory(prefix="embedkit-") as folder:
            yield _made_corpus(source, Path(folder) / "corpus", progress)


def _made_corpus(source: Paths | Documents, path: Path, progress: Progress) -> Corpus:
    """A corpus of the text in files, or of documents, which may come from a generator."""
    if isinstance(source, str | Path):
        return Corpus.encode(source, path, progress=progress)
    if not isinstance(source, Iterable):
        raise InputError(f"expected a Corpus, paths, or documents as lists of words, got {source!r}")
    parts = iter(source)
    first = list(islice(parts, 1))
    if all(isinstance(part, str | Path) for part in first):
        return Corpus.encode([str(part) for part in chain(first, parts)], path, progress=progress)
    return Corpus.from_documents(chain(first, parts), path)  # type: ignore[arg-type] # told by its first part


def _count_summary(vocabulary: Vocabulary) -> str:
    """How many words have which counts, the highest first: "1 word with count 4, 2 words with count 2"."""
    assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
    spread = sorted(Counter(vocabulary.counts.tolist()).items(), reverse=True)
    parts = [f"{words:,} word{'s' * (words > 1)} with count {count}" for count, words in spread[:5]]
    return ", ".join(parts) + (" and others with less" if len(spread) > 5 else "")
