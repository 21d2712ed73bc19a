"""`Filter`: the step that leaves tokens out: numbers, short ones, stop words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import ClassVar, Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter
from embedkit.immutable import Immutable
from embedkit.text.tokenization.words import is_number

NUMBER = "<number>"
MAX_LENGTH = 1_000_000  # characters: no token is longer


@dataclass(frozen=True)
class Filter(Immutable):
    """Leaves tokens out, or puts one token in the place of all numbers.

    Args:
        numbers: what becomes of tokens with digits and no letter: they stay, become "<number>", or go.
        min_length: of tokens, in characters.
        stop_words: tokens that are left out.

    Example:
        >>> from embedkit.text.pipeline.filter import Filter
        >>> words = Filter(numbers="mask", stop_words=("the",))
        >>> [words.token(token) for token in ("the", "3", "cats")]
        ['', '<number>', 'cats']
    """

    name: ClassVar[str] = "filter"
    numbers: Literal["keep", "mask", "drop"] = hyperparameter(
        "keep", "tokens with digits and without letters: keep them, put <number> in their place, or drop them"
    )
    min_length: int = hyperparameter(1, "drop tokens of fewer characters", minimum=1, maximum=MAX_LENGTH)
    stop_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self)
        if isinstance(self.stop_words, str):
            raise InputError(f"stop_words must be a list of words, got the string {self.stop_words[:40]!r}")
        for word in self.stop_words:
            if not isinstance(word, str):
                raise InputError(f"expected stop_words to be strings, got {word!r:.40}")
        object.__setattr__(self, "stop_words", tuple(sorted(set(self.stop_words))))

    @cached_property
    def _stop_words(self) -> frozenset[str]:
        return frozenset(self.stop_words)

    def token(self, token: str) -> str:
        """What becomes of a token; empty if it is left out."""
        if token in self._stop_words or len(token) < self.min_length:
            return ""
        if self.numbers != "keep" and not token.isalpha() and is_number(token):
            return NUMBER if self.numbers == "mask" else ""
        return token

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"step": self.name, **asdict(self), "stop_words": list(self.stop_words)}
