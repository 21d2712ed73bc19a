"""The plot of the learning-rate finder shows the losses, their mean and the suggestion."""

import pytest

from embedkit.plots import learning_rates

RATES, LOSSES, MEANS = [1e-3, 1e-2, 1e-1, 1], [0.7, 0.5, 0.3, 90], [0.7, 0.6, 0.5, 40]


@pytest.mark.parametrize(("suggestion", "labels"), [(0.01, 3), (None, 2)])
def test_the_suggestion_is_marked_and_the_end_does_not_hide_the_rest(tmp_path, figure_of, suggestion, labels):
    what = RATES, LOSSES, MEANS, suggestion, "r$a$tes"
    (ax,) = figure_of(learning_rates, learning_rates.write_learning_rates, tmp_path / "a.png", *what).axes
    assert ax.get_xscale() == "log"
    assert len(ax.get_legend_handles_labels()[1]) == labels
    assert list(ax.lines[0].get_ydata()) == LOSSES
    assert ax.get_ylim()[1] < 2
