"""`JoinPhrases`: the step that joins the words of phrases, new_york, behind the tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from embedkit.immutable import Immutable
from embedkit.text.phrases.phrases import Phrases
from embedkit.text.tokenization.span import Span


@dataclass(frozen=True)
class JoinPhrases(Immutable):
    """Joins the words of phrases into one token.

    Args:
        phrases: as `find_phrases` finds them.
    """

    name: ClassVar[str] = "phrases"
    phrases: Phrases

    def tokens(self, tokens: list[str]) -> list[str]:
        """The tokens with phrases joined."""
        return self.phrases.apply(tokens)

    def spans(self, spans: list[Span]) -> list[Span]:
        """The tokens with phrases joined, and their places."""
        return self.phrases.spans(spans)

    def recipe(self) -> dict[str, object]:
        """The name and the phrases, ready for JSON."""
        return {"step": self.name, "phrases": self.phrases.to_json()}

    @classmethod
    def from_recipe(cls, phrases: dict[str, object]) -> JoinPhrases:
        """The step of what its recipe holds."""
        return cls(Phrases.from_json(phrases))
