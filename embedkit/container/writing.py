"""Writing .safetensors one tensor after the other: the library can only make the whole file in memory.

A file is the length of the header (8 bytes, little-endian), the header as JSON, padded with spaces to a
multiple of 8 bytes, and the bytes of the tensors. Reading is left to the library, which validates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

DTYPES = {"<f4": "F32", "<i8": "I64", "|i1": "I8", "|u1": "U8"}
ALIGNMENT = 8


def write_tensors(
    stream: IO[bytes], tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]
) -> None:
    """Write tensors of the types in `DTYPES`, the widest first, so that each is aligned."""
    ordered = sorted(tensors.items(), key=lambda item: -item[1].itemsize)
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    end = 0
    for name, tensor in ordered:
        start, end = end, end + tensor.nbytes
        kind = DTYPES[tensor.dtype.str]
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": (start, end)}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    stream.write(len(text).to_bytes(8, "little") + text)
    for _, tensor in ordered:
        stream.write(np.ascontiguousarray(tensor).data)
