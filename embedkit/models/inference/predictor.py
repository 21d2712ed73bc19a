"""`Predictor`: the base of trained classifiers that only predict.

It needs neither scikit-learn nor TensorFlow, so that commands and services start at once. Every fitted
estimator holds one, `predictor_`, and predicts with it; `embedkit.load_predictor` reads one from a file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.models.files.state import ModelState
from embedkit.models.number_targets import NumberTargets, numbers_from_text
from embedkit.models.targets import Targets, labels_from_text
from embedkit.models.text_forms import texts_for, texts_of_file
from embedkit.models.word_ids import UNKNOWN, WordIds, encode
from embedkit.text.datasets.labels import Label
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import pipeline_from_recipe
from embedkit.text.sequences.sequences import Sequences

P = TypeVar("P", bound="Predictor")
TextSequence = Sequence[str] | Sequence[Sequence[str]] | Sequence[Sequence[int]] | NDArray[Any]
Scored = tuple[Doubles2d, Doubles1d]  # scores (n, columns), shares of unknown words (n,)


class Predictor(ABC):
    """The base of all predictors.

    Args:
        targets: the classes.
        tokenizer: how texts are read.
        words: what is known of them.
    """

    kind: ClassVar[str]  # what files call models of the class
    metadata: Mapping[str, Any]  # what a file says of how the model was made, else empty

    def __init__(self, targets: Targets, tokenizer: TextPipeline, words: WordIds) -> None:
        self.targets, self.tokenizer, self.words = targets, tokenizer, words
        self.metadata = {}

    def __repr__(self) -> str:
        learned = "numbers" if self.targets.task == "regression" else f"{len(self.classes)} classes"
        return f"<{type(self).__name__}: {learned}, {len(self.words):,} words>"

    @classmethod
    @abstractmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of what a file keeps; content that cannot be raises `FormatError`."""

    @abstractmethod
    def score_texts(self, texts: list[str]) -> Scored:
        """The scores of texts, and of each its share of unknown words.

        Scores are log-odds (n, 1) of the second of two classes, of each label (n, K), or logits (n, K).
        """

    @abstractmethod
    def unknown_words(self, texts: list[str]) -> Doubles1d:
        """Of each text its share of unknown words (n,), as `score_texts` gives it."""

    @property
    def classes(self) -> NDArray[Any]:
        """The classes, sorted, (K,)."""
        return self.targets.classes

    def decision_function(self, texts: TextSequence) -> NDArray[np.float64]:
        """Log-odds of the second of two classes (n,); of more classes logits, of labels log-odds (n, K)."""
        _check_classes(self.targets)
        scores, _ = self.score_texts(self.read(texts))
        return scores[:, 0] if self.targets.task == "binary" else scores

    def predict_proba(self, texts: TextSequence) -> Doubles2d:
        """The probability of each class, (n, K); of several labels each for itself."""
        return self.proba_and_unknown(texts)[0]

    def read(self, texts: TextSequence) -> list[str]:
        """The texts as `score_texts` takes them; `InputError` for those of another form than was learned."""
        return texts_for(self.tokenizer, texts)

    @property
    def reads_characters(self) -> bool:
        """Whether the characters of unknown words speak for a label."""
        return False

    def proba_and_unknown(self, texts: TextSequence) -> tuple[Doubles2d, Doubles1d]:
        """What `predict_proba` and `unknown_shares` give, of texts that are tokenized only once."""
        _check_classes(self.targets)
        scores, unknown = self.score_texts(self.read(texts))
        return probabilities(scores, self.targets), unknown

    def predict(self, texts: TextSequence) -> Any:
        """The most likely class of each text; of several labels those that are likelier than not.

        Several labels come back as they were given in training: as a matrix of 0 and 1, or as tuples. A model
        of numbers gives the number of each text, float64 (n,).
        """
        if isinstance(self.targets, NumberTargets):
            return self.numbers_and_unknown(texts)[0]
        return decided(self.predict_proba(texts), self.targets)

    def numbers_and_unknown(self, texts: TextSequence) -> tuple[Doubles1d, Doubles1d]:
        """Of a model of numbers what `predict` and `unknown_shares` give, of texts that are read once."""
        if not isinstance(self.targets, NumberTargets):
            raise InputError("a model of classes predicts no numbers; ask predict or predict_proba")
        scores, unknown = self.score_texts(self.read(texts))
        return self.targets.scale.in_units(scores), unknown

    def unknown_shares(self, texts: TextSequence) -> Doubles1d:
        """Which share of the words of each text the model does not know, (n,); 1 of a text without words."""
        return self.unknown_words(self.read(texts))

    def read_texts(self, texts: Sequence[str]) -> list[str]:
        """Texts that were read from a file, as those of the model: see `texts_of_file`."""
        return texts_of_file(self.tokenizer, texts)

    def read_labels(self, labels: Sequence[Label]) -> Any:
        """Labels that were read from a file, as text, as those of the model: see `labels_from_text`."""
        if self.targets.task == "regression":
            return numbers_from_text(labels)
        return labels_from_text(labels, self.targets)


class SequencePredictor(Predictor):
    """The base of predictors that read the words of a text as ids of one vocabulary, `words`."""

    @abstractmethod
    def scores(self, sequences: Sequences) -> Doubles2d:
        """The scores of texts, as `score_texts` gives them."""

    @abstractmethod
    def tensors(self) -> dict[str, NDArray[Any]]:
        """What a file keeps of it beside its words."""

    def sequences(self, texts: list[str]) -> Sequences:
        """The ids of the texts' words."""
        return encode(self.tokenizer.tokenize_all(texts), self.words)

    def score_texts(self, texts: list[str]) -> Scored:
        """The scores of texts, and of each its share of unknown words."""
        sequences = self.sequences(texts)
        return self.scores(sequences), _unknown_shares(sequences)

    def unknown_words(self, texts: list[str]) -> Doubles1d:
        """Of each text its share of unknown words (n,)."""
        return _unknown_shares(self.sequences(texts))


def vocabulary_of(state: ModelState) -> tuple[Targets, TextPipeline, WordIds]:
    """What every predictor takes from a file."""
    return state.targets, pipeline_from_recipe(state.tokenizer), WordIds(state.words)


def predictor_of(model: Any, kind: type[P]) -> P:
    """What a trained model predicts with: its predictor, or a predictor itself.

    Raises:
        InputError: a model of another kind, or one that was not trained.
    """
    predictor = getattr(model, "predictor_", model)
    if not isinstance(predictor, kind):
        hint = "; a tagger answers embedkit tag" if getattr(predictor, "kind", None) == "tagger" else ""
        raise InputError(
            "expected a trained model, as embedkit.load_model and embedkit.load_predictor give, "
            f"that predicts by {kind.__name__}; got {model!r:.80}{hint}"
        )
    return predictor


def probabilities(scores: Doubles2d, targets: Targets) -> Doubles2d:
    """Probabilities (n, K) of scores as `Predictor.score_texts` gives them."""
    if targets.task == "multiclass":
        odds = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
        shares: Doubles2d = odds / odds.sum(axis=1, keepdims=True)
        return shares
    if targets.task == "multilabel":
        return _logistic(scores)
    return np.column_stack([_logistic(-scores[:, 0]), _logistic(scores[:, 0])])


def decided(probabilities: Doubles2d, targets: Targets) -> Any:
    """Labels in the form in which they were learned: (n,), (n, K) of 0 and 1, or n tuples."""
    if targets.task != "multilabel":
        return targets.classes[probabilities.argmax(axis=1)] if len(probabilities) else targets.classes[:0]
    chosen = probabilities > 0.5
    if targets.form == "indicator":
        return chosen.astype(np.int64)
    return [tuple(targets.classes[row].tolist()) for row in chosen]


def _check_classes(targets: Targets) -> None:
    """Raise `InputError` for a model of numbers, which has no classes."""
    if targets.task == "regression":
        raise InputError("a model of numbers gives no probabilities of classes; ask predict")


def _logistic(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), exact to rounding for the smallest probabilities, too."""
    values: NDArray[np.float64] = np.exp(-np.logaddexp(0, -scores))
    return values


def _unknown_shares(sequences: Sequences) -> Doubles1d:
    """Which share of the ids of each text is `UNKNOWN`, (n,)."""
    if len(sequences) == 0:
        return np.zeros(0)
    unknown = np.add.reduceat(sequences.ids == UNKNOWN, sequences.offsets[:-1], dtype=np.int64)
    return unknown / sequences.lengths
