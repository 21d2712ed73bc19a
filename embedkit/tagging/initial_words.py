"""The words that a tagger knows and their first vectors: given ones, word2vec on the sentences, or random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.errors import InputError, NothingLearnedError
from embedkit.models.given_vectors import CORPUS, RANDOM, given_vectors, is_named, provenance_of
from embedkit.models.networks.embedding_init import SAMPLE, SMALL
from embedkit.progress import Progress
from embedkit.tagging.parameters import TaggerWords
from embedkit.tagging.word_reader import UNKNOWN, WordReader
from embedkit.training.word2vec.word2vec import Word2Vec
from embedkit.vectors.embeddings import Embeddings


@dataclass(frozen=True)
class InitialWords:
    """What a tagger begins with.

    Args:
        words: V words.
        vectors: float32 (V, D).
        learned: whether the vectors are random, so that they have to be learned.
        provenance: how they were made, as far as a model repeats it.
    """

    words: Sequence[str]
    vectors: Floats2d
    learned: bool
    provenance: Mapping[str, Any]

    def used(self, sentences: Sequence[Sequence[str]]) -> Longs1d:
        """The rows of the words that occur in sentences, each once."""
        reader = WordReader(self.words, [])
        numbers = {reader.number(token) for token in {token for tokens in sentences for token in tokens}}
        return np.array(sorted(numbers - {UNKNOWN}), np.int64) - 1


def initial_words(
    embeddings: Embeddings | str | Path,
    sentences: Sequence[Sequence[str]],
    parameters: TaggerWords,
    seed: int,
    progress: Progress,
) -> InitialWords:
    """The words and vectors for sentences to be learned from.

    Words are looked up as they are spelled, else in lower case. Those without a vector are known, too, if
    they occur `min_count` times and vectors are trained; theirs begin with 0.

    Args:
        embeddings: vectors, a file of them, "everyday" or "english" for those that ship, "corpus" for
            word2vec on the sentences, or "random".
        sentences: lists of tokens.
        parameters: of the words.
        seed: of what is drawn.
        progress: where training of vectors is reported.

    Raises:
        InputError: no token has a vector.
    """
    lowered = [[token.lower() for token in tokens] for tokens in sentences]
    counts = Counter(token for tokens in lowered for token in tokens)
    frequent = sorted(word for word, count in counts.items() if count >= parameters.min_count)
    size = parameters.vector_size
    if is_named(embeddings, CORPUS):
        try:
            small = sum(counts.values()) < SMALL
            trainer = Word2Vec(
                vector_size=size,
                min_count=parameters.min_count,
                sample=0.0 if small else SAMPLE,
                workers=1 if small else None,
                seed=seed,
            )
            embeddings = trainer.train(lowered, progress=progress)
        except NothingLearnedError:
            embeddings = RANDOM
    if is_named(embeddings, RANDOM):
        limit = np.sqrt(3 / size)  # as in Lample et al. (2016), section 4.3
        drawn = np.random.default_rng(seed).uniform(-limit, limit, (len(frequent), size))
        return InitialWords(frequent, drawn.astype(np.float32), True, {})
    given = given_vectors(embeddings)
    if not any(token in given or token.lower() in given for tokens in sentences for token in tokens):
        raise InputError(f"no token of the sentences has a vector, though there are {len(given):,}")
    new = [word for word in frequent if parameters.fine_tune and word not in given]
    vectors = np.concatenate([given.matrix, np.zeros((len(new), given.vector_size), np.float32)])
    return InitialWords([*given.vocabulary.words, *new], vectors, False, provenance_of(given))
