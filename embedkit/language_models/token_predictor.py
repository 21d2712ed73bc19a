"""`TokenPredictor`: what n-gram models and networks have in common, seen from a language model."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Longs1d
from embedkit.language_models.token_text import TokenText
from embedkit.neural.beam_search import TokenStates


class TokenPredictor(Protocol):
    """Gives probabilities to tokens by those before them."""

    kind: ClassVar[str]

    def log_probabilities(self, text: TokenText) -> Doubles1d:
        """The natural logarithm of the probability of each token behind those before it, float64 (N,)."""

    def begin(self, count: int) -> TokenStates:
        """The states of `count` texts before their first token."""

    def step(self, states: TokenStates, tokens: Longs1d) -> tuple[NDArray[Any], TokenStates]:
        """The log probabilities (n, V) of what follows these tokens, the last of n texts, and the states."""

    def tensors(self) -> dict[str, NDArray[Any]]:
        """What a file keeps, by name."""
