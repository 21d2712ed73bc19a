"""Steps of text pipelines before and behind the tokenizer, and what they look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, runtime_checkable

from embedkit.text.tokenization.tokenizer import Tokenizer


@runtime_checkable
class TextStep(Protocol):
    """A step before the tokenizer."""

    def text(self, text: str) -> str:
        """The text changed."""

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""


@runtime_checkable
class TokenStep(Protocol):
    """A step behind the tokenizer."""

    def tokens(self, tokens: list[str]) -> list[str]:
        """The tokens changed."""

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""


@runtime_checkable
class EachTokenStep(Protocol):
    """A step behind the tokenizer that changes tokens one by one."""

    def token(self, token: str) -> str:
        """The token changed; empty if it is left out."""

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""


TokensStep: TypeAlias = TokenStep | EachTokenStep
PipelineStep: TypeAlias = TextStep | Tokenizer | TokensStep


def tokens_function(step: TokensStep) -> Callable[[list[str]], list[str]]:
    """What a step behind the tokenizer does with a list of tokens."""
    if isinstance(step, EachTokenStep):
        each = step.token
        return lambda tokens: list(filter(None, map(each, tokens)))
    return step.tokens
