"""`SimpleRNNCell`: the simple recurrent network (Elman 1990)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from embedkit.arrays import FloatArray
from embedkit.neural.cells.cell import KeptArrays, NamedArrays, RecurrentCell


class SimpleRNNCell(RecurrentCell):
    """h_t = tanh(W x_t + U h_{t-1} + b), as Elman (1990) has it, with the tangent instead of the sigmoid.

    Example:
        >>> import numpy as np
        >>> from embedkit import SimpleRNNCell
        >>> cell = SimpleRNNCell(np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
        >>> state, _ = cell.step(cell.project(np.ones((1, 1))), cell.zero_state(1))
        >>> state, _ = cell.step(cell.project(np.ones((1, 1))), state)
        >>> state.ravel().round(4).tolist()  # tanh(1 + tanh(1))
        [0.9427]
    """

    gates: ClassVar[int] = 1

    def step(self, given: FloatArray, before: FloatArray) -> tuple[FloatArray, KeptArrays]:
        """See the equation of the class."""
        after = np.tanh(given + before @ self.recurrent_kernel)
        return after, (before, after)

    def step_back(
        self, of_after: FloatArray, kept: KeptArrays, gradients: NamedArrays
    ) -> tuple[FloatArray, FloatArray]:
        """As tanh' is 1 - tanh²; each step back multiplies by U' (Pascanu et al. 2013, equation 5)."""
        before, after = kept
        of_sums = of_after * (1 - after * after)
        gradients["recurrent_kernel"] += before[0].T @ of_sums[0]
        return of_sums[0], of_sums @ self.recurrent_kernel.T
