"""`DocumentVectorClassifier`: logistic regression on document vectors of n-grams."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Floats2d
from embedkit.hyperparameters import Seeded, check
from embedkit.models.documents.parameters import DocumentVectorParameters
from embedkit.models.documents.predictor import DocumentVectorPredictor, beside_ngrams
from embedkit.models.documents.training import train_ngram_vectors
from embedkit.models.estimator import SequenceEstimator
from embedkit.models.fit_arguments import checked_pairs, checked_sample_weight, column_of
from embedkit.models.inference.predictor import Predictor, TextSequence
from embedkit.models.linear.logistic import fit_logistic
from embedkit.models.linear.ngram_features import NgramFeatures, check_found, log_count_ratios
from embedkit.models.linear.self_training import Unlabeled, read_unlabeled
from embedkit.models.parameters import ClassWeightParameter
from embedkit.models.targets import Targets, read_targets, target_matrix
from embedkit.models.text_forms import pipeline_for
from embedkit.models.text_model import TextTransformer
from embedkit.progress import SILENT, Progress
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.text.tokenization.unsegmented import warn_of_unsegmented_texts


@dataclass(eq=False, repr=False, kw_only=True)
class DocumentVectorClassifier(
    DocumentVectorParameters,
    Seeded,
    PipelineParameters,
    ClassWeightParameter,
    TextTransformer,
    SequenceEstimator[DocumentVectorPredictor],
):
    """Document vectors of n-grams, trained with the cosine, with logistic regression.

    After Thongtan and Phienthrakul (2019), "Sentiment classification using document embeddings trained with
    cosine similarity". A text's vector is to have a larger cosine with the vectors of its n-grams of words
    than with those of n-grams drawn at random. The vectors of n-grams are learned from all texts, those
    without labels too, and no label is used. Then the vector of every labeled text is inferred with n-grams
    that stay as they are, as it is of a new one, and logistic regression learns from these, and from the
    n-grams themselves if asked, as the paper does at its best. It is for long texts and many of them.

    Args:
        ngrams: words in the longest n-gram.
        min_df: texts in which an n-gram must occur.
        vector_size: D.
        epochs: how often all texts are gone through.
        negative: noise n-grams that weigh as much as an n-gram of a text.
        cosine_scale: the alpha of the paper, by which cosines are multiplied in the sigmoid.
        sample: threshold of relative frequency, above which n-grams count less; 0 turns it off.
        learning_rate: of the vectors of texts, at the beginning; it decays linearly.
        ngram_learning_rate: of those of n-grams.
        with_ngrams: let the logistic regression see TF-IDF rows of the n-grams too, weighed by naive Bayes
            (Wang and Manning 2012), beside document vectors of length `DOCUMENT_LENGTH`. A `C` of 100 suits.
        C: the inverse of the strength of the L2 penalty.
        workers: threads; None for one a core. The same texts in the same order and the same seed give the
            same model with 1; with more, only the order of updates differs, unless `deterministic`.
        deterministic: train the vectors in rounds, see `Doc2Vec`: the same model with any number of threads.
        class_weight: None, "balanced" or a weight a class.
        tokenizer: a name, a tokenizer, a function from a text to its tokens, or a `TextPipeline`. This and
            lowercase, urls, stop_words, phrases and so on are the parameters of `text_pipeline`. A model from
            a file has a `TextPipeline` here if files or values of Python had told how texts are read.
        unlabeled: more texts, or a file of them, to learn vectors from.
        seed: of initial vectors and of all draws.

    Attributes:
        predictor_: the n-grams, their vectors, and the weights of scores.
        classes_: the classes, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import DocumentVectorClassifier
        >>> texts, labels = ["good film", "fine plot", "bad film", "dull plot"], ["pos", "pos", "neg", "neg"]
        >>> model = DocumentVectorClassifier(min_df=1, sample=0, vector_size=20, workers=1)
        >>> model.fit(texts, labels).predict(["a good film", "dull"]).tolist()
        ['pos', 'neg']
    """

    predictor_class: ClassVar[type[Predictor]] = DocumentVectorPredictor

    unlabeled: Unlabeled = None

    def fit(
        self,
        X: TextSequence,  # noqa: N803
        y: Any,
        *,
        sample_weight: Any = None,
        progress: Progress = SILENT,
    ) -> Self:
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            sample_weight: how much each text counts in the logistic regression, (n,); None for 1. Vectors do
                not depend on it.
            progress: where it is reported.

        Raises:
            InputError: labels that cannot be learned, texts that share no word, or a parameter out of range.
        """
        self.check_parameters()
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        weights = checked_sample_weight(sample_weight, len(texts))
        more = read_unlabeled(self.unlabeled)
        tokenizer = pipeline_for(self, texts, more)
        warn_of_unsegmented_texts(tokenizer, texts)
        progress.start("count n-grams")
        tokens = tokenizer.tokenize_all(chain(texts, more))
        features, counts = NgramFeatures.find(tokens, self.ngrams, self.min_df)
        check_found(features, texts, tokenizer, self.min_df)
        progress.finish(f"{len(features):,} n-grams in at least {self.min_df} texts")
        ngrams = train_ngram_vectors(counts, self, self.seed, progress)
        own = counts[: len(texts)]
        encoded = ngrams.inference(self.cosine_scale, self.negative).infer(own.indptr, own.indices, own.data)
        rows: Any = encoded
        if self.with_ngrams:
            features, ngram_rows = _naive_bayes_rows(features.weighted(counts), own, targets)
            rows = beside_ngrams(encoded, ngram_rows)
        linear = fit_logistic(rows, targets, self.C, self.class_weight, column_of(weights))
        self.predictor_ = DocumentVectorPredictor(
            targets.forget(), tokenizer, features, ngrams, self.cosine_scale, self.negative, self.with_ngrams,
            *(part.astype(np.float32) for part in linear),
        )  # fmt: skip
        self.metadata_ = {}
        return self

    def check_parameters(self) -> None:
        """Raise `InputError` for a parameter of a wrong type or range."""
        check(self)
        self.check_text()

    def transform(self, X: TextSequence) -> Floats2d:  # noqa: N803
        """The vectors of texts, float32 (n, D), of length 1; 0 where nothing is known."""
        check_is_fitted(self)
        return self.predictor_.encode(self.predictor_.sequences(self.predictor_.read(X)))

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Names of the columns of `transform`: "d0", "d1" and so on."""
        check_is_fitted(self)
        return np.array([f"d{number}" for number in range(self.vector_size)], object)


def _naive_bayes_rows(features: NgramFeatures, counts: Any, targets: Targets) -> tuple[NgramFeatures, Any]:
    """n-grams weighed by what they tell of the classes, and the rows of the texts that `counts` tell of."""
    rows = features.rows_of(counts)
    return features.scaled(log_count_ratios(rows, target_matrix(targets)), rows)
