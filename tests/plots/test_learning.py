import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.plots import learning
from embedkit.plots.bars import Bar
from embedkit.plots.learning import Confusion, Curve, ModelScore, write_learning

CURVE = Curve(
    "lstm $a$",
    [0.9, 0.5, 0.3],
    [0.5, 0.7, 0.9],
    [0.8, 0.65, 0.6],
    [0.6, 0.75, 0.8],
    [0.8, 0.6, 0.7],
    [0.6, 0.8, 0.7],
    kept=1,
)
RESULTS = [ModelScore("lstm $a$", Bar(0.8, 0.7, 0.9), 12.34), ModelScore("tfidf", Bar(0.75))]


@pytest.fixture
def drawn(figure_of, tmp_path):
    """Draws and returns the figure."""
    return lambda *what, **more: figure_of(
        learning, write_learning, tmp_path / "l.png", *what, "a $title$", **more
    )


def legends(figure):
    """The texts of the legends: models, and styles of lines."""
    return [[text.get_text() for text in legend.get_texts()] for legend in figure.subfigs[0].legends]


def test_a_curve_has_a_line_for_each_set_of_texts_and_a_dot_at_the_epoch_that_is_kept(drawn):
    figure = drawn([CURVE], [])
    loss, accuracy = figure.axes
    trained, held_out, validated, dot = loss.lines
    assert [list(line.get_ydata()) for line in (trained, held_out, validated)] == [
        CURVE.loss,
        CURVE.held_out_loss,
        CURVE.validation_loss,
    ]
    assert [line.get_linestyle() for line in (trained, held_out, validated)] == ["--", ":", "-"]
    assert list(validated.get_xdata()) == [1, 2, 3]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (2, 0.65)
    assert accuracy.lines[3].get_ydata()[0] == 0.75
    assert legends(figure) == [["lstm $a$"], ["training", "held out", "validation", "epoch that is kept"]]
    assert not any(text.get_parse_math() for text in figure.subfigs[0].legends[0].get_texts())


def test_several_models_have_two_lines_each_in_a_color_of_their_own(drawn):
    other = CURVE._replace(name="gru", loss=[0.8, 0.7, 0.6, 0.5], kept=None)
    figure = drawn([CURVE, other], [])
    lines = figure.axes[0].lines
    assert [line.get_linestyle() for line in lines if line.get_marker() == "None"] == ["--", "-"] * 2
    colors = [line.get_color() for line in lines]
    assert colors[0] == colors[1] == colors[2] != colors[3] == colors[4]
    assert legends(figure) == [["lstm $a$", "gru"], ["training", "validation", "epoch that is kept"]]


def test_texts_held_out_are_drawn_where_no_others_are_judged(drawn):
    curves = [CURVE._replace(name=name, validation_loss=[], validation_accuracy=[]) for name in "ab"]
    figure = drawn(curves, [])
    assert legends(figure)[1] == ["training", "held out", "epoch that is kept"]
    *_, dot = figure.axes[0].lines
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (2, 0.6)


def test_accuracies_have_intervals_and_one_model_its_confusions(drawn):
    matrix = np.array([[3, 1], [0, 4]])
    figure = drawn([CURVE], RESULTS, confusion=Confusion("lstm $a$", matrix, ["no", "yes"]))
    _, _, results, cells, *_ = figure.axes
    assert [label.get_text() for label in results.get_yticklabels()] == [
        "lstm $a$\ntrained in 12.3 s",
        "tfidf",
    ]
    assert list(results.lines[0].get_xdata()) == [0.7, 0.9]
    assert [text.get_text() for text in results.texts] == ["80.0%", "75.0%"]
    assert [text.get_text() for text in cells.texts] == ["3", "1", "0", "4"]


def test_models_without_epochs_have_no_curves(drawn):
    assert len(drawn([], RESULTS).axes) == 1


def test_a_model_without_epochs_is_a_level_line(drawn):
    loss, accuracy = drawn([CURVE, Curve("mean", [0.2], [0.9], [0.7], [0.6])], []).axes
    trained, held = loss.lines[3:]  # after two lines and a dot
    assert list(trained.get_ydata()) == [0.2, 0.2]
    assert list(held.get_ydata()) == [0.7, 0.7]
    assert (trained.get_linestyle(), held.get_linestyle()) == ("--", "-")
    assert [list(line.get_ydata()) for line in accuracy.lines[3:]] == [[0.9, 0.9], [0.6, 0.6]]


def test_there_has_to_be_something_to_draw(tmp_path):
    with pytest.raises(InputError, match="expected 1 to 8 models to draw, got 0"):
        write_learning(tmp_path / "l.png", [], [], "t")
