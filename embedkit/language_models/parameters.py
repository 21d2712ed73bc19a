"""The parameters of language models in groups: their tokens, n-grams, networks, and how these are trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import check, described, hyperparameter
from embedkit.language_models.ngram_model import MAX_ORDER
from embedkit.text.subword_training import MAX_VOCABULARY, MIN_VOCABULARY

Unit = Literal["characters", "subwords", "words"]
SUBWORDS = 8000  # unless a size of the vocabulary is given


@dataclass(kw_only=True, eq=False, repr=False)
class TokenParameters:
    """What the tokens of a language model are."""

    unit: Unit = hyperparameter("words", "what tokens are; subwords are learnt by byte-pair encoding")
    tokenizer: str = described(
        "words", "tokenizer of words, which keep case and punctuation: words, whitespace or icu[:LANG]"
    )
    lowercase: bool = hyperparameter(False, "convert text to lower case")
    min_count: int = hyperparameter(
        2, "take tokens that occur less often than this for unknown ones, all as one", minimum=1
    )
    vocabulary_size: int | None = hyperparameter(
        None,
        f"number of tokens, the most frequent; default: {SUBWORDS:,} of subwords, all others that there are",
        minimum=MIN_VOCABULARY,
        maximum=MAX_VOCABULARY,
    )
    independent_lines: bool = hyperparameter(
        False, "each line is a text by itself, such as a name, and tells nothing of the next one"
    )


@dataclass(kw_only=True, eq=False, repr=False)
class NgramOrder:
    """The n-grams of a language model."""

    order: int = hyperparameter(
        5,
        "longest n-grams, in tokens, of the model with Kneser-Ney smoothing",
        minimum=1,
        maximum=MAX_ORDER,
    )


def check_tokens(parameters: TokenParameters) -> None:
    """Raise `InputError` for parameters out of range, or that do not go together."""
    check(parameters)
    if parameters.tokenizer != "words" and parameters.unit != "words":
        raise InputError(
            f"a tokenizer ({parameters.tokenizer}) is for words, got unit {parameters.unit!r}; leave one out"
        )
