"""`Perplexity`: how well a language model predicts a text."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.language_models.token_text import UNKNOWN, TokenText


@dataclass(frozen=True)
class Perplexity:
    """How well a text was predicted, ends of lines included.

    Args:
        tokens: that were predicted, N.
        unknown: those among them that the model does not know, which it predicts as one token.
        characters: of the text, the ends of lines included.
        log_likelihood: the sum of the natural logarithms of the probabilities of all tokens.
        known_log_likelihood: that of those it knows.

    Example:
        >>> import math
        >>> from embedkit.language_models.perplexity import Perplexity
        >>> sure = Perplexity(4, 0, 8, 4 * math.log(0.5), 4 * math.log(0.5))
        >>> sure.perplexity, sure.bits_per_token, sure.bits_per_character
        (2.0, 1.0, 0.5)
    """

    tokens: int
    unknown: int
    characters: int
    log_likelihood: float
    known_log_likelihood: float

    @property
    def perplexity(self) -> float:
        """Exp of the mean negative log probability of a token."""
        return math.exp(-self.log_likelihood / self.tokens)

    @property
    def known_perplexity(self) -> float | None:
        """The same of the tokens that the model knows; None if it knows none."""
        known = self.tokens - self.unknown
        return math.exp(-self.known_log_likelihood / known) if known else None

    @property
    def bits_per_token(self) -> float:
        """The mean negative logarithm to base 2."""
        return -self.log_likelihood / self.tokens / math.log(2)

    @property
    def bits_per_character(self) -> float:
        """The bits of all tokens by the number of characters."""
        return -self.log_likelihood / self.characters / math.log(2)


def perplexity_of(text: TokenText, characters: int, log_probabilities: Doubles1d) -> Perplexity:
    """The perplexity of a text by the log probabilities of its tokens."""
    known = text.ids != UNKNOWN
    return Perplexity(
        tokens=len(text),
        unknown=int(len(text) - np.count_nonzero(known)),
        characters=characters,
        log_likelihood=float(log_probabilities.sum()),
        known_log_likelihood=float(log_probabilities[known].sum()),
    )
