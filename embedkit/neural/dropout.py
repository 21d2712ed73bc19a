"""Dropout (Srivastava et al. 2014): what values are multiplied by, 0 for those left out, more for the others.

The shape of the mask says what is dropped together. For inputs (T, n, F) of a recurrent layer:

* (T, n, F): each number for itself;
* (1, n, F): *variational* (Gal and Ghahramani 2016), the same numbers of a text at all steps;
* (V, 1) for a table of vectors: whole words (the same, section 4.2);
* that of a recurrent kernel: *weight dropout* (Merity et al. 2018, section 2): the cell gets the product.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import FloatArray, Floats3d


def dropout_mask(shape: tuple[int, ...], rate: float, generator: np.random.Generator) -> Floats3d:
    """A mask, float32, of mean 1, so that nothing changes when nothing is dropped (*inverted* dropout).

    Args:
        shape: see above.
        rate: the share that is left out, below 1.
        generator: draws it.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.dropout import dropout_mask
        >>> mask = dropout_mask((1, 1000), 0.75, np.random.default_rng(1))
        >>> np.unique(mask).tolist()
        [0.0, 4.0]
    """
    if not rate:
        return np.ones(shape, np.float32)
    kept = generator.random(shape, np.float32) >= rate
    return kept * np.float32(1 / (1 - rate))


class RememberedDropout:
    """Dropout of arrays by name, whose masks the way back multiplies gradients by.

    Args:
        rate: the share that is left out; with 0 nothing is drawn.
        generator: draws it.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.dropout import RememberedDropout
        >>> dropout = RememberedDropout(0.5, np.random.default_rng(1))
        >>> dropped = dropout.of("vectors", np.ones(4))
        >>> bool((dropout.back("vectors", np.ones(4)) == dropped).all())
        True
    """

    def __init__(self, rate: float, generator: np.random.Generator) -> None:
        self._rate, self._generator = rate, generator
        self._masks: dict[str, FloatArray] = {}

    def mask(self, name: str, shape: tuple[int, ...]) -> FloatArray:
        """What arrays of this name are multiplied by, drawn anew."""
        self._masks[name] = dropout_mask(shape, self._rate, self._generator)
        return self._masks[name]

    def of(self, name: str, values: FloatArray) -> FloatArray:
        """Values without those that are left out."""
        return values * self.mask(name, values.shape) if self._rate else values

    def back(self, name: str, of_values: FloatArray) -> FloatArray:
        """The gradient of values, given that of what `of` made of them."""
        return of_values * self._masks[name] if self._rate else of_values
