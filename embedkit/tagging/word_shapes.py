"""Shapes of words: what capitals, digits and signs tell where word vectors are of lower-cased text."""

from __future__ import annotations

SHAPES = (
    *("lower", "capitalized", "upper", "letter", "mixed", "number", "with-digits"),
    *("hyphenated", "apostrophe", "punctuation", "symbol", "address", "mention", "hashtag"),
)
_NUMBERS = {shape: number for number, shape in enumerate(SHAPES)}
APOSTROPHES = "'\u2019"
_ADDRESSES = ("http://", "https://", "www.")


def shape_of(word: str) -> str:
    """The shape of a word, one of `SHAPES`.

    Example:
        >>> from embedkit.tagging.word_shapes import shape_of
        >>> [shape_of(word) for word in ["rose", "Rose", "NATO", "iPhone", "1,000", "B2B", "@rose", "..."]]
        ['lower', 'capitalized', 'upper', 'mixed', 'number', 'with-digits', 'mention', 'punctuation']
    """
    if not any(map(str.isalnum, word)):
        return "punctuation" if word.isascii() else "symbol"
    if word.startswith(_ADDRESSES) or ("@" in word[1:] and "." in word):
        return "address"
    if len(word) > 1 and word[0] in "@#":
        return "mention" if word[0] == "@" else "hashtag"
    if any(map(str.isdigit, word)):
        return "with-digits" if any(map(str.isalpha, word)) else "number"
    if any(sign in word for sign in APOSTROPHES):
        return "apostrophe"
    if "-" in word:
        return "hyphenated"
    return _letters(word)


def shape_number(word: str) -> int:
    """The place of a word's shape among `SHAPES`."""
    return _NUMBERS[shape_of(word)]


def _letters(word: str) -> str:
    if word.islower():
        return "lower"
    if word.isupper():
        return "letter" if len(word) == 1 else "upper"
    return "capitalized" if word.istitle() else "mixed" if word.lower() != word else "lower"
