"""`TextClassifier`: recurrent and convolutional networks on word vectors, as a scikit-learn estimator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from sklearn.base import clone

from embedkit.arrays import Doubles2d
from embedkit.checkpoints import Checkpoint
from embedkit.errors import InputError
from embedkit.hyperparameters import values_of
from embedkit.models.estimator import FIRST_LABELS, FIRST_TEXTS, SequenceEstimator, TextEstimator
from embedkit.models.fit_arguments import checked_pairs, checked_sample_weight
from embedkit.models.inference.network import NetworkPredictor
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.linear.self_training import probability_targets, read_unlabeled
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.models.networks.backend import check_process
from embedkit.models.networks.config import (
    PseudoLabelConfig,
)
from embedkit.models.networks.examples import (
    ValidationData,
    make_examples,
    split_rows,
    validation_examples,
    weighted,
)
from embedkit.models.networks.soft_labels import softened
from embedkit.models.networks.text_network import TextNetwork
from embedkit.models.parameters import ClassWeightParameter
from embedkit.models.targets import Targets, read_targets
from embedkit.models.text_forms import texts_for
from embedkit.progress import SILENT, Progress
from embedkit.text.pipeline.parameters import PipelineParameters


@dataclass(eq=False, repr=False, kw_only=True)
class TextClassifier(
    PseudoLabelConfig, ClassWeightParameter, TextNetwork, SequenceEstimator[NetworkPredictor]
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
            unlabeled ones, "english" for those that ship, "random", a file, or `Embeddings`.
        unlabeled: more texts, or a file of them, for "corpus" and `pseudo_labels`.
        pseudo_labels: learn from unlabeled texts, if there are any, with the probabilities that
            `TfidfClassifier` gives them once it has learned from all (Hinton et al. 2015, section 2).
        vector_size: dimensions of vectors that are not given.
        language_model: begin with the words, the vectors and the recurrent layers of this `LanguageModel`, or
            of its file (Dai and Le 2015); `layers` begin with the same. It may have learned from the texts of
            `fit` and unlabeled ones, but not from those that the network is judged by.
        fine_tune: train given vectors too: True, False, or N to begin with epoch N + 1, and gently.
        class_weight: None, "balanced" or a weight a class.
        seed: the random seed.

    Attributes:
        predictor_: the trained network, which predicts without TensorFlow.
        classes_: the classes, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        history_: how it learned, an `embedkit.models.networks.history.Epoch` each: loss and accuracy in
            training, on the texts held out and on `validation_data`, learning rate, seconds. It is a table:
            `pandas.DataFrame(model.history_)`.
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

    def fit(
        self,
        X: TextSequence,  # noqa: N803
        y: Any,
        *,
        sample_weight: Any = None,
        validation_data: ValidationData | None = None,
        choose_by_validation: bool = False,
        soft_targets: Any = None,
        teacher: TextEstimator[Any] | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> Self:
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            sample_weight: how much the loss of each text counts, (n,); None for 1. A text of 0 is not trained
                on. Texts held out for validation are not weighted.
            validation_data: texts and their labels that are judged after each epoch, for the validation
                scores in `history_`. They choose nothing, unless `choose_by_validation`.
            choose_by_validation: let `validation_data` choose the best epoch and stop the training, in the
                place of texts held out: then none are. What they then say of the model is a little too good.
            soft_targets: probabilities of the classes of each text, (n, K), mixed with its label: see
                `embedkit.models.networks.soft_labels`. They should come from classifiers that did not learn
                from this text, as those of `sklearn.model_selection.cross_val_predict` do.
            teacher: the classifier whose pseudo-labels the unlabeled texts get: n-grams to be fitted on the
                texts that are not held out; or a classifier fitted on labels of the same classes, which had
                better not know the texts held out. None for n-grams with the network's tokenization.
            progress: where it is reported.
            checkpoint: where training is saved, and goes on after an interruption.

        Raises:
            InputError: labels or texts that cannot be learned from, a parameter out of range, training
                that diverged, or a process forked after TensorFlow was loaded.
            DependencyError: TensorFlow is not installed.
        """
        checked = self._checked()
        check_process()
        fraction = self._held_out_fraction(validation_data, choose_by_validation)
        targets = read_targets(y)
        texts, more = checked_pairs(X, targets), self._unlabeled()
        sample_weight = checked_sample_weight(sample_weight, len(texts))
        start = self._initial(texts, more, progress)
        kept, held = split_rows(targets, fraction, self.seed)
        soft = None
        if more and self.pseudo_labels:
            labeled = [texts[row] for row in kept]
            soft = self._pseudo_labels(teacher, labeled, targets.only(kept), more, progress)
            texts = texts + more
        sequences = self._sequences(start, texts)
        training, held_out = make_examples(sequences, targets, soft, self.class_weight, kept, held)
        if sample_weight is not None:
            training = weighted(training, sample_weight)
        if soft_targets is not None:
            training = softened(training, soft_targets, targets)
        validation = None
        if validation_data:
            judged = self._sequences(start, texts_for(start.tokenizer, validation_data[0]))
            validation = validation_examples(judged, validation_data[1], targets)
        watched = progress, checkpoint
        self._train(checked, start, targets, training, held_out, validation, choose_by_validation, *watched)
        return self

    def load_libraries(self) -> None:
        """Load TensorFlow, and train a tiny network once a process."""
        super().load_libraries()
        _first_network()

    def _unlabeled(self) -> list[str]:
        more = read_unlabeled(self.unlabeled)
        if self.unlabeled is not None and not (self.pseudo_labels or self._learns_vectors):
            raise InputError('unlabeled texts are for embeddings="corpus" or pseudo_labels; leave them out')
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
        progress.start("label the unlabeled texts")
        if teacher is None or not hasattr(teacher, "predictor_"):
            ngrams: TfidfClassifier = ngrams_like(self) if teacher is None else clone(teacher)
            teacher = ngrams.set_params(unlabeled=more).fit_targets(texts, targets)
        probabilities = probability_targets(teacher.predict_proba(more), targets)
        progress.finish(f"{len(more):,} texts")
        return probabilities


@cache
def _first_network() -> None:
    """Train a tiny network, without what is compiled for certain layers and sizes."""
    network = TextClassifier(
        layers="max", embeddings="random", vector_size=4, min_count=1, epochs=1, validation_fraction=0.0
    )
    network.fit(FIRST_TEXTS, FIRST_LABELS)


def ngrams_like(network: TextClassifier) -> TfidfClassifier:
    """N-grams that read and weigh texts as a network does."""
    return TfidfClassifier(
        class_weight=network.class_weight,
        **values_of(PipelineParameters, network),
        unlabeled=network.unlabeled if network.pseudo_labels else None,
    )
