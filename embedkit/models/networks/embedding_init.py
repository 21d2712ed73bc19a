"""Initial embeddings of a network: random, pretrained, or word2vec trained on the texts."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import InputError, NothingLearnedError
from embedkit.models.given_vectors import CORPUS, RANDOM, given_vectors, is_named, provenance_of
from embedkit.models.layers.stack import Weights
from embedkit.models.networks.config import TokenizationConfig
from embedkit.models.text_forms import check_vectors_of_ids, form_read_by, pipeline_for, pipeline_of_form
from embedkit.progress import Progress
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.tokenization.unsegmented import warn_of_unsegmented_texts
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.word2vec.word2vec import Word2Vec
from embedkit.vectors.embeddings import Embeddings

SMALL = 100_000  # words of texts: of fewer, none are thinned out, and one thread trains, with one result
SAMPLE = 1e-3
SCALE = 0.05  # of vectors that are drawn at random, evenly between minus and plus this


@dataclass(frozen=True)
class InitialEmbeddings:
    """The embeddings that a network begins with, and the layers, if a language model gives some.

    Args:
        tokenizer: how texts are read.
        words: V words.
        vectors: float32 (V, D).
        learned: whether the vectors were drawn at random, so that they have to be learned.
        provenance: how they were made, as far as a model repeats it.
        layers: weights of layers that are not drawn at random, by name.
    """

    tokenizer: TextPipeline
    words: Sequence[str]
    vectors: Floats2d
    learned: bool
    provenance: Mapping[str, Any]
    layers: Weights = field(default_factory=dict)


def initial_embeddings(
    embeddings: Embeddings | str | Path,
    texts: Sequence[str],
    more: Sequence[str],
    reading: TokenizationConfig,
    learn_new: bool,
    vector_size: int,
    seed: int,
    progress: Progress,
) -> InitialEmbeddings:
    """The words and vectors for some texts.

    Args:
        embeddings: vectors, a file of them, "corpus" for word2vec on the texts, "english" for those that
            ship, or "random" for random numbers.
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
    own = pipeline_for(reading, texts, more)
    warn_of_unsegmented_texts(own, texts)
    if is_named(embeddings, RANDOM):
        return _drawn(texts, own, reading, vector_size, seed)
    if is_named(embeddings, CORPUS):
        try:
            trained = _trained(texts, more, own, reading, vector_size, seed, progress)
        except NothingLearnedError:
            warnings.warn(
                "no two words stand side by side in these texts, which word2vec would need: the word vectors "
                'begin at random instead, as with embeddings="random"',
                UserWarning,
                stacklevel=3,
            )
            return _drawn(texts, own, reading, vector_size, seed)
        return InitialEmbeddings(own, trained.vocabulary.words, trained.matrix, False, provenance_of(trained))
    given = given_vectors(embeddings)
    form = form_read_by(own)
    check_vectors_of_ids(given.vocabulary.words, form)
    tokenizer = pipeline_of_form(given.tokenizer, form) if given.tokenizer else own
    if tokenizer != own and (asked := _asked(reading)):
        warnings.warn(
            "the vectors say how their text was read, and these texts are read so, too; not followed: "
            f"{', '.join(asked)} (leave them out, or train vectors on text that is read so)",
            UserWarning,
            stacklevel=3,
        )
    counts = Counter(chain.from_iterable(tokenizer.tokenize_all(texts)))
    if not any(word in given for word in counts):
        raise InputError(f"no word of the texts has a vector, though there are {len(given)}")
    new = _without_vectors(given, counts, reading.min_count) if learn_new else []
    words = [*given.vocabulary.words, *new]
    vectors = np.concatenate([given.matrix, np.zeros((len(new), given.vector_size), np.float32)])
    if reading.max_vocabulary is not None and len(words) > reading.max_vocabulary:
        order = sorted(range(len(words)), key=lambda row: (-counts[words[row]], row))
        kept = sorted(order[: reading.max_vocabulary])
        words, vectors = [words[row] for row in kept], vectors[kept]
    return InitialEmbeddings(tokenizer, words, vectors, False, provenance_of(given))


def _asked(reading: TokenizationConfig) -> list[str]:
    """The parameters of the text pipeline that were asked for."""
    parameters = fields(PipelineParameters)
    return [item.name for item in parameters if getattr(reading, item.name) != item.default]


def _without_vectors(vectors: Embeddings, counts: Mapping[str, int], min_count: int) -> list[str]:
    """The words that have no vector and occur at least so often, the most frequent first."""
    frequent = [word for word, count in counts.items() if count >= min_count and word not in vectors]
    return sorted(frequent, key=lambda word: (-counts[word], word))


def _drawn(
    texts: Sequence[str], tokenizer: TextPipeline, reading: TokenizationConfig, vector_size: int, seed: int
) -> InitialEmbeddings:
    counts = Counter(chain.from_iterable(tokenizer.tokenize_all(texts)))
    vocabulary = Vocabulary.from_counts(counts).prefix(
        min_count=reading.min_count, max_size=reading.max_vocabulary
    )
    if not len(vocabulary):
        if not counts:
            raise InputError(f"there is no word in the {len(texts)} texts")
        raise InputError(
            f"no word occurs {reading.min_count} times in the {len(texts)} texts; lower min_count"
        )
    shape = len(vocabulary), vector_size
    vectors = np.random.default_rng(seed).uniform(-SCALE, SCALE, shape).astype(np.float32)
    return InitialEmbeddings(tokenizer, vocabulary.words, vectors, True, {})


def _trained(
    texts: Sequence[str],
    more: Sequence[str],
    tokenizer: TextPipeline,
    reading: TokenizationConfig,
    vector_size: int,
    seed: int,
    progress: Progress,
) -> Embeddings:
    """Skip-gram vectors of the words of the texts and of the unlabeled ones."""
    documents = tokenizer.tokenize_all(chain(texts, more))
    first = _first(documents, SMALL)
    small = sum(map(len, first)) < SMALL
    trainer = Word2Vec(
        vector_size=vector_size,
        min_count=reading.min_count,
        max_vocabulary=reading.max_vocabulary,
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
