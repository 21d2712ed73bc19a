"""Classifiers trained and judged beside one another."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.text.labelled import Labelled
from embedkit_cli.classifier_models import EMOJIFY, NETWORKS, baseline
from embedkit_cli.classifier_tables import Trained
from embedkit_cli.classifying import judge

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


def train(name: str, model: TextEstimator, data: Labelled, progress: Progress) -> float:
    """Fit a model; returns the seconds that it took."""
    begin = time.monotonic()
    if model.kind in (*NETWORKS, EMOJIFY):
        progress.note(f"train {name}")
        model.fit(data.texts, data.labels, progress)  # type: ignore[call-arg]
        return time.monotonic() - begin
    progress.start(f"train {name}")
    model.fit(data.texts, data.labels)
    progress.finish(f"on {len(data):,} texts")
    return time.monotonic() - begin


def trained_beside(
    models: Mapping[str, TextEstimator], data: Labelled, held_out: Labelled, progress: Progress
) -> Iterator[Trained]:
    """Fit and judge models one by one."""
    for name, model in models.items():
        seconds = train(name, model, data, progress)
        yield Trained(name, judge(model, held_out, progress), seconds)


def trained_baselines(
    names: Sequence[str], vectors: str | None, data: Labelled, held_out: Labelled, progress: Progress
) -> Iterator[Trained]:
    """Fit and judge baselines; one that cannot be fitted is said and left out."""
    for name in names:
        try:
            yield from trained_beside({name: baseline(name, vectors)}, data, held_out, progress)
        except InputError as error:
            progress.note(f"Warning: the baseline {name} is left out: {error}")
