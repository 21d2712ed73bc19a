"""`classify`: the labels of texts with their probabilities, and the words that decided."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from embedkit.hyperparameters import check_count
from embedkit.models.assessment.occlusion import MAX_WORDS, Occlusion, occlusions
from embedkit.models.inference.predictor import Predictor, TextSequence, predictor_of

if TYPE_CHECKING:
    from embedkit.models.estimator import TextEstimator


class Prediction(NamedTuple):
    """A text, its labels with their probabilities, the likeliest first, and its share of unknown words.

    `words` tells of each word what it adds to the log-odds of the likeliest label, if that was asked for and
    the text is not too long.
    """

    text: str
    labels: Sequence[tuple[str, float]]
    unknown: float
    words: Sequence[Occlusion] | None = None


def classify(
    model: TextEstimator[Any] | Predictor,
    texts: TextSequence,
    *,
    top: int | None = None,
    explain: bool = False,
) -> Iterator[Prediction]:
    """The labels of texts with their probabilities.

    Args:
        model: a trained classifier, or its predictor.
        texts: as many as there are.
        top: how many of the likeliest labels to tell of each; None for the likeliest, or, if a text may have
            several, for all above 1/2.
        explain: also tell what each word adds to the log-odds of the likeliest label; a text of more than
            2,000 words gets its label alone, and a warning.

    Raises:
        InputError: anything but texts, a trained classifier, and a `top` of at least 1.

    Example:
        >>> import embedkit
        >>> [prediction] = embedkit.classify(embedkit.load_predictor(), ["a wonderful film"])
        >>> prediction.labels[0][0]
        'positive'
    """
    if top is not None:
        check_count("top", top)
    predictor = predictor_of(model, Predictor)  # type: ignore[type-abstract]
    return _predictions(predictor, predictor.read(texts), top, explain)


def _predictions(
    predictor: Predictor, texts: list[str], top: int | None, explain: bool
) -> Iterator[Prediction]:
    names = list(map(str, predictor.classes.tolist()))
    several = predictor.targets.task == "multilabel"
    probabilities, shares = predictor.proba_and_unknown(texts)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    for text, row, places, unknown in zip(texts, probabilities, order, shares, strict=True):
        above = [place for place in places if row[place] > 0.5]
        chosen = above if several and top is None else places[: top or 1]
        words = _explanation(predictor, text, int(places[0])) if explain else None
        labels = [(names[place], float(row[place])) for place in chosen]
        yield Prediction(text, labels, float(unknown), words)


def _explanation(predictor: Predictor, text: str, label: int) -> Sequence[Occlusion] | None:
    """What the words of a text add to the log-odds of a label; None of more words than can be explained."""
    if (count := len(text.split())) > MAX_WORDS:
        warnings.warn(
            f"a text of {count:,} words is not explained; at most {MAX_WORDS:,} can be, so give a part of it",
            UserWarning,
            stacklevel=3,
        )
        return None
    return occlusions(predictor, text, label)
