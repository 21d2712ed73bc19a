"""Dropout (Srivastava et al. 2014): what values are multiplied by, 0 for those left out, more for the others.

The shape of the mask says what is dropped together. For inputs (T, n, F) of a recurrent layer:

* (T, n, F): each number for itself;
* (1, n, F): *variational* (Gal and Ghahramani 2016), the same numbers of a text at all steps;
* (V, 1) for a table of vectors: whole words (the same, section 4.2);
* that of a recurrent kernel: *weight dropout* (Merity et al. 2018, section 2): the cell gets the product.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats3d


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
