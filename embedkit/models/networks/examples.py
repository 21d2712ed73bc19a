"""Training examples of networks as arrays: token ids, targets and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Floats2d, Ints2d, Longs1d
from embedkit.errors import InputError
from embedkit.models.class_weights import ClassWeight, check_class_weight, class_numbers
from embedkit.models.linear.self_training import probability_targets
from embedkit.models.number_targets import NumberTargets
from embedkit.models.targets import Targets, encode_labels, target_matrix
from embedkit.text.datasets.splitting import stratified_split
from embedkit.text.sequences.sequences import Sequences

ValidationData = tuple[Sequence[str], Sequence[Any]]  # texts and their labels


@dataclass(frozen=True)
class Examples:
    """n texts for training or validation.

    Args:
        sequences: the ids of all texts that were given, those without labels last.
        rows: int64 (n,), the numbers of the texts that belong to these examples.
        targets: float32 (all, columns), 0 to 1: columns is 1 of two classes, else one a class.
        weights: of the losses, float32 (all, columns), or (all, 1) of more than two classes.
        unknown: further texts of validation, with labels that are none of the classes: always wrong.
    """

    sequences: Sequences
    rows: Longs1d
    targets: Floats2d
    weights: Floats2d
    unknown: int = 0

    @property
    def lengths(self) -> Longs1d:
        """The number of ids of each text, (n,)."""
        lengths: Longs1d = self.sequences.lengths[self.rows]
        return lengths

    def batch(self, numbers: Longs1d) -> tuple[Ints2d, Floats2d, Floats2d]:
        """The ids (k, T), targets and weights of some of these texts, counted from 0."""
        rows = self.rows[numbers]
        return self.sequences.padded(rows), self.targets[rows], self.weights[rows]


def make_examples(
    sequences: Sequences,
    targets: Targets,
    soft: NDArray[np.floating] | None,
    class_weight: ClassWeight,
    kept: Longs1d,
    held: Longs1d,
) -> tuple[Examples, Examples | None]:
    """The examples to learn from, and those to choose the best epoch by, if there are any.

    Args:
        sequences: the ids of the texts with labels, then of those without.
        targets: the labels.
        soft: the probabilities of the classes of the texts without labels, (m, columns), or None.
        class_weight: of labels, see `loss_weights`; texts without a label weigh 1.
        kept: the numbers of the texts with labels to learn from, see `split_rows`.
        held: those of the others.

    Raises:
        InputError: weights of classes that are not there.
    """
    matrix, weights = target_matrix(targets), loss_weights(targets, class_weight)
    learned = np.concatenate([kept, np.arange(len(matrix), len(sequences))])
    if soft is not None:
        matrix = np.concatenate([matrix, soft.astype(np.float32)])
        weights = np.concatenate([weights, np.ones((len(soft), weights.shape[1]), np.float32)])
    examples = Examples(sequences, learned, matrix, weights)
    return examples, Examples(sequences, held, matrix, weights) if len(held) else None


def weighted(examples: Examples, sample_weight: Doubles1d) -> Examples:
    """The examples with the losses of the texts with labels, which come first, weighted (n,).

    Texts of weight 0 are left out: a batch of nothing else has no mean loss.

    Raises:
        InputError: no text is left.
    """
    weights = examples.weights.copy()
    weights[: len(sample_weight)] *= sample_weight[:, None].astype(np.float32)
    rows = examples.rows[weights[examples.rows].any(axis=1)]
    if not len(rows):
        raise InputError("sample_weight must be more than 0 for a text that is not held out, got 0 for all")
    return replace(examples, rows=rows, weights=weights)


def check_chooses(validation_data: ValidationData | None) -> None:
    """Raise `InputError` if there is no validation data that could choose the best epoch."""
    if not validation_data or not len(validation_data[0]):
        raise InputError("choose_by_validation needs validation_data: texts and their labels; got none")


def validation_examples(sequences: Sequences, labels: Sequence[Any], targets: Targets) -> Examples | None:
    """The examples of validation, all of one weight.

    Args:
        sequences: the ids of texts.
        labels: of each, as `targets` was read from; texts with a label that is none of its classes are only
            counted.
        targets: what is learned.

    Returns:
        None if no text is left.

    Raises:
        InputError: another number of labels than of texts, or not one label that is a class.
    """
    truth, unknown = encode_labels(labels, targets)
    if len(truth) != len(sequences):
        raise InputError(
            f"expected a label for each of {len(sequences)} texts to validate by, got {len(truth)}"
        )
    matrix = probability_targets(truth.astype(np.float64), targets).astype(np.float32)
    width = matrix.shape[1] if targets.task == "multilabel" else 1
    weights = np.ones((len(matrix), width), np.float32)
    rows = np.flatnonzero(~unknown)
    return Examples(sequences, rows, matrix, weights, int(unknown.sum())) if len(rows) else None


def split_rows(targets: Targets, fraction: float, seed: int) -> tuple[Longs1d, Longs1d]:
    """The numbers of the texts to learn from, and of a held-out `fraction` of each class; none of 0.

    Of numbers it is a fraction of each part of their range.

    Raises:
        InputError: a fraction that leaves no text.
    """
    count = len(targets.encoded)
    if not fraction:
        return np.arange(count), np.arange(0)
    if isinstance(targets, NumberTargets):
        return stratified_split(targets.strata().tolist(), fraction, seed)
    strata = [tuple(row) for row in targets.encoded.reshape(count, -1).tolist()]
    return stratified_split(strata, fraction, seed)


def loss_weights(targets: Targets, class_weight: ClassWeight) -> Floats2d:
    """How much the loss of each text, or of each label of a text, counts: float32 (n, 1 or columns).

    "balanced" lets each class, or having a label and not having it, weigh the same; the mean is 1.
    """
    check_class_weight(class_weight, targets)
    if class_weight is None:
        columns = targets.encoded.shape[1] if targets.task == "multilabel" else 1
        return np.ones((len(targets.encoded), columns), np.float32)
    if targets.task == "multilabel":
        columns = [_balanced(column.astype(np.int64), 2) for column in targets.encoded.T]
        return np.stack(columns, axis=1)
    if isinstance(class_weight, Mapping):
        by_number = np.ones(len(targets.classes), np.float32)
        for number, weight in class_numbers(class_weight, targets).items():
            by_number[number] = weight
        weights: Floats2d = by_number[targets.encoded][:, None]
        return weights
    return _balanced(targets.encoded, len(targets.classes))[:, None]


def _balanced(encoded: NDArray[Any], classes: int) -> Floats2d:
    counts = np.bincount(encoded, minlength=classes)
    weights: Floats2d = (len(encoded) / np.count_nonzero(counts) / counts[encoded]).astype(np.float32)
    return weights
