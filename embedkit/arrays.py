"""Names for array types that tell dtype and number of axes; docstrings tell what the axes are.

A type checker sees the dtype alone. `Floats` are float32, `Doubles` float64, `Ints` int32, `Longs` int64.

>>> from embedkit.arrays import Floats2d
>>> def unit(matrix: Floats2d) -> Floats2d: ...
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats1d: TypeAlias = NDArray[np.float32]
Floats2d: TypeAlias = NDArray[np.float32]
Floats3d: TypeAlias = NDArray[np.float32]
Doubles1d: TypeAlias = NDArray[np.float64]
Doubles2d: TypeAlias = NDArray[np.float64]
Ints1d: TypeAlias = NDArray[np.int32]
Ints2d: TypeAlias = NDArray[np.int32]
Longs1d: TypeAlias = NDArray[np.int64]
Longs2d: TypeAlias = NDArray[np.int64]
Bytes1d: TypeAlias = NDArray[np.uint8]
Bytes2d: TypeAlias = NDArray[np.uint8]
Bools1d: TypeAlias = NDArray[np.bool_]
Bools2d: TypeAlias = NDArray[np.bool_]
FloatArray: TypeAlias = NDArray[np.floating[Any]]  # of any axes: float32 in training, float64 in checks
