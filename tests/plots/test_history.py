"""Learning curves of any model: a panel a measure."""

import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.models.networks.history import Epoch
from embedkit.plots import history
from embedkit.plots.history import History, columns_of, measures_of, write_histories

EPOCHS = [
    Epoch(1, 0.7, 0.5, 0.75, 0.45, None, None, 0.1, 3.0),
    Epoch(2, 0.5, 0.6, 0.65, 0.55, None, None, 0.1),
]


def test_columns_are_numbers_without_times():
    columns = columns_of([epoch._asdict() for epoch in EPOCHS])
    assert columns == {
        "loss": [0.7, 0.5],
        "accuracy": [0.5, 0.6],
        "held_out_loss": [0.75, 0.65],
        "held_out_accuracy": [0.45, 0.55],
        "learning_rate": [0.1, 0.1],
    }


def test_a_learning_rate_is_drawn_where_it_changes():
    assert measures_of([{"loss": [1], "learning_rate": [0.1, 0.1]}]) == ["loss"]
    assert measures_of([{"learning_rate": [0.1, 0.2], "perplexity": [1, 2], "validation": [1, 2]}]) == [
        "perplexity",
        "learning_rate",
    ]


def test_a_history_draws_a_measure():
    ax = History(EPOCHS).plot("accuracy")
    assert ax.get_ylabel() == "accuracy"
    assert [list(line.get_ydata()) for line in ax.lines] == [[0.5, 0.6], [0.45, 0.55]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "held out"]
    assert History(EPOCHS) == EPOCHS
    with pytest.raises(InputError, match="expected one of loss, accuracy, got 'f1'"):
        History(EPOCHS).plot("f1")
    with pytest.raises(InputError, match="no measures"):
        History([]).plot()


def test_models_share_panels(figure_of, tmp_path):
    curves = {"$a$": {"loss": [1, 0.5], "validation_loss": [1, None]}, "b": {"loss": [2.0], "score": [0.5]}}
    figure = figure_of(history, write_histories, tmp_path / "h.png", curves, "Curves")
    panels = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_ylabel() for ax in panels] == ["loss", "score"]
    assert [line.get_label() for line in panels[0].lines] == [
        "$a$, training",
        "$a$, validation",
        "b, training",
    ]
    assert np.isnan(panels[0].lines[1].get_ydata()[1])
    assert panels[0].lines[2].get_marker() == "o"


@pytest.mark.parametrize("curves", [{}, {"a": {}}, {str(number): {"loss": [1.0]} for number in range(9)}])
def test_nothing_and_too_much_are_refused(tmp_path, curves):
    with pytest.raises(InputError, match="expected curves of 1 to 8 models"):
        write_histories(tmp_path / "h.png", curves, "Curves")
