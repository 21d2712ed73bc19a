"""What a classifier makes of texts: its labels, its mistakes, and the words that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.errors import InputError
from embedkit.explorer.categories import MOST_CATEGORIES, NONE
from embedkit.explorer.parts import PageParts
from embedkit.models.assessment.occlusion import MAX_WORDS, occlusions
from embedkit.models.inference.predictor import Predictor
from embedkit.text.datasets.labels import Label, as_labels

EXPLAINED = 20_000  # words of texts that are explained in an exported page; each is a text to classify


@dataclass(frozen=True, eq=False)
class TextLabels:
    """The labels of texts as a page shows them: given ones, and those of a classifier.

    Args:
        given: the label of each text, several joined; None where there are none.
        probabilities: of each class, (n, K); None without a classifier.
        predictor: the classifier, or None.
    """

    given: Sequence[str] | None
    probabilities: Doubles2d | None = None
    predictor: Predictor | None = None

    @property
    def predicted(self) -> list[str] | None:
        """The labels that the classifier gives, several joined."""
        if self.predictor is None or self.probabilities is None:
            return None
        names = list(map(str, self.predictor.classes.tolist()))
        if self.predictor.targets.task != "multilabel":
            return [names[place] for place in self.probabilities.argmax(axis=1).tolist()]
        return [joined(tuple(names[at] for at in np.flatnonzero(row > 0.5))) for row in self.probabilities]

    def parts(self) -> PageParts:
        """Labels, predictions and probabilities as parts; the facts name the labels."""
        given, predicted = self.given, self.predicted
        names = list(dict.fromkeys([*sorted(set(given or ())), *sorted(set(predicted or ()))]))
        places = {name: min(place, NONE) for place, name in enumerate(names)}
        facts: dict[str, Any] = {"labels": {"names": names[:MOST_CATEGORIES], "none": NONE}}
        arrays: dict[str, Any] = {}
        for name, labels in (("labels", given), ("predicted", predicted)):
            if labels is not None:
                arrays[name] = np.array([places[label] for label in labels], np.uint8)
        if self.probabilities is not None:
            arrays["probability"] = self.probabilities.max(axis=1).astype(np.float32)
        if given is not None and predicted is not None and not set(given).isdisjoint(predicted):
            wrong = np.array([a != b for a, b in zip(given, predicted, strict=True)], np.uint8)
            arrays["mistakes"] = wrong
            facts["accuracy"] = 1 - float(wrong.mean())
        return PageParts(facts, arrays)

    def explanation(self, text: str, row: int) -> list[list[float]]:
        """The place of each word of a text and what it adds to the log-odds of the likeliest label.

        Empty without a classifier, and of a text of too many words.
        """
        if self.predictor is None or self.probabilities is None or len(text.split()) > MAX_WORDS:
            return []
        label = int(self.probabilities[row].argmax())
        return [
            [begin, end, round(effect, 3)] for begin, end, effect in occlusions(self.predictor, text, label)
        ]

    def explanations(self, texts: Sequence[str]) -> dict[str, list[list[float]]]:
        """The explanations of some texts by their numbers: of mistakes first, as far as time allows."""
        wrong = np.asarray(self.parts().arrays.get("mistakes", np.zeros(len(texts))), bool)
        found, words = {}, 0
        for row in np.argsort(~wrong, kind="stable").tolist():
            words += len(texts[row].split())
            if words > EXPLAINED or self.predictor is None:
                break
            found[str(row)] = self.explanation(texts[row], row)
        return found


def text_labels(
    texts: Sequence[str], labels: Sequence[Label] | None, predictor: Predictor | None
) -> TextLabels:
    """The labels of texts, and what a classifier says of them.

    Raises:
        InputError: a model of numbers.
    """
    given = None if labels is None else [joined(as_labels(label)) for label in labels]
    if predictor is None:
        return TextLabels(given)
    if predictor.targets.task == "regression":
        raise InputError("a model of numbers gives texts no labels; choose a classifier")
    return TextLabels(given, predictor.predict_proba(predictor.read_texts(list(texts))), predictor)


def joined(labels: Sequence[str]) -> str:
    """Several labels of a text as one."""
    return ", ".join(sorted(map(str, labels))) or "(none)"
