"""`LexiconLinks`: a lexicon as a graph of the words that vectors know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import is_lowercase, known_form
from embedkit.vectors.spaces.paired_rows import named
from embedkit.vectors.spaces.word_lists import Lexicon, synonyms

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, eq=False)
class LexiconLinks:
    """Links between words, in both directions, each once.

    Attributes:
        rows: the rows of the words that have links, (n,), ascending.
        weights: one over the number of links of a word, for each of them, (n, n).
        unknown: words of the lexicon that have no vector, each once.
    """

    rows: Longs1d
    weights: csr_matrix
    unknown: tuple[str, ...]

    @property
    def count(self) -> int:
        """The number of links."""
        return int(self.weights.nnz) // 2

    @classmethod
    def of(cls, vectors: Embeddings, lexicon: Lexicon) -> Self:
        """The links between known words; they are found in lower case, too, where vectors are of such text.

        Raises:
            InputError: no two linked words are known.
        """
        from scipy.sparse import csr_matrix

        links = synonyms(lexicon)
        words = dict.fromkeys(word for word, others in links.items() for word in (word, *others))
        row_of = _rows(vectors, words)
        edges = [
            (row_of[word], row_of[other])
            for word, others in links.items()
            for other in others
            if word in row_of and other in row_of
        ]
        found = np.array(edges, np.int64).reshape(-1, 2)
        found = found[found[:, 0] != found[:, 1]]
        unknown = tuple(word for word in words if word not in row_of)
        if not len(found):
            raise InputError(
                f"expected a lexicon that links words of the vectors, got {len(words):,} words of which no "
                f"two that are linked are known; unknown are {named(unknown)}"
            )
        rows, ends = np.unique(found, return_inverse=True)
        ends = np.unique(np.concatenate([ends.reshape(-1, 2), ends.reshape(-1, 2)[:, ::-1]]), axis=0)
        degrees = np.bincount(ends[:, 0])
        weights = csr_matrix((1 / degrees[ends[:, 0]], ends.T), shape=(len(rows), len(rows)))
        return cls(rows, weights, unknown)


def _rows(vectors: Embeddings, words: dict[str, None]) -> dict[str, int]:
    """The rows of the words that are known."""
    lowercase = is_lowercase(vectors)
    forms = {word: known_form(vectors.vocabulary, word, lowercase) for word in words}
    return {word: vectors.vocabulary[form] for word, form in forms.items() if form is not None}
