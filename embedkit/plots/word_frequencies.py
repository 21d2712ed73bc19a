"""Word frequencies of a corpus: count by rank with Zipf's law, and types by tokens with Heaps' law."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedkit.plots.bars import COLORS
from embedkit.plots.canvas import new_figure, write_figure
from embedkit.text.corpus.statistics import HEAPS_FROM, CorpusStatistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL = 4.6, 3.8  # inches, across and up
_DRAWN = 2000  # ranks at most


def write_word_frequencies(path: Path, statistics: CorpusStatistics, title: str) -> None:
    """Draw both curves on logarithmic axes, with the laws where they were fitted, and write a file.

    Args:
        path: the file.
        statistics: of a corpus.
        title: above the picture.

    Raises:
        InputError: a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from embedkit import Corpus
        >>> with TemporaryDirectory() as folder:
        ...     corpus = Corpus.from_documents([["a", "cat", "a"], ["a", "dog"]], f"{folder}/corpus")
        ...     write_word_frequencies(Path(folder, "words.png"), corpus.statistics(), "Cats")
        ...     Path(folder, "words.png").read_bytes()[1:4]
        b'PNG'
    """
    figure = new_figure(2 * PANEL[0], PANEL[1])
    figure.suptitle(title, parse_math=False)
    ranks, growth = figure.subplots(1, 2)
    _draw_ranks(ranks, statistics)
    _draw_growth(growth, statistics)
    for ax in (ranks, growth):
        ax.set(xscale="log", yscale="log")
        ax.grid(visible=True, alpha=0.3)
        ax.spines[["top", "right"]].set_visible(False)
        ax.legend(fontsize="small")
    write_figure(figure, path)


def _draw_ranks(ax: Axes, statistics: CorpusStatistics) -> None:
    """The count of each rank, and the law up to the last rank that it holds for."""
    counts, zipf = statistics.counts, statistics.zipf
    ranks = np.unique(np.geomspace(1, len(counts), _DRAWN).astype(np.int64))
    ax.plot(ranks, counts[ranks - 1], ".", markersize=3, color=COLORS[0], label="words")
    if zipf:
        ends = np.array([1.0, zipf.types])
        label = f"Zipf: s = {zipf.exponent:.3f} ± {zipf.error:.3f}"
        ax.plot(ends, zipf.factor * ends**-zipf.exponent, color=COLORS[1], label=label)
    ax.set(xlabel="rank of the word", ylabel="count", ylim=(0.7, 2 * counts[0]))


def _draw_growth(ax: Axes, statistics: CorpusStatistics) -> None:
    """The type-token curve, and the law from the first point on that it was fitted to."""
    (tokens, types), heaps = statistics.curve, statistics.heaps
    ax.plot(tokens, types, ".", markersize=5, color=COLORS[0], label="different words")
    if heaps:
        ends = np.array([HEAPS_FROM, tokens[-1]])
        label = f"Heaps: {heaps.factor:.3g} n^{heaps.exponent:.3f}"
        ax.plot(ends, heaps.factor * ends**heaps.exponent, color=COLORS[1], label=label)
    ax.set(xlabel="words n", ylabel="different words")
