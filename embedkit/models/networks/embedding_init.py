"""The vectors that a network starts from: learnt from nothing, given, or trained on the texts first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.models.given_vectors import given_vectors, story_of
from embedkit.models.networks.config import Reading
from embedkit.progress import Progress
from embedkit.text.tokenization.factory import Tokenizer, make_tokenizer
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.word2vec.word2vec import Word2Vec
from embedkit.vectors.embeddings import Embeddings

CORPUS, ENGLISH = "corpus", "english"
SMALL = 100_000  # words of texts: of fewer, none are thinned out, and one thread trains, with one result
SAMPLE = 1e-3
SCALE = 0.05  # of vectors that are drawn at random, evenly between minus and plus this


@dataclass(frozen=True)
class Start:
    """What a network starts from.

    Args:
        tokenizer: how texts are read.
        words: V words.
        vectors: float32 (V, D).
        learned: whether the vectors were drawn at random, so that they have to be learnt.
        story: how they were made, as far as a model repeats it.
    """

    tokenizer: Tokenizer
    words: Sequence[str]
    vectors: NDArray[np.float32]
    learned: bool
    story: Mapping[str, Any]


def start_from(
    embeddings: Embeddings | str | Path | None,
    texts: Sequence[str],
    more: Sequence[str],
    reading: Reading,
    learn_new: bool,
    vector_size: int,
    seed: int,
    progress: Progress,
) -> Start:
    """The words and vectors for some texts.

    Args:
        embeddings: vectors, a file of them, "corpus" for word2vec on the texts, "english" for those that
            ship, or None for random numbers.
        texts: to learn from.
        more: texts without labels, for "corpus".
        reading: how texts are read; vectors that say how theirs were are followed instead.
        learn_new: whether words without a given vector are known too, if they occur `min_count` times; their
            vectors begin with 0.
        vector_size: of vectors that are not given.
        seed: of their training.
        progress: where it is reported.

    Raises:
        InputError: texts without words to learn, or of which no word has a vector.
    """
    own = make_tokenizer(reading.tokenizer, lowercase=reading.lowercase, punctuation=reading.punctuation)
    if embeddings is None:
        return _drawn(texts, own, reading, vector_size, seed)
    if is_corpus(embeddings):
        found = _trained(texts, more, own, reading, vector_size, seed, progress)
        return Start(own, found.vocabulary.words, found.matrix, False, story_of(found))
    shipped = isinstance(embeddings, str) and embeddings == ENGLISH
    found = given_vectors(None if shipped else embeddings)
    tokenizer = found.tokenizer or own
    counts = Counter(chain.from_iterable(tokenizer.tokenize_all(texts)))
    if not any(word in found for word in counts):
        raise InputError(f"no word of the texts has a vector, though there are {len(found)}")
    new = _without_vectors(found, counts, reading.min_count) if learn_new else []
    words = [*found.vocabulary.words, *new]
    vectors = np.concatenate([found.matrix, np.zeros((len(new), found.vector_size), np.float32)])
    if reading.max_words is not None and len(words) > reading.max_words:
        order = sorted(range(len(words)), key=lambda row: (-counts[words[row]], row))
        kept = sorted(order[: reading.max_words])
        words, vectors = [words[row] for row in kept], vectors[kept]
    return Start(tokenizer, words, vectors, False, story_of(found))


def _without_vectors(vectors: Embeddings, counts: Mapping[str, int], min_count: int) -> list[str]:
    """The words that have no vector and occur at least so often, the most frequent first."""
    found = [word for word, count in counts.items() if count >= min_count and word not in vectors]
    return sorted(found, key=lambda word: (-counts[word], word))


def _drawn(
    texts: Sequence[str], tokenizer: Tokenizer, reading: Reading, vector_size: int, seed: int
) -> Start:
    counts = Counter(chain.from_iterable(tokenizer.tokenize_all(texts)))
    vocabulary = Vocabulary.from_counts(counts).prefix(
        min_count=reading.min_count, max_size=reading.max_words
    )
    if not len(vocabulary):
        raise InputError(
            f"no word occurs {reading.min_count} times in the {len(texts)} texts; lower min_count"
        )
    shape = len(vocabulary), vector_size
    vectors = np.random.default_rng(seed).uniform(-SCALE, SCALE, shape).astype(np.float32)
    return Start(tokenizer, vocabulary.words, vectors, True, {})


def _trained(
    texts: Sequence[str],
    more: Sequence[str],
    tokenizer: Tokenizer,
    reading: Reading,
    vector_size: int,
    seed: int,
    progress: Progress,
) -> Embeddings:
    """Skip-gram vectors of the words of the texts and of the unlabelled ones."""
    documents = tokenizer.tokenize_all(chain(texts, more))
    first = _first(documents, SMALL)
    small = sum(map(len, first)) < SMALL
    trainer = Word2Vec(
        vector_size=vector_size,
        min_count=reading.min_count,
        max_vocabulary=reading.max_words,
        sample=0.0 if small else SAMPLE,
        workers=1 if small else None,
        seed=seed,
    )
    return trainer.train(chain(first, documents), progress=progress)


def _first(documents: Iterator[list[str]], words: int) -> list[list[str]]:
    """The first documents, until they have so many words; the others can still be read."""
    first, count = [], 0
    while count < words and (document := next(documents, None)) is not None:
        first.append(document)
        count += len(document)
    return first


def is_corpus(embeddings: Embeddings | str | Path | None) -> bool:
    """Whether vectors shall be trained on the texts."""
    return isinstance(embeddings, str) and embeddings == CORPUS
