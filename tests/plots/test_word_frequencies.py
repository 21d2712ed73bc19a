"""The picture of word frequencies shows the counts, and laws where they hold."""

import numpy as np
import pytest

from embedkit import Corpus
from embedkit.plots import word_frequencies
from embedkit.plots.word_frequencies import write_word_frequencies


@pytest.fixture
def drawn(figure_of, tmp_path):
    """Draws the statistics of documents, and returns them and the figure."""

    def draw(documents):
        statistics = Corpus.from_documents(documents, tmp_path / "corpus").statistics()
        figure = figure_of(
            word_frequencies, write_word_frequencies, tmp_path / "w.png", statistics, "a $title$"
        )
        return statistics, figure

    return draw


def test_counts_and_laws(drawn):
    ranks = np.random.default_rng(0).zipf(1.6, 30_000).tolist()
    statistics, figure = drawn([list(map(str, ranks))])
    left, right = figure.axes
    words, zipf = left.lines
    assert words.get_ydata()[0] == statistics.counts[0]
    assert zipf.get_xdata().tolist() == [1, statistics.zipf.types]
    assert zipf.get_ydata()[0] == pytest.approx(statistics.zipf.factor)
    growth, heaps = right.lines
    assert growth.get_ydata()[-1] == statistics.types
    assert heaps.get_ydata()[1] == pytest.approx(statistics.types, rel=0.2)
    assert (left.get_xscale(), right.get_yscale()) == ("log", "log")


def test_a_small_corpus_has_no_laws(drawn):
    _, figure = drawn([["a", "b", "a"]])
    assert [len(ax.lines) for ax in figure.axes] == [1, 1]
