"""`LSTMCell`: long short-term memory, with and without peepholes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from embedkit.arrays import FloatArray
from embedkit.neural.activations import sigmoid
from embedkit.neural.cells.cell import KeptArrays, NamedArrays, RecurrentCell


@dataclass(frozen=True, eq=False)
class LSTMCell(RecurrentCell):
    """Hochreiter and Schmidhuber (1997), forget gates of Gers et al. (2000), as in Graves (2013, 7 to 11).

    With W x_t + b given, gates i (input), f (forget), g (new memory), o (output), and peepholes p if any:

        i_t = sigmoid(W_i x_t + U_i h_{t-1} + p_i c_{t-1} + b_i)    (7)
        f_t = sigmoid(W_f x_t + U_f h_{t-1} + p_f c_{t-1} + b_f)    (8)
        g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)
        c_t = f_t c_{t-1} + i_t g_t                                 (9)
        o_t = sigmoid(W_o x_t + U_o h_{t-1} + p_o c_t + b_o)        (10)
        h_t = o_t tanh(c_t)                                         (11)

    A state is h and c, (2, n, units).

    Args:
        peepholes: p_i, p_f and p_o, (3, units); None of a cell whose gates do not see the memory, as Keras'.

    Example:
        >>> import numpy as np
        >>> from embedkit import LSTMCell
        >>> cell = LSTMCell.initial(2, 3, np.random.default_rng(1))
        >>> state, _ = cell.step(cell.project(np.ones((1, 2))), cell.zero_state(1))
        >>> state.shape  # h and c of one text
        (2, 1, 3)
    """

    peepholes: FloatArray | None = None

    gates: ClassVar[int] = 4
    state_parts: ClassVar[int] = 2

    @classmethod
    def initial(cls, size: int, units: int, generator: np.random.Generator) -> Self:
        """As of every cell; forget gates begin at 1, so that it remembers (Jozefowicz et al. 2015)."""
        cell = super().initial(size, units, generator)
        cell.bias[units : 2 * units] = 1
        return cell

    def gates_in(self, kept: KeptArrays) -> NamedArrays:
        """What enters the memory, what stays in it, and what is shown of it."""
        _, i, f, _, o, *_ = kept
        return {"input": i, "forget": f, "output": o}

    def step(self, given: FloatArray, before: FloatArray) -> tuple[FloatArray, KeptArrays]:
        """Equations 7 to 11."""
        h, c_before = before
        i, f, g, o = self.parted(given + h @ self.recurrent_kernel)
        if self.peepholes is not None:
            i, f = i + self.peepholes[0] * c_before, f + self.peepholes[1] * c_before
        i, f, g = sigmoid(i), sigmoid(f), np.tanh(g)
        c = f * c_before + i * g
        if self.peepholes is not None:
            o = o + self.peepholes[2] * c
        o, shown = sigmoid(o), np.tanh(c)
        return np.stack([o * shown, c]), (before, i, f, g, o, c, shown)

    def step_back(
        self, of_after: FloatArray, kept: KeptArrays, gradients: NamedArrays
    ) -> tuple[FloatArray, FloatArray]:
        """Equations 11 to 7 the other way; sigmoid' is s (1 - s), tanh' is 1 - tanh²."""
        (h, c_before), i, f, g, o, c, shown = kept
        of_h, of_c = of_after
        of_o = of_h * shown * o * (1 - o)
        of_c = of_c + of_h * o * (1 - shown * shown)
        if self.peepholes is not None:
            of_c = of_c + of_o * self.peepholes[2]
        of_i, of_f, of_g = of_c * g * i * (1 - i), of_c * c_before * f * (1 - f), of_c * i * (1 - g * g)
        of_sums = np.concatenate([of_i, of_f, of_g, of_o], axis=1)
        gradients["recurrent_kernel"] += h.T @ of_sums
        of_c_before = of_c * f
        if self.peepholes is not None:
            of_c_before += of_i * self.peepholes[0] + of_f * self.peepholes[1]
            gradients["peepholes"] += np.stack([of_i * c_before, of_f * c_before, of_o * c]).sum(axis=1)
        return of_sums, np.stack([of_sums @ self.recurrent_kernel.T, of_c_before])
