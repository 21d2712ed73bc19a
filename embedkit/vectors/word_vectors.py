"""`WordVectors`: what look-up, text encoders and distances need of `Embeddings`, which calls some of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from embedkit.arrays import Floats2d
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.subwords.subwords import Subwords

if TYPE_CHECKING:
    from embedkit.text.pipeline.pipeline import TextPipeline


class WordVectors(Protocol):
    """Words, their vectors, and how the text behind them was read; see `Embeddings`."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words, in the order of the rows."""

    @property
    def vector_size(self) -> int:
        """The number of dimensions D."""

    @property
    def metadata(self) -> dict[str, Any]:
        """How the vectors were made."""

    @property
    def subwords(self) -> Subwords | None:
        """What gives words outside the vocabulary a vector; None if nothing does."""

    @property
    def tokenizer(self) -> TextPipeline | None:
        """The steps that made tokens of the text behind the vectors, None if it was not recorded."""

    def rows(self, words: Iterable[str]) -> Floats2d:
        """The vectors of words, float32 (n, D)."""

    def __contains__(self, word: object) -> bool: ...
