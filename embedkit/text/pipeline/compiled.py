"""`CompiledPipeline`: text pipelines at the speed of compiled code, for those of `words` and `whitespace`.

Tables tell what becomes of each character (`tokenization.characters`), so that most text is lowered, parted
and numbered in one pass. Runs between blanks in which something special stands go through the pipeline in
Python, and the words found there are handed to the compiled code as they are. Steps that change tokens one by
one are done once for each different word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedkit.arrays import Bytes1d, Longs2d
from embedkit.text.formats.encodings import REPLACEMENT
from embedkit.text.packed_words import PackedWords
from embedkit.text.pipeline.clean import Clean
from embedkit.text.pipeline.normalize import Normalize
from embedkit.text.pipeline.phrase_step import JoinPhrases
from embedkit.text.pipeline.steps import EachTokenStep, TextStep, TokensStep
from embedkit.text.tokenization.characters import (
    BYTE_SIGNS,
    NO_BYTE_SIGNS,
    CharacterTables,
    unspaced_characters,
    word_characters,
)
from embedkit.text.tokenization.numbered import NumberedWords
from embedkit.text.tokenization.run_kernels import find_special_runs
from embedkit.text.tokenization.tokenizer import Tokenizer
from embedkit.text.tokenization.word_kernels import number_words
from embedkit.text.tokenization.words import WordsTokenizer

_WITH_MARKUP = re.compile(r"^[^\n<&]*+[<&][^\n]*", re.MULTILINE)
_STRIPPED = Clean(html="strip")
_VERBATIM = "\udcff"  # becomes the byte VERBATIM where surrogates stand for bytes


@dataclass(frozen=True)
class CompiledPipeline:
    """Numbers the words of UTF-8 text; the words are those that the steps of a `TextPipeline` give.

    Args:
        text_steps: `Clean`, then `Normalize` to lower case; either may be missing.
        tokenizer: `words` or `whitespace`.
        token_steps: that change tokens one by one, and phrases.
    """

    text_steps: Sequence[TextStep]
    tokenizer: Tokenizer
    token_steps: Sequence[TokensStep]

    def number(
        self, text: bytes, line: int = 0, encoding_errors: str = "strict"
    ) -> tuple[NumberedWords, int]:
        """Number the words of UTF-8 text, line by line; the first line is number `line`.

        Returns:
            The words, and the number of undecodable places that were replaced.

        Raises:
            UnicodeDecodeError: `encoding_errors` is "strict" and the text is not UTF-8.
        """
        text, in_markup = self._without_markup(text, encoding_errors)
        text, in_runs = self._with_words_of_runs(text, encoding_errors)
        numbered = self._numbered(text, line)
        for step in self.token_steps:
            if isinstance(step, JoinPhrases):
                numbered = step.phrases.join(numbered)
            elif isinstance(step, EachTokenStep):
                numbered = numbered.renamed(list(map(step.token, numbered.words)))
        return numbered, in_markup + in_runs

    def prepare(self) -> None:
        """Make the tables, which takes a moment."""
        _ = self._tables

    @cached_property
    def _tables(self) -> CharacterTables:
        """What becomes of each character."""
        lowercase = any(isinstance(step, Normalize) for step in self.text_steps)
        return (
            word_characters(lowercase)
            if isinstance(self.tokenizer, WordsTokenizer)
            else unspaced_characters(lowercase)
        )

    @cached_property
    def _signs(self) -> Bytes1d:
        special = isinstance(self.tokenizer, WordsTokenizer) or any(
            isinstance(step, Clean) for step in self.text_steps
        )
        return BYTE_SIGNS if special else NO_BYTE_SIGNS

    def _words_of_runs(self, runs: str) -> Iterable[list[str]]:
        """The words of runs, which are lines of a text, with steps that look at nothing behind blanks."""
        for step in self.text_steps:
            runs = (step.within_runs if isinstance(step, Clean) else step).text(runs)
        if isinstance(self.tokenizer, WordsTokenizer):
            return self.tokenizer.tokenize_runs(runs)
        return self.tokenizer.tokenize_all(runs.split("\n"))

    def _without_markup(self, text: bytes, encoding_errors: str) -> tuple[bytes, int]:
        """The text without HTML where it is to go, and how many undecodable places were replaced for that."""
        if not any(isinstance(step, Clean) and step.html == "strip" for step in self.text_steps):
            return text, 0
        decoded, replaced = _decoded(text, encoding_errors)
        return _WITH_MARKUP.sub(lambda match: _STRIPPED.text(match[0]), decoded).encode(), replaced

    def _with_words_of_runs(self, text: bytes, encoding_errors: str) -> tuple[bytes, int]:
        """The text with words between bytes VERBATIM for special runs; how many places were replaced."""
        runs = self._special_runs(text)
        if not len(runs):
            return text, 0
        begins, ends = runs.T.tolist()
        joined = b"\n".join([text[begin:end] for begin, end in zip(begins, ends, strict=True)])
        try:
            decoded, replaced = _decoded(joined, encoding_errors)
        except UnicodeDecodeError as error:
            run = joined.count(b"\n", 0, error.start)
            error.start += begins[run] - (joined.rfind(b"\n", 0, error.start) + 1)
            raise
        lines = "\n".join(map(_quoted, self._words_of_runs(decoded)))
        quoted = lines.encode(errors="surrogateescape").split(b"\n")
        between = (text[end:begin] for end, begin in zip([0, *ends], [*begins, len(text)], strict=True))
        parts = [next(between)]
        for word, rest in zip(quoted, between, strict=True):
            parts += word, rest
        return b"".join(parts), replaced

    def _special_runs(self, text: bytes) -> Longs2d:
        """Where special runs begin and end, (n, 2)."""
        content = np.frombuffer(text, np.uint8)
        runs = np.empty((len(content) // 2 + 1, 2), np.int64)
        _, kinds, combining = self._tables
        return runs[: find_special_runs(content, kinds, combining, self._signs, runs)]

    def _numbered(self, text: bytes, line: int) -> NumberedWords:
        content = np.frombuffer(text, np.uint8)
        room = len(content) + 1
        ids, hashes = np.empty(room, np.int32), np.empty(room, np.uint32)
        offsets, lines, counts = np.empty((3, room), np.int64)
        letters, ends = np.empty(3 * room // 2 + 8, np.uint8), np.zeros(room, np.int64)
        folds, kinds, _ = self._tables
        punctuation = getattr(self.tokenizer, "punctuation", False)
        found, documents, size = number_words(
            content, folds, kinds, punctuation, ids, offsets, lines, letters, ends, hashes, counts
        )
        words = PackedWords(letters[: ends[size]].copy(), ends[: size + 1].copy())
        return NumberedWords(
            ids[:found], offsets[: documents + 1], lines[:documents] + line, words, counts[:size]
        )


def _decoded(text: bytes, encoding_errors: str) -> tuple[str, int]:
    """The text as a string, and the number of undecodable places that were replaced."""
    decoded = text.decode(errors=encoding_errors)
    if encoding_errors == "strict":
        return decoded, 0
    return decoded, decoded.count(REPLACEMENT) - text.count(REPLACEMENT.encode())


def _quoted(words: list[str]) -> str:
    """Words as compiled code takes them as they are: each between two signs that become bytes VERBATIM."""
    return f"{_VERBATIM}{(2 * _VERBATIM).join(words)}{_VERBATIM}" if words else ""
