"""`GRUCell` and `ResetFirstGRUCell`: gated recurrent units, reset after the matrix product or before it."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from embedkit.arrays import FloatArray
from embedkit.neural.activations import sigmoid
from embedkit.neural.cells.cell import KeptArrays, NamedArrays, RecurrentCell


class ResetFirstGRUCell(RecurrentCell):
    """Cho et al. (2014, equations 5 to 8): the state is reset before the product, as in the paper.

    With gates z (update) and r (reset):

        r_t = sigmoid(W_r x_t + U_r h_{t-1} + b_r)         (5)
        z_t = sigmoid(W_z x_t + U_z h_{t-1} + b_z)         (6)
        n_t = tanh(W_n x_t + U_n (r_t h_{t-1}) + b_n)      (8)
        h_t = z_t h_{t-1} + (1 - z_t) n_t                  (7)

    Keras has it as `GRU(reset_after=False)`. The gates stand in the order z, r, n.

    Example:
        >>> import numpy as np
        >>> from embedkit import ResetFirstGRUCell
        >>> cell = ResetFirstGRUCell.initial(2, 3, np.random.default_rng(1))
        >>> cell.step(cell.project(np.ones((5, 2))), cell.zero_state(5))[0].shape
        (1, 5, 3)
    """

    gates: ClassVar[int] = 3

    def gates_in(self, kept: KeptArrays) -> NamedArrays:
        """What stays as it was, and what of the state is seen when the new one is made."""
        return {"update": kept[1], "reset": kept[2]}

    def step(self, given: FloatArray, before: FloatArray) -> tuple[FloatArray, KeptArrays]:
        """Equations 5 to 8."""
        h, gated = before[0], 2 * self.units
        z, r = self.parted(sigmoid(given[:, :gated] + h @ self.recurrent_kernel[:, :gated]))
        n = np.tanh(given[:, gated:] + (r * h) @ self.recurrent_kernel[:, gated:])
        return (n + z * (h - n))[None], (h, z, r, n)

    def step_back(
        self, of_after: FloatArray, kept: KeptArrays, gradients: NamedArrays
    ) -> tuple[FloatArray, FloatArray]:
        """Equations 7, 8, 6 and 5 the other way."""
        (h, z, r, n), gated = kept, 2 * self.units
        of_h, of_kernel = of_after[0], gradients["recurrent_kernel"]
        of_n = of_h * (1 - z) * (1 - n * n)
        of_reset = of_n @ self.recurrent_kernel[:, gated:].T
        of_zr = np.concatenate([of_h * (h - n) * z * (1 - z), of_reset * h * r * (1 - r)], axis=1)
        of_kernel[:, gated:] += (r * h).T @ of_n
        of_kernel[:, :gated] += h.T @ of_zr
        of_before = of_h * z + of_reset * r + of_zr @ self.recurrent_kernel[:, :gated].T
        return np.concatenate([of_zr, of_n], axis=1), of_before[None]


class GRUCell(RecurrentCell):
    """The form of cuDNN and of Keras: the state is reset after the product, which one product a step allows.

    As Cho et al. (2014), but for equation 8:

        n_t = tanh(W_n x_t + b_n + r_t (U_n h_{t-1} + b'_n))

    The gates stand in the order z (update), r (reset), n (new state).

    Args:
        bias: b and b', (2, 3 * units).

    Example:
        >>> import numpy as np
        >>> from embedkit import GRUCell
        >>> cell = GRUCell.initial(2, 3, np.random.default_rng(1))
        >>> cell.step(cell.project(np.ones((5, 2))), cell.zero_state(5))[0].shape
        (1, 5, 3)
    """

    gates: ClassVar[int] = 3

    @classmethod
    def initial(cls, size: int, units: int, generator: np.random.Generator) -> Self:
        """As of every cell, with two biases."""
        cell = super().initial(size, units, generator)
        return cls(cell.kernel, cell.recurrent_kernel, np.zeros((2, 3 * units), np.float32))

    def project(self, inputs: FloatArray) -> FloatArray:
        """W x + b."""
        projected: FloatArray = inputs @ self.kernel + self.bias[0]
        return projected

    def gates_in(self, kept: KeptArrays) -> NamedArrays:
        """What stays as it was, and what of the state is seen when the new one is made."""
        return {"update": kept[1], "reset": kept[2]}

    def step(self, given: FloatArray, before: FloatArray) -> tuple[FloatArray, KeptArrays]:
        """Equations 5, 6, 8 as above, and 7."""
        h, gated = before[0], 2 * self.units
        own = h @ self.recurrent_kernel + self.bias[1]
        z, r = self.parted(sigmoid(given[:, :gated] + own[:, :gated]))
        inner = own[:, gated:]
        n = np.tanh(given[:, gated:] + r * inner)
        return (n + z * (h - n))[None], (h, z, r, inner, n)

    def step_back(
        self, of_after: FloatArray, kept: KeptArrays, gradients: NamedArrays
    ) -> tuple[FloatArray, FloatArray]:
        """Equations 7, 8, 6 and 5 the other way."""
        h, z, r, inner, n = kept
        of_h = of_after[0]
        of_z = of_h * (h - n) * z * (1 - z)
        of_n = of_h * (1 - z) * (1 - n * n)
        of_r = of_n * inner * r * (1 - r)
        of_own = np.concatenate([of_z, of_r, of_n * r], axis=1)
        gradients["recurrent_kernel"] += h.T @ of_own
        gradients["bias"][1] += of_own.sum(axis=0)
        of_before = of_h * z + of_own @ self.recurrent_kernel.T
        return np.concatenate([of_z, of_r, of_n], axis=1), of_before[None]
