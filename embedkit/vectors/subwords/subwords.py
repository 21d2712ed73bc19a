"""`Subwords`: what gives words outside the vocabulary a vector, whatever it is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.errors import InputError

RowChange = Callable[[Doubles2d], Doubles2d]  # of rows (n, D), each by itself


class Subwords(ABC):
    """Makes vectors of words out of their characters; immutable, as the vectors that it belongs to.

    Attributes:
        kind: a short name, by which a file says what it holds and an answer how its vector was made.
    """

    kind: ClassVar[str]

    @property
    @abstractmethod
    def vector_size(self) -> int:
        """The number of dimensions D."""

    @abstractmethod
    def vectors(self, words: Sequence[str]) -> Floats2d:
        """The vectors of `words`, float32 (n, D); zero for a word of which no part is known."""

    def mapped(self, change: RowChange, size: int) -> Subwords | None:
        """Subwords whose vectors are those of these after an affine `change` to `size` dimensions.

        None if there are no such subwords, as where sums of rows are scaled to length 1. Of affine changes
        the mean of changed rows is the change of their mean; zero, for an unknown word, stays zero.
        """
        return None

    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """All but the arrays, as JSON can hold it."""

    @abstractmethod
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The arrays, by the names under which a file holds them."""


def mapped_subwords(subwords: Subwords | None, change: RowChange, size: int) -> Subwords | None:
    """What becomes of the subwords of vectors that are changed by an affine map to `size` dimensions."""
    return None if subwords is None else subwords.mapped(change, size)


def check_subwords(subwords: Subwords | None, size: int) -> None:
    """Raise `InputError` unless subwords have as many dimensions as the words that they belong to."""
    if subwords is not None and subwords.vector_size != size:
        raise InputError(
            f"expected subwords of {size} dimensions, as the words have, got {subwords.vector_size}"
        )
