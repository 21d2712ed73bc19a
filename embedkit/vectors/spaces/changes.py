"""`word_changes`: how a word and its neighbors moved over several spaces, such as those of several times.

The picture is that of Hamilton et al. (2016, "Diachronic word embeddings reveal statistical laws of semantic
change", figure 1): all spaces are aligned with the last, where the neighbors stand as they are in the last
space; the word stands among them once for each time.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import InputError, UnknownWordError
from embedkit.hyperparameters import check_count
from embedkit.plots.word_scatter import WordScatter
from embedkit.vectors.answers import Answer
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.spaces.alignment import Procrustes, align
from embedkit.vectors.spaces.plane import Plane, PlaneMethod

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class WordAtTime(NamedTuple):
    """A word in one of the spaces.

    Attributes:
        name: of the space, such as a year.
        cosine: of the word's vector there and in the last space, once they are aligned.
        neighbors: the words nearest to it there.
    """

    name: str
    cosine: float
    neighbors: list[Answer]


@dataclass(frozen=True, eq=False)
class WordChanges:
    """What `word_changes` finds.

    Attributes:
        word: the word.
        times: it in each space that has it, in order.
        words: all its neighbors, each once.
        vectors: those of the word at each time, then those of its neighbors in the last space, at length 1.
    """

    word: str
    times: list[WordAtTime]
    words: list[str]
    vectors: Floats2d = field(repr=False)

    def scatter(self, method: PlaneMethod = "pca", *, seed: int = 0, title: str = "") -> WordScatter:
        """What `plot` draws."""
        plane = Plane.of(self.vectors, method, seed)
        count = len(self.times)
        labels = [f"{self.word} ({time.name})" for time in self.times] + self.words
        groups = [self.word] * count + ["neighbors"] * len(self.words)
        arrows = [(place, place + 1) for place in range(count - 1)]
        return WordScatter(
            labels, plane.positions, groups, range(count), arrows, axes=plane.axes, title=title
        )

    def plot(
        self, method: PlaneMethod = "pca", *, seed: int = 0, title: str = "", ax: Axes | None = None
    ) -> Axes:
        """Draw the word at each time among its neighbors, with arrows from time to time."""
        return self.scatter(method, seed=seed, title=title).plot(ax)


def word_changes(
    word: str, spaces: Mapping[str, Embeddings], top: int = 8, method: Procrustes | None = None
) -> WordChanges:
    """How a word moved over several spaces.

    Args:
        word: the word; spaces that do not have it are left out with a warning.
        spaces: two or more by their names, in order of time.
        top: neighbors of the word in each space.
        method: settings of the alignment with the last of these spaces, by the words in common.

    Raises:
        UnknownWordError: no space has the word.
        InputError: fewer than two spaces, or only one that has the word.

    Example:
        >>> import embedkit
        >>> now = embedkit.load().subset(2000)
        >>> before = now.transformed(now.matrix[:, ::-1], "reverse")
        >>> changes = embedkit.word_changes("music", {"1990": before, "2020": now}, top=3)
        >>> [(time.name, round(time.cosine, 2)) for time in changes.times]
        [('1990', 1.0), ('2020', 1.0)]
    """
    check_count("top", top)
    if len(spaces) < 2:
        raise InputError(f"expected vectors of at least two times, got {len(spaces)}")
    there = {name: space for name, space in spaces.items() if word in space}
    if len(there) < 2:
        if not there:
            raise UnknownWordError(word)
        raise InputError(f"{word!r} is in the vectors of {next(iter(there))} alone; a change needs two")
    if absent := [name for name in spaces if name not in there]:
        warnings.warn(
            f"{word!r} is not in the vectors of {', '.join(absent)}, which are left out", stacklevel=2
        )
    *_, last = there
    aligned = {
        name: space if name == last else align(space, there[last], method=method)
        for name, space in there.items()
    }
    answers = {name: space.neighbors(word, top) for name, space in aligned.items()}
    own = unit_vectors(np.stack([space[word] for space in aligned.values()]))
    homes: dict[str, Embeddings] = {}
    for name, found in reversed(answers.items()):
        for answer in found:
            homes.setdefault(answer.word, aligned[last] if answer.word in aligned[last] else aligned[name])
    others = unit_vectors(np.stack([space[other] for other, space in homes.items()])) if homes else own[:0]
    cosines = (own @ own[-1]).tolist()
    times = [WordAtTime(name, cosine, answers[name]) for name, cosine in zip(there, cosines, strict=True)]
    return WordChanges(word, times, list(homes), np.concatenate([own, others]))
