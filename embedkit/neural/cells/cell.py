"""`RecurrentCell`: what the cells share; a cell says what one step does, and what it does to gradients.

Arrays are time-major: inputs (T, n, F) are T steps of n texts. The kernel's part of all steps is one matrix
product, `project`, so that a step adds the recurrent part alone. Gates stand side by side in the order of
Keras, whose weights these are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar, Self

import numpy as np

from embedkit.arrays import FloatArray
from embedkit.neural.initializers import glorot_uniform, orthogonal

KeptArrays = tuple[FloatArray, ...]  # what a step keeps for the way back
NamedArrays = dict[str, FloatArray]  # gradients of weights by name


@dataclass(frozen=True, eq=False)
class RecurrentCell(ABC):
    """The weights of a cell.

    Args:
        kernel: of the inputs, (F, gates * units).
        recurrent_kernel: of the states, (units, gates * units).
        bias: (gates * units,).
    """

    kernel: FloatArray
    recurrent_kernel: FloatArray
    bias: FloatArray

    gates: ClassVar[int]
    state_parts: ClassVar[int] = 1  # arrays in a state: what the cell shows, and what it remembers besides

    @classmethod
    def initial(cls, size: int, units: int, generator: np.random.Generator) -> Self:
        """A cell that reads `size` numbers, its weights drawn as Keras draws them, float32."""
        width = cls.gates * units
        kernel = glorot_uniform(generator, (size, width), size + width)
        return cls(kernel, orthogonal(generator, (units, width)), np.zeros(width, np.float32))

    @property
    def units(self) -> int:
        """How many numbers the cell shows."""
        return len(self.recurrent_kernel)

    def weights(self) -> dict[str, FloatArray]:
        """The weights by name, without those that the cell does not have."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: weight for name, weight in named.items() if isinstance(weight, np.ndarray)}

    def zero_state(self, texts: int) -> FloatArray:
        """The state before the first step, (state_parts, n, units)."""
        return np.zeros((self.state_parts, texts, self.units), self.recurrent_kernel.dtype)

    def project(self, inputs: FloatArray) -> FloatArray:
        """W x + b: what the kernel makes of inputs (..., F), (..., gates * units)."""
        return inputs @ self.kernel + self.bias

    def parted(self, sums: FloatArray) -> FloatArray:
        """Gates that stand side by side, (n, any * units), one after the other: (any, n, units)."""
        return sums.reshape(len(sums), -1, self.units).swapaxes(0, 1)

    def gates_in(self, kept: KeptArrays) -> NamedArrays:
        """The gates of a step by their names, (n, units), between 0 and 1; of a cell without gates none."""
        return {}

    @abstractmethod
    def step(self, given: FloatArray, before: FloatArray) -> tuple[FloatArray, KeptArrays]:
        """One step forward.

        Args:
            given: `project` of the inputs, (n, gates * units).
            before: the state, (state_parts, n, units).

        Returns:
            The state after the step, and what `step_back` needs.
        """

    @abstractmethod
    def step_back(
        self, of_after: FloatArray, kept: KeptArrays, gradients: NamedArrays
    ) -> tuple[FloatArray, FloatArray]:
        """One step back: the chain rule through `step`.

        Args:
            of_after: the gradient of the state after the step, (state_parts, n, units).
            kept: of `step`.
            gradients: of the weights; those that `step` uses are added.

        Returns:
            The gradients of `given` (n, gates * units) and of the state before (state_parts, n, units).
        """
