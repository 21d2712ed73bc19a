"""`TextRegressor`: networks on word vectors that predict a number, as a scikit-learn estimator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

import numpy as np

from embedkit.checkpoints import Checkpoint
from embedkit.errors import InputError
from embedkit.hyperparameters import check, values_of
from embedkit.models.columns import checked_texts
from embedkit.models.estimator import FIRST_TEXTS
from embedkit.models.inference.network import NetworkPredictor
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.linear.self_training import read_unlabeled
from embedkit.models.networks.backend import check_process
from embedkit.models.networks.config import TrainingConfig
from embedkit.models.networks.embedding_init import InitialEmbeddings
from embedkit.models.networks.examples import (
    Examples,
    ValidationData,
    make_examples,
    split_rows,
    weighted,
)
from embedkit.models.networks.text_network import TextNetwork
from embedkit.models.number_targets import NumberTargets, checked_numbers
from embedkit.models.regression.estimator import NumberEstimator, check_lengths, read_numbered_texts
from embedkit.models.regression.parameters import RangeParameter, RegressionLossParameter
from embedkit.models.text_forms import texts_for
from embedkit.progress import SILENT, Progress


@dataclass(eq=False, repr=False, kw_only=True)
class TextRegressor(  # type: ignore[misc]
    RegressionLossParameter, RangeParameter, TextNetwork, NumberEstimator[NetworkPredictor]
):
    """A network that reads the vectors of a text's words in order and predicts a number, such as a rating.

    It is that of `TextClassifier`, with one score a text. Numbers are standardized before they are learned,
    and predicted in their units. The same seed gives the same network on the same machine, but for vectors
    from a large corpus.

    Args:
        embeddings: where the vectors come from: "corpus" for word2vec on the texts of `fit` and the
            unlabeled ones, "english" for those that ship, "random", a file, or `Embeddings`.
        unlabeled: more texts, or a file of them, for "corpus".
        loss: "squared_error", "absolute_error" or "huber", of standardized numbers.
        bounded: keep predictions within the range of the numbers learned from.
        vector_size: dimensions of vectors that are not given.
        language_model: begin with the words, the vectors and the recurrent layers of this `LanguageModel`, or
            of its file; `layers` begin with the same.
        fine_tune: train given vectors too: True, False, or N to begin with epoch N + 1, and gently.
        seed: the random seed.

    Attributes:
        predictor_: the trained network, which predicts without TensorFlow.
        targets_: the mean, the deviation and the range of the numbers that were learned.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        history_: an `Epoch` each, whose accuracy is R².
        weights_: the weights of the network by name.
        vectors_: the vectors of the words as the network has them now, after any fine-tuning.
        provenance_: how the vectors were made that it began with.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import TextRegressor
        >>> texts, ratings = ["good film", "bad film"] * 20, [9.0, 2.0] * 20
        >>> model = TextRegressor(embeddings="english", epochs=1, validation_fraction=0.0)
        >>> model.fit(texts, ratings).predict(["a good film"]).shape
        (1,)
    """

    def fit(
        self,
        X: TextSequence,  # noqa: N803
        y: Any,
        *,
        sample_weight: Any = None,
        validation_data: ValidationData | None = None,
        choose_by_validation: bool = False,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> Self:
        """Learn from texts and their numbers.

        Args:
            X: n texts.
            y: a number for each, (n,).
            sample_weight: how much the loss of each text counts, (n,); None for 1. A text of 0 is not trained
                on. Texts held out for validation are not weighted.
            validation_data: texts and their numbers that are judged after each epoch, for the validation
                scores in `history_`. They choose nothing, unless `choose_by_validation`.
            choose_by_validation: let `validation_data` choose the best epoch and stop the training, in the
                place of texts held out: then none are.
            progress: where it is reported.
            checkpoint: where training is saved, and goes on after an interruption.

        Raises:
            InputError: numbers or texts that cannot be learned from, a parameter out of range, training that
                diverged, or a process forked after TensorFlow was loaded.
            DependencyError: TensorFlow is not installed.
        """
        checked = self._checked()
        check_process()
        fraction = self._held_out_fraction(validation_data, choose_by_validation)
        texts, targets, weights = read_numbered_texts(X, y, sample_weight, self.bounded)
        start = self._initial(texts, self._unlabeled(), progress)
        kept, held = split_rows(targets, fraction, self.seed)
        training, held_out = make_examples(self._sequences(start, texts), targets, None, None, kept, held)
        if weights is not None:
            training = weighted(training, weights)
        validation = None
        if validation_data:
            validation = self._validation(start, targets, *validation_data)
        watched = progress, checkpoint
        self._train(checked, start, targets, training, held_out, validation, choose_by_validation, *watched)
        return self

    def load_libraries(self) -> None:
        """Load TensorFlow, and train a tiny network once a process."""
        super().load_libraries()
        _first_network()

    def _validation(
        self, start: InitialEmbeddings, targets: NumberTargets, texts: Any, numbers: Any
    ) -> Examples:
        """The examples of validation, all of one weight."""
        judged, values = texts_for(start.tokenizer, checked_texts(texts)), checked_numbers(numbers)
        check_lengths(len(judged), len(values))
        wanted = targets.standardized(values)[:, None].astype(np.float32)
        return Examples(self._sequences(start, judged), np.arange(len(judged)), wanted, np.ones_like(wanted))

    def _training_config(self) -> TrainingConfig:
        """How the network is trained, with the loss of numbers in the place of that of classes."""
        values = values_of(TrainingConfig, self)
        config = TrainingConfig(**{name: value for name, value in values.items() if name != "loss"})
        check(config)
        if config.label_smoothing:
            raise InputError("label_smoothing is for classes, and a number has none; leave it out")
        return replace(config, loss=self.loss)  # type: ignore[arg-type]

    def _unlabeled(self) -> list[str]:
        if self.unlabeled is not None and not self._learns_vectors:
            raise InputError('unlabeled texts are for embeddings="corpus"; leave them out')
        return read_unlabeled(self.unlabeled)


@cache
def _first_network() -> None:
    """Train a tiny network, without what is compiled for certain layers and sizes."""
    network = TextRegressor(
        layers="max", embeddings="random", vector_size=4, min_count=1, epochs=1, validation_fraction=0.0
    )
    network.fit(FIRST_TEXTS, range(len(FIRST_TEXTS)))
