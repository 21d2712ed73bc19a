"""`Normalize`: the step that lowers the case of letters and takes their accents away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from embedkit.hyperparameters import check, hyperparameter
from embedkit.text.tokenization.aligned import AlignedText

ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]+")


@dataclass(frozen=True)
class Normalize:
    """Changes the letters of a text, or of tokens where it stands behind the tokenizer.

    Args:
        lowercase: lower the case of everything.
        strip_accents: take away the accents of Latin, Greek and Cyrillic letters: "café" becomes "cafe".
            Vowel signs of other scripts stay, and so do letters of their own such as ø and ß.

    Example:
        >>> from embedkit.text.pipeline.normalize import Normalize
        >>> Normalize(strip_accents=True).text("Crème Brûlée")
        'creme brulee'
    """

    name: ClassVar[str] = "normalize"
    lowercase: bool = hyperparameter(True, "convert text to lower case")
    strip_accents: bool = hyperparameter(False, "remove the accents of Latin, Greek and Cyrillic letters")

    def __post_init__(self) -> None:
        check(self)

    def text(self, text: str) -> str:
        """The text, or the token, changed."""
        if self.lowercase:
            text = text.lower()
        return without_accents(text) if self.strip_accents and not text.isascii() else text

    def aligned(self, text: AlignedText) -> AlignedText:
        """The text changed, with the places of its characters kept."""
        return text.normalized(self.text)

    def token(self, token: str) -> str:
        """The token changed; empty if nothing is left of it."""
        return self.text(token)

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        return {"step": self.name, **asdict(self)}


def without_accents(text: str) -> str:
    """The text without accents, in composed form."""
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def recipe_lowercases(recipe: Mapping[str, Any]) -> bool:
    """Whether a recipe of any version lowers all letters, told without loading what it asks for."""
    return any(step.get("lowercase") is True for step in recipe.get("steps", [recipe]))
