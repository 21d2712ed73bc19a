"""`TokenEncoder`: tokens encoded as ids and decoded again, what a vocabulary does with texts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d
from embedkit.container.indexed_words import IndexedWords, word_ids
from embedkit.errors import InputError, UnknownWordError
from embedkit.text.documents import checked_documents
from embedkit.text.sequences.padding import SequencesLike, as_sequences
from embedkit.text.sequences.sequences import Sequences, joined, parts

OnUnknown: TypeAlias = Literal["error", "skip"] | None


class TokenEncoder(ABC):
    """The part of `Vocabulary` that encodes and decodes: a word's id is its position."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words: Final[Sequence[str]] = words if isinstance(words, IndexedWords) else tuple(words)

    @cached_property
    def _index(self) -> Mapping[str, int]:
        """The id of each word."""
        return word_ids(self.words)

    @property
    @abstractmethod
    def special_tokens(self) -> dict[str, str]:
        """The words that stand for unknown ones and padding, by what they are, such as "oov_token"."""

    @abstractmethod
    def suggestions(self, word: str) -> tuple[str, ...]:
        """Known words spelled like `word`."""

    @property
    def oov_id(self) -> int | None:
        """The id of `oov_token`, if there is one."""
        return self._special_id("oov_token")

    @property
    def padding_id(self) -> int | None:
        """The id of `padding_token`, if there is one: the `value` of `pad`."""
        return self._special_id("padding_token")

    def _special_id(self, role: str) -> int | None:
        tokens = self.special_tokens
        return self._index[tokens[role]] if role in tokens else None

    def encode(self, tokens: Iterable[str], *, unknown: OnUnknown = None) -> Ints1d:
        """The ids of the tokens of one text, int32 (tokens,).

        Args:
            tokens: the tokens; `encode_all` takes those of many texts.
            unknown: what becomes of tokens that are no words of the vocabulary: "error" refuses them, "skip"
                leaves them out, as Keras' `Tokenizer` does without an `oov_token`; None gives them the id of
                `oov_token`, and refuses them where there is none.

        Raises:
            UnknownWordError: the first token that is refused.
            InputError: a string, or many texts, instead of tokens.

        Example:
            >>> from embedkit import Vocabulary
            >>> vocabulary = Vocabulary(["the", "cat"])
            >>> vocabulary.encode(["the", "black", "cat"], unknown="skip")
            array([0, 1], dtype=int32)
            >>> vocabulary.with_special_tokens(oov_token="<unk>").encode(["the", "black", "cat"])
            array([0, 2, 1], dtype=int32)
        """
        if isinstance(tokens, str | bytes):
            raise InputError(
                f"encode() takes a list of tokens, got the string {tokens[:40]!r}; "
                "split it first, e.g. with text_pipeline()"
            )
        listed = list(tokens)
        if listed and isinstance(listed[0], list | tuple):
            raise InputError(
                "encode() takes the tokens of one text, got a list of lists; encode_all() takes many texts"
            )
        return self.encode_all([listed], unknown=unknown).ids

    def encode_all(self, documents: Iterable[Sequence[str]], *, unknown: OnUnknown = None) -> Sequences:
        """The ids of the tokens of many texts, which are read one by one.

        What Keras' `Tokenizer.texts_to_sequences` does, and with `pad` after it `TextVectorization`.

        Args:
            documents: the tokens of each text.
            unknown: see `encode`.

        Raises:
            UnknownWordError: the first token that is refused.
            InputError: documents that are no lists of words.

        Example:
            >>> from embedkit import Vocabulary
            >>> vocabulary = Vocabulary(["the", "cat", "sat"])
            >>> vocabulary.encode_all([["the", "cat"], ["the", "cat", "sat"]]).tolist()
            [[0, 1], [0, 1, 2]]
        """
        checked = checked_documents(documents)
        if unknown not in (None, "error", "skip"):
            raise InputError(f'unknown must be "error", "skip" or None, got {unknown!r}')
        if unknown == "error" or (unknown is None and self.oov_id is None):
            try:
                return joined(map(self._index.__getitem__, tokens) for tokens in checked)
            except KeyError as error:
                word = str(error.args[0])
                raise UnknownWordError(word, self.suggestions(word)) from None
        missing = -1 if unknown == "skip" or self.oov_id is None else self.oov_id
        found = joined(map(self._index.get, tokens, repeat(missing)) for tokens in checked)
        return found.where(found.ids >= 0) if unknown == "skip" else found

    def decode(self, ids: Iterable[int] | NDArray[np.integer], *, special_tokens: bool = True) -> list[str]:
        """The words of ids.

        Args:
            ids: the ids of one text, (tokens,).
            special_tokens: whether words that stand for unknown ones or padding are given, too.

        Raises:
            InputError: what is no id of this vocabulary.

        Example:
            >>> from embedkit import Vocabulary
            >>> vocabulary = Vocabulary(["<pad>", "the", "cat"], padding_token="<pad>")
            >>> vocabulary.decode([1, 2, 0, 0])
            ['the', 'cat', '<pad>', '<pad>']
            >>> vocabulary.decode([1, 2, 0, 0], special_tokens=False)
            ['the', 'cat']
        """
        try:
            sequences = as_sequences([ids])
        except InputError:
            raise InputError(
                f"decode() takes the ids of one text, such as [5, 3], got {ids!r:.50}; "
                "decode_all() takes those of many"
            ) from None
        return self.decode_all(sequences, special_tokens=special_tokens)[0]

    def decode_all(self, sequences: SequencesLike, *, special_tokens: bool = True) -> list[list[str]]:
        """The words of the ids of many texts: what Keras' `Tokenizer.sequences_to_texts` does, not joined.

        Args:
            sequences: the ids of each text: `Sequences`, lists, arrays, or the rows that `pad` gives.
            special_tokens: see `decode`.

        Raises:
            InputError: what is no id of this vocabulary.

        Example:
            >>> from embedkit import Vocabulary, pad
            >>> vocabulary = Vocabulary(["<pad>", "the", "cat"], padding_token="<pad>")
            >>> vocabulary.decode_all(pad([[1], [1, 2]]), special_tokens=False)
            [['the'], ['the', 'cat']]
        """
        found, words = as_sequences(sequences), self.words
        wrong = (found.ids < 0) | (found.ids >= len(words))
        if wrong.any():
            allowed = f"ids are 0 to {len(words) - 1}" if len(words) else "it has no words"
            raise InputError(
                f"the vocabulary has no id {found.ids[np.argmax(wrong)]}: {allowed}; "
                "was the text encoded with another vocabulary?"
            )
        if not special_tokens:
            special = [self._index[token] for token in self.special_tokens.values()]
            found = found.where(~np.isin(found.ids, special))
        return parts(list(map(words.__getitem__, found.ids.tolist())), found.offsets)
