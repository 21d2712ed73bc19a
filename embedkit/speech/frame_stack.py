"""`FrameStack`: layers that give a vector at each frame of a recording, and their forward pass in numpy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.models.inference.layers import apply_layer
from embedkit.models.inference.token_rows import TokenRows
from embedkit.models.layers.layers import Conv1D, LastState, MaxPooling1D, RecurrentLayer
from embedkit.models.layers.spec import Layers, read_layers, write_layers
from embedkit.models.layers.stack import OUTPUT, LayerStack, Weights
from embedkit.models.layers.windows import window_count
from embedkit.parallel.blas import one_blas_thread

COMPILED_FROM = 20_000  # frames that are worth loading compiled code


class FrameStack(LayerStack):
    """Layers from features to what the output layer reads at each frame.

    Args:
        layers: in words, or as layers.

    Raises:
        InputError: no layers, or one that makes a single vector of a recording.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.frame_stack import FrameStack
        >>> stack = FrameStack("conv:16:5:strides=2 bigru:8")
        >>> stack.stride, stack.frame_counts(np.array([1, 99, 100])).tolist()
        (2, [1, 50, 50])
    """

    def __init__(self, layers: Layers) -> None:
        given = read_layers(layers)
        if pooling := [layer for layer in given if layer.gives == "vector"]:
            raise InputError(
                f"layers: {write_layers(pooling[:1])} makes one vector of a whole recording; leave it out"
            )
        super().__init__([*given, LastState()] if given else given)
        self.layers = given

    @property
    def stride(self) -> int:
        """Frames of features from frame to frame of the output."""
        return prod(strides for _, strides, _ in self._windows())

    def frame_counts(self, lengths: Any, xp: Any = np) -> Any:
        """How many frames come out for so many that go in, (n,)."""
        for size, strides, padding in self._windows():
            lengths = window_count(xp, lengths, size, strides, padding)
        return lengths

    def _windows(self) -> Iterator[tuple[int, int, Any]]:
        for layer in self.layers:
            if isinstance(layer, Conv1D):
                yield layer.kernel_size, layer.strides, layer.padding
            elif isinstance(layer, MaxPooling1D):
                yield layer.pool_size, layer.strides or layer.pool_size, layer.padding

    def scores(self, weights: Weights, features: Sequence[Floats2d]) -> list[Floats2d]:
        """The scores of the labels at the frames of recordings, float32 (T', L) each.

        Args:
            weights: by name, as `weight_shapes` lists them.
            features: float32 (T, B) each, at least a frame.
        """
        lengths = np.array(list(map(len, features)), np.int64)
        order = np.argsort(-lengths, kind="stable")
        hidden = np.zeros((lengths.max(), len(features), features[0].shape[1]), np.float32)
        for column, number in enumerate(order.tolist()):
            hidden[: lengths[number], column] = features[number]
        state = TokenRows.of(hidden, lengths[order])
        compiled = int(lengths.sum()) >= COMPILED_FROM and _can_compile()
        with one_blas_thread():
            for place in self.placed(hidden.shape[2]):
                if compiled and isinstance(place.layer, RecurrentLayer):
                    state = _compiled(place, weights, state)
                else:
                    state = apply_layer(place, weights, state)
            made = state.rows @ weights[f"{OUTPUT}/kernel"] + weights[f"{OUTPUT}/bias"]
        return _by_recording(made, state, order)


def _can_compile() -> bool:
    from embedkit.simd.compiling import can_compile

    return can_compile()


def _compiled(place: Any, weights: Weights, state: TokenRows) -> TokenRows:
    from embedkit.models.inference.compiled import CompiledLayer
    from embedkit.models.inference.rnn_kernels import EVERY

    read = CompiledLayer(place, weights, EVERY, None).read(state)
    assert isinstance(read, TokenRows)  # noqa: S101 - every state is kept
    return read


def _by_recording(rows: Floats2d, state: TokenRows, order: Longs1d) -> list[Floats2d]:
    """The rows (T', L) of each recording, in the order in which they were given."""
    places = np.argsort(order, kind="stable")
    return [rows[state.places[: state.lengths[place], place]] for place in places.tolist()]
