"""`Vocabulary`: words and their ids, sorted by frequency, so that every cut by frequency is a prefix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, overload

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.container.indexed_words import IndexedWords
from embedkit.errors import InputError, UnknownWordError
from embedkit.text.close_spellings import close_spellings
from embedkit.text.distinct_words import are_distinct
from embedkit.text.documents import checked_documents
from embedkit.text.packed_words import PackedWords, frequency_order
from embedkit.text.token_encoder import TokenEncoder
from embedkit.text.vocabulary_file import read_vocabulary, write_vocabulary


class Vocabulary(TokenEncoder):
    """An immutable list of words; a word's id is its position.

    A vocabulary made from counts is sorted by descending count, ties by word. One read from a file of vectors
    keeps the order of the file and may have no counts.

    A word may stand for all unknown ones (`oov_token`, "out of vocabulary"), another for padding. What Keras'
    `Tokenizer` and `TextVectorization` learn of texts and make of them, `from_documents` learns of lists of
    tokens, and `encode_all` makes of them.

    Args:
        words: the words, in the order of their ids, each once; `IndexedWords` stay where they lie, as do
            their counts.
        counts: how often each word was seen; None when nobody knows.
        oov_token: which of the words `encode` takes for any word that is none of them; None for none.
        padding_token: which of the words stands for padding, as `pad` adds it; None for none.

    Raises:
        InputError: a word that occurs twice, or a special token that is none of the words.

    Example:
        >>> from embedkit import Vocabulary, pad
        >>> vocabulary = Vocabulary.from_counts({"cat": 3, "the": 9, "cut": 1})
        >>> vocabulary.words
        ('the', 'cat', 'cut')
        >>> vocabulary["cat"]
        1
        >>> vocabulary.prefix(min_count=3).words
        ('the', 'cat')
        >>> vocabulary.suggestions("cats")
        ('cat',)

        As in Keras, id 0 may be padding and id 1 any unknown word:

        >>> documents = [["the", "cat", "sat"], ["the", "cat"]]
        >>> vocabulary = Vocabulary.from_documents(documents, padding_token="<pad>", oov_token="<unk>")
        >>> vocabulary.words
        ('<pad>', '<unk>', 'cat', 'the', 'sat')
        >>> pad(vocabulary.encode_all([["the", "dog"], ["the", "cat", "sat"]]))
        array([[3, 1, 0],
               [3, 2, 4]], dtype=int32)
    """

    def __init__(
        self,
        words: Sequence[str],
        counts: Longs1d | None = None,
        *,
        oov_token: str | None = None,
        padding_token: str | None = None,
    ) -> None:
        if isinstance(words, str):
            raise InputError(f"words must be a list of words, got the string {words[:40]!r}")
        super().__init__(words)
        indexed = isinstance(words, IndexedWords)
        self._counts = counts if counts is None or indexed else _read_only(counts)
        self.oov_token: Final = oov_token
        self.padding_token: Final = padding_token
        if self._counts is not None and self._counts.shape != (len(self.words),):
            raise InputError(f"{len(self.words)} words need as many counts, got {self._counts.shape}")
        if not indexed and not are_distinct(self.words):
            raise InputError(f"each word may occur once; found again: {', '.join(_repeated(self.words))}")
        _check_special_tokens(self.special_tokens, self)

    @classmethod
    def from_counts(
        cls,
        counts: Mapping[str, int],
        *,
        min_count: int = 0,
        max_size: int | None = None,
        oov_token: str | None = None,
        padding_token: str | None = None,
    ) -> Vocabulary:
        """The vocabulary of `counts`: the most frequent word first, ties in the order of the words.

        Args:
            counts: how often each word occurs.
            min_count: words that are rarer are left out.
            max_size: the most words, special tokens among them: `max_tokens` of Keras' `TextVectorization`,
                and with a `padding_token` `num_words` of its `Tokenizer`. None for no bound.
            oov_token: gets the id after that of `padding_token`, whether it is among the words or not.
            padding_token: gets the id 0.
        """
        words, numbers = list(counts), np.fromiter(counts.values(), np.int64, len(counts))
        order = frequency_order(PackedWords.of(words), numbers)
        by_frequency = dict(zip(map(words.__getitem__, order.tolist()), numbers[order].tolist(), strict=True))
        tokens = _special_tokens(oov_token=oov_token, padding_token=padding_token)
        front = {token: 0 for token in (padding_token, oov_token) if token is not None}
        merged = front | by_frequency
        made = cls(list(merged), np.array(list(merged.values()), np.int64), **tokens)
        return made.prefix(min_count=min_count, max_size=max_size)

    @classmethod
    def from_documents(
        cls,
        documents: Iterable[Sequence[str]],
        *,
        min_count: int = 1,
        max_size: int | None = None,
        oov_token: str | None = None,
        padding_token: str | None = None,
    ) -> Vocabulary:
        """The vocabulary of lists of tokens: what Keras' `fit_on_texts` and `adapt` learn.

        Args:
            documents: the tokens of each text, read once.
            min_count: see `from_counts`, as the other arguments.
            max_size: see `from_counts`.
            oov_token: see `from_counts`.
            padding_token: see `from_counts`.

        Raises:
            InputError: documents that are no lists of words.

        Example:
            >>> from embedkit import Vocabulary
            >>> documents = [text.split() for text in ("to be or not to be", "be quick")]
            >>> Vocabulary.from_documents(documents, max_size=3, oov_token="<unk>").words
            ('<unk>', 'be', 'to')
        """
        counts: Counter[str] = Counter()
        for document in checked_documents(documents):
            counts.update(document)
        return cls.from_counts(
            counts, min_count=min_count, max_size=max_size, oov_token=oov_token, padding_token=padding_token
        )

    def with_special_tokens(
        self, *, oov_token: str | None = None, padding_token: str | None = None
    ) -> Vocabulary:
        """The same vocabulary with tokens for unknown words or padding; no id changes.

        A token that is among the words already, as in files of vectors, keeps its id; another gets the next.

        Example:
            >>> from embedkit import Vocabulary
            >>> vocabulary = Vocabulary(["the", "<unk>", "cat"]).with_special_tokens(
            ...     oov_token="<unk>", padding_token="<pad>"
            ... )
            >>> vocabulary.words
            ('the', '<unk>', 'cat', '<pad>')
            >>> vocabulary.encode(["the", "dog"]).tolist()
            [0, 1]
        """
        tokens = self.special_tokens | _special_tokens(oov_token=oov_token, padding_token=padding_token)
        added = [token for token in dict.fromkeys(tokens.values()) if token not in self]
        counts = None if self.counts is None else np.append(self.counts, np.zeros(len(added), np.int64))
        return Vocabulary([*self.words, *added], counts, **tokens)

    @property
    def special_tokens(self) -> dict[str, str]:
        """The words that stand for unknown ones and padding, by what they are, such as "oov_token"."""
        return _special_tokens(oov_token=self.oov_token, padding_token=self.padding_token)

    @cached_property
    def counts(self) -> Longs1d | None:
        """How often each word was seen, int64 (V,), read-only; None when nobody knows."""
        if self._counts is not None and isinstance(self.words, IndexedWords):
            self.words.check_counts(self._counts)
        return self._counts

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} words)"

    def __contains__(self, word: object) -> bool:
        return word in self._index

    def __getitem__(self, word: str) -> int:
        try:
            return self._index[word]
        except KeyError:
            raise UnknownWordError(word, self.suggestions(word)) from None

    @overload
    def get(self, word: str) -> int | None: ...
    @overload
    def get(self, word: str, default: int) -> int: ...
    def get(self, word: str, default: int | None = None) -> int | None:
        """The id of `word`, or `default` when it is unknown."""
        return self._index.get(word, default)

    def suggestions(self, word: str) -> tuple[str, ...]:
        """Up to three known words spelled like `word`: its other cases first, then the fewest typing errors.

        A typing error is a letter too many, too few, another one, or two that changed places. A word of three
        letters may have one, and for every four more another. Among equals the most frequent come first.
        """
        return close_spellings(word, self.words, self._index)

    def prefix(self, *, min_count: int = 1, max_size: int | None = None) -> Vocabulary:
        """The words seen at least `min_count` times, of them the first `max_size`; their ids stay.

        Special tokens at the beginning stay, too, and count for `max_size`.
        """
        if max_size is not None and max_size < 1:
            raise InputError(f"max_size must be at least 1, got {max_size}")
        counts = self._needed_counts("a cut by frequency")
        if not self.is_sorted:
            raise InputError("only a vocabulary sorted by descending count can be cut by frequency")
        front = self._special_at_the_beginning
        kept = front + int(np.count_nonzero(counts[front:] >= min_count))
        kept = kept if max_size is None else min(kept, max_size)
        if lost := set(self.special_tokens.values()).difference(self.words[:kept]):
            raise InputError(
                f"a cut to {kept} words would lose {', '.join(map(repr, sorted(lost)))}; "
                "cut first, and then add special tokens"
            )
        if kept == len(self):
            return self
        return Vocabulary(self.words[:kept], counts[:kept], **self.special_tokens)

    @property
    def is_sorted(self) -> bool:
        """Whether the counts are known and descend, behind special tokens, so that every cut is a prefix."""
        if self.counts is None:
            return False
        counts = self.counts[self._special_at_the_beginning :]
        return not np.any(counts[1:] > counts[:-1])

    @property
    def _special_at_the_beginning(self) -> int:
        """How many special tokens stand before the first other word."""
        special = set(self.special_tokens.values())
        first = self.words[: len(special) + 1]
        return next((id_ for id_, word in enumerate(first) if word not in special), len(first))

    def save(self, path: str | Path) -> None:
        r"""Write one line `word\tcount` a word, in the order of the ids, UTF-8; special tokens are marked."""
        counts = self._needed_counts("a vocabulary file")
        write_vocabulary(Path(path), self.words, counts, self.special_tokens)

    @classmethod
    def load(cls, path: str | Path) -> Vocabulary:
        """Read what `save` wrote."""
        words, counts, tokens = read_vocabulary(Path(path))
        return cls(words, counts, **tokens)

    def _needed_counts(self, purpose: str) -> Longs1d:
        if self.counts is None:
            raise InputError(f"{purpose} needs the counts of the words, and this vocabulary has none")
        return self.counts


def _read_only(counts: Longs1d) -> Longs1d:
    """A copy that cannot be changed."""
    copy = np.array(counts, np.int64)
    copy.flags.writeable = False
    return copy


def _repeated(words: Iterable[str]) -> list[str]:
    """The first few words that came before: ["'a'"] of ["a", "b", "a"]."""
    seen: set[str] = set()
    again = (word for word in words if word in seen or seen.add(word))  # type: ignore[func-returns-value]
    return [repr(word) for word, _ in zip(dict.fromkeys(again), range(3), strict=False)]


def _special_tokens(**tokens: str | None) -> dict[str, str]:
    """The tokens that there are, by what they are."""
    return {role: token for role, token in tokens.items() if token is not None}


def _check_special_tokens(tokens: Mapping[str, str], words: Container[str]) -> None:
    """Raise `InputError` for special tokens that are no words, or stand for two things."""
    for role, token in tokens.items():
        if token not in words:
            raise InputError(
                f"{role} {token!r} is none of the words; put it among them, or give it the next id by "
                f"with_special_tokens({role}={token!r})"
            )
    if len(set(tokens.values())) < len(tokens):
        raise InputError(
            f"unknown words and padding need different tokens, got {next(iter(tokens.values()))!r} for both"
        )
