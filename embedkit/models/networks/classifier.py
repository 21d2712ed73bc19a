"""`TextClassifier`: recurrent and convolutional networks on word vectors, as a scikit-learn estimator."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.errors import InputError
from embedkit.hyperparameters import Seeded, check
from embedkit.models.columns import checked_texts
from embedkit.models.estimator import SequenceEstimator, TextEstimator, TextTransformer
from embedkit.models.files.state import ModelState
from embedkit.models.fit_arguments import checked_pairs, checked_sample_weight
from embedkit.models.given_vectors import CORPUS, RANDOM, check_vectors, check_vectors_file, is_named
from embedkit.models.inference.network import NetworkPredictor
from embedkit.models.inference.predictor import Predictor, TextSequence
from embedkit.models.layers.stack import OUTPUT, TABLE, LayersParameter, LayerStack, Weights
from embedkit.models.linear.self_training import Unlabelled, probability_targets, read_unlabelled
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.models.networks.backend import check_process, load_backend
from embedkit.models.networks.config import EmbeddingConfig, TokenizationConfig, TrainingConfig, group
from embedkit.models.networks.embedding_init import initial_embeddings
from embedkit.models.networks.examples import (
    ValidationData,
    check_validation,
    make_examples,
    split_rows,
    validation_examples,
    weighted,
)
from embedkit.models.networks.keras_network import build, table_of
from embedkit.models.networks.keras_view import KerasView
from embedkit.models.networks.soft_labels import softened
from embedkit.models.networks.trainer import Epoch, NetworkTrainer, chosen_precision
from embedkit.models.parameters import ClassWeightParameter
from embedkit.models.targets import Targets, read_targets
from embedkit.models.word_ids import FIRST_WORD, WordIds, encode
from embedkit.progress import SILENT, Progress
from embedkit.text.pipeline.parameters import PipelineParameters
from embedkit.vectors.embeddings import Embeddings


@dataclass(eq=False, repr=False, kw_only=True)
class TextClassifier(
    LayersParameter,
    TrainingConfig,
    TokenizationConfig,
    EmbeddingConfig,
    ClassWeightParameter,
    Seeded,
    KerasView,
    TextTransformer,
    SequenceEstimator[NetworkPredictor],
):
    """A network that reads the vectors of a text's words in order.

    The words it knows are those of the vectors, and if these are trained too, or drawn at random, those that
    occur `min_count` times in the texts. The same seed gives the same network on the same machine, but for
    vectors from a large corpus, which several threads train. Its other parameters are described in
    `embedkit.models.layers` and `embedkit.models.networks.config`.

    Args:
        layers: the layers between the word vectors and the output layer: a list such as
            `[LSTM(64, bidirectional=True), Dense(64, "relu")]`, or in words, see
            `embedkit.models.layers.spec`. The output layer is added for the labels.
        embeddings: where the vectors come from: "corpus" for word2vec on the texts of `fit` and the
            unlabelled ones, "english" for those that ship, "random", a file, or `Embeddings`.
        unlabelled: more texts, or a file of them, for "corpus" and `pseudo_labels`.
        pseudo_labels: learn from unlabelled texts, if there are any, with the probabilities that
            `TfidfClassifier` gives them once it has learnt from all (Hinton et al. 2015, section 2).
        vector_size: dimensions of vectors that are not given.
        fine_tune: train given vectors too: True, False, or N to begin with epoch N + 1, and gently.
        class_weight: None, "balanced" or a weight a class.
        seed: the random seed.

    Attributes:
        predictor_: the trained network, which predicts without TensorFlow.
        classes_: the classes, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        history_: an `Epoch` each: loss, accuracy, those on what was held out, learning rate, seconds.
        weights_: the weights of the network by name.
        vectors_: the vectors of the words as the network has them now, after any fine-tuning.
        provenance_: how the vectors were made that it began with.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import TextClassifier
        >>> texts, labels = ["good film", "bad film"] * 20, ["pos", "neg"] * 20
        >>> model = TextClassifier(embeddings="english", layers="bilstm:4", epochs=1, validation_fraction=0.0)
        >>> model.fit(texts, labels).predict_proba(["a good film"]).shape
        (1, 2)
    """

    predictor_class: ClassVar[type[Predictor]] = NetworkPredictor

    embeddings: Embeddings | str | Path = CORPUS
    unlabelled: Unlabelled = None

    def fit(
        self,
        X: TextSequence,  # noqa: N803
        y: Any,
        *,
        sample_weight: Any = None,
        validation_data: ValidationData | None = None,
        soft_targets: Any = None,
        teacher: TextEstimator[Any] | None = None,
        progress: Progress = SILENT,
    ) -> Self:
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            sample_weight: how much the loss of each text counts, (n,); None for 1. A text of 0 is not trained
                on. Texts held out for validation are not weighted.
            validation_data: texts and their labels for the validation scores in `history_`, and for nothing
                else; they take the place of texts held out, so `validation_fraction` is to be 0.
            soft_targets: probabilities of the classes of each text, (n, K), mixed with its label: see
                `embedkit.models.networks.soft_labels`. They should come from classifiers that did not learn
                from this text, as those of `sklearn.model_selection.cross_val_predict` do.
            teacher: the classifier whose pseudo-labels the unlabelled texts get: n-grams to be fitted on the
                texts that are not held out; or a classifier fitted on labels of the same classes, which had
                better not know the texts held out. None for n-grams with the network's tokenization.
            progress: where it is reported.

        Raises:
            InputError: labels or texts that cannot be learnt from, a parameter out of range, training
                that diverged, or a process forked after TensorFlow was loaded.
            DependencyError: TensorFlow is not installed.
        """
        stack, training_config, reading = self._checked()
        check_process()
        check_validation(validation_data, training_config.validation_fraction)
        targets = read_targets(y)
        texts, more = checked_pairs(X, targets), self._unlabelled()
        sample_weight = checked_sample_weight(sample_weight, len(texts))
        start = initial_embeddings(
            self.embeddings,
            texts,
            more,
            reading,
            self.fine_tune is not False,
            self.vector_size,
            self.seed,
            progress,
        )
        kept, held = split_rows(targets, training_config.validation_fraction, self.seed)
        words, soft = WordIds(start.words), None
        if more and self.pseudo_labels:
            labelled = [texts[row] for row in kept]
            soft = self._pseudo_labels(teacher, labelled, targets.only(kept), more, progress)
            texts = texts + more
        ends = self.first_tokens, self.last_tokens
        sequences = encode(start.tokenizer.tokenize_all(texts), words).truncated(*ends)
        training, validation = make_examples(sequences, targets, soft, self.class_weight, kept, held)
        if sample_weight is not None:
            training = weighted(training, sample_weight)
        if soft_targets is not None:
            training = softened(training, soft_targets, targets)
        if validation_data:
            tokens = start.tokenizer.tokenize_all(checked_texts(validation_data[0]))
            validation = validation_examples(
                encode(tokens, words).truncated(*ends), validation_data[1], targets
            )
        network = build(
            stack,
            table_of(start.vectors),
            targets.columns,
            seed=self.seed,
            precision=chosen_precision(training_config.precision),
        )
        frozen = 0 if start.learned else self._frozen_epochs()
        trainer = self._trainer(network, targets.task, training_config, frozen, self.seed, progress)
        try:
            history = trainer.run(training, validation, choose=not validation_data)
            weights = network.weights()
        finally:
            network.release()
        self.predictor_ = NetworkPredictor(targets.forget(), start.tokenizer, words, stack, ends, weights)
        self.history_, self.provenance_, self.metadata_ = history, start.provenance, {}
        return self

    def transform(self, X: TextSequence) -> Floats2d:  # noqa: N803
        """The pooled hidden states of each text, from which the scores of classes are computed.

        Of a single word it is a vector that knows what the labels ask for.

        Returns:
            float32 (n, units), or twice as many of a bidirectional network.
        """
        check_is_fitted(self)
        return self.predictor_.pooled(checked_texts(X))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns of `transform`: "unit0", "unit1" and so on."""
        check_is_fitted(self)
        width = len(self.predictor_.weights[f"{OUTPUT}/kernel"])
        return np.array([f"unit{number}" for number in range(width)], object)

    @property
    def weights_(self) -> Weights:
        """The weights of the network by name, see `LayerStack.weight_shapes`."""
        check_is_fitted(self)
        return self.predictor_.weights

    @property
    def vectors_(self) -> Embeddings:
        """The vectors of the words as the network has them now, after any fine-tuning."""
        from embedkit.text.vocabulary import Vocabulary

        matrix = self.weights_[TABLE][FIRST_WORD:]
        return Embeddings(matrix, Vocabulary(list(self.words_)), {"tokenizer": self.tokenizer_.recipe()})

    def load_libraries(self) -> None:
        """Load TensorFlow."""
        load_backend()

    def check_parameters(self) -> None:
        """Raise an error for a parameter of a wrong type or range, or a file that holds no vectors."""
        self._checked()
        check_vectors_file(self.embeddings)

    def _checked(self) -> tuple[LayerStack, TrainingConfig, TokenizationConfig]:
        """The parameters in their groups; `InputError` for one that cannot be."""
        check(self)
        check_vectors(self.embeddings, network=True)
        self.check_text()
        return LayerStack(self.layers), group(TrainingConfig, self), group(TokenizationConfig, self)

    def _trainer(self, *given: Any) -> NetworkTrainer:
        """What trains the network, of the arguments of `NetworkTrainer`."""
        return NetworkTrainer(*given)

    def _frozen_epochs(self) -> int | None:
        """For how many epochs given vectors stay as they are; None for all."""
        if isinstance(self.fine_tune, bool):
            return 0 if self.fine_tune else None
        return self.fine_tune

    def _unlabelled(self) -> list[str]:
        more = read_unlabelled(self.unlabelled)
        unused = not self.pseudo_labels and not is_named(self.embeddings, CORPUS)
        if self.unlabelled is not None and unused:
            raise InputError('unlabelled texts are for embeddings="corpus" or pseudo_labels; leave them out')
        return more

    def _pseudo_labels(
        self,
        teacher: TextEstimator[Any] | None,
        texts: list[str],
        targets: Targets,
        more: list[str],
        progress: Progress,
    ) -> Doubles2d:
        """The probabilities of classes, (n, columns), that the teacher gives to texts without labels."""
        progress.start("label the unlabelled texts")
        if teacher is None or not hasattr(teacher, "predictor_"):
            ngrams: TfidfClassifier = ngrams_like(self) if teacher is None else clone(teacher)
            teacher = ngrams.set_params(unlabelled=more).fit_targets(texts, targets)
        probabilities = probability_targets(teacher.predict_proba(more), targets)
        progress.finish(f"{len(more):,} texts")
        return probabilities

    @classmethod
    def _parameters_in(cls, state: ModelState) -> dict[str, Any]:
        parameters = super()._parameters_in(state)
        return {**parameters, "embeddings": parameters["embeddings"] or RANDOM}  # None in version 0.1.0

    def _facts(self) -> dict[str, Any]:
        return {"vectors": self.provenance_, "history": [list(epoch[:-1]) for epoch in self.history_]}

    def _set_facts(self, state: ModelState) -> None:
        self._checked()
        self.history_ = [Epoch(*entry[: len(Epoch._fields) - 1]) for entry in state.facts["history"]]
        self.provenance_ = state.facts["vectors"]


def ngrams_like(network: TextClassifier) -> TfidfClassifier:
    """N-grams that read and weigh texts as a network does."""
    return TfidfClassifier(
        class_weight=network.class_weight,
        **{field.name: getattr(network, field.name) for field in fields(PipelineParameters)},
        unlabelled=network.unlabelled if network.pseudo_labels else None,
    )
