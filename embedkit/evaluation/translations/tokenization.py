"""How BLEU cuts texts into words: as the scripts of the WMT do (13a), at blanks, or into characters.

"13a" is what mteval-v13a.pl and sacrebleu's default do: punctuation and symbols of ASCII stand alone, full
stops and commas unless digits are on both sides, hyphens behind digits; everything else stays with its word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from embedkit.errors import InputError

WordCutting = Literal["13a", "none", "char"]

SYMBOLS = re.compile(r"([!-&(-+:-@\[-`{-~/])")  # of ASCII, without apostrophe, comma, hyphen and full stop
BEHIND_NO_DIGIT = re.compile(r"([^0-9])([.,])")
BEFORE_NO_DIGIT = re.compile(r"([.,])([^0-9])")
HYPHEN_BEHIND_DIGIT = re.compile(r"([0-9])(-)")
ENTITIES = {"&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">"}


def tokens_13a(text: str) -> list[str]:
    """The tokens of a text by mteval-v13a.

    Example:
        >>> from embedkit.evaluation.translations.tokenization import tokens_13a
        >>> tokens_13a("It is 1,000.5, he said (twice).")
        ['It', 'is', '1,000.5', ',', 'he', 'said', '(', 'twice', ')', '.']
    """
    text = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    text = SYMBOLS.sub(r" \1 ", f" {text} ")
    text = BEHIND_NO_DIGIT.sub(r"\1 \2 ", text)
    text = BEFORE_NO_DIGIT.sub(r" \1 \2", text)
    return HYPHEN_BEHIND_DIGIT.sub(r"\1 \2 ", text).split()


def characters(text: str) -> list[str]:
    """The characters of a text, without white space."""
    return [character for character in text if not character.isspace()]


TOKENIZERS: Mapping[WordCutting, Callable[[str], list[str]]] = {
    "13a": tokens_13a,
    "none": str.split,
    "char": characters,
}


def tokenizer_named(name: str) -> Callable[[str], list[str]]:
    """The function of a tokenization; `InputError` if there is none of the name."""
    if name not in TOKENIZERS:
        raise InputError(f"tokenize must be one of {', '.join(get_args(WordCutting))}, got {name!r:.80}")
    return TOKENIZERS[name]  # type: ignore[index]
