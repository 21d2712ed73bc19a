"""`JoinPhrases`: the step that joins the words of phrases, new_york, behind the tokenizer."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from embedkit.errors import InputError
from embedkit.immutable import Immutable
from embedkit.text.phrases.phrases import Phrases
from embedkit.text.tokenization.span import Span

MAX_SHOWN = 100  # characters of an option in a message


@dataclass(frozen=True)
class JoinPhrases(Immutable):
    """Joins the words of phrases into one token.

    Args:
        phrases: as `find_phrases` finds them.

    Example:
        >>> from embedkit import JoinPhrases, find_phrases
        >>> documents = [["new", "york", "is", "big"], ["she", "likes", "new", "york"], ["a", "new", "house"]]
        >>> JoinPhrases(find_phrases(documents, min_count=2)).tokens(["in", "new", "york"])
        ['in', 'new_york']
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


def warn_of_other_tokens(steps: Iterable[Any]) -> None:
    """Warn if the steps before a `JoinPhrases` make other tokens than those its phrases were found in.

    What cleans the text is not looked at: it changes few tokens.
    """
    before: list[Any] = []
    for step in steps:
        recipe = step.phrases.tokenizer if isinstance(step, JoinPhrases) else None
        if recipe is not None:
            try:
                ours = _token_options(each.recipe() for each in before)
            except InputError:  # a function without a name, of which nobody can tell
                return
            theirs = _token_options(recipe.get("steps", ()))
            if different := [name for name in {**theirs, **ours} if theirs.get(name) != ours.get(name)]:
                warnings.warn(_told(different, theirs, ours), UserWarning, stacklevel=3)
        before.append(step)


def _token_options(steps: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The tokenizer with its options, and the options of other steps, but for those that change no token."""
    options: dict[str, Any] = {}
    for step in steps:
        chosen = {name: value for name, value in step.items() if not _changes_nothing(name, value)}
        if "tokenizer" in chosen:
            chosen.pop("definition", None)  # its sha256 stands for it
            parts = (f"{name} {chosen[name]}" for name in sorted(chosen) if name != "tokenizer")
            options["tokenizer"] = ", ".join([str(chosen["tokenizer"]), *parts])
        elif step.get("step") not in ("clean", JoinPhrases.name):
            options |= chosen
    return options


def _changes_nothing(name: str, value: object) -> bool:
    """Whether an option changes no token, or is none."""
    return name == "step" or value is False or value in ("keep", []) or (name, value) == ("min_length", 1)


def _told(different: list[str], theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    shown = ", ".join(
        f"{name} {_short(theirs.get(name))} there and {_short(ours.get(name))} here" for name in different
    )
    return (
        f"the phrases were found in other tokens ({shown}), so some may not be joined; find them in text "
        "that is tokenized in the same way"
    )


def _short(value: object) -> str:
    text = "not given" if value is None else json.dumps(value)
    return text if len(text) <= MAX_SHOWN else f"of {len(text):,} characters"
