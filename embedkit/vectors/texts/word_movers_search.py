"""The k nearest texts by word mover's distance, of which most distances need not be computed.

Both lower bounds (Kusner et al. 2015, section 4) are computed for all texts at once. Exact distances are then
taken in order of the larger bound, until the next bound exceeds the k-th distance found: the same answer as
from all distances, with as few of them as the bounds allow (the "prefetch and prune" of the paper takes them
in order of the first bound, and looks at the second one by one).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Longs1d
from embedkit.hyperparameters import check_count
from embedkit.text.sequences.sequences import Sequences, offsets_of
from embedkit.text.tokenization.numbered import numbering
from embedkit.vectors.texts.optimal_transport import least_cost
from embedkit.vectors.texts.text_words import read_text_words
from embedkit.vectors.texts.word_movers import PlacedWords, distances, placed_words, points_of
from embedkit.vectors.word_vectors import WordVectors

ENTRIES = 1 << 22  # distances of words held at once, about
ROUNDING = 1e-9  # by which a bound may be rounded up, as a share of it


class TextDistance(NamedTuple):
    """The number of a text, counted from 0, and its distance."""

    number: int
    distance: float


class WordMoversIndex:
    """Texts whose nearest by word mover's distance are found without computing all distances.

    Args:
        vectors: of the words.
        texts: n texts, read as the text behind the vectors was. Those without a known word are never found.
        normalize: see `embedkit.word_movers_distance`.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[0, 0], [3, 4], [0, 2], [0, 3]], ["cat", "train", "dog", "bus"])
        >>> index = WordMoversIndex(vectors, ["a dog", "a train and a bus", "cats"])
        >>> index.nearest("the cat", top=1)
        [TextDistance(number=0, distance=2.0)]
    """

    def __init__(self, vectors: WordVectors, texts: Iterable[str], *, normalize: bool = False) -> None:
        from scipy.sparse import csr_matrix

        self._vectors, self._normalize = vectors, normalize
        words, self._bags, self._shares = _bags(vectors, texts)
        self._points = points_of(vectors, words, normalize)
        shares = csr_matrix((self._shares, self._bags.ids, self._bags.offsets), (len(self), len(words)))
        self._centroids: Doubles2d = shares @ self._points

    def __len__(self) -> int:
        return len(self._bags)

    def nearest(self, query: str, top: int = 10) -> list[TextDistance]:
        """The `top` texts nearest to a query, nearest first; of equally near ones the first.

        Raises:
            InputError: a query without a known word.
            DependencyError: POT is not installed.
        """
        check_count("top", top)
        target = placed_words(query, self._vectors, self._normalize)
        bounds = self.lower_bounds(target)
        best: list[tuple[float, int]] = []
        for number in np.argsort(bounds, kind="stable").tolist():
            reach = best[top - 1][0] if len(best) >= top else np.inf
            if bounds[number] * (1 - ROUNDING) > reach or np.isinf(bounds[number]):
                break
            insort(best, (self.distance(target, number), number))
        return [TextDistance(number, distance) for distance, number in best[:top]]

    def distance(self, target: PlacedWords, number: int) -> float:
        """The exact distance of a text."""
        begin, end = self._bags.offsets[number : number + 2]
        costs = distances(target.points, self._points[self._bags.ids[begin:end]])
        return least_cost(target.shares, self._shares[begin:end], costs)

    def lower_bounds(self, target: PlacedWords) -> Doubles1d:
        """The larger of WCD and RWMD of each text, float64 (n,); infinite without a known word."""
        bounds: Doubles1d = np.linalg.norm(self._centroids - target.shares @ target.points, axis=1)
        bounds[self._bags.lengths == 0] = np.inf
        filled = np.flatnonzero(self._bags.lengths)
        starts = self._bags.offsets[:-1][filled]
        size = max(1, ENTRIES // len(target.shares))
        for part in np.split(filled, np.flatnonzero(np.diff(starts // size)) + 1):
            if len(part):
                bounds[part] = np.maximum(bounds[part], self._relaxed(target, part))
        return bounds

    def _relaxed(self, target: PlacedWords, texts: Longs1d) -> Doubles1d:
        """RWMD of texts that follow each other but for empty ones, float64 (k,)."""
        begin, end = self._bags.offsets[texts[0]], self._bags.offsets[texts[-1] + 1]
        starts = self._bags.offsets[texts] - begin
        words, places = np.unique(self._bags.ids[begin:end], return_inverse=True)
        costs = distances(self._points[words], target.points)
        there = np.add.reduceat(self._shares[begin:end] * costs.min(axis=1)[places], starts)
        back = np.minimum.reduceat(costs[places], starts) @ target.shares
        larger: Doubles1d = np.maximum(there, back)
        return larger


def _bags(vectors: WordVectors, texts: Iterable[str]) -> tuple[list[str], Sequences, Doubles1d]:
    """The different words of all texts, their numbers once in each text, and the share of each there."""
    words = numbering()
    ids, lengths, shares = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)], [np.zeros(0)]
    for batch in read_text_words(vectors, texts):
        width = max(len(batch.words), 1)
        pairs = batch.sequences.texts.astype(np.int64) * width + batch.sequences.ids
        different, counts = np.unique(pairs, return_counts=True)
        text, word = np.divmod(different, width)
        ids.append(np.array([words[name] for name in batch.words], np.int32)[word])
        lengths.append(np.bincount(text, minlength=len(batch.sequences)))
        shares.append(counts / batch.sequences.lengths[text])
    bags = Sequences(np.concatenate(ids), offsets_of(np.concatenate(lengths)))
    return list(words), bags, np.concatenate(shares)
