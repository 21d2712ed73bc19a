"""What people type to have it compared: a word, a sum of words or a text, told apart, and its vector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from embedkit.arrays import Bools1d, Doubles2d
from embedkit.errors import EmbedkitError, InputError, UnknownWordError
from embedkit.vectors.expressions import sums
from embedkit.vectors.lookup import ExpressionLookup, KnownWords
from embedkit.vectors.texts.encoder import TextEncoder, stacked


class TextLookup(ExpressionLookup):
    """Finds what people type as a word of the vectors, as a sum of words, or takes it for a text.

    A sum has several terms. A text has several tokens, of which the vectors know one.

    Example:
        >>> from embedkit import Embeddings
        >>> lookup = TextLookup(Embeddings([[1, 0], [0, 1]], ["paris", "snow"]))
        >>> lookup.words(["Paris", "Snow - Paris", "Snow in Paris"])
        ('paris', 'snow - paris', 'Snow in Paris')
    """

    def word(self, typed: str) -> str:
        """The word or the sum as the vocabulary spells it, or the text as it was typed.

        Raises:
            UnknownWordError: a word, alone or of a sum, that is unknown.
            InputError: an emoji that the vectors have not, or a text of which they have no word.
        """
        try:
            found = super().word(typed)
        except EmbedkitError as error:
            if not self.is_sum(typed) and self.is_text(typed):
                return typed
            unknown = isinstance(error, UnknownWordError) and error.word == typed and not error.suggestions
            if unknown and self._has_several_tokens(typed):
                raise InputError(f"no word of the text {typed!r:.80} has a vector") from None
            raise
        return typed if self._has_several_tokens(found) and self.is_text(typed) else found

    def by_subwords(self, words: Iterable[str]) -> dict[str, str]:
        """The words, alone or in sums, that are not in the vocabulary, and the kind of their subwords."""
        return super().by_subwords(word for word in words if not self._has_several_tokens(word))

    def is_sum(self, typed: str) -> bool:
        """Whether what was typed is no word of the vectors, and a sum of several."""
        try:
            return len(self._parsed(typed).terms) > 1
        except InputError:
            return False

    def is_text(self, typed: str) -> bool:
        """Whether what was typed has several tokens, of which the vectors know one.

        Example:
            >>> from embedkit import Embeddings
            >>> lookup = TextLookup(Embeddings([[1, 0]], ["snow"]))
            >>> lookup.is_text("white snow"), lookup.is_text("white rain"), lookup.is_text("snow")
            (True, False, False)
        """
        tokens = self._texts.tokenizer.tokenize(typed)
        return len(tokens) > 1 and (
            self._vectors.subwords is not None
            or any(word in self._vectors for token in tokens for word in self._texts.words_in(token))
        )

    def texts_among(self, found: Sequence[str]) -> Bools1d:
        """Which of the words, sums and texts that were found are texts, (n,)."""
        return np.array([self._has_several_tokens(item) for item in found], bool)

    def vectors_of(self, found: Sequence[str], are_texts: Bools1d, encoder: TextEncoder) -> Doubles2d:
        """The vectors (n, D) of words and sums as they are, and of texts as `encoder` makes them.

        Raises:
            InputError: a text without a known word.
        """
        rows = np.zeros((len(found), self._vectors.vector_size))
        texts = [item for item, text in zip(found, are_texts, strict=True) if text]
        others = [self._parsed(item) for item, text in zip(found, are_texts, strict=True) if not text]
        rows[~are_texts] = sums(others, self._vectors.rows, rows.shape[1], normalize=False)
        blocks = list(encoder.blocks(texts)) if texts else []
        rows[are_texts] = stacked(blocks, rows.shape[1])
        known = [bool(count) for block in blocks for count in block.known]
        if not all(known):
            raise InputError(f"no word of the text {texts[known.index(False)]!r:.80} has a vector")
        return rows

    def _has_several_tokens(self, found: str) -> bool:
        """Whether what was found is a text, be its words known or not."""
        if found in self._vectors or self.is_sum(found):
            return False
        return len(self._texts.tokenizer.tokenize(found)) > 1

    @cached_property
    def _texts(self) -> KnownWords:
        return KnownWords(self._vectors, numbers=True)
