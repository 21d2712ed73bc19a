"""`Vocabulary`: words and their ids, sorted by frequency, so that every cut by frequency is a prefix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Final, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.errors import InputError, UnknownWordError
from embedkit.text.close_spellings import close_spellings
from embedkit.text.documents import checked_documents
from embedkit.text.packed_words import PackedWords, frequency_order
from embedkit.text.sequences.padding import SequencesLike, as_sequences
from embedkit.text.sequences.sequences import Sequences, joined, parts
from embedkit.text.vocabulary_file import read_vocabulary, write_vocabulary

OnUnknown: TypeAlias = Literal["error", "skip"] | None


class Vocabulary:
    """An immutable list of words; a word's id is its position.

    A vocabulary made from counts is sorted by descending count, ties by word. One read from a file of vectors
    keeps the order of the file and may have no counts.

    A word may stand for all unknown ones (`oov_token`, "out of vocabulary"), another for padding. What Keras'
    `Tokenizer` and `TextVectorization` learn of texts and make of them, `from_documents` learns of lists of
    tokens, and `encode_all` makes of them.

    Args:
        words: the words, in the order of their ids, each once.
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
        self.words: Final = tuple(words)
        self.counts: Final = None if counts is None else _read_only(counts)
        self.oov_token: Final = oov_token
        self.padding_token: Final = padding_token
        if self.counts is not None and self.counts.shape != (len(self.words),):
            raise InputError(f"{len(self.words)} words need as many counts, got {self.counts.shape}")
        distinct = set(self.words)
        if len(distinct) < len(self.words):
            raise InputError(f"each word may occur once; found again: {', '.join(_repeated(self.words))}")
        _check_special_tokens(self.special_tokens, distinct)

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

    @property
    def oov_id(self) -> int | None:
        """The id of `oov_token`, if there is one."""
        return None if self.oov_token is None else self[self.oov_token]

    @property
    def padding_id(self) -> int | None:
        """The id of `padding_token`, if there is one: the `value` of `pad`."""
        return None if self.padding_token is None else self[self.padding_token]

    @cached_property
    def _index(self) -> dict[str, int]:
        return dict(zip(self.words, range(len(self.words)), strict=True))

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
                "split it first, e.g. with make_tokenizer().tokenize"
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
        found = as_sequences(sequences)
        wrong = (found.ids < 0) | (found.ids >= len(self))
        if wrong.any():
            allowed = f"ids are 0 to {len(self) - 1}" if len(self) else "it has no words"
            raise InputError(
                f"the vocabulary has no id {found.ids[np.argmax(wrong)]}: {allowed}; "
                "was the text encoded with another vocabulary?"
            )
        if not special_tokens:
            special = [self[token] for token in self.special_tokens.values()]
            found = found.where(~np.isin(found.ids, special))
        return parts(list(map(self.words.__getitem__, found.ids.tolist())), found.offsets)

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
        return next((id_ for id_, word in enumerate(self.words) if word not in special), len(self))

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


def _check_special_tokens(tokens: Mapping[str, str], words: set[str]) -> None:
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
