"""Training corpora: the words of a corpus that get a vector, and what vectors tell of it."""

from __future__ import annotations

from collections import Counter

from embedkit.errors import InputError
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.sorting import ORIGINAL
from embedkit.text.vocabulary import Vocabulary


def training_vocabulary(corpus: Corpus, min_count: int, max_vocabulary: int | None) -> Vocabulary:
    """The words of a corpus that get a vector.

    Raises:
        InputError: fewer than two words are left.
    """
    vocabulary = corpus.vocabulary.prefix(min_count=min_count, max_size=max_vocabulary)
    if len(vocabulary) < 2:
        advice = "lower min_count" if len(corpus.vocabulary) > 1 else "give more text"
        raise InputError(
            f"min_count={min_count} leaves {len(vocabulary)} of {len(corpus.vocabulary)} different "
            f"words, and training needs 2: {_count_summary(corpus.vocabulary)}; {advice}"
        )
    return vocabulary


def corpus_metadata(corpus: Corpus) -> dict[str, object]:
    """What the metadata of vectors tell of the corpus they were made from."""
    return {
        "corpus": {
            "words": corpus.words,
            "documents": corpus.documents,
            "fingerprint": corpus.recipe.get(ORIGINAL, corpus.fingerprint),
            "sources": corpus.recipe["sources"],
        },
        "tokenizer": corpus.recipe["tokenizer"],
    }


def _count_summary(vocabulary: Vocabulary) -> str:
    """How many words have which counts, the highest first: "1 word with count 4, 2 words with count 2"."""
    assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
    spread = sorted(Counter(vocabulary.counts.tolist()).items(), reverse=True)
    parts = [f"{words:,} word{'s' * (words > 1)} with count {count}" for count, words in spread[:5]]
    return ", ".join(parts) + (" and others with less" if len(spread) > 5 else "")
