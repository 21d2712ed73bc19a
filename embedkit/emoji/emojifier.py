"""`Emojifier`: predicts the emoji of a sentence, by the text classifiers of this package.

A version is a list of classifiers (`embedkit.emoji.versions`) whose scores are averaged. What is
special to emoji is here: labels in any spelling become the normal form of `embedkit.text.emoji`, and emoji in
the texts are not read, so that the answer rests on the words alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from embedkit.checkpoints import Checkpoint
from embedkit.emoji.augmentation import EmojiSentences, augmented
from embedkit.emoji.labels import Labels, emoji_of_labels
from embedkit.emoji.parameters import SHARED, EmojifierParameters
from embedkit.emoji.predictor import EmojiGuess, EmojiPredictor, labels_in, readable
from embedkit.emoji.versions import (
    VERSIONS,
    VersionPart,
    network_parameters,
    parts_of_version,
    version_network,
    weights_of_parts,
)
from embedkit.errors import InputError
from embedkit.hyperparameters import Seeded, check
from embedkit.models.class_weights import ClassWeight
from embedkit.models.estimator import TextEstimator
from embedkit.models.files.former_networks import changed_layers
from embedkit.models.files.state import ModelState
from embedkit.models.fit_arguments import checked_pairs, checked_sample_weight
from embedkit.models.given_vectors import (
    ENGLISH,
    EVERYDAY,
    check_components,
    check_vectors,
    check_vectors_file,
    given_vectors,
    principal_components,
)
from embedkit.models.inference.network import NETWORK
from embedkit.models.inference.predictor import Predictor, TextSequence
from embedkit.models.linear.mean_vectors import MeanVectorClassifier
from embedkit.models.linear.predictors import MEAN_VECTORS
from embedkit.models.linear.self_training import Unlabeled, read_unlabeled
from embedkit.models.networks.classifier import TextClassifier
from embedkit.models.networks.examples import ValidationData
from embedkit.models.parameters import ClassWeightParameter
from embedkit.models.stored_parameters import TOKENIZER, json_parameters, parameters_in
from embedkit.models.targets import read_targets
from embedkit.models.weighted_ensemble import Part, WeightedEnsemble, predictors_of
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings


@dataclass(eq=False, repr=False)
class Emojifier(EmojifierParameters, ClassWeightParameter, Seeded, WeightedEnsemble[EmojiPredictor]):
    """Tells which of a set of emoji a sentence asks for; the set is that of the labels of `fit`.

    Labels are emoji with or without variation selector and skin tone, or names such as `:red_heart:`, or what
    `labels` says; `predict` gives fully qualified emoji without skin tone. Emoji in the texts are not read. A
    text without a known word gets the shares that the emoji have among the texts of `fit`.

    Args:
        version: 1 is the mean of a text's vectors, rare words weighing more, with logistic regression. 2 is
            two LSTM layers of 128 on frozen vectors, with dropout of one half after each, of which the last
            state decides. 3, this package's own, is a bidirectional LSTM of 96 on frozen vectors whose states
            are pooled by attention. The scores of these networks are averaged with those of version 1: n
            texts give a network the weight n / (n + 200), that of version 3 at most 0.75. Networks hold no
            text out.
        embeddings: the vectors, a file of them, or the name of those that ship: "everyday" of everyday
            English, which know what the bundled emojifier was taught, "english" of an encyclopaedia.
        fine_tune: train the vectors of the network too: True, False, or N to begin with epoch N + 1, and
            gently; None for what the network does. Version 1 has nothing to be trained so.
        labels: emoji, or their names, that labels 0, 1, 2 and so on stand for; or a mapping of labels.
        class_weight: None, "balanced" or a weight an emoji.
        network: a `TextClassifier` in the place of the version's, see `version_network`; its embeddings,
            unlabeled texts, class weights, seed and validation fraction are those of the emojifier.
        components: networks read so many principal components of the vectors, which makes them small; None
            for the vectors as they are.
        unlabeled: more texts, or a file of them, from which networks learn with the probabilities that the
            mean of vectors gives their emoji.
        augment: whether networks also learn from contrastive (counterfactual) examples, about eight made of
            each text (`embedkit.emoji.augmentation`); they are English.
        seed: the random seed; version 1 draws nothing.

    Attributes:
        predictor_: what predicts, without scikit-learn and TensorFlow.
        parts_: the fitted classifiers, with their weights.
        classes_: the emoji, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        history_: how the network learned, an `Epoch` each; empty of version 1.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import Emojifier
        >>> texts = ["I love you", "she adores him", "let us play ball", "the game starts at noon"]
        >>> model = Emojifier(version=1).fit(texts, [":red_heart:", "❤️", "⚾", ":baseball:"])
        >>> model.predict(["we love her", "a football match"]).tolist()
        ['❤️', '⚾']
    """

    predictor_class: ClassVar[type[Predictor]] = EmojiPredictor
    part_estimators: ClassVar[Mapping[str, type[TextEstimator[Any]]]] = {
        MEAN_VECTORS: MeanVectorClassifier,
        NETWORK: TextClassifier,
    }

    version: Literal[1, 2, 3] = 3
    embeddings: Embeddings | str | Path = EVERYDAY
    _: KW_ONLY
    labels: Labels = None
    network: TextClassifier | None = None
    unlabeled: Unlabeled = None

    def fit(
        self,
        X: TextSequence,  # noqa: N803
        y: Any,
        *,
        sample_weight: Any = None,
        validation_data: ValidationData | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> Self:
        """Learn from texts and the emoji of each.

        Args:
            X: n texts.
            y: the label of each.
            sample_weight: how much each text counts, (n,); None for 1. Contrastive examples are made of the
                texts that count more than 0, and each counts as these do on average.
            validation_data: other texts and their labels, for the validation scores in the network's
                `history_`, and for nothing else.
            progress: where it is reported.
            checkpoint: where the training of the network is saved, and goes on after an interruption.

        Raises:
            InputError: a label that is no emoji, texts that cannot be learned from, or parameters that the
                version does not have.
            DependencyError: a network is asked for, and TensorFlow is not installed.
        """
        parts = self._unfitted_parts()
        emoji = self.emoji_of(y)
        targets = read_targets(emoji)
        texts = readable(checked_pairs(X, targets))
        weights = checked_sample_weight(sample_weight, len(texts))
        progress.start("word vectors")
        vectors = given_vectors(self.embeddings)
        if validation_data:
            validation_data = readable(validation_data[0]), self.emoji_of(validation_data[1])
        [alone] = VERSIONS[1]
        means = [part.model for part in parts if isinstance(part.model, MeanVectorClassifier)]
        mean = means[0] if means else self._mean_vectors(alone)
        mean.set_params(embeddings=vectors).fit(texts, emoji, sample_weight=weights)
        progress.finish(self._start(vectors, 1 - mean.predictor_.unknown_words(texts).mean()))
        if self.components is not None:
            vectors = principal_components(vectors, self.components)
        for _, part in parts:
            if isinstance(part, TextClassifier):
                part.set_params(embeddings=vectors)
                sentences, watched = EmojiSentences(texts, emoji, weights), (progress, checkpoint)
                self._fit_network(part, sentences, mean, validation_data, *watched)
        counts = np.bincount(targets.encoded, weights)
        shared = weights_of_parts(self.version, float(counts.sum()))
        parts = [part._replace(weight=weight) for part, weight in zip(parts, shared, strict=True)]
        self.parts_ = parts
        shares = counts / counts.sum()
        self.predictor_ = EmojiPredictor(targets.forget(), predictors_of(parts), shares, self.labels)
        self.metadata_ = {}
        return self

    def emoji_of(self, labels: Iterable[Any]) -> list[str]:
        """The emoji in normal form that labels stand for, given as `fit` takes them; fitted or not.

        Raises:
            InputError: a label that stands for no emoji, or several labels a text.
        """
        return emoji_of_labels(labels, self.labels)

    def predict_top(self, X: TextSequence, top: int = 3) -> list[list[EmojiGuess]]:  # noqa: N803
        """The `top` likeliest emoji of each text, or all if there are fewer, the likeliest first."""
        check_is_fitted(self)
        return self.predictor_.predict_top(X, top)

    def score(self, X: TextSequence, y: Any, sample_weight: Any = None) -> float:  # noqa: N803
        """The share of texts whose emoji is predicted; labels are taken as by `fit`."""
        return super().score(X, self.emoji_of(y), sample_weight)

    def load_libraries(self) -> None:
        """Load TensorFlow if the version has a network."""
        for part in self._unfitted_parts():
            part.model.load_libraries()

    def check_parameters(self) -> None:
        """Raise an error for a parameter of a wrong type or range, or a file that holds no vectors."""
        check_vectors(self.embeddings)
        check_vectors_file(self.embeddings)
        if self.components is not None:
            check_components(given_vectors(self.embeddings), self.components)
        for part in self._unfitted_parts():
            part.model.check_parameters()

    def state(self) -> ModelState:
        """What a file keeps of the fitted model."""
        check_is_fitted(self)
        parameters = json_parameters(self)
        labels, network = self.labels, self.network
        parameters["labels"] = (
            [*map(list, labels.items())] if isinstance(labels, Mapping) else labels and list(labels)
        )
        if network is not None:
            given = json_parameters(network)
            parameters["network"] = {name: given[name] for name in given.keys() - SHARED}
        return self._state_with_parts(parameters, {"shares": self.predictor_.shares.tolist()})

    @classmethod
    def _parameters_in(cls, state: ModelState) -> dict[str, Any]:
        parameters = super()._parameters_in(state)
        parameters["labels"] = labels_in(state.parameters)
        parameters["embeddings"] = parameters["embeddings"] or ENGLISH  # None in version 0.1.0
        if network := parameters["network"]:
            [part] = [part for part in state.facts["parts"] if part["kind"] == NETWORK]
            network = changed_layers(network, part["parameters"])
            parameters["network"] = version_network(parameters["version"], **parameters_in(network))
        return parameters

    def _set_facts(self, state: ModelState) -> None:
        self.parts_ = self._parts_in(state)
        if self.network is not None and TOKENIZER not in state.parameters["network"]:
            [fitted] = [part.model for part in self.parts_ if isinstance(part.model, TextClassifier)]
            self.network.set_params(tokenizer=fitted.tokenizer_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = False
        return tags

    def _unfitted_parts(self) -> list[Part]:
        """The weights and the classifiers of the version, without vectors; raises for bad parameters."""
        parts = parts_of_version(self.version)
        check(self)
        of_networks = ("network", "fine_tune", "components", "unlabeled")
        asked = [name for name in of_networks if getattr(self, name) is not None]
        if asked and network_parameters(self.version) is None:
            raise InputError(f"version {self.version} has no network; leave {' and '.join(asked)} out")
        if not isinstance(self.network, TextClassifier | None):
            raise InputError(f"network must be a TextClassifier or None, got {self.network!r:.80}")
        return [
            Part(part.weight, self._network() if part.kind == NETWORK else self._mean_vectors(part))
            for part in parts
        ]

    def _start(self, vectors: Embeddings, known: float) -> str:
        """What is learned from: the vectors by name, and how much of the texts they know."""
        given = self.embeddings
        name = "given" if isinstance(given, Embeddings) else str(given)
        shape = f"{len(vectors):,} words x {vectors.vector_size}"
        return f"{name}, {shape}; they know {known:.1%} of the words of the texts"

    def _mean_vectors(self, part: VersionPart) -> MeanVectorClassifier:
        return MeanVectorClassifier(**part.parameters, class_weight=self._class_weight())

    def _network(self) -> TextClassifier:
        network: TextClassifier = (
            version_network(self.version) if self.network is None else clone(self.network)
        )
        network.set_params(class_weight=self._class_weight(), seed=self.seed, validation_fraction=0.0)
        if self.fine_tune is not None:
            network.set_params(fine_tune=self.fine_tune)
        return network

    def _class_weight(self) -> ClassWeight:
        """Weights by emoji in normal form."""
        weight = self.class_weight
        if isinstance(weight, Mapping):
            return dict(zip(self.emoji_of(list(weight)), weight.values(), strict=True))
        return weight

    def _fit_network(
        self,
        network: TextClassifier,
        sentences: EmojiSentences,
        mean: MeanVectorClassifier,
        validation_data: ValidationData | None,
        progress: Progress,
        checkpoint: Checkpoint | None,
    ) -> None:
        """Fit a network; the mean of vectors, which is fitted, tells it more."""
        if self.augment:
            sentences = augmented(sentences, mean.predictor_, self.seed, progress)
        texts, emoji, weights = sentences
        unlabeled = readable(read_unlabeled(self.unlabeled)) or None
        network.set_params(unlabeled=unlabeled)
        network.fit(
            texts,
            emoji,
            sample_weight=weights,
            validation_data=validation_data,
            teacher=mean,
            progress=progress,
            checkpoint=checkpoint,
        )
        network.set_params(unlabeled=self.unlabeled)
