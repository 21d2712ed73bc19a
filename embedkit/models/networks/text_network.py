"""`TextNetwork`: the base of networks that read texts, from their parameters to the trained weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Floats2d
from embedkit.checkpoints import Checkpoint
from embedkit.errors import InputError
from embedkit.hyperparameters import Seeded, check
from embedkit.models.files.state import ModelState
from embedkit.models.given_vectors import CORPUS, RANDOM, check_vectors, check_vectors_file, is_named
from embedkit.models.inference.network import NetworkPredictor
from embedkit.models.inference.predictor import Predictor, TextSequence
from embedkit.models.layers.stack import OUTPUT, TABLE, LayersParameter, LayerStack, Weights
from embedkit.models.linear.self_training import Unlabeled
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.config import EmbeddingConfig, TokenizationConfig, TrainingConfig, group
from embedkit.models.networks.embedding_init import InitialEmbeddings, initial_embeddings
from embedkit.models.networks.examples import Examples, ValidationData, check_chooses
from embedkit.models.networks.history import epochs_in, saved_epochs
from embedkit.models.networks.keras_network import build, table_of
from embedkit.models.networks.keras_view import KerasView
from embedkit.models.networks.pretraining import pretrained
from embedkit.models.networks.saved_training import training_job
from embedkit.models.networks.trainer import NetworkTrainer, chosen_precision
from embedkit.models.targets import Targets
from embedkit.models.text_model import SequenceModel, TextTransformer
from embedkit.models.word_ids import FIRST_WORD, WordIds, encode
from embedkit.plots.history import History
from embedkit.progress import Progress
from embedkit.saver import Saver
from embedkit.text.sequences.sequences import Sequences
from embedkit.vectors.embeddings import Embeddings


class Checked(NamedTuple):
    """The layers of a network and how it is trained, as its parameters say."""

    stack: LayerStack
    config: TrainingConfig


@dataclass(eq=False, repr=False, kw_only=True)
class TextNetwork(
    LayersParameter,
    TrainingConfig,
    TokenizationConfig,
    EmbeddingConfig,
    Seeded,
    KerasView,
    TextTransformer,
    SequenceModel[NetworkPredictor],
):
    """The base of `TextClassifier` and `TextRegressor`."""

    predictor_class: ClassVar[type[Predictor]] = NetworkPredictor
    trainer: ClassVar[Callable[..., NetworkTrainer]] = (
        NetworkTrainer  # one may try out learning rates instead
    )

    embeddings: Embeddings | str | Path = CORPUS
    unlabeled: Unlabeled = None

    def transform(self, X: TextSequence) -> Floats2d:  # noqa: N803
        """The pooled hidden states of each text, from which the scores are computed.

        Of a single word it is a vector that knows what was learned asks for.

        Returns:
            float32 (n, units), or twice as many of a bidirectional network.
        """
        check_is_fitted(self)
        return self.predictor_.pooled(self.predictor_.read(X))

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
        stack, _ = self._checked()
        check_vectors_file(self.embeddings)
        if self.language_model is not None:
            pretrained(self.language_model, stack)

    def _checked(self) -> Checked:
        """What the parameters say of the network; `InputError` for one that cannot be."""
        check(self)
        check_vectors(self.embeddings, network=True)
        if self.language_model is not None and not is_named(self.embeddings, CORPUS):
            raise InputError("the word vectors are those of language_model; leave embeddings out")
        self.check_text()
        group(TokenizationConfig, self)
        return Checked(LayerStack(self.layers), self._training_config())

    def _training_config(self) -> TrainingConfig:
        """How the network is trained; `InputError` for what cannot be."""
        return group(TrainingConfig, self)

    def _held_out_fraction(self, validation_data: ValidationData | None, choose_by_validation: bool) -> float:
        """Which fraction of the texts is held out: none if validation data choose the best epoch."""
        if not choose_by_validation:
            return self.validation_fraction
        check_chooses(validation_data)
        return 0.0

    @property
    def _learns_vectors(self) -> bool:
        """Whether vectors are learned from the texts before the network is trained."""
        return is_named(self.embeddings, CORPUS) and self.language_model is None

    def _frozen_epochs(self) -> int | None:
        """For how many epochs given vectors stay as they are; None for all."""
        if isinstance(self.fine_tune, bool):
            return 0 if self.fine_tune else None
        return self.fine_tune

    def _initial(self, texts: list[str], more: list[str], progress: Progress) -> InitialEmbeddings:
        """The words and vectors for texts to learn from, and more that help to make the vectors."""
        reading, learn_new = group(TokenizationConfig, self), self.fine_tune is not False
        rest = texts, more, reading, learn_new, self.vector_size, self.seed, progress
        if self.language_model is None:
            return initial_embeddings(self.embeddings, *rest)
        vectors, layers = pretrained(self.language_model, LayerStack(self.layers))
        return replace(initial_embeddings(vectors, *rest), layers=layers)

    def _sequences(self, start: InitialEmbeddings, texts: list[str]) -> Sequences:
        """The ids of the words of texts, as far as they are read."""
        tokens = start.tokenizer.tokenize_all(texts)
        return encode(tokens, WordIds(start.words)).truncated(self.first_tokens, self.last_tokens)

    def _train(
        self,
        checked: Checked,
        start: InitialEmbeddings,
        targets: Targets,
        training: Examples,
        held_out: Examples | None,
        validation: Examples | None,
        by_validation: bool,
        progress: Progress,
        checkpoint: Checkpoint | None,
    ) -> None:
        """Build a network and train it; it becomes the predictor.

        The best epoch is chosen by the texts that are held out, or by validation: see `NetworkTrainer.run`.
        """
        stack, config = checked
        network = build(
            stack,
            table_of(start.vectors),
            targets.columns,
            seed=self.seed,
            precision=chosen_precision(config.precision),
        )
        if start.layers:
            network.set_weights({**network.weights(), **start.layers})
        frozen = 0 if start.learned else self._frozen_epochs()
        told = [stack.layers, targets.task, frozen, self.seed, by_validation]
        given = () if self._learns_vectors else (start.vectors, *start.layers.values())
        job = training_job(config, told, given, training, held_out, validation)
        try:
            with Saver(checkpoint, job, progress) as saver:
                trainer = self.trainer(network, targets.task, config, frozen, self.seed, progress, saver)
                history = trainer.run(training, held_out, validation, by_validation)
            weights = network.weights()
        finally:
            network.release()
        ends = self.first_tokens, self.last_tokens
        self.predictor_ = NetworkPredictor(
            targets.forget(), start.tokenizer, WordIds(start.words), stack, ends, weights
        )
        self.history_, self.provenance_, self.metadata_ = History(history), start.provenance, {}

    @classmethod
    def _parameters_in(cls, state: ModelState) -> dict[str, Any]:
        parameters = super()._parameters_in(state)
        return {**parameters, "embeddings": parameters["embeddings"] or RANDOM}  # None in version 0.1.0

    def _facts(self) -> dict[str, Any]:
        return {"vectors": self.provenance_, "history": saved_epochs(self.history_)}

    def _set_facts(self, state: ModelState) -> None:
        self._checked()
        self.history_ = History(epochs_in(state.facts, state.parameters))
        self.provenance_ = state.facts["vectors"]
