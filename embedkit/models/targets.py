"""`Targets`: labels as estimators take and return them: one per text, indicator matrix or lists."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools1d, Bools2d, Floats2d
from embedkit.errors import InputError
from embedkit.models.columns import label_rows
from embedkit.models.same_labels import alike, as_classes
from embedkit.text.datasets.labels import Label, as_labels
from embedkit.text.datasets.token_tags import TAGGING

Task = Literal["binary", "multiclass", "multilabel", "regression"]
LabelForm = Literal["labels", "indicator", "lists", "numbers"]  # how labels were given, and are given back

SHOWN = 5  # labels that a message repeats
OTHERS = 1000  # labels that a model does not know, up to which each has scores of its own


@dataclass(frozen=True)
class Targets:
    """What is to be learned.

    Args:
        classes: (K,), sorted, each once; of an indicator matrix the numbers of its columns.
        task: binary (K = 2), multiclass (K > 2) or multilabel; or regression, of `NumberTargets`.
        form: how the labels were given.
        encoded: the number of the class of each text, int64 (n,); of several labels bool (n, K).
    """

    classes: NDArray[Any]
    task: Task
    form: LabelForm
    encoded: NDArray[Any]

    @property
    def columns(self) -> int:
        """How many scores a text gets: one of two classes, else one a class."""
        return 1 if self.task == "binary" else len(self.classes)

    def only(self, rows: NDArray[np.integer]) -> Targets:
        """The targets of some of the texts."""
        return replace(self, encoded=self.encoded[rows])

    def in_lists(self) -> Targets:
        """The same for labels of texts in the place of a matrix."""
        return replace(self, form="lists") if self.form == "indicator" else self

    def forget(self) -> Targets:
        """The same without the texts' classes, as a fitted model keeps it."""
        return replace(self, encoded=self.encoded[:0])


def read_targets(labels: Any) -> Targets:
    """The targets of a fit.

    Args:
        labels: n strings, numbers or truth values, also as a column (n, 1); or n lists of them, if a text may
            have several; or a matrix (n, K) of 0 and 1.

    Raises:
        InputError: missing labels, kinds of labels that cannot be sorted, numbers with fractions, a label
            that a text has twice, or a single class.

    Warns:
        UserWarning: a class of a single text, or a label that no text or every text has.
    """
    if labels is None:
        raise InputError("expected labels to learn from, got none")
    if hasattr(labels, "toarray"):
        labels = labels.toarray()
    if hasattr(labels, "__array__"):
        labels = np.asarray(labels)
        if labels.ndim == 2 and labels.shape[1] > 1:
            return _indicator(labels)
    entries = alike(label_rows(labels))
    if any(isinstance(entry, list | tuple | set | frozenset | np.ndarray) for entry in entries):
        return _lists(entries)
    values = _plain(entries)
    _check_whole(values)
    classes, encoded = np.unique(values, return_inverse=True)
    if len(classes) < 2:
        raise InputError(f"expected at least 2 classes to tell apart, got only {classes.tolist()!r}")
    counts = np.bincount(encoded)
    _warn("only one text is of class", classes[counts == 1])
    return Targets(classes, "binary" if len(classes) == 2 else "multiclass", "labels", encoded)


def encode_labels(labels: Any, targets: Targets) -> tuple[Bools2d, Bools1d]:
    """The truth about n texts, in the form in which `targets` was read.

    Returns:
        Which classes each text has, (n, K), and which texts have a label that is none of the classes, (n,).

    Raises:
        InputError: missing labels, a matrix of another number of columns than classes, or not one label that
            is a class.
    """
    classes = targets.classes.tolist()
    if targets.form == "indicator":
        matrix = np.asarray(labels.toarray() if hasattr(labels, "toarray") else labels).astype(bool)
        if matrix.ndim != 2 or matrix.shape[1] != len(classes):
            raise InputError(
                f"expected a matrix of labels of {len(classes)} columns, as the model learned, got an array "
                f"of shape {matrix.shape}"
            )
        return matrix, np.zeros(len(matrix), bool)
    rows, known = _rows(labels, targets), set(classes)
    _check_there(list(chain.from_iterable(rows)))
    truth, unknown = indicator_of(rows, classes), np.array([not known.issuperset(row) for row in rows], bool)
    if unknown.any() and not truth.any():
        check_labels(chain.from_iterable(rows), classes)
    return truth, unknown


def encode_other_labels(labels: Any, targets: Targets) -> tuple[Bools2d, list[Any]]:
    """Which labels that are none of the classes each of n texts has, (n, U), and these labels, sorted.

    Raises:
        InputError: more such labels than `OTHERS`.
    """
    if targets.form == "indicator":
        return np.zeros((len(labels), 0), bool), []
    rows = _rows(labels, targets)
    others = sorted(set(chain.from_iterable(rows)).difference(targets.classes.tolist()), key=str)
    if len(others) > OTHERS:
        raise InputError(
            f"expected labels that the model knows, {_shown(targets.classes.tolist())}, or {OTHERS:,} "
            f"others at most, got {len(others):,} others such as {_shown(others)}; are these the labels?"
        )
    return indicator_of(rows, others), others


def check_labels(labels: Iterable[Any], classes: Iterable[Any]) -> None:
    """Raise `InputError` if not one of the labels of texts is a class: each answer would count as wrong."""
    given, known = dict.fromkeys(labels), dict.fromkeys(classes)
    if given and not given.keys() & known.keys():
        raise InputError(
            f"not one label of these texts is known to the model: they have {_shown(list(given))}, "
            f"it knows {_shown(list(known))}; give the labels that it learned"
        )


def _rows(labels: Any, targets: Targets) -> list[Any]:
    """The labels of each text, as a list."""
    rows = as_classes(label_rows(labels), targets.classes.tolist())
    return [[label] for label in rows] if targets.form == "labels" else rows


def _shown(labels: Sequence[Any]) -> str:
    """The first labels: "'a', 'b' and 3 more"."""
    more = f" and {len(labels) - SHOWN:,} more" if len(labels) > SHOWN else ""
    return f"{', '.join(f'{label!r:.40}' for label in labels[:SHOWN])}{more}"


def labels_from_text(labels: Sequence[Label], targets: Targets) -> Any:
    """Labels that were read from a file, as text, as those of a model; several labels of a text as a tuple.

    One value is one label: "true" is the class True or "True", and "1" is 1.0. A label that the model does
    not know stays as it is.

    Raises:
        InputError: several labels a text, and a model that knows of one.
    """
    classes = targets.classes.tolist()
    rows = as_classes(list(map(as_labels, labels)), classes)
    if targets.task != "multilabel":
        if any(not isinstance(label, str) for label in labels):
            raise InputError("expected one label a text, as the model gives; got several")
        return [row[0] for row in rows]
    return list(map(tuple, rows))


def indicator_of(rows: Sequence[Iterable[Any]], classes: Sequence[Any]) -> Bools2d:
    """Which classes each row names, bool (n, K)."""
    places = {label: place for place, label in enumerate(classes)}
    matrix = np.zeros((len(rows), len(classes)), bool)
    for number, row in enumerate(rows):
        matrix[number, [places[label] for label in row if label in places]] = True
    return matrix


def _indicator(matrix: NDArray[Any]) -> Targets:
    if not np.isin(matrix, (0, 1)).all():
        raise InputError(
            "expected a matrix of labels to hold 0 and 1, a column a class; got other numbers; "
            f"{TAGGING}, and one number a text what TextRegressor learns"
        )
    encoded = matrix.astype(bool)
    classes = np.arange(matrix.shape[1])
    _warn_constant(encoded, classes)
    return Targets(classes, "multilabel", "indicator", encoded)


def _lists(entries: Sequence[Any]) -> Targets:
    if not all(isinstance(entry, Iterable) and not isinstance(entry, str) for entry in entries):
        raise InputError("expected a list of labels for each text, as some have; put single labels in lists")
    labels = [label for entry in entries for label in entry]
    if not labels:
        raise InputError("expected labels to learn from, got only empty lists")
    repeated = next((entry for entry in entries if len(entry) > len(set(map(str, entry)))), None)
    if repeated is not None:
        raise InputError(
            f"expected each label of a text once, got {list(repeated)!r:.80}; a text has a set of "
            f"labels here, and {TAGGING}"
        )
    values = _plain(labels)
    _check_whole(values)
    classes = np.unique(values)
    encoded = indicator_of(entries, classes.tolist())
    _warn_constant(encoded, classes)
    return Targets(classes, "multilabel", "lists", encoded)


def _plain(entries: Sequence[Any]) -> NDArray[Any]:
    """Labels of one kind as an array."""
    _check_there(entries)
    kinds = {_kind(entry) for entry in entries}
    if len(kinds) > 1 or None in kinds:
        named = ", ".join(sorted({type(entry).__name__ for entry in entries})[:SHOWN])
        raise InputError(f"expected labels that are all strings or all numbers, got {named}")
    return np.asarray(entries)


def _check_there(entries: Sequence[Any]) -> None:
    """Raise `InputError` for labels that are missing."""
    missing = [number for number, entry in enumerate(entries) if _is_missing(entry)]
    if missing:
        raise InputError(
            f"expected a label for each text, got none (None, NaN or '') for {len(missing)} of "
            f"{len(entries)}, the first of them text {missing[0]} (counted from 0)"
        )


def _check_whole(values: NDArray[Any]) -> None:
    """Raise `InputError` for numbers with fractions, which are no classes but what a regression learns."""
    if values.dtype.kind == "f" and (strange := values[(values != np.floor(values)) | np.isinf(values)]).size:
        raise InputError(
            f"expected labels of classes, got continuous numbers such as {strange[0]}; make strings of "
            "numbers that stand for classes, or learn the numbers themselves with TextRegressor"
        )


def _is_missing(entry: Any) -> bool:
    if entry is None or isinstance(entry, str):
        return not entry
    try:
        return bool(entry != entry)
    except TypeError:  # pandas.NA is neither equal nor unequal
        return True
    except ValueError:  # an array, which is no label either
        return False


def _kind(entry: Any) -> type | None:
    kinds = ((str, str), (bool | np.bool_, bool), (int | float | np.number, float))
    return next((kind for types, kind in kinds if isinstance(entry, types)), None)


def _warn_constant(encoded: Bools2d, classes: NDArray[Any]) -> None:
    shares = encoded.mean(axis=0) if len(encoded) else np.zeros(len(classes))
    _warn("no text, or every text, has the label", classes[(shares == 0) | (shares == 1)])


def _warn(problem: str, classes: NDArray[Any]) -> None:
    if len(classes):
        shown = _shown(classes.tolist())
        warnings.warn(f"{problem} {shown}; it can hardly be learned", UserWarning, stacklevel=4)


def target_matrix(targets: Targets) -> Floats2d:
    """What the scores should say, float32 (n, columns)."""
    if targets.task == "multilabel":
        several: Floats2d = targets.encoded.astype(np.float32)
        return several
    if targets.task in ("binary", "regression"):
        return targets.encoded[:, None].astype(np.float32)
    rows: Floats2d = np.eye(len(targets.classes), dtype=np.float32)[targets.encoded]
    return rows
