"""`EnsembleClassifier`: the weighted mean of a network, n-grams and, if asked, document vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from embedkit.checkpoints import Checkpoint
from embedkit.errors import FormatError, InputError
from embedkit.hyperparameters import check
from embedkit.models.documents.classifier import DocumentVectorClassifier
from embedkit.models.documents.predictor import DOCUMENT_VECTORS
from embedkit.models.ensemble_predictor import EnsemblePredictor
from embedkit.models.estimator import TextEstimator
from embedkit.models.files.state import ModelState
from embedkit.models.fit_arguments import checked_pairs
from embedkit.models.inference.network import NETWORK
from embedkit.models.inference.predictor import Predictor, TextSequence
from embedkit.models.linear.ngram_predictor import NGRAMS
from embedkit.models.linear.self_training import read_unlabeled
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.models.networks.classifier import TextClassifier, ngrams_like
from embedkit.models.networks.examples import ValidationData
from embedkit.models.parameters import EnsembleParameters
from embedkit.models.targets import read_targets
from embedkit.models.weighted_ensemble import Part, WeightedEnsemble, predictors_of
from embedkit.progress import SILENT, Progress
from embedkit.text.pipeline.parameters import PipelineParameters

PARTS = [NETWORK, NGRAMS]  # of every ensemble, in their order


@dataclass(eq=False, repr=False)
class EnsembleClassifier(EnsembleParameters, WeightedEnsemble[EnsemblePredictor]):
    """The weighted mean of the log-odds or logits that a network, n-grams and document vectors give.

    Such a mean is a logarithmic opinion pool (Genest and Zidek 1986, section 3). The n-grams teach the
    network too, if there are unlabeled texts.

    Args:
        network: a `TextClassifier`, or None for one as it comes; it stays unfitted.
        tfidf: a `TfidfClassifier`, or None for one that reads as the network does, the same unlabeled texts
            too if they get pseudo-labels; it stays unfitted.
        share: the weight of the network, 0 to 1; n-grams have the rest.
        documents: a `DocumentVectorClassifier`, or None for one that reads as the network does, all
            unlabeled texts too; it stays unfitted.
        document_share: the weight of document vectors, which n-grams have less; 0 for none.

    Attributes:
        predictor_: the weighted sum of both.
        parts_: the fitted network, n-grams and, if any, document vectors, with their weights.
        classes_: the classes, sorted, (K,).
        targets_: the classes, and the form in which labels were given.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
        history_: how the network learned, an `Epoch` each.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import EnsembleClassifier, TextClassifier, TfidfClassifier
        >>> network = TextClassifier(layers="gru:32 max")
        >>> model = EnsembleClassifier(network, TfidfClassifier(ngrams=2), share=0.3)
        >>> model.get_params()["network__layers"], model.get_params()["tfidf__ngrams"]
        ('gru:32 max', 2)
    """

    predictor_class: ClassVar[type[Predictor]] = EnsemblePredictor
    part_estimators: ClassVar[Mapping[str, type[TextEstimator[Any]]]] = {
        NETWORK: TextClassifier,
        NGRAMS: TfidfClassifier,
        DOCUMENT_VECTORS: DocumentVectorClassifier,
    }

    network: TextClassifier | None = None
    tfidf: TfidfClassifier | None = None
    documents: DocumentVectorClassifier | None = None

    def fit(
        self,
        X: TextSequence,  # noqa: N803
        y: Any,
        *,
        sample_weight: Any = None,
        validation_data: ValidationData | None = None,
        choose_by_validation: bool = False,
        teacher: TfidfClassifier | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> Self:
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            sample_weight: how much each text counts for all parts, (n,); None for 1.
            validation_data: texts and their labels for the validation scores in the network's `history_`.
                They choose nothing, unless `choose_by_validation`.
            choose_by_validation: let `validation_data` choose the network's best epoch, in the place of texts
                held out: then none are. What they then say of the model is a little too good.
            teacher: the n-grams, fitted as `tfidf` says on these very texts; None to fit them.
            progress: where it is reported.
            checkpoint: where the training of the network is saved, and goes on after an interruption.

        Raises:
            InputError: what cannot be learned from, or a parameter out of range.
            DependencyError: TensorFlow is not installed.
        """
        self.check_parameters()
        y = list(y) if isinstance(y, Iterator) else y  # all parts read it
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        network = TextClassifier() if self.network is None else clone(self.network)
        named = network.unlabeled
        more = None if named is None else read_unlabeled(named)
        network.set_params(unlabeled=more)
        if teacher is None:
            tfidf = ngrams_like(network) if self.tfidf is None else clone(self.tfidf)
            progress.start("learn from n-grams")
            tfidf.fit_targets(texts, targets, sample_weight)
            progress.finish(f"of {len(texts):,} texts with labels")
        else:
            check_is_fitted(teacher)
            tfidf = teacher
        network.fit(
            texts,
            y,
            sample_weight=sample_weight,
            validation_data=validation_data,
            choose_by_validation=choose_by_validation,
            teacher=clone(tfidf) if network.validation_fraction and not choose_by_validation else tfidf,
            progress=progress,
            checkpoint=checkpoint,
        )
        self.parts_ = [
            Part(self.share, network),
            Part(1 - self.share - self.document_share, tfidf),
        ]
        if self.document_share:
            documents = _documents_like(network) if self.documents is None else clone(self.documents)
            documents.fit(texts, y, sample_weight=sample_weight, progress=progress)
            self.parts_.append(Part(self.document_share, documents))
        for _, part in self.parts_:
            if part.unlabeled is more:
                part.set_params(unlabeled=named)
        self.predictor_ = EnsemblePredictor(targets.forget(), predictors_of(self.parts_))
        self.metadata_ = {}
        return self

    def load_libraries(self) -> None:
        """Load what the parts do."""
        (self.network or TextClassifier()).load_libraries()
        (self.tfidf or TfidfClassifier()).load_libraries()

    def check_parameters(self) -> None:
        """Raise `InputError` for a parameter of a wrong type or range, those of the parts among them."""
        check(self)
        if self.share + self.document_share > 1:
            raise InputError(
                f"share and document_share must be at most 1 together, got {self.share} and "
                f"{self.document_share}"
            )
        if self.documents is not None and not self.document_share:
            raise InputError("documents need a document_share above 0; give one, or leave them out")
        kinds = {
            "network": TextClassifier,
            "tfidf": TfidfClassifier,
            "documents": DocumentVectorClassifier,
        }
        for name, kind in kinds.items():
            part = getattr(self, name)
            if not isinstance(part, kind | None):
                raise InputError(f"{name} must be a {kind.__name__} or None, got {part!r:.80}")
            if part is not None:
                part.check_parameters()

    def state(self) -> ModelState:
        """What a file keeps of the fitted model; its parameters are those of its parts."""
        return self._state_with_parts({}, {})

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The fitted model of what a file keeps; content that cannot be raises `FormatError`."""
        parts = cls._parts_in(state)
        if [part.model.kind for part in parts] not in (PARTS, [*PARTS, DOCUMENT_VECTORS]):
            raise FormatError("expected a network, n-grams and perhaps document vectors as its parts")
        unfitted: list[Any] = [clone(part.model) for part in parts]
        document_share = sum(part.weight for part in parts[2:])
        model = cls(*unfitted, share=parts[0].weight, document_share=document_share)
        model.parts_, model.metadata_ = parts, {}
        model.predictor_ = EnsemblePredictor(state.targets, predictors_of(parts))
        return model


def _documents_like(network: TextClassifier) -> DocumentVectorClassifier:
    """Document vectors that read and weigh texts as a network does, and learn from its unlabeled ones."""
    shared = [*(field.name for field in fields(PipelineParameters)), "class_weight", "unlabeled", "seed"]
    return DocumentVectorClassifier(**{name: getattr(network, name) for name in shared})
