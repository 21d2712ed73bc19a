"""`train`: fitting a model on labeled texts, and the seconds that its training took."""

from __future__ import annotations

import time
import warnings
from typing import Any

from embedkit.models.linear.mean_vectors import MeanVectorClassifier
from embedkit.models.linear.ngram_model import NgramModel
from embedkit.models.number_targets import numbers_from_text
from embedkit.models.regression.estimator import NumberEstimator
from embedkit.models.text_model import TextModel
from embedkit.progress import SILENT, Progress
from embedkit.random_state import untouched_random_state
from embedkit.simd.compiling import timed_compilation
from embedkit.text.datasets.dataset import Labeled

LINEAR = (NgramModel, MeanVectorClassifier)  # these report no progress of their own


def train(
    name: str, model: TextModel[Any], data: Labeled, progress: Progress = SILENT, **settings: Any
) -> float:
    """Fit a model, `settings` being further ones of its `fit`; returns the seconds that it took.

    What is no training is left out: loading libraries, what they do when they are first used, compilation,
    and judging each epoch by validation data. A regressor learns the labels as numbers.

    Raises:
        InputError: a parameter out of range, or texts and labels that cannot be learned from.
        DependencyError: a library that the model needs is not installed.
    """
    model.check_parameters()
    fit: Any = model.fit
    labels = numbers_from_text(data.labels) if isinstance(model, NumberEstimator) else data.labels
    linear = isinstance(model, LINEAR)
    if linear:
        progress.start(f"train {name}")
    else:
        progress.note(f"train {name}")
        settings = {**settings, "progress": progress}
    with untouched_random_state(), warnings.catch_warnings(action="ignore"):
        model.load_libraries()
    with timed_compilation() as compilation:
        begin = time.monotonic()
        fit(data.texts, labels, **settings)
        end = time.monotonic()
    if linear:
        progress.finish(f"on {len(data):,} texts")
    epochs = getattr(model, "history_", ())
    other = sum((epoch.validation_seconds or 0.0) + (epoch.startup_seconds or 0.0) for epoch in epochs)
    return max(end - begin - compilation.seconds - other, sum(epoch.seconds or 0.0 for epoch in epochs))
