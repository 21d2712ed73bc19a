"""The mean of a text's word vectors, with logistic regression: a classifier that any other should beat.

The same texts in the same order give the same model.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from embedkit.errors import InputError
from embedkit.models.class_weights import ClassWeight
from embedkit.models.estimator import checked_pairs
from embedkit.models.files.state import Saved, constructor_parameters, file_name
from embedkit.models.given_vectors import given_vectors, story_of
from embedkit.models.linear.logistic import LinearTextClassifier, fit_logistic
from embedkit.models.sequences import FIRST_WORD, Sequences, WordIds, encode
from embedkit.models.targets import read_targets
from embedkit.text.tokenization.factory import make_tokenizer
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.frequencies import inverse_frequency, word_shares

UNNAMED = "(vectors that were in memory)"  # what a file calls vectors that had none; nobody can load them


class MeanVectorClassifier(LinearTextClassifier):
    """The mean of the vectors of a text's words, each dimension standardized, with logistic regression.

    As the mean of products is the product of the mean, a fitted model keeps no vectors but only what each
    word adds to the scores: it needs them no more, and its file is small. A model read from a file is fitted
    again only with vectors that are there: `model.set_params(embeddings=...)`.

    Args:
        embeddings: the vectors, or a file of them; None for those that ship. Words that they lack are left
            out. Texts are tokenized as theirs were, if they say how, else as the `words` tokenizer does.
        C: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" or a weight a class.
        smoothing: the a in a / (a + p), by which the vector of a word of share p is multiplied (Arora et al.
            2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings"); shares are those in the text
            behind the vectors, or by Zipf's law where these do not count their words. None for plain vectors.
    """

    kind: ClassVar[str] = "mean-vectors"
    vectors_: Mapping[str, Any]  # what is known of the vectors

    def __init__(
        self,
        embeddings: Embeddings | str | Path | None = None,
        C: float = 1.0,  # noqa: N803
        class_weight: ClassWeight = None,
        smoothing: float | None = None,
    ) -> None:
        self.embeddings = embeddings
        self.C = C
        self.class_weight = class_weight
        self.smoothing = smoothing

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Raises:
            InputError: labels that cannot be learnt, or texts without a word that has a vector.
        """
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        vectors = given_vectors(self.embeddings)
        tokenizer, words = vectors.tokenizer or make_tokenizer("words"), WordIds(vectors.vocabulary.words)
        matrix = vectors.matrix
        if self.smoothing is not None:
            matrix = matrix * _weights(vectors, self.smoothing)[:, None]
        means = _shares(encode(tokenizer.tokenize_all(texts), words), len(words)) @ matrix
        if not means.any():
            raise InputError(f"no word of the texts has a vector, though there are {len(vectors)}")
        middle, scale = means.mean(axis=0, dtype=np.float64), means.std(axis=0, dtype=np.float64)
        scale[scale == 0] = 1
        weights, intercept = fit_logistic((means - middle) / scale, targets, self.C, self.class_weight)
        weights /= scale[:, None]
        self.weights_ = (matrix @ weights).astype(np.float32)  # (V, columns): what each word adds
        self.intercept_ = (intercept - middle @ weights).astype(np.float32)
        self.vectors_ = {"words": len(vectors), "dimensions": vectors.vector_size, **story_of(vectors)}
        self.tokenizer_, self.words_, self.targets_, self.metadata_ = tokenizer, words, targets.forget(), {}
        return self

    def _rows(self, sequences: Sequences) -> Any:
        return _shares(sequences, len(self.words_))

    def _saved(self) -> Saved:
        named = file_name(self.embeddings, UNNAMED)
        facts = {"vectors": self.vectors_}
        return self._saved_linear(list(self.words_), {}, facts, embeddings=named)

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        model = cls(**constructor_parameters(saved))
        model.words_ = WordIds(saved.words)
        model.vectors_ = saved.facts["vectors"]
        model._set_linear(saved, len(saved.words))
        return model


def _shares(sequences: Sequences, words: int) -> Any:
    """For each text the share of each of V words among those that have a vector, csr float32 (n, V)."""
    text = np.repeat(np.arange(len(sequences)), sequences.lengths)
    known = sequences.ids >= FIRST_WORD
    counts = np.bincount(text[known], minlength=len(sequences))
    shares = (1 / np.maximum(counts, 1)).astype(np.float32)[text[known]]
    return csr_matrix((shares, (text[known], sequences.ids[known] - FIRST_WORD)), (len(sequences), words))


def _weights(vectors: Embeddings, smoothing: float) -> NDArray[np.float32]:
    """The factor of each word, float32 (V,)."""
    if not smoothing > 0:
        raise InputError(f"smoothing must be None or more than 0, got {smoothing!r}")
    return inverse_frequency(word_shares(vectors.vocabulary), smoothing).astype(np.float32)
