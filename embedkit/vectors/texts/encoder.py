"""`TextEncoder`: texts as vectors, weighted means of those of their words without what all texts share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.hyperparameters import check
from embedkit.vectors.search.exact import slices
from embedkit.vectors.texts.common_components import CommonComponents
from embedkit.vectors.texts.parameters import EncodingParameters, TextWeighting
from embedkit.vectors.texts.text_words import TextWords, read_text_words, weighted_means
from embedkit.vectors.texts.word_weights import (
    DocumentFrequencyWeights,
    EqualWeights,
    InverseFrequencyWeights,
    WordWeights,
    random_walk_smoothing,
)
from embedkit.vectors.word_vectors import WordVectors

BLOCK = 1 << 13  # texts whose vectors are made at once
MEAN_LENGTH = 11  # words of a text where nothing is known of it, as Ethayarajh (2018) takes it


class EncodedBlock(NamedTuple):
    """The vectors of some texts, float32 (n, D), and how many of each text's words have a vector, (n,)."""

    vectors: Floats2d
    known: Longs1d


@dataclass(frozen=True, eq=False)
class TextEncoder:
    """Texts as vectors: weighted means of the vectors of their words, less the components that texts share.

    `text_encoder` makes one. A text is tokenized as the text behind the vectors was, as far as they record
    it; words without a vector are left out, and a text without any other is a zero vector.

    Args:
        vectors: of the words.
        word_weights: how much each word counts.
        common: what is taken out of the means.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[1, 0], [0, 1]], ["snow", "alps"])
        >>> encoder = TextEncoder(vectors, EqualWeights())
        >>> encoder.encode(["Snow in the Alps", "a green valley"]).tolist()
        [[0.5, 0.5], [0.0, 0.0]]
    """

    vectors: WordVectors
    word_weights: WordWeights
    common: CommonComponents | None = None

    def encode(self, texts: Iterable[str]) -> Floats2d:
        """The vectors of texts, float32 (n, D).

        Raises:
            InputError: a single string instead of texts, or a text that is no string.
        """
        return stacked(self.blocks(texts), self.vectors.vector_size)

    def blocks(self, texts: Iterable[str]) -> Iterator[EncodedBlock]:
        """The vectors of texts, a block after the other; some megabytes of texts are read ahead."""
        for batch in read_text_words(self.vectors, texts):
            yield from self.encode_words(batch)

    def encode_words(self, batch: TextWords) -> Iterator[EncodedBlock]:
        """The vectors of texts whose words were read, a block after the other."""
        matrix, weights = self.vectors.rows(batch.words), self.word_weights.of(batch.words)
        for part in slices(len(batch.sequences), BLOCK):
            sequences = batch.sequences.part(part.start, part.stop)
            means = weighted_means(sequences, matrix, weights)
            yield EncodedBlock(
                means if self.common is None else self.common.removed_from(means), sequences.lengths
            )


def text_encoder(
    vectors: WordVectors,
    texts: Iterable[str] | None = None,
    *,
    weights: TextWeighting = "sif",
    components: int = 0,
    smoothing: float = 1e-3,
) -> TextEncoder:
    """An encoder of texts, learned from some where it has to be.

    Args:
        vectors: of the words. Their counts give the probabilities p of words; without counts, they follow
            Zipf's law.
        texts: from which components and document frequencies are learned; None if there is nothing to learn.
        weights: "mean" for equal weights; "sif" for smooth inverse frequency, a / (a + p) (Arora et al. 2017,
            "A simple but tough-to-beat baseline for sentence embeddings", algorithm 1); "usif" for a without
            a parameter (Ethayarajh 2018, "Unsupervised random walk sentence embeddings", section 3), with the
            mean length of the texts or, without any, 11 words; "tfidf" for inverse document frequency.
        components: how many of the first principal components of the encoded texts are taken out: wholly or,
            with "usif", each by its share in their variance.
        smoothing: the a of "sif".

    Raises:
        InputError: a parameter out of range, or what is to be learned from too few texts or none.

    Example:
        >>> import embedkit
        >>> encoder = text_encoder(embedkit.load())
        >>> a, b, c = encoder.encode(["A good film.", "a fine movie", "The train is late"])
        >>> bool(a @ b > a @ c)
        True
    """
    parameters = EncodingParameters(weights=weights, components=components, smoothing=smoothing)
    check(parameters)
    batches = None if texts is None else list(read_text_words(vectors, texts))
    return encoder_of_words(vectors, parameters, batches)


def encode_texts(vectors: WordVectors, texts: Iterable[str], parameters: EncodingParameters) -> Floats2d:
    """The vectors of texts, float32 (n, D), from which what has to be learned is learned."""
    check(parameters)
    if not learns(parameters):
        return encoder_of_words(vectors, parameters).encode(texts)
    batches = list(read_text_words(vectors, texts))
    encoder = encoder_of_words(vectors, parameters, batches)
    return stacked((block for batch in batches for block in encoder.encode_words(batch)), vectors.vector_size)


def learns(parameters: EncodingParameters) -> bool:
    """Whether an encoder has something to learn from texts."""
    return parameters.components > 0 or parameters.weights in ("usif", "tfidf")


def encoder_of_words(
    vectors: WordVectors, parameters: EncodingParameters, batches: list[TextWords] | None = None
) -> TextEncoder:
    """An encoder learned from the words of texts, of which nothing is needed if there is nothing to learn."""
    encoder = TextEncoder(vectors, word_weights(vectors, parameters, batches))
    if not parameters.components:
        return encoder
    return TextEncoder(vectors, encoder.word_weights, _common_components(encoder, parameters, batches))


def stacked(blocks: Iterable[EncodedBlock], size: int) -> Floats2d:
    """The vectors of blocks as one array, float32 (n, `size`)."""
    return np.concatenate([np.zeros((0, size), np.float32), *(block.vectors for block in blocks)])


def word_weights(
    vectors: WordVectors, parameters: EncodingParameters, batches: list[TextWords] | None = None
) -> WordWeights:
    """How much each word counts, learned from the words of texts as far as it has to be."""
    if parameters.weights == "mean":
        return EqualWeights()
    if parameters.weights == "sif":
        return InverseFrequencyWeights(vectors.vocabulary, parameters.smoothing)
    if parameters.weights == "usif":
        smoothing = random_walk_smoothing(vectors.vocabulary, _mean_length(batches or []))
        return InverseFrequencyWeights(vectors.vocabulary, smoothing)
    if batches is None:
        raise InputError("tfidf weights are learned from texts, of which there are none here; choose others")
    return DocumentFrequencyWeights.learn(batches)


def _mean_length(batches: list[TextWords]) -> float:
    """The mean number of known words in texts that have any."""
    lengths = np.concatenate([np.zeros(0, np.int64), *(batch.sequences.lengths for batch in batches)])
    return float(lengths[lengths > 0].mean()) if lengths.any() else MEAN_LENGTH


def _common_components(
    encoder: TextEncoder, parameters: EncodingParameters, batches: list[TextWords] | None
) -> CommonComponents:
    size, count = encoder.vectors.vector_size, parameters.components
    if count >= size:
        raise InputError(f"components must be 0 to {size - 1}, as vectors have {size} numbers; got {count}")
    gram, known = np.zeros((size, size)), 0
    for batch in batches or []:
        for block in encoder.encode_words(batch):
            gram += block.vectors.T @ block.vectors
            known += int(np.count_nonzero(block.known))
    if known <= count:
        raise InputError(
            f"{count} components are learned from at least {count + 1} texts with known words, got {known}; "
            "use fewer components, or none"
        )
    return CommonComponents.of_gram(gram, count, weighted=parameters.weights == "usif")
