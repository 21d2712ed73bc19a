"""Training and assessment of several classifiers, and of a network beside baselines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple

from embedkit.checkpoints import Checkpoint
from embedkit.errors import EmbedkitError, InputError
from embedkit.models.assessment.evaluation import evaluate_classifier
from embedkit.models.assessment.report import Assessment
from embedkit.models.class_weights import check_class_weight
from embedkit.models.construction import BASELINES, TFIDF, baseline_beside, title_of
from embedkit.models.ensemble import EnsembleClassifier
from embedkit.models.estimator import TextEstimator
from embedkit.models.networks.classifier import TextClassifier
from embedkit.models.networks.examples import split_rows
from embedkit.models.targets import check_labels, read_targets
from embedkit.models.timed_training import train
from embedkit.progress import SILENT, Progress
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.labels import as_labels
from embedkit.text.pipeline.parameters import PipelineParameters

WITH_NETWORKS = (TextClassifier, EnsembleClassifier)  # whose epochs held-out texts can judge


class TrainedModel(NamedTuple):
    """A model, how good it is, and the seconds that its training took, see `train`."""

    name: str
    model: TextEstimator[Any]
    assessment: Assessment
    seconds: float


def check_held_out(data: Labeled, held_out: Labeled) -> None:
    """Raise `InputError` if not one label of held-out texts is there to be learned, before anything is."""
    labels = (chain.from_iterable(map(as_labels, part.labels)) for part in (held_out, data))
    try:
        check_labels(*labels)
    except InputError as error:
        raise InputError(f"{held_out.name}: {error}") from None


def check_models(models: Mapping[str, TextEstimator[Any]], data: Labeled, held_out: Labeled) -> None:
    """Raise an error, before the first is trained, for a model that cannot learn from these texts.

    That is: parameters, files of word lists and vectors, weights of labels that no text has, a fraction that
    holds no text out; and held-out texts of which not one label is there to be learned.
    """
    check_held_out(data, held_out)
    targets = read_targets(list(data.labels))
    for name, model in models.items():
        with _told_of(name, len(models)):
            model.check_parameters()
            given = model.get_params()
            for parameter, value in given.items():
                part, _, own = parameter.rpartition("__")
                if own == "class_weight":
                    check_class_weight(value, targets)
                elif own == "validation_fraction":
                    split_rows(targets, value, given[f"{part}__seed" if part else "seed"])
            for part in (model, *given.values()):
                if isinstance(part, PipelineParameters):
                    part.build_pipeline()


@contextmanager
def _told_of(name: str, models: int) -> Iterator[None]:
    """Let an error tell of which of several models it is."""
    try:
        yield
    except EmbedkitError as error:
        if models == 1:
            raise
        raise InputError(f"{name}: {error}") from error


def train_and_assess(
    models: Mapping[str, TextEstimator[Any]],
    data: Labeled,
    held_out: Labeled,
    progress: Progress = SILENT,
    failures: dict[str, EmbedkitError] | None = None,
    choose_by_validation: bool = False,
    checkpoint: Checkpoint | None = None,
) -> Iterator[TrainedModel]:
    """Fit and assess models one by one; networks judge each epoch by the held-out texts, too.

    Args:
        models: by their names; of several, an error tells of which it is.
        data: the texts to learn from.
        held_out: those to score on. They choose nothing, unless `choose_by_validation`.
        progress: where it is reported.
        failures: where the errors of models that could not be trained are kept, so that the others are;
            without it the first error ends everything.
        choose_by_validation: let the held-out texts choose the best epoch of networks.
        checkpoint: where the training of networks is saved.
    """
    check_held_out(data, held_out)
    for name, model in models.items():
        judged = {**_judged_by(model, held_out, choose_by_validation), **_saved(model, checkpoint)}
        try:
            with _told_of(name, len(models)):
                seconds = train(name, model, data, progress, **judged)
        except EmbedkitError as error:
            if failures is None:
                raise
            failures[name] = error
            progress.note(f"Warning: {error}")
            continue
        yield TrainedModel(name, model, evaluate_classifier(model, held_out, progress=progress), seconds)


def train_alone(
    name: str,
    model: TextEstimator[Any],
    data: Labeled,
    held_out: Labeled | None,
    progress: Progress = SILENT,
    choose_by_validation: bool = False,
    checkpoint: Checkpoint | None = None,
) -> list[TrainedModel]:
    """Fit a model, and assess it if there are held-out texts; the list is empty without any."""
    if held_out is None:
        train(name, model, data, progress, **_saved(model, checkpoint))
        return []
    told: dict[str, Any] = {"choose_by_validation": choose_by_validation, "checkpoint": checkpoint}
    return list(train_and_assess({name: model}, data, held_out, progress, **told))


def train_baselines(
    kinds: Sequence[str],
    model: TextEstimator[Any],
    data: Labeled,
    held_out: Labeled,
    progress: Progress = SILENT,
) -> Iterator[TrainedModel]:
    """Fit and assess baselines that stand beside a model; one that cannot be fitted is noted and left out."""
    for kind in kinds:
        baseline = baseline_beside(kind, model)
        try:
            yield from train_and_assess({title_of(baseline): baseline}, data, held_out, progress)
        except InputError as error:
            progress.note(f"Warning: a baseline is left out: {error}")


def train_beside_baselines(
    name: str,
    model: TextEstimator[Any],
    data: Labeled,
    held_out: Labeled,
    *,
    progress: Progress = SILENT,
    choose_by_validation: bool = False,
    checkpoint: Checkpoint | None = None,
) -> list[TrainedModel]:
    """Fit all baselines and then a network, and assess them all; the network comes first.

    N-grams that the network would have fitted again are its teacher, and their seconds count as its own too.

    Example:
        >>> from embedkit import MeanVectorClassifier, read_labeled
        >>> from embedkit.models.comparison import train_baselines
        >>> from embedkit.shipped_files import shipped_path
        >>> data = read_labeled(shipped_path("emoji/sentences.tsv"), only="part=test")
        >>> training, held_out = data.split(0.5, seed=1)
        >>> beside = train_baselines(["tfidf"], MeanVectorClassifier(), training, held_out)
        >>> [trained.name for trained in beside]
        ['tfidf (naive Bayes)']
    """
    check_models({name: model}, data, held_out)
    beside = list(train_baselines(BASELINES, model, data, held_out, progress))
    settings = {**_judged_by(model, held_out, choose_by_validation), **_saved(model, checkpoint)}
    taught = 0.0
    ngrams = next((trained for trained in beside if trained.model.kind == TFIDF), None)
    if ngrams and _learns_from_all(model, choose_by_validation):
        settings["teacher"], taught = ngrams.model, ngrams.seconds
    seconds = taught + train(name, model, data, progress, **settings)
    own = TrainedModel(name, model, evaluate_classifier(model, held_out, progress=progress), seconds)
    return [own, *beside]


def _judged_by(model: TextEstimator[Any], held_out: Labeled, chooses: bool) -> dict[str, Any]:
    """What the `fit` of a model is told of held-out texts, by which each epoch of a network is judged."""
    if not isinstance(model, WITH_NETWORKS):
        return {}
    return {"validation_data": (held_out.texts, held_out.labels), "choose_by_validation": chooses}


def _saved(model: TextEstimator[Any], checkpoint: Checkpoint | None) -> dict[str, Any]:
    """What the `fit` of a model is told of a checkpoint, which networks have."""
    return {"checkpoint": checkpoint} if isinstance(model, WITH_NETWORKS) else {}


def _learns_from_all(model: TextEstimator[Any], choose_by_validation: bool) -> bool:
    """Whether a model has n-grams fitted on all texts: the other half of an ensemble, or a teacher.

    The teacher of a network that holds texts out is not to know them.
    """
    if not isinstance(model, TextClassifier):
        return isinstance(model, EnsembleClassifier)
    taught = model.unlabeled is not None and model.pseudo_labels
    return taught and (choose_by_validation or not model.validation_fraction)
