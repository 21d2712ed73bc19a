"""Retrofitting: vectors drawn towards those of related words (Faruqui et al. 2015).

With q^ the vectors as they were, q the new ones and E the links of a lexicon, equation (1) makes

    sum over i of [ alpha ||q_i - q^_i||^2 + sum over (i, j) in E of beta_ij ||q_i - q_j||^2 ]

small, by updates of each word with the others held still (section 2):

    q_i = (sum over j of beta_ij q_j + alpha q^_i) / (sum over j of beta_ij + alpha)

As there, beta_ij is one over the number of links of i, here times a `beta` that all share. All words are
updated at once, so that their order does not matter; the limit is the same. How far vectors are off it
shrinks to beta / (alpha + beta) of that in each round, or less.
"""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.hyperparameters import check, hyperparameter
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import frozen
from embedkit.vectors.spaces.lexicon_links import LexiconLinks
from embedkit.vectors.spaces.word_lists import Lexicon

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

COLUMNS = 16  # dimensions that are fitted at once: they do not depend on one another


@dataclass(frozen=True, kw_only=True)
class Retrofitting:
    """How far vectors are drawn towards those of related words; `apply` does it.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.Embeddings([[0.0], [3.0], [9.0]], ["happy", "glad", "train"])
        >>> Retrofitting().apply(vectors, {"happy": ["glad"]}).matrix.round(3).ravel().tolist()
        [1.0, 2.0, 9.0]
    """

    alpha: float = hyperparameter(1.0, "weight of the vectors as they were", above=0)
    beta: float = hyperparameter(1.0, "weight of related words, which they share", minimum=0)
    iterations: int = hyperparameter(100, "most rounds of updates", minimum=1)
    tolerance: float = hyperparameter(
        1e-6, "stop when no number changes by more than this share of the largest", minimum=0
    )

    def __post_init__(self) -> None:
        check(self)

    def apply(self, vectors: Embeddings, lexicon: Lexicon) -> Embeddings:
        """New vectors; see `retrofit` for the arguments and errors."""
        links = LexiconLinks.of(vectors, lexicon)
        matrix = np.array(vectors.matrix)  # a copy
        rounds = []
        for start in range(0, vectors.vector_size, COLUMNS):
            columns = slice(start, start + COLUMNS)
            before = matrix[links.rows, columns].astype(np.float64)
            after, taken = self._fitted(before, links.weights)
            matrix[links.rows, columns] = after
            rounds.append(taken)
        if max(rounds) > self.iterations:
            warnings.warn(
                f"vectors still change after {self.iterations} rounds; allow more iterations, or a larger "
                "tolerance",
                stacklevel=3,
            )
        changed = vectors.transformed(
            frozen(matrix),
            "retrofit",
            parameters=asdict(self),
            words=len(links.rows),
            links=links.count,
            unknown_words=len(links.unknown),
            rounds=min(max(rounds), self.iterations),
        )
        return changed.with_subwords(vectors.subwords)

    def _fitted(self, before: Doubles2d, weights: csr_matrix) -> tuple[Doubles2d, int]:
        """The limit of the updates and their number, which is one more than allowed if there is none yet."""
        now, bound = before, self.tolerance * float(np.abs(before).max(initial=0))
        for done in range(1, self.iterations + 1):
            last, now = now, (self.beta * (weights @ now) + self.alpha * before) / (self.beta + self.alpha)
            if np.abs(now - last).max(initial=0) <= bound:
                return now, done
        return now, self.iterations + 1


def retrofit(vectors: Embeddings, lexicon: Lexicon, method: Retrofitting | None = None) -> Embeddings:
    """The same words with vectors nearer to those of the words to which a lexicon links them.

    Args:
        vectors: any word vectors; words that the lexicon does not link keep theirs, and so do those outside
            the vocabulary that have one by subwords.
        lexicon: synonyms, or otherwise related words: a file whose lines are a word and those it is linked
            to, a mapping, or lists of words. Links count in both directions.
        method: settings, such as `Retrofitting(beta=2)`.

    Raises:
        InputError: a lexicon that links no two known words.
        FormatError: a line of the lexicon that cannot be read.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> near = embedkit.retrofit(vectors, [["car", "train"]])
        >>> near.similarity("car", "train") > vectors.similarity("car", "train")
        True
    """
    return (method or Retrofitting()).apply(vectors, lexicon)
