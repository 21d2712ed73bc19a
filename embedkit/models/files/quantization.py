"""Models in 8 bits: one byte per number of a matrix and one scale per row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from embedkit.container.quantization import dequantize, quantize
from embedkit.models.files.state import ModelState

SCALE_BYTES = 4  # of float32: rows of fewer numbers would not get smaller
SCALES = ".scales"  # ends the name of the scales of a tensor


def in_eight_bits(state: ModelState) -> ModelState:
    """The same with every matrix of float32 as int8 and float32 scales."""
    tensors = dict(state.tensors)
    for name, tensor in state.tensors.items():
        if tensor.dtype == np.float32 and tensor.ndim == 2 and tensor.shape[1] > SCALE_BYTES:
            tensors[name], tensors[name + SCALES] = quantize(tensor)
    return replace(state, tensors=tensors)


def in_floats(state: ModelState) -> ModelState:
    """The same with float32 in the place of int8 and scales."""
    tensors = {name: tensor for name, tensor in state.tensors.items() if not name.endswith(SCALES)}
    for scaled in state.tensors.keys() - tensors.keys():
        name, scales = scaled.removesuffix(SCALES), state.tensor(scaled, np.float32, (None,))
        tensors[name] = dequantize(state.tensor(name, np.int8, (len(scales), None)), scales)
    return replace(state, tensors=tensors)
