"""`PhraseSettings`: which pairs of words are phrases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_WORKERS, check, described, hyperparameter, values_of
from embedkit.text.word_lists import read_word_list

ENGLISH_CONNECTORS = ("a", "an", "and", "of", "or", "the")
DEFAULT_THRESHOLDS = {"npmi": 0.5, "pmi": 6.0, "mikolov": 50.0}
MAX_PASSES = 10


@dataclass(frozen=True, kw_only=True)
class PhraseSettings:
    """Which pairs of words are phrases.

    A pair is two words with nothing but connector words between them. With `passes` = 2, phrases of the first
    pass are words of the second, so that they become parts of longer ones.

    The defaults were chosen by looking at what they find in Simple English Wikipedia: 14,000 phrases, such as
    new_york_city, world_war_ii, climate_change and return_of_the_jedi, but also such_as and has_been. A
    threshold of 0.6 leaves most of the latter out, and half of the former. The English connectors are
    articles, "and", "or" and "of"; with other prepositions, as in gensim's list, templates of sentences
    become phrases, such as plays_for_shonan_bellmare. gensim's defaults, for Mikolov's score a threshold of
    10 and a min_count of 5, find five times as many, most of which no dictionary would list.

    Raises:
        InputError: a value of the wrong type or out of range; a file of connector words that cannot be read.
    """

    score: Literal["npmi", "pmi", "mikolov"] = hyperparameter(
        "npmi", "score of pairs of words: normalized or plain pointwise mutual information, or Mikolov's"
    )
    min_count: int = hyperparameter(
        10, "ignore words and pairs of words that occur less often than this", minimum=1
    )
    threshold: float | None = hyperparameter(
        None,
        "lowest score, which phrases must exceed; "
        f"default: {', '.join(f'{value:g} for {name}' for name, value in DEFAULT_THRESHOLDS.items())}",
    )
    connectors: str | tuple[str, ...] = described(
        "english", "words that phrases may hold between others: english, none, or a file with a word a line"
    )
    passes: int = hyperparameter(
        2, "number of passes; each joins phrases and words into longer phrases", minimum=1, maximum=MAX_PASSES
    )

    def __post_init__(self) -> None:
        check(self)
        threshold = DEFAULT_THRESHOLDS[self.score] if self.threshold is None else float(self.threshold)
        if self.score == "npmi" and not -1 <= threshold <= 1:
            raise InputError(f"threshold must be between -1 and 1 for npmi, got {threshold:g}")
        if self.score == "mikolov" and threshold <= 0:
            raise InputError(f"threshold must be more than 0 for mikolov, got {threshold:g}")
        object.__setattr__(self, "threshold", threshold)
        object.__setattr__(self, "connectors", connector_words(self.connectors))

    def settings(self) -> dict[str, Any]:
        """The settings ready for JSON: what `PhraseSettings` takes."""
        return values_of(PhraseSettings, self) | {"connectors": list(self.connectors)}

    @classmethod
    def of(cls, other: PhraseSettings) -> Self:
        """The settings alone, of what may be an instance of a subclass."""
        return cls(**other.settings())


@dataclass(frozen=True, kw_only=True)
class PhraseSearch(PhraseSettings):
    """`PhraseSettings`, and what the search for them may use, which changes nothing in its result."""

    max_candidates: int = hyperparameter(
        50_000_000,
        "different pairs of words counted at a time, at up to 100 bytes each; if there are more, the text is "
        "read several times",
        minimum=1000,
    )
    workers: int | None = hyperparameter(
        None,
        "number of threads; default: one per core; the result does not depend on it",
        minimum=1,
        maximum=MAX_WORKERS,
    )


def connector_words(given: str | Iterable[str]) -> tuple[str, ...]:
    """The connector words that "english", "none", the name of a file or an iterable of words stand for.

    Raises:
        InputError: no such file, or one that is no list of words; a connector that is no word.
    """
    if given == "english":
        return ENGLISH_CONNECTORS
    if given == "none":
        return ()
    if not isinstance(given, Iterable):
        raise InputError(f'connectors must be "english", "none", a file or words, got {given!r:.80}')
    if isinstance(given, str) and not Path(given).exists():
        raise InputError(f'no such file of connector words: {given}; "english" and "none" need none')
    words = read_word_list(Path(given), "connector words") if isinstance(given, str) else list(given)
    for word in words:
        if not isinstance(word, str) or not word or word.split() != [word]:
            raise InputError(f"a connector must be one word, got {word!r:.80}")
    return tuple(sorted(set(words)))
