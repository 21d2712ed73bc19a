"""`MeanVectorClassifier`: logistic regression on the mean of a text's word vectors, a baseline.

The same texts in the same order give the same model.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Doubles1d, Floats1d, Floats2d
from embedkit.errors import InputError
from embedkit.models.estimator import FIRST_LABELS, FIRST_TEXTS, SequenceEstimator
from embedkit.models.files.state import ModelState
from embedkit.models.fit_arguments import checked_pairs, checked_sample_weight, column_of
from embedkit.models.given_vectors import (
    ENGLISH,
    check_vectors,
    check_vectors_file,
    given_vectors,
    provenance_of,
)
from embedkit.models.inference.predictor import Predictor, TextSequence
from embedkit.models.linear.logistic import fit_logistic
from embedkit.models.linear.parameters import MeanVectorParameters
from embedkit.models.linear.predictors import MeanVectorPredictor
from embedkit.models.parameters import ClassWeightParameter
from embedkit.models.targets import read_targets
from embedkit.models.text_forms import check_vectors_of_ids, form_of, form_read_by, pipeline_of_form
from embedkit.models.text_model import TextTransformer
from embedkit.models.word_ids import FIRST_WORD, WordIds, encode
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.sequences.sequences import Sequences
from embedkit.text.tokenization.pretokenized import TextForm
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.frequencies import inverse_frequency, word_shares
from embedkit.vectors.texts.text_words import weighted_means


@dataclass(eq=False, repr=False)
class MeanVectorClassifier(
    MeanVectorParameters,
    ClassWeightParameter,
    TextTransformer,
    SequenceEstimator[MeanVectorPredictor],
):
    """The mean of the vectors of a text's words, each dimension standardized, with logistic regression.

    As the mean of products is the product of the mean, a fitted model keeps no vectors but only what each
    word adds to the scores: it needs them no more, and its file is small. A model read from a file is fitted
    again only with vectors that are there: `model.set_params(embeddings=...)`.

    Args:
        embeddings: the vectors, a file of them, or "english" for those that ship. Words that they lack are
            left out. Texts are tokenized as theirs were, if they say how, else as the `words` tokenizer does.
        C: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" or a weight a class.
        smoothing: the a in a / (a + p), by which the vector of a word of share p is multiplied (Arora et al.
            2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings"); shares are those in the text
            behind the vectors, or by Zipf's law where these do not count their words. None for plain vectors.

    Attributes:
        predictor_: what each word adds to the scores.
        classes_: the classes, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        vectors_: what is known of the vectors: words, dimensions, provenance.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import MeanVectorClassifier
        >>> texts = ["a cat and a dog", "the dog sleeps", "a train and a bus", "the bus stops"]
        >>> model = MeanVectorClassifier().fit(texts, ["animal", "animal", "traffic", "traffic"])
        >>> model.predict(["a horse", "the railway"]).tolist()
        ['animal', 'traffic']
    """

    predictor_class: ClassVar[type[Predictor]] = MeanVectorPredictor

    embeddings: Embeddings | str | Path = ENGLISH

    def fit(self, X: TextSequence, y: Any, *, sample_weight: Any = None) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            sample_weight: how much each text counts, (n,); None for 1. A weight of 2 is the text twice, one
                of 0 none.

        Raises:
            InputError: labels that cannot be learned, texts without a word that has a vector, or a parameter
                out of range.
        """
        self.check_parameters()
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        counts = checked_sample_weight(sample_weight, len(texts))
        vectors = given_vectors(self.embeddings)
        tokenizer, words, matrix = self._reading(vectors, form_of(texts))
        means = _means(texts, tokenizer, words, matrix)
        if not means.any():
            raise InputError(f"no word of the texts has a vector, though there are {len(vectors)}")
        middle, scale = _moments(means, counts)
        standardized = (means - middle) / scale
        weights, intercept = fit_logistic(standardized, targets, self.C, self.class_weight, column_of(counts))
        weights /= scale[:, None]
        self.predictor_ = MeanVectorPredictor(
            targets.forget(),
            tokenizer,
            words,
            (matrix @ weights).astype(np.float32),  # (V, columns): what each word adds
            (intercept - middle @ weights).astype(np.float32),
        )
        self.vectors_ = {"words": len(vectors), "dimensions": vectors.vector_size, **provenance_of(vectors)}
        self.metadata_ = {}
        return self

    def transform(self, X: TextSequence) -> Floats2d:  # noqa: N803
        """The mean of the vectors of each text's words, zeros of a text without any: float32 (n, D).

        Means are those that the logistic regression standardizes. A model that was read from a file has no
        vectors, and needs its `embeddings` as `fit` does.
        """
        check_is_fitted(self)
        form = form_read_by(self.tokenizer_)
        return _means(self.predictor_.read(X), *self._reading(given_vectors(self.embeddings), form))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns of `transform`: "d0", "d1" and so on."""
        check_is_fitted(self)
        return np.array([f"d{dimension}" for dimension in range(self.vectors_["dimensions"])], object)

    def load_libraries(self) -> None:
        """Load what fits the logistic regression, and use it once."""
        MeanVectorClassifier().fit(FIRST_TEXTS, FIRST_LABELS)

    def check_parameters(self) -> None:
        """Raise an error for a parameter of a wrong type or range, or a file that holds no vectors."""
        super().check_parameters()
        check_vectors(self.embeddings)
        check_vectors_file(self.embeddings)

    def _reading(self, vectors: Embeddings, form: TextForm) -> tuple[TextPipeline, WordIds, Floats2d]:
        """How texts are read, the words that count, and the vector (V, D) that each adds to a mean."""
        check_vectors_of_ids(vectors.vocabulary.words, form)
        matrix = vectors.matrix
        if self.smoothing is not None:
            matrix = matrix * _weights(vectors, self.smoothing)[:, None]
        tokenizer = pipeline_of_form(vectors.tokenizer or text_pipeline(), form)
        return tokenizer, WordIds(vectors.vocabulary.words), matrix

    @classmethod
    def _parameters_in(cls, state: ModelState) -> dict[str, Any]:
        parameters = super()._parameters_in(state)
        return {**parameters, "embeddings": parameters["embeddings"] or ENGLISH}  # None in version 0.1.0

    def _facts(self) -> dict[str, Any]:
        return {"vectors": self.vectors_}

    def _set_facts(self, state: ModelState) -> None:
        self.vectors_ = state.facts["vectors"]


def _moments(means: Floats2d, counts: Doubles1d | None) -> tuple[Doubles1d, Doubles1d]:
    """The mean and the standard deviation of each dimension (D,), 1 of one that never varies.

    `counts` (n,) are the weights of the texts, None for 1.
    """
    if counts is None:
        middle, scale = means.mean(axis=0, dtype=np.float64), means.std(axis=0, dtype=np.float64)
    else:
        middle = np.average(means, axis=0, weights=counts)
        scale = np.sqrt(np.average((means - middle) ** 2, axis=0, weights=counts))
    scale[scale == 0] = 1
    return middle, scale


def _means(texts: list[str], tokenizer: TextPipeline, words: WordIds, matrix: Floats2d) -> Floats2d:
    """The mean of the vectors of the known words of each text, (n, D)."""
    sequences = encode(tokenizer.tokenize_all(texts), words)
    known = sequences.where(sequences.ids >= FIRST_WORD)
    return weighted_means(Sequences(known.ids - FIRST_WORD, known.offsets), matrix)


def _weights(vectors: Embeddings, smoothing: float) -> Floats1d:
    """The factor of each word, float32 (V,)."""
    return inverse_frequency(word_shares(vectors.vocabulary), smoothing).astype(np.float32)
