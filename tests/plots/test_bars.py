import sys

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from embedkit.errors import DependencyError, InputError
from embedkit.plots import bars
from embedkit.plots.bars import COLORS, Bar, Panel, write_bars
from embedkit.plots.canvas import DPI

HALF = Bar(0.5, 0.4, 0.6)


def panel(labels, series=("a",), bar=HALF):
    return Panel("google", "accuracy", labels, {name: [bar] * len(labels) for name in series})


def size(path):
    """The width and height of a PNG, from its header."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


@pytest.mark.parametrize(
    ("panels", "height"),
    [
        ([panel(["total"])], (1, 3)),
        ([panel([f"a-category-with-a-long-name-{number}" for number in range(15)])], (5, 8)),
        ([panel(["total"], "abcdefgh"), panel(["total"], "abcdefgh")], (4, 8)),
    ],
)
def test_a_picture_is_as_tall_as_its_bars_need(tmp_path, panels, height):
    write_bars(tmp_path / "a.png", panels, "Scores")
    width, pixels = size(tmp_path / "a.png")
    assert width == 8 * DPI
    assert height[0] * DPI < pixels < height[1] * DPI


@pytest.mark.parametrize(
    ("bars", "limits"),
    [
        ([Bar(0.5, 0.25, 0.75)], (0, 0.81)),
        ([Bar(0.5), Bar(-0.2, -0.4, 0.1)], (-0.42, 0.54)),
        ([Bar(0.0), Bar(None)], (0, 1.08)),
    ],
)
def test_an_axis_holds_0_and_all_intervals(bars, limits):
    labels = [str(number) for number in range(len(bars))]
    assert Panel("x", "y", labels, {"a": bars}).limits == pytest.approx(limits)


def test_a_value_that_is_not_known_leaves_its_place(tmp_path):
    write_bars(tmp_path / "a.png", [panel(["total"], bar=Bar(None))], "Scores")
    assert size(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("labels", "series", "message"),
    [
        ([], {"a": []}, "google: expected bars, got none"),
        (["x"], {}, "google: expected bars, got none"),
        (["x"], {"a": [HALF, HALF]}, "google: expected 1 bars of 'a', got 2"),
        (["x"], {str(name): [HALF] for name in range(9)}, f"at most {len(COLORS)} colors, got 9"),
    ],
)
def test_panels_that_cannot_be(labels, series, message):
    with pytest.raises(InputError, match=message):
        Panel("google", "accuracy", labels, series)


def test_no_panel(tmp_path):
    with pytest.raises(InputError, match="expected something to plot"):
        write_bars(tmp_path / "a.png", [], "Scores")
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[plots\]'"):
        write_bars(tmp_path / "a.png", [panel(["total"])], "Scores")


def test_intervals_are_drawn_where_they_are_known(monkeypatch, tmp_path):
    drawn = []
    monkeypatch.setattr(bars, "write_figure", lambda figure, path: drawn.append(figure))
    known = [Bar(0.5, 0.4, 0.7), Bar(0.3), Bar(None), Bar(0.2, 0.1, 0.6)]
    write_bars(tmp_path / "a.png", [Panel("x", "y", list("abcd"), {"a": known})], "Scores")
    [lines] = drawn[0].axes[0].collections
    ends = [end for segment in lines.get_segments() for end in segment.ravel()]
    assert ends == pytest.approx([0.4, 0, 0.7, 0, 0.1, 3, 0.6, 3])
    texts = [text.get_text() for text in drawn[0].axes[0].texts]
    assert texts == ["0.50", "0.30", "no value", "0.20"]


def test_names_are_drawn_as_they_are(tmp_path):
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bars, "write_figure", lambda figure, path: drawn.append(figure))
        panel = Panel("a $\\foo$ b", "x$y$", [r"$\bar$"], {"_a.txt": [Bar(1)], "b.txt": [Bar(0.5)]})
        write_bars(tmp_path / "a.png", [panel], "title $1 and $2")
    [figure] = drawn
    FigureCanvasAgg(figure).draw()  # fails on a formula that is none
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["_a.txt", "b.txt"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [r"$\bar$"]


def test_names_that_are_not_utf_8_are_drawn(tmp_path):
    series = {"old\udce9.bin": [Bar(0.5)], "new": [Bar(0.6)]}
    write_bars(tmp_path / "b.png", [Panel("men\udce9", "score", ["caf\udce9, spearman"], series)], "t\udce9")
    assert (tmp_path / "b.png").read_bytes()[1:4] == b"PNG"


def test_a_panel_is_drawn_on_axes():
    ax = Panel("$men$", "spearman", ["a", "b"], {"mine": [Bar(0.5), Bar(0.25)]}).plot()
    assert [bar.get_width() for bar in ax.patches] == [0.5, 0.25]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", "b"]
    assert Panel("t", "r", ["a"], {"": [Bar(1.0)]}).plot(ax) is ax
