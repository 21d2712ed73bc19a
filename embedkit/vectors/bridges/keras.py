"""Vectors as a Keras layer, with the layer that turns texts into its ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np

from embedkit.errors import DependencyError, InputError
from embedkit.vectors.lookup import is_lowercase
from embedkit.vectors.special_rows import UnknownRow, with_special_rows
from embedkit.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from embedkit.arrays import Floats2d
    from embedkit.text.pipeline.pipeline import TextPipeline

Tokenization = Literal["keras", "vectors"]

PADDING, OOV = "", "[UNK]"  # what Keras calls the words of the ids 0 and 1
BETWEEN = "\n"  # stands between tokens, which hold no white space


class KerasLayers(NamedTuple):
    """Layers that agree: what `vectorization` makes of texts is what `embedding` takes.

    Attributes:
        embedding: `keras.layers.Embedding`, built, with V + 2 rows: padding, unknown words, the words.
        vectorization: `keras.layers.TextVectorization` with those ids.
    """

    embedding: Any
    vectorization: Any


def keras_layers(
    vectors: WordVectors,
    matrix: Floats2d,
    trainable: bool,
    padding: bool,
    unknown: UnknownRow,
    tokenization: Tokenization,
    length: int | None,
) -> KerasLayers:
    """The layers of `Embeddings.to_keras`."""
    try:
        import keras
        import tensorflow as tf
    except ImportError as error:
        raise DependencyError("to_keras needs TensorFlow: pip install 'embedkit[models]'") from error
    if tokenization not in get_args(Tokenization):
        known = " or ".join(get_args(Tokenization))
        raise InputError(f"expected the tokenization of {known}, got {tokenization!r}")
    table, vocabulary = with_special_rows(matrix, vectors.vocabulary, PADDING, OOV, unknown)
    embedding = keras.layers.Embedding(*table.shape, trainable=trainable, mask_zero=padding, name="embedding")
    embedding.build(())
    embedding.set_weights([table])
    if tokenization == "keras":
        how = "lower_and_strip_punctuation" if is_lowercase(vectors) else "strip_punctuation"
        settings: dict[str, Any] = {"standardize": how, "split": "whitespace"}
    else:
        if vectors.tokenizer is None:
            raise InputError("the tokenizer of these vectors is not recorded; take the tokenization of keras")
        settings = {"standardize": None, "split": _split_by(vectors.tokenizer, tf)}
    vectorization = keras.layers.TextVectorization(
        vocabulary=list(vocabulary.words[2:]), output_sequence_length=length, **settings
    )
    return KerasLayers(embedding, vectorization)


def _split_by(tokenizer: TextPipeline, tf: Any) -> Callable[[Any], Any]:
    """What `TextVectorization` calls to split a tensor of texts (n,) into a ragged one of tokens."""

    def joined(texts: Any) -> Any:
        decoded = [text.decode(errors="replace") for text in texts.tolist()]
        return np.array([BETWEEN.join(tokens).encode() for tokens in tokenizer.tokenize_all(decoded)], object)

    def split(texts: Any) -> Any:
        lines = tf.numpy_function(joined, [texts], tf.string, stateful=False)
        lines.set_shape(texts.shape)
        return tf.strings.split(lines, sep=BETWEEN)

    return split
