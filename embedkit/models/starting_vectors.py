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
from embedkit.models.baselines import story_of
from embedkit.models.estimator import checked_texts
from embedkit.models.settings import Reading
from embedkit.progress import Progress
from embedkit.text.labelled import read_texts
from embedkit.text.tokenizers import Tokenizer, make_tokenizer
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.word2vec import Word2Vec
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.shipped import load

CORPUS = "corpus"
SMALL = (
    100_000  # words of texts: of fewer, none are thinned out, and one thread trains, always to the same end
)
SAMPLE = 1e-3
SCALE = 0.05  # of vectors that are drawn at random, evenly between minus and plus this

Unlabelled = Sequence[str] | str | Path | None


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
    unlabelled: Unlabelled,
    reading: Reading,
    vector_size: int,
    seed: int,
    progress: Progress,
) -> Start:
    """The words and vectors for some texts.

    Args:
        embeddings: vectors, a file of them, "corpus" for word2vec on the texts, or None for random numbers.
        texts: to learn from.
        unlabelled: more texts for "corpus", or a file of them.
        reading: how texts are read; vectors that say how theirs were are followed instead.
        vector_size: of vectors that are not given.
        seed: of their training.
        progress: where it is reported.

    Raises:
        InputError: texts without words to learn, or of which no word has a vector.
    """
    own = make_tokenizer(reading.tokenizer, lowercase=reading.lowercase, punctuation=reading.punctuation)
    corpus = isinstance(embeddings, str) and embeddings == CORPUS
    if unlabelled is not None and not corpus:
        raise InputError('unlabelled texts are for embeddings="corpus" alone; leave them out')
    if embeddings is None:
        return _drawn(texts, own, reading, vector_size, seed)
    if corpus:
        found = _trained(texts, unlabelled, own, reading, vector_size, seed, progress)
        return Start(own, found.vocabulary.words, found.matrix, False, story_of(found))
    found = embeddings if isinstance(embeddings, Embeddings) else load(embeddings)
    tokenizer = found.tokenizer or own
    if not any(word in found for word in chain.from_iterable(tokenizer.tokenize_all(texts))):
        raise InputError(f"no word of the texts has a vector, though there are {len(found)}")
    kept = found.subset(reading.max_words) if reading.max_words else found
    return Start(tokenizer, kept.vocabulary.words, kept.matrix, False, story_of(found))


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
    unlabelled: Unlabelled,
    tokenizer: Tokenizer,
    reading: Reading,
    vector_size: int,
    seed: int,
    progress: Progress,
) -> Embeddings:
    """Skip-gram vectors of the words of the texts and of the unlabelled ones."""
    documents = list(tokenizer.tokenize_all(chain(texts, _more(unlabelled))))
    small = sum(map(len, documents)) < SMALL
    trainer = Word2Vec(
        vector_size=vector_size,
        min_count=reading.min_count,
        max_vocabulary=reading.max_words,
        sample=0.0 if small else SAMPLE,
        workers=1 if small else None,
        seed=seed,
    )
    return trainer.train(documents, progress=progress)


def _more(unlabelled: Unlabelled) -> Iterator[str]:
    if isinstance(unlabelled, str | Path):
        yield from read_texts(unlabelled)
    elif unlabelled is not None:
        yield from checked_texts(unlabelled)
