"""Classifiers trained and judged beside one another."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.datasets.dataset import Labelled
from embedkit.text.datasets.unlabelled import NamedTexts
from embedkit_cli.classifiers.data import LabelledReading, judge
from embedkit_cli.classifiers.models import (
    BASELINES,
    EMOJIFY,
    ENSEMBLE,
    NETWORKS,
    TFIDF,
    baseline_beside,
    described,
)
from embedkit_cli.classifiers.tables import Trained

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator


@contextmanager
def warned_once() -> Iterator[None]:
    """Show a warning only once, though several models raise it of the same data."""
    show, shown = warnings.showwarning, set()

    def show_new(message: Warning | str, *rest: Any) -> None:
        if str(message) not in shown:
            shown.add(str(message))
            show(message, *rest)

    with warnings.catch_warnings():
        warnings.showwarning = show_new
        yield


def read_more_texts(models: Iterable[TextEstimator], reading: LabelledReading, progress: Progress) -> None:
    """Read each file of unlabelled texts that models, or models in them, name, and hand them its texts."""
    found: dict[Path, NamedTexts] = {}
    for model in models:
        for name, given in model.get_params().items():
            if name.rpartition("__")[2] == "unlabelled" and isinstance(given, str | Path):
                path = Path(given)
                if path not in found:
                    found[path] = reading.read_unlabelled(path, progress)
                model.set_params(**{name: found[path]})


def train(
    name: str,
    model: TextEstimator,
    data: Labelled,
    progress: Progress,
    teacher: TextEstimator | None = None,
    watched: Labelled | None = None,
) -> float:
    """Fit a model, a network perhaps with a teacher or texts to watch; returns the seconds that it took."""
    begin = time.monotonic()
    if model.kind in (*NETWORKS, EMOJIFY):
        progress.note(f"train {name}")
        more: dict[str, Any] = {"teacher": teacher} if teacher else {}
        if watched:
            more["watched"] = watched.texts, watched.labels
        model.fit(data.texts, data.labels, progress, **more)
        return time.monotonic() - begin
    progress.start(f"train {name}")
    model.fit(data.texts, data.labels)
    progress.finish(f"on {len(data):,} texts")
    return time.monotonic() - begin


def trained_beside(
    models: Mapping[str, TextEstimator], data: Labelled, held_out: Labelled, progress: Progress
) -> Iterator[Trained]:
    """Fit and judge models one by one; an error tells of which model it is."""
    for name, model in models.items():
        try:
            seconds = train(name, model, data, progress)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
        yield Trained(name, judge(model, held_out, progress), seconds)


def trained_baselines(
    kinds: Sequence[str], model: TextEstimator, data: Labelled, held_out: Labelled, progress: Progress
) -> Iterator[tuple[TextEstimator, Trained]]:
    """Fit and judge baselines that stand beside a model; one that cannot be fitted is said and left out."""
    for kind in kinds:
        baseline = baseline_beside(kind, model)
        try:
            (trained,) = trained_beside({described(baseline): baseline}, data, held_out, progress)
        except InputError as error:
            progress.note(f"Warning: a baseline is left out: {error}")
        else:
            yield baseline, trained


def train_beside_baselines(
    name: str, model: TextEstimator, data: Labelled, held_out: Labelled, progress: Progress
) -> tuple[float, list[Trained]]:
    """Fit all baselines and then a network; returns the seconds that this took, and the baselines, judged.

    N-grams that the network would have fitted again are its teacher, and their seconds count as its own too.
    """
    beside = list(trained_baselines(BASELINES, model, data, held_out, progress))
    teacher, taught = None, 0.0
    if _learns_from_all(model):
        ngrams = ((other, found.seconds) for other, found in beside if other.kind == TFIDF)
        teacher, taught = next(ngrams, (teacher, taught))
    return taught + train(name, model, data, progress, teacher), [found for _, found in beside]


def _learns_from_all(network: TextEstimator) -> bool:
    """Whether a network has n-grams fitted on all texts: the other half of an ensemble, or a teacher.

    The teacher of a network that holds texts out is not to know them.
    """
    if network.kind == ENSEMBLE:
        return True
    given = network.get_params()
    taught = given["unlabelled"] is not None and given["pseudo_labels"]
    return bool(taught and not given["validation_fraction"])
