"""Tags of tokens, told from sets of labels: each text has as many as tokens, and they repeat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from embedkit.errors import InputError

DIFFERENT = 3  # lengths of texts with just as many labels: no chance, though no label repeats
TAGGING = "a tag for each token is what embedkit train-tagger and SequenceTagger learn"


@dataclass
class TokenTags:
    """Whether the labels of texts are tags of their tokens, seen text by text.

    Example:
        >>> from embedkit.text.datasets.token_tags import TokenTags
        >>> seen = TokenTags()
        >>> seen.add(["the", "old", "man"], ["DET", "ADJ", "NOUN"])
        >>> seen.found
        False
        >>> seen.add(["the", "man", "the", "boat"], ["DET", "NOUN", "DET", "NOUN"])
        >>> seen.found
        True
    """

    lengths: set[int] = field(default_factory=set)
    repeated: bool = False
    sets: bool = False  # whether a text has another number of labels than of tokens

    def add(self, text: Any, labels: Any) -> None:
        """See a text, a list of tokens or a string, and its labels."""
        if not isinstance(labels, list | tuple) or not isinstance(text, list | str):
            self.sets = True
            return
        self.repeated |= len(set(map(str, labels))) < len(labels)
        if isinstance(text, str):  # whose tokens are a guess
            self.sets |= len(text.split()) != len(labels)
        else:
            self.add_lengths(len(text), len(labels))

    def add_lengths(self, tokens: int, labels: int) -> None:
        """See a text of so many tokens and labels."""
        self.sets |= tokens != labels
        self.lengths.add(tokens)

    @property
    def found(self) -> bool:
        """Whether these are tags."""
        return not self.sets and (self.repeated or len(self.lengths) >= DIFFERENT)

    def check(self, name: str = "") -> None:
        """Raise `InputError` if these are tags."""
        if self.found:
            raise InputError(
                f"{name}{name and ': '}expected labels of texts, got as many labels for each text as it has "
                f"tokens; {TAGGING}"
            )
