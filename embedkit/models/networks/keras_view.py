"""`KerasView`: what estimators of networks show of their layers, and hand over to Keras."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Ints2d
from embedkit.models.inference.network import NetworkPredictor
from embedkit.models.inference.predictor import TextSequence
from embedkit.models.layers.stack import OUTPUT, TABLE, Weights
from embedkit.models.layers.summary import summary_rows, summary_text
from embedkit.models.number_targets import NumberScale, NumberTargets


class KerasView:
    """The base of fitted estimators whose `predictor_` is a network."""

    predictor_: NetworkPredictor

    def summary(self) -> None:
        """Print all layers with the shapes of what they give and the numbers of their weights, as Keras does.

        Example:
            >>> from embedkit import TextClassifier
            >>> model = TextClassifier(
            ...     embeddings="random", vector_size=8, layers="gru:4 dense:2:relu", epochs=1,
            ...     validation_fraction=0.0,
            ... )
            >>> model.fit(["good film", "bad film"] * 9, [1, 0] * 9).summary()
            ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
            ┃ Layer (type)        ┃ Output Shape    ┃ Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
            │ vectors (Embedding) │ (None, None, 8) │      40 │
            ├─────────────────────┼─────────────────┼─────────┤
            │ layer1 (GRU)        │ (None, 4)       │     168 │
            ├─────────────────────┼─────────────────┼─────────┤
            │ layer3 (Dense)      │ (None, 2)       │      10 │
            ├─────────────────────┼─────────────────┼─────────┤
            │ scores (Dense)      │ (None, 1)       │       3 │
            └─────────────────────┴─────────────────┴─────────┘
             Total params: 221 (0.00 MB)
        """
        check_is_fitted(self)
        predictor = self.predictor_
        words, size = predictor.weights[TABLE].shape
        rows = summary_rows(predictor.stack, words, size, predictor.targets.columns)
        sys.stdout.write(f"{summary_text(rows)}\n")

    def token_ids(self, X: TextSequence) -> Ints2d:  # noqa: N803
        """The ids by which the network, and the model of `to_keras`, reads texts.

        Returns:
            int32 (n, T): 0 is padding behind the text, 1 an unknown word, then come `words_`.
        """
        check_is_fitted(self)
        return self.predictor_.token_ids(self.predictor_.read(X))

    def to_keras(self) -> Any:
        """The network as a plain Keras model with its weights: from `token_ids` to probabilities.

        Returns:
            `keras.Model`, (n, T) -> (n, 1) of two classes, else (n, K). A `Sequential` of the layers that
            Keras masks by itself (recurrent, dense, dropout, mean); else a functional model.

        Raises:
            DependencyError: TensorFlow is not installed.
        """
        from embedkit.models.networks.keras_export import to_keras

        check_is_fitted(self)
        predictor = self.predictor_
        weights, targets = predictor.weights, predictor.targets
        if isinstance(targets, NumberTargets):
            weights = _in_units(weights, targets.scale)
        return to_keras(predictor.stack, weights, targets.task)


def _in_units(weights: Weights, scale: NumberScale) -> Weights:
    """The weights with an output layer that gives numbers in their units, without bounds."""
    kernel, bias = f"{OUTPUT}/kernel", f"{OUTPUT}/bias"
    deviation, mean = np.float32(scale.deviation), np.float32(scale.mean)
    return {**weights, kernel: weights[kernel] * deviation, bias: weights[bias] * deviation + mean}
