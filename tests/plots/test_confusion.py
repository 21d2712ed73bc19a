import numpy as np
import pytest
from emoji import EMOJI_DATA, STATUS
from matplotlib.offsetbox import AnnotationBbox

from embedkit.errors import InputError
from embedkit.plots import confusion
from embedkit.plots.confusion import FIGURES, MAX_CLASSES, size_of, write_confusion
from embedkit.plots.glyphs import layers_of
from embedkit.text.emoji import TONES


@pytest.fixture
def drawn(figure_of, tmp_path):
    """Draws a matrix and returns the figure."""
    return lambda matrix, names: figure_of(
        confusion, write_confusion, tmp_path / "c.png", matrix, names, "a $title$"
    )


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


HEART, NEW = "\u2764\ufe0f", "\U0001faea"  # an emoji newer than the font


def test_emoji_are_drawn_and_what_cannot_be_drawn_is_named(drawn):
    ax, _ = drawn(np.eye(4, dtype=int), [HEART, "🇩🇪", NEW, f"love {HEART}"]).axes
    names = [text.get_text() for text in ax.get_xticklabels()]
    assert names == ["", "", ":distorted_face:", "love :red_heart:"]
    boxes = [box for box in ax.artists if isinstance(box, AnnotationBbox)]
    places = sorted((box.xy, box.xyann) for box in boxes)
    assert places == [((0, 0), (-4, 0)), ((0, 0), (0, -4)), ((0, 1), (-4, 0)), ((1, 0), (0, -4))]
    red, *_ = boxes[0].offsetbox.get_children()
    assert red.get_facecolor()[:3] == pytest.approx((0.866, 0.18, 0.267), abs=0.01)


def test_glyphs_fill_a_square_whatever_the_spelling():
    for emoji in (HEART, "\u2764", "👩‍🚀", "1\ufe0f\u20e3"):
        corners = np.concatenate([layer.outline.vertices for layer in layers_of(emoji)])
        assert corners.min() >= -0.01
        assert 0.75 < corners.max() <= 1.01
    assert layers_of("a") == layers_of("ab") == layers_of(NEW) == layers_of("👍👍") == ()


def test_the_font_has_nearly_all_emoji():
    emoji = [sign for sign, facts in EMOJI_DATA.items() if facts["status"] == STATUS["fully_qualified"]]
    drawn = [bool(layers_of(sign)) for sign in emoji[::5] if len(sign) < 3 and not TONES.search(sign)]
    assert np.mean(drawn) > 0.97


@pytest.mark.parametrize(
    ("matrix", "classes"), [((2, 3), 2), ((2, 2), 3), ((0, 0), 0), ((MAX_CLASSES + 1,) * 2, MAX_CLASSES + 1)]
)
def test_what_cannot_be_drawn(tmp_path, matrix, classes):
    with pytest.raises(InputError, match=f"1 to {MAX_CLASSES} classes"):
        write_confusion(tmp_path / "c.png", np.zeros(matrix, int), list(map(str, range(classes))), "t")


def test_names_that_are_not_utf_8_are_drawn(tmp_path):
    write_confusion(tmp_path / "c.png", np.eye(2, dtype=int), ["a", "b"], "caf\udce9.csv")
    assert (tmp_path / "c.png").stat().st_size


def test_wide_characters_get_the_room_of_two_letters():
    assert size_of(["财经", "社会"] * 6) == size_of(["news", "talk"] * 6) != size_of(["a", "b"] * 6)
