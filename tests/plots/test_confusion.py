import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.plots import confusion
from embedkit.plots.confusion import FIGURES, MOST, write_confusion


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Draws a matrix and returns the figure."""

    def draw(matrix, names):
        figures = []
        write = confusion.write_png
        monkeypatch.setattr(
            confusion, "write_png", lambda figure, path: (figures.append(figure), write(figure, path))
        )
        write_confusion(tmp_path / "c.png", matrix, names, "a $title$")
        assert (tmp_path / "c.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        return figures[0]

    return draw


def test_rows_are_shares_of_true_classes_and_numbers_are_texts(drawn):
    ax, bar = drawn(np.array([[3000, 1000], [0, 0]]), ["cat$a$", "dog"]).axes
    assert ax.images[0].get_array().tolist() == [[0.75, 0.25], [0, 0]]
    assert [text.get_text() for text in ax.texts] == ["3,000", "1,000", "0", "0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cat$a$", "dog"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "actual")
    assert bar.get_ylabel() == "share of the actual class"


def test_many_classes_have_no_figures(drawn):
    classes = FIGURES + 1
    figure = drawn(np.eye(classes, dtype=int), [f"class {number}" for number in range(classes)])
    assert list(figure.axes[0].texts) == []


@pytest.mark.parametrize(
    ("matrix", "classes"), [((2, 3), 2), ((2, 2), 3), ((0, 0), 0), ((MOST + 1,) * 2, MOST + 1)]
)
def test_what_cannot_be_drawn(tmp_path, matrix, classes):
    with pytest.raises(InputError, match=f"1 to {MOST} classes"):
        write_confusion(tmp_path / "c.png", np.zeros(matrix, int), list(map(str, range(classes))), "t")
