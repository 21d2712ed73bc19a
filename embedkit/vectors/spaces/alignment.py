"""`align`: one space turned so that its words lie where those of another with the same meaning do."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces.csls import mutual_pairs
from embedkit.vectors.spaces.paired_rows import PairedRows
from embedkit.vectors.spaces.procrustes import OrthogonalMap
from embedkit.vectors.spaces.rows import cosines, mapped_affinely
from embedkit.vectors.spaces.word_lists import Dictionary
from embedkit.vectors.spaces.words import check_same_size, frequency_ranks


@dataclass(frozen=True, kw_only=True)
class Procrustes:
    """Alignment by an orthogonal map; `fit` finds it.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> turned = vectors.transformed(vectors.matrix[:, ::-1], "reverse")
        >>> alignment = Procrustes().fit(turned, vectors)
        >>> round(alignment.cosine_after, 3), len(alignment.pairs)
        (1.0, 2000)
    """

    normalize: bool = hyperparameter(True, "scale vectors to length 1, so that all words count the same")
    center: bool = hyperparameter(False, "move the mean of the paired words of one space onto the other's")
    most_frequent: int | None = hyperparameter(
        None, "without a dictionary: fit to the N most frequent words in common", minimum=1
    )
    refine: int = hyperparameter(
        0, "rounds of refinement: fit again to pairs that are each other's nearest by CSLS", minimum=0
    )
    refine_words: int = hyperparameter(
        15_000, "most frequent words of each space that refinement looks at", minimum=2
    )
    neighbors: int = hyperparameter(10, "nearest words by which CSLS tells hubs", minimum=1)

    def __post_init__(self) -> None:
        check(self)

    def fit(
        self,
        source: Embeddings,
        target: Embeddings,
        dictionary: Dictionary | None = None,
        progress: Progress = SILENT,
    ) -> Alignment:
        """The map of `source` onto `target`; see `align` for the arguments and errors."""
        check_same_size(source, target, advice="pca makes them fewer")
        if dictionary is None:
            pairs = PairedRows.of_common_words(source, target, self.most_frequent)
        else:
            pairs = PairedRows.of_dictionary(source, target, dictionary)
        _warn_of_few(pairs, source.vector_size)
        found = self._map(source, target, pairs.sources, pairs.targets)
        refined: list[tuple[Longs1d, Longs1d]] = []
        for _ in range(self.refine):
            rows = self._mutual(found, source, target)
            if refined and all(map(np.array_equal, rows, refined[-1])):
                break
            refined.append(rows)
            found = self._map(source, target, *rows)
            progress.note(f"refined: {len(rows[0]):,} pairs are each other's nearest")
        paired = source.stored, target.stored, pairs.sources, pairs.targets
        before, after = cosines(*paired), cosines(*paired, found.turned)
        return Alignment(
            self, found, pairs, float(before.mean()), float(after.mean()), tuple(len(x) for x, _ in refined)
        )

    def _map(
        self, source: Embeddings, target: Embeddings, sources: Longs1d, targets: Longs1d
    ) -> OrthogonalMap:
        return OrthogonalMap.fit(source.stored, target.stored, sources, targets, self.normalize, self.center)

    def _mutual(
        self, found: OrthogonalMap, source: Embeddings, target: Embeddings
    ) -> tuple[Longs1d, Longs1d]:
        """The pairs of frequent words that are each other's nearest, by their rows."""
        ours, theirs = (
            np.argsort(frequency_ranks(space.vocabulary))[: self.refine_words] for space in (source, target)
        )
        sources = StoredRows(found.apply(StoredRows(source.stored.take(ours))))
        targets = StoredRows(target.stored.take(theirs))
        first, second = mutual_pairs(sources, targets, self.neighbors)
        if not len(first):
            raise InputError("refinement found no words that are each other's nearest; refine in 0 rounds")
        return ours[first], theirs[second]


@dataclass(frozen=True, eq=False)
class Alignment:
    """A map from one space to another, which `apply` gives any vectors of the first.

    Attributes:
        method: how the map was found.
        map: the map itself.
        pairs: the words that it was first fitted to.
        cosine_before: the mean cosine of those pairs as they were.
        cosine_after: their mean cosine with the first mapped; words that were left out will be less near.
        refined: the number of pairs in each round of refinement.
    """

    method: Procrustes
    map: OrthogonalMap
    pairs: PairedRows
    cosine_before: float
    cosine_after: float
    refined: tuple[int, ...]

    def apply(self, vectors: Embeddings) -> Embeddings:
        """The same words in the other space; unknown ones, too, if the map and the subwords allow it.

        Raises:
            InputError: vectors of other dimensions.
        """
        if vectors.vector_size != len(self.map.turn):
            raise InputError(
                f"expected vectors of {len(self.map.turn)} dimensions, got {vectors.vector_size}"
            )
        if self.map.normalize:
            return vectors.transformed(self.map.apply(vectors.stored), "align", **self.provenance)
        return mapped_affinely(vectors, vectors.vector_size, self.map.turned, "align", **self.provenance)

    @property
    def provenance(self) -> dict[str, Any]:
        """How the map was found, as metadata tell it."""
        return {
            "method": "procrustes",
            "parameters": asdict(self.method),
            "pairs": len(self.pairs),
            "cosine_before": self.cosine_before,
            "cosine_after": self.cosine_after,
            "refined": list(self.refined),
        }


def align(
    source: Embeddings,
    target: Embeddings,
    dictionary: Dictionary | None = None,
    method: Procrustes | None = None,
) -> Embeddings:
    """The vectors of `source` turned into the space of `target`, so that their words can be compared.

    Subwords whose vectors are means of rows (fastText's, floret's, estimates) are turned, too, with
    `Procrustes(normalize=False)`; where vectors are scaled to length 1, none fit any longer.

    Args:
        source: the vectors that are turned; distances among them stay as they are.
        target: vectors of the same dimensions: of another language, time or text.
        dictionary: pairs of words with the same meaning: a file with a pair a line, a mapping or pairs. None
            for the words in common, as for two times of one language.
        method: settings; `Procrustes(center=True, refine=5)`, for example.

    Raises:
        InputError: different dimensions, no words in common, or a dictionary of which no pair is known.
        FormatError: a line of the dictionary that is no pair.

    Example:
        >>> import embedkit
        >>> english = embedkit.Embeddings([[1, 0], [0, 1], [1, 1]], ["cat", "dog", "animal"])
        >>> french = embedkit.Embeddings([[0, 1], [-1, 0], [-1, 1]], ["chat", "chien", "animaux"])
        >>> turned = embedkit.align(english, french, {"cat": "chat", "dog": "chien"})
        >>> french.neighbors(turned["animal"], top=1)[0].word
        'animaux'
    """
    return (method or Procrustes()).fit(source, target, dictionary).apply(source)


def _warn_of_few(pairs: PairedRows, size: int) -> None:
    if len(pairs) < size:
        warnings.warn(
            f"{len(pairs):,} pairs do not determine how {size} dimensions are turned; expect little of the "
            "alignment, give more pairs, or refine it",
            stacklevel=4,
        )
