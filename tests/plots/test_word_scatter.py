"""Words in a plane: labels, groups, arrows, emoji, and files of three kinds."""

import warnings

import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.plots.labels import MAX_CHARACTERS
from embedkit.plots.word_scatter import MAX_GROUPS, WordScatter

SQUARE = np.array([[0, 0], [1, 0], [0, 1], [1, 1.0]])


def shown(ax):
    return [text.get_text() for text in ax.texts if text.get_visible() and text.get_text()]


def test_each_word_has_its_label_and_each_group_its_color():
    ax = WordScatter(["a", "b", "c", "$d$"], SQUARE, ["x", "y", "x", ""], strong={1}, title="$t$").plot()
    assert sorted(shown(ax)) == ["$d$", "a", "b", "c"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["x", "y", "others"]
    assert [len(points.get_offsets()) for points in ax.collections] == [2, 1, 1]
    assert {text.get_fontweight() for text in ax.texts if text.get_text() == "b"} == {"bold"}
    assert ax.get_title() == "$t$"


def test_words_without_groups_have_no_legend_and_units_are_square():
    ax = WordScatter(["a"], SQUARE[:1]).plot()
    assert ax.get_legend() is None
    assert ax.get_aspect() == 1


def test_arrows_and_links_join_words():
    ax = WordScatter(["a", "b", "c", "d"], SQUARE, arrows=[(0, 1), (2, 3)], links=[(0, 2)]).plot()
    styles = [text.arrow_patch.get_linestyle() for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(styles) == 3
    assert len({str(style) for style in styles}) == 2


def test_emoji_are_pictures_and_nothing_is_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = WordScatter(["🍕", "pizza 🍕", "pizza"], SQUARE[:3], ["🍕", "", ""], title="🍕").plot()
    assert shown(ax) == ["pizza"]
    assert len(ax.artists) == 2
    assert ax.get_title() == ":pizza:"


def test_long_words_are_cut():
    [label] = shown(WordScatter(["a" * 500], SQUARE[:1]).plot())
    assert len(label) == MAX_CHARACTERS
    assert label.endswith("…")


@pytest.mark.parametrize(("suffix", "begin"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_files_are_what_their_suffix_says_and_the_same_every_time(tmp_path, suffix, begin):
    scatter = WordScatter(["a", "🍕"], SQUARE[:2], title="Words")
    for name in "ab":
        scatter.write(tmp_path / f"{name}.{suffix}")
    first, second = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in "ab")
    assert first.startswith(begin)
    assert first == second


@pytest.mark.parametrize(
    ("words", "groups", "told"),
    [
        ([], [], "expected 1 to 1,000 words"),
        (["a"] * 1001, [], "got 1,001"),
        (["a"] * 3, [], "expected a position"),
        (["a"] * 4, ["x"], "a group or none"),
    ],
)
def test_what_does_not_fit_is_refused(words, groups, told):
    with pytest.raises(InputError, match=told):
        WordScatter(words, SQUARE, groups)


def test_too_many_groups_are_refused():
    count = MAX_GROUPS + 1
    with pytest.raises(InputError, match="at most 48 groups, got 49"):
        WordScatter(["a"] * count, np.zeros((count, 2)), [str(number) for number in range(count)])


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        WordScatter(["a"], SQUARE[:1]).write(tmp_path / "a.jpg")
