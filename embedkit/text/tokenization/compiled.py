"""`CompiledTokenizer`: the words and whitespace tokenizers at the speed of compiled code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from embedkit.text.encodings import REPLACEMENT
from embedkit.text.packed_words import PackedWords
from embedkit.text.tokenization.characters import CharacterTables, unspaced_characters, word_characters
from embedkit.text.tokenization.factory import Tokenizer, WhitespaceTokenizer
from embedkit.text.tokenization.numbered import NumberedWords
from embedkit.text.tokenization.word_kernels import next_unstable, number_words
from embedkit.text.tokenization.words import WordsTokenizer

SLICE = 1 << 12  # bytes prepared at once, and the rest of the last word
BLANK = re.compile(rb"[ \n]")


@dataclass(frozen=True)
class CompiledTokenizer:
    """Numbers the words of UTF-8 text; the words are those that the `tokenize` of a tokenizer gives.

    Text is read character by character with tables. Where neighbours decide how a character is lowered or
    composed, `prepared` does so first, by Python's means.
    """

    tables: CharacterTables
    prepared: Callable[[str], str]
    punctuation: bool
    numbers: bool

    def number(
        self, text: bytes, line: int = 0, encoding_errors: str = "strict"
    ) -> tuple[NumberedWords, int]:
        """Number the words of UTF-8 text, line by line; the first line is number `line`.

        Returns:
            The words, and the number of undecodable places that were replaced.

        Raises:
            UnicodeDecodeError: `encoding_errors` is "strict" and the text is not UTF-8.
        """
        text, replaced = self._stable(text, encoding_errors)
        content = np.frombuffer(text, np.uint8)
        room = len(content) + 1
        ids, hashes = np.empty(room, np.int32), np.empty(room, np.uint32)
        offsets, lines, counts = np.empty((3, room), np.int64)
        letters, ends = np.empty(3 * room // 2 + 8, np.uint8), np.zeros(room, np.int64)
        folds, kinds, _ = self.tables
        found, documents, size = number_words(
            content, folds, kinds, self.punctuation, self.numbers,
            ids, offsets, lines, letters, ends, hashes, counts,
        )  # fmt: skip
        words = PackedWords(letters[: ends[size]].copy(), ends[: size + 1].copy())
        lines = lines[:documents] + line
        numbered = NumberedWords(ids[:found], offsets[: documents + 1], lines, words, counts[:size])
        return numbered, replaced

    def _stable(self, text: bytes, encoding_errors: str) -> tuple[bytes, int]:
        """The text with unstable slices prepared and undecodable places replaced; how many those were.

        A slice is some words: what stands between blanks is lowered and composed alike by itself.
        """
        content = np.frombuffer(text, np.uint8)
        _, kinds, combining = self.tables
        parts = []
        begin = replaced = 0
        while (position := next_unstable(content, begin, kinds, combining)) < len(text):
            start = max(text.rfind(b" ", begin, position), text.rfind(b"\n", begin, position)) + 1 or begin
            blank = BLANK.search(text, position + SLICE)
            part = text[start : blank.start()] if blank else text[start:]
            decoded = _decoded(part, start, encoding_errors)
            if encoding_errors != "strict":
                replaced += decoded.count(REPLACEMENT) - part.count(REPLACEMENT.encode())
            parts += [text[begin:start], self.prepared(decoded).encode()]
            begin = start + len(part)
        return b"".join([*parts, text[begin:]]) if parts else text, replaced


def compiled_twin(tokenizer: Tokenizer) -> CompiledTokenizer:
    """What does the same as a tokenizer of `factory.WITH_COMPILED_TWIN`."""
    if isinstance(tokenizer, WordsTokenizer):
        tables = word_characters(tokenizer.lowercase)
        prepared = _lowered_and_composed if tokenizer.lowercase else _composed
        return CompiledTokenizer(tables, prepared, tokenizer.punctuation, tokenizer.numbers)
    if isinstance(tokenizer, WhitespaceTokenizer):
        return CompiledTokenizer(unspaced_characters(tokenizer.lowercase), str.lower, False, True)
    raise TypeError(f"{tokenizer.name} has no compiled twin")


def _decoded(part: bytes, start: int, encoding_errors: str) -> str:
    """The text of a part that begins at `start`; the positions of errors are those in the whole text."""
    try:
        return part.decode(errors=encoding_errors)
    except UnicodeDecodeError as error:
        error.start += start
        raise


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _lowered_and_composed(text: str) -> str:
    return _composed(text.lower())
