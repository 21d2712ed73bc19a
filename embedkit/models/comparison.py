"""Training and assessment of several classifiers, and of a network beside baselines."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from embedkit.errors import InputError
from embedkit.models.assessment.evaluation import evaluate_classifier
from embedkit.models.assessment.report import Assessment
from embedkit.models.construction import BASELINES, TFIDF, baseline_beside, title_of
from embedkit.models.ensemble import EnsembleClassifier
from embedkit.models.estimator import TextEstimator
from embedkit.models.linear.mean_vectors import MeanVectorClassifier
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.models.targets import check_labels
from embedkit.progress import SILENT, Progress
from embedkit.simd.compiling import timed_compilation
from embedkit.text.datasets.dataset import Labelled
from embedkit.text.datasets.labels import as_labels

LINEAR = (TfidfClassifier, MeanVectorClassifier)  # these report no progress of their own


class TrainedModel(NamedTuple):
    """A model, how good it is, and the seconds that its training took.

    Loading libraries and compiling kernels, for which only the first of several waits, are no training.
    """

    name: str
    model: TextEstimator[Any]
    assessment: Assessment
    seconds: float


def check_held_out(data: Labelled, held_out: Labelled) -> None:
    """Raise `InputError` if not one label of held-out texts is there to be learnt, before anything is."""
    labels = (chain.from_iterable(map(as_labels, part.labels)) for part in (held_out, data))
    try:
        check_labels(*labels)
    except InputError as error:
        raise InputError(f"{held_out.name}: {error}") from None


def train(
    name: str, model: TextEstimator[Any], data: Labelled, progress: Progress = SILENT, **settings: Any
) -> float:
    """Fit a model, `settings` being further ones of its `fit`; returns the seconds that it took."""
    fit: Any = model.fit
    if isinstance(model, LINEAR):
        begin = time.monotonic()
        progress.start(f"train {name}")
        fit(data.texts, data.labels, **settings)
        progress.finish(f"on {len(data):,} texts")
        return time.monotonic() - begin
    progress.note(f"train {name}")
    model.check_parameters()
    model.load_libraries()
    with timed_compilation() as compilation:
        begin = time.monotonic()
        fit(data.texts, data.labels, progress=progress, **settings)
        end = time.monotonic()
    return end - begin - compilation.seconds


def train_and_assess(
    models: Mapping[str, TextEstimator[Any]], data: Labelled, held_out: Labelled, progress: Progress = SILENT
) -> Iterator[TrainedModel]:
    """Fit and assess models one by one; of several, an error tells of which it is."""
    check_held_out(data, held_out)
    for name, model in models.items():
        try:
            seconds = train(name, model, data, progress)
        except InputError as error:
            raise InputError(f"{name}: {error}" if len(models) > 1 else str(error)) from error
        yield TrainedModel(name, model, evaluate_classifier(model, held_out, progress=progress), seconds)


def train_alone(
    name: str,
    model: TextEstimator[Any],
    data: Labelled,
    held_out: Labelled | None,
    progress: Progress = SILENT,
) -> list[TrainedModel]:
    """Fit a model, and assess it if there are held-out texts; the list is empty without any."""
    if held_out is None:
        train(name, model, data, progress)
        return []
    return list(train_and_assess({name: model}, data, held_out, progress))


def train_baselines(
    kinds: Sequence[str],
    model: TextEstimator[Any],
    data: Labelled,
    held_out: Labelled,
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
    name: str, model: TextEstimator[Any], data: Labelled, held_out: Labelled, *, progress: Progress = SILENT
) -> list[TrainedModel]:
    """Fit all baselines and then a network, and assess them all; the network comes first.

    N-grams that the network would have fitted again are its teacher, and their seconds count as its own too.

    Example:
        >>> from embedkit import MeanVectorClassifier, read_labelled
        >>> from embedkit.models.comparison import train_baselines
        >>> from embedkit.shipped_files import shipped_path
        >>> data = read_labelled(shipped_path("emoji/sentences.tsv"), only="part=test")
        >>> training, held_out = data.split(0.5, seed=1)
        >>> beside = train_baselines(["tfidf"], MeanVectorClassifier(), training, held_out)
        >>> [trained.name for trained in beside]
        ['tfidf (naive Bayes)']
    """
    check_held_out(data, held_out)
    beside = list(train_baselines(BASELINES, model, data, held_out, progress))
    settings, taught = {}, 0.0
    ngrams = next((trained for trained in beside if trained.model.kind == TFIDF), None)
    if ngrams and _learns_from_all(model):
        settings, taught = {"teacher": ngrams.model}, ngrams.seconds
    seconds = taught + train(name, model, data, progress, **settings)
    own = TrainedModel(name, model, evaluate_classifier(model, held_out, progress=progress), seconds)
    return [own, *beside]


def _learns_from_all(network: TextEstimator[Any]) -> bool:
    """Whether a network has n-grams fitted on all texts: the other half of an ensemble, or a teacher.

    The teacher of a network that holds texts out is not to know them.
    """
    if isinstance(network, EnsembleClassifier):
        return True
    given = network.get_params()
    taught = given["unlabelled"] is not None and given.get("pseudo_labels")
    return bool(taught and not given["validation_fraction"])
