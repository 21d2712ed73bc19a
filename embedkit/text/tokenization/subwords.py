"""Subwords: the BPE, WordPiece and unigram tokenizers of Hugging Face's `tokenizers`, from a tokenizer.json.

The recipe holds the whole tokenizer, so that it works where the file is not. How a token shows that it begins
a word, or goes on with one, is left as the tokenizer spells it: "\u2581the" (SentencePiece's, for the blank
before the word), "\u0120the" (GPT-2's, the same; its other letters are bytes), "the" and "##re" (BERT's).
White space that other tokenizers have in tokens is spelled so, too: "\u2581" a blank, "\u010a" a line feed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from embedkit.errors import FormatError
from embedkit.immutable import Immutable
from embedkit.text.formats.encodings import replace_surrogates
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.subword_files import check_library, compact_definition, read_definition
from embedkit.text.tokenization.subword_parts import CutText, parts_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BATCH = 1000  # texts encoded at once, by all cores
REMEMBERED = 1 << 18  # parts
CONTROLS = {9: "\u0109", 10: "\u010a", 11: "\u010b", 12: "\u010c", 13: "\u010d"}  # as GPT-2 writes them
BLANK = "\u2581"


@dataclass(frozen=True)
class SubwordTokenizer(Immutable):
    """Pieces of words, as a tokenizer.json defines them; no special tokens are added, nothing is cut off.

    Text is best left as it is before: the tokenizer lowers case or strips accents itself if it shall.

    Args:
        definition: the content of a tokenizer.json.

    Raises:
        FormatError: the definition is not that of a tokenizer.
        DependencyError: `tokenizers` is not installed.

    Example:
        >>> from embedkit import Texts, train_tokenizer
        >>> tokenizer = train_tokenizer(Texts(["low lowest new"] * 9), kind="wordpiece", vocabulary_size=60)
        >>> tokenizer.tokenize("New low lowest!")
        ['new', 'low', 'lowest', '[UNK]']
    """

    name: ClassVar[str] = "subwords"
    definition: str = field(repr=False)

    def __post_init__(self) -> None:
        check_library()
        object.__setattr__(self, "definition", compact_definition(self.definition))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The tokenizer of a tokenizer.json, or of the folder that holds one.

        Raises:
            InputError: there is no such file.
            FormatError: it is no tokenizer.json, or `tokenizers` cannot read it.
        """
        tokenizer = cls(read_definition(path))
        try:
            tokenizer._library  # noqa: B018 - reads it
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from None
        return tokenizer

    @property
    def sha256(self) -> str:
        """The hash of the definition as compact JSON."""
        return hashlib.sha256(self.definition.encode()).hexdigest()

    @property
    def vocabulary_size(self) -> int:
        """The number of tokens there are, special ones included."""
        return len(self._tokens)

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return next(self.tokenize_all([text]))

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text; each word that comes again is looked up, if the tokenizer allows it."""
        parts, lookup = self._parts, self._encoded.__getitem__
        if parts:
            for text in texts:
                yield list(chain.from_iterable(map(lookup, parts(text))))
            return
        remaining = iter(texts)
        while batch := list(map(replace_surrogates, islice(remaining, BATCH))):
            with _told():
                encodings = self._library.encode_batch_fast(batch, add_special_tokens=False)
            for encoding in encodings:
                yield list(map(self._tokens.__getitem__, encoding.ids))

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text and where they stand in it, without the white space around them.

        Tokens that are bytes of one character share its place.
        """
        with _told():
            encoding = self._library.encode(replace_surrogates(text), add_special_tokens=False)
        tokens = map(self._tokens.__getitem__, encoding.ids)
        return [
            Span(token, *_trimmed(text, *place))
            for token, place in zip(tokens, encoding.offsets, strict=True)
        ]

    def recipe(self) -> dict[str, object]:
        """The name, the definition and its hash, ready for JSON."""
        return {"tokenizer": self.name, "sha256": self.sha256, "definition": self.definition}

    def save(self, path: str | Path) -> None:
        """Write a tokenizer.json, which other programs read, too."""
        from embedkit.files import atomic_file

        with atomic_file(Path(path)) as stream:
            stream.write(json.dumps(json.loads(self.definition), ensure_ascii=False, indent=1).encode())

    @cached_property
    def _library(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_str(self.definition)
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:  # a panic of Rust is no Exception
            raise FormatError(
                f"tokenizers cannot read it: {error}; update tokenizers, or fetch it again"
            ) from None
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _tokens(self) -> dict[int, str]:
        """The tokens by their ids."""
        vocabulary = self._library.get_vocab(with_added_tokens=True)
        return {number: _spelled(token) for token, number in vocabulary.items()}

    @cached_property
    def _parts(self) -> CutText | None:
        return parts_of(json.loads(self.definition))

    @cached_property
    def _encoded(self) -> EncodedParts:
        return EncodedParts(self._library, self._tokens)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what `tokenizers` raises about a text into a `FormatError`: it is about the tokenizer."""
    try:
        yield
    except FormatError:
        raise
    except Exception as error:
        raise FormatError(f"the tokenizer.json cannot tokenize all text: {error}; train it again") from None


class EncodedParts(dict[str, list[str]]):
    """The tokens of parts of texts; each is encoded once."""

    def __init__(self, library: Tokenizer, tokens: dict[int, str]) -> None:
        super().__init__()
        self._library, self._tokens = library, tokens

    def __missing__(self, part: str) -> list[str]:
        if len(self) >= REMEMBERED:
            self.clear()
        with _told():
            ids = self._library.encode(replace_surrogates(part), add_special_tokens=False).ids
        self[part] = tokens = [self._tokens[number] for number in ids]
        return tokens


def _spelled(token: str) -> str:
    """A token without white space."""
    token = token.translate(CONTROLS)
    return re.sub(r"\s", BLANK, token) if any(map(str.isspace, token)) else token


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """A place in a text without the white space around it; white space alone stays what it is."""
    piece = text[begin:end]
    if not (core := piece.strip()):
        return begin, end
    begin += piece.index(core)
    return begin, begin + len(core)
