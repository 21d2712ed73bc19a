"""Models in fewer bits: matrices as float16, or as int8 with a scale a row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from embedkit.container.quantization import dequantize
from embedkit.models.files.state import ModelState
from embedkit.vectors.rows import RowType, StoredRows, check_row_type

SCALE_BYTES = 4  # of float32: rows of fewer numbers would not get smaller
SCALES = ".scales"  # ends the name of the scales of a tensor


def in_dtype(state: ModelState, dtype: RowType) -> ModelState:
    """The same with every matrix of float32 as float16, or as int8 and float32 scales."""
    check_row_type(dtype)
    tensors = dict(state.tensors)
    for name, tensor in state.tensors.items():
        if tensor.dtype == np.float32 and tensor.ndim == 2 and tensor.shape[1] > SCALE_BYTES:
            rows = StoredRows.of(tensor, dtype)
            tensors[name] = rows.values
            if rows.scales is not None:
                tensors[name + SCALES] = rows.scales
    return replace(state, tensors=tensors)


def in_floats(state: ModelState) -> ModelState:
    """The same with float32 in the place of float16, and of int8 and scales."""
    tensors = {name: tensor for name, tensor in state.tensors.items() if not name.endswith(SCALES)}
    for scaled in state.tensors.keys() - tensors.keys():
        name, scales = scaled.removesuffix(SCALES), state.tensor(scaled, np.float32, (None,))
        tensors[name] = dequantize(state.tensor(name, np.int8, (len(scales), None)), scales)
    for name, tensor in tensors.items():
        if tensor.dtype == np.float16:
            tensors[name] = tensor.astype(np.float32)
    return replace(state, tensors=tensors)
