"""`evaluate_classifier`: a trained classifier assessed on labeled texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embedkit.errors import InputError
from embedkit.models.assessment.report import Assessment, assess
from embedkit.models.inference.predictor import Predictor
from embedkit.progress import SILENT, Progress
from embedkit.text.datasets.dataset import Labeled

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator

FOREIGN = 0.5  # share of unknown words from which texts seem to be of another language


def evaluate_classifier(
    model: TextEstimator[Any] | Predictor, data: Labeled, *, progress: Progress = SILENT
) -> Assessment:
    """A trained model's scores on labeled texts; what of them it does not know is told to `progress`.

    Raises:
        InputError: labels of another form than the model gives, or not one that it knows.

    Example:
        >>> import embedkit
        >>> from embedkit.shipped_files import shipped_path
        >>> data = embedkit.read_labeled(shipped_path("emoji/sentences.tsv"), only="part=test")
        >>> assessment = embedkit.evaluate_classifier(embedkit.load_predictor("emojify"), data)
        >>> round(assessment.value("accuracy"), 2)
        0.79
    """
    predictor: Predictor = getattr(model, "predictor_", model)
    if predictor.targets.task == "regression":
        raise InputError("expected a classifier, got a model of numbers; use evaluate_regressor")
    progress.start(f"classify {Path(data.name).name}")
    labels = predictor.read_labels(data.labels)
    probabilities, unknown = predictor.proba_and_unknown(predictor.read_texts(data.texts))
    assessment = assess(predictor.targets.in_lists(), probabilities, labels)
    progress.finish(f"{len(data):,} texts, {unknown.mean():.1%} of their words unknown to the model")
    if count := assessment.unknown_label_texts:
        progress.note(f"Warning: {count:,} texts have labels unknown to the model, and count as wrong")
    if warning := unknown_words_warning(unknown.tolist(), predictor.reads_characters):
        progress.note(f"Warning: {warning}")
    return assessment


def loss_and_accuracy(model: TextEstimator[Any], data: Labeled) -> tuple[float, float] | None:
    """The log loss and the accuracy on the texts whose label is one of the model's classes; None without any.

    Example:
        >>> from embedkit import Labeled, TfidfClassifier
        >>> model = TfidfClassifier(min_df=1).fit(["good film", "bad film"] * 2, ["pos", "neg"] * 2)
        >>> loss, accuracy = loss_and_accuracy(model, Labeled(["good film", "odd"], ["pos", "other"]))
        >>> accuracy
        1.0
    """
    from sklearn.metrics import log_loss

    known = {*model.classes_.tolist()}
    pairs = [(text, label) for text, label in zip(data.texts, data.labels, strict=True) if label in known]
    if not pairs:
        return None
    texts, labels = map(list, zip(*pairs, strict=True))
    loss = log_loss(labels, model.predict_proba(texts), labels=model.classes_)
    return float(loss), model.score(texts, labels)


def unknown_words_warning(shares: Sequence[float], reads_characters: bool = False) -> str | None:
    """A warning if, on average, too many words of texts are unknown, given the share of each text.

    There is none if the model reads the characters of unknown words.
    """
    share = float(np.mean(shares)) if len(shares) else 0.0
    if reads_characters or share < FOREIGN:
        return None
    return (
        f"{share:.0%} of the words are unknown to the model, so its answers rest on little; "
        "are the texts of another language, or of another kind, than those it learned from?"
    )
