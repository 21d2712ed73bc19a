import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.plots import learning
from embedkit.plots.bars import Bar
from embedkit.plots.learning import Confusion, Curve, ModelScore, write_learning

CURVE = Curve("lstm $a$", [0.9, 0.5, 0.3], [0.5, 0.7, 0.9], [0.8, 0.6, 0.7], [0.6, 0.8, 0.7])
RESULTS = [ModelScore("lstm $a$", Bar(0.8, 0.7, 0.9)), ModelScore("tfidf", Bar(0.75))]


@pytest.fixture
def drawn(figure_of, tmp_path):
    """Draws and returns the figure."""
    return lambda *what, **more: figure_of(
        learning, write_learning, tmp_path / "l.png", *what, "a $title$", **more
    )


def test_curves_have_a_dot_at_the_best_epoch(drawn):
    loss, accuracy = drawn([CURVE], []).axes
    trained, held, dot = loss.lines
    assert list(trained.get_ydata()) == [0.9, 0.5, 0.3]
    assert list(held.get_xdata()) == [1, 2, 3]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (2, 0.6)
    legend = loss.get_legend().get_texts()
    assert [text.get_text() for text in legend] == ["lstm $a$, training", "lstm $a$, validation"]
    assert not any(text.get_parse_math() for text in legend)
    assert accuracy.lines[2].get_ydata()[0] == 0.8


def test_accuracies_have_intervals_and_one_model_its_confusions(drawn):
    matrix = np.array([[3, 1], [0, 4]])
    figure = drawn([CURVE], RESULTS, confusion=Confusion("lstm $a$", matrix, ["no", "yes"]))
    _, _, results, cells, *_ = figure.axes
    assert [label.get_text() for label in results.get_yticklabels()] == ["lstm $a$", "tfidf"]
    assert list(results.lines[0].get_xdata()) == [0.7, 0.9]
    assert [text.get_text() for text in results.texts] == ["80.0%", "75.0%"]
    assert [text.get_text() for text in cells.texts] == ["3", "1", "0", "4"]


def test_models_without_epochs_have_no_curves(drawn):
    assert len(drawn([], RESULTS).axes) == 1


def test_a_model_without_epochs_is_a_level_line(drawn):
    loss, accuracy = drawn([CURVE, Curve("mean", [0.2], [0.9], [0.7], [0.6])], []).axes
    trained, held = loss.lines[3:]
    assert list(trained.get_ydata()) == [0.2, 0.2]
    assert list(held.get_ydata()) == [0.7, 0.7]
    assert (held.get_label(), held.get_linestyle()) == ("mean, validation", "-")
    assert [list(line.get_ydata()) for line in accuracy.lines[3:]] == [[0.9, 0.9], [0.6, 0.6]]


def test_there_has_to_be_something_to_draw(tmp_path):
    with pytest.raises(InputError, match="expected 1 to 8 models to draw, got 0"):
        write_learning(tmp_path / "l.png", [], [], "t")
