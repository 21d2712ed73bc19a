"""What compiled tokenizers know of each character: what it becomes, and of which kind that is."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d
from embedkit.text.tokenization.word_marks import word_marks
from embedkit.text.tokenization.word_normalization import REPLACEMENTS
from embedkit.text.tokenization.word_patterns import INVISIBLE, SIGN

WORD = 1 << 0  # begins a word or goes on with it
MARK = 1 << 1  # goes on with a word that has begun
DIGIT = 1 << 2
SPACE = 1 << 3  # no token by itself
INNER = 1 << 4  # may stand inside a word, as its neighbors have it
IGNORED = 1 << 5
UNSTABLE = 1 << 6  # tables do not tell what becomes of the run of text in which it stands

_COUNT = sys.maxunicode + 1
_CHARACTERS = np.r_[:0xD800, 0xE000:_COUNT].astype(
    np.int32
)  # all but the surrogates, which UTF-8 cannot hold
_UNSTABLE_CASE = "\u0130\u03a3"  # İ becomes two characters; what Σ becomes depends on its place in the word
_JAMO = range(0x1161, 0x1200)  # vowels and final consonants, which compose with what precedes them
_SCRIPTS_END = 0x32000  # behind it no character decomposes


BYTE_SIGNS = np.ones(256, np.uint8)  # 1 for bytes of signs that may be special, and for all beyond ASCII
BYTE_SIGNS[:128] = [re.match(SIGN, chr(code)) is not None for code in range(128)]
NO_BYTE_SIGNS = np.repeat(np.array([0, 1], np.uint8), 128)


class CharacterTables(NamedTuple):
    """Arrays by code point.

    Text is *stable* if no character of it is UNSTABLE and no combining class is less than the one before it,
    unless it is 0. Folding each character by itself then gives what lowering and normalizing the whole text
    would (Unicode Standard Annex 15, section 9). Signs of ASCII are not UNSTABLE by themselves: `run_kernels`
    looks at their neighbors.
    """

    folds: Ints1d  # the character that a character becomes
    kinds: NDArray[np.uint16]  # of what it becomes: a sum of the constants above
    combining: NDArray[np.uint8]  # combining class of what it becomes before characters are replaced


@cache
def word_characters(lowercase: bool) -> CharacterTables:
    """The tables of the `words` tokenizer, which normalizes text after it has been lowered."""
    folds, kinds = _lowered(lowercase)
    changing, composing = _changing_and_composing()
    unstable, ignored = np.zeros((2, _COUNT), bool)
    unstable[[*changing, *composing, *_JAMO, *_matching(SIGN)]] = True
    combining = np.zeros(_COUNT, np.uint8)
    for mark in word_marks():
        combining[ord(mark)] = unicodedata.combining(mark)
    replaced = np.arange(_COUNT, dtype=np.int32)
    for character, replacement in REPLACEMENTS.items():
        if len(replacement) == 1:
            replaced[ord(character)] = ord(replacement)
        else:
            unstable[ord(character)] |= bool(replacement)
            ignored[ord(character)] = not replacement
    kinds[ignored[folds]] |= np.uint16(IGNORED)
    kinds[unstable[folds] | unstable[replaced[folds]]] |= np.uint16(UNSTABLE)
    kinds[:0x80] = 0
    folds = replaced[folds]
    kinds |= _kinds()[folds]
    kinds[_matching(f"[{INVISIBLE}]")] |= np.uint16(SPACE)
    return CharacterTables(folds, kinds, combining)


@cache
def unspaced_characters(lowercase: bool) -> CharacterTables:
    """The tables of the `whitespace` tokenizer: whatever is no space is part of a word."""
    folds, kinds = _lowered(lowercase)
    kinds |= np.where(_kinds() & SPACE, np.uint16(SPACE), np.uint16(WORD))
    return CharacterTables(folds, kinds, np.zeros(_COUNT, np.uint8))


def _lowered(lowercase: bool) -> tuple[Ints1d, NDArray[np.uint16]]:
    """Each character's lower case, and the kind UNSTABLE for those that have no single one."""
    folds, kinds = np.arange(_COUNT, dtype=np.int32), np.zeros(_COUNT, np.uint16)
    if lowercase:
        kinds[list(map(ord, _UNSTABLE_CASE))] = UNSTABLE
        alone = _CHARACTERS[kinds[_CHARACTERS] == 0]
        folds[alone] = np.frombuffer(_text(alone).lower().encode("utf-32-le"), "<i4")
    return folds, kinds


def _changing_and_composing() -> tuple[list[int], list[int]]:
    """The code points that NFC changes, and those that may compose with what precedes them."""
    characters = _text(_CHARACTERS[_CHARACTERS < _SCRIPTS_END]).replace("\n", "")
    lines = "\n".join(characters)
    composed, decomposed = (unicodedata.normalize(form, lines).split("\n") for form in ("NFC", "NFD"))
    changing = [ord(one) for one, other in zip(characters, composed, strict=True) if one != other]
    return changing, sorted({ord(character) for parts in decomposed for character in parts[1:]})


@cache
def _all_text() -> str:
    return _text(_CHARACTERS)


def _text(codes: Ints1d) -> str:
    return codes.astype("<i4").tobytes().decode("utf-32-le")


@cache
def _kinds() -> NDArray[np.uint16]:
    """The kind of each character as it stands: without IGNORED and UNSTABLE."""
    kinds = np.zeros(_COUNT, np.uint16)
    for kind, pattern in (WORD, r"[^\W_]"), (DIGIT, r"\d"), (SPACE, r"\s"):
        kinds[_matching(pattern)] |= np.uint16(kind)
    for kind, characters in (MARK, word_marks()), (INNER, "'_-.,"):
        kinds[_places(characters)] |= np.uint16(kind)
    return kinds


def _matching(pattern: str) -> Ints1d:
    """The characters that match a pattern of one."""
    runs = (_CHARACTERS[slice(*run.span())] for run in re.finditer(f"(?:{pattern})+", _all_text()))
    return np.concatenate([np.empty(0, np.int32), *runs])


def _places(characters: Iterable[str]) -> list[int]:
    return list(map(ord, characters))
