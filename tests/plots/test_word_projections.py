import pytest

from embedkit.errors import InputError
from embedkit.plots import word_projections
from embedkit.plots.word_projections import SHOWN, WordProjections, write_word_projections

BEFORE = {"nurse": 0.4, "cook": 0.1, "$chef$": -0.1, "captain": -0.5}


@pytest.fixture
def drawn(figure_of, tmp_path):
    """Draws words and returns the two axes."""
    return lambda found: figure_of(word_projections, write_word_projections, tmp_path / "l.png", found).axes


def dots(ax):
    """The positions of the dots of each color, by word."""
    words = {tick: text.get_text() for tick, text in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)}
    return [
        {words[y]: x for x, y in collection.get_offsets().tolist()}
        for collection in ax.collections
        if len(collection.get_offsets()) > 1
    ]


def test_each_word_has_a_dot_before_and_one_after(drawn):
    after = {word: value / 2 for word, value in BEFORE.items()}
    crowd, words = drawn(WordProjections(BEFORE, after, ("female", "male"), "Gender", "cosine"))
    assert dots(words) == [after, BEFORE]
    assert [text.get_text() for text in words.get_yticklabels()] == ["nurse", "cook", "$chef$", "captain"]
    assert [text.get_text() for text in words.texts] == ["female →", "← male"]
    assert [text.get_text() for text in crowd.get_yticklabels()] == ["before", "after"]
    low, high = words.get_xlim()
    assert low == -high < -0.5


def test_without_after_there_is_one_dot_a_word(drawn):
    crowd, words = drawn(WordProjections(BEFORE, None, ("female", "male"), "Gender", "cosine"))
    assert dots(words) == [BEFORE]
    assert [text.get_text() for text in crowd.get_yticklabels()] == ["all 4 words"]


def test_lengths_begin_at_zero_and_have_one_end(drawn):
    _, words = drawn(WordProjections({"a": 0.2, "b": 0.6}, None, ("any class", None), "Race", "length"))
    assert [text.get_text() for text in words.texts] == ["any class →"]
    assert words.get_xlim()[0] == pytest.approx(-0.02 * 1.08 * 0.6)


def test_of_many_words_the_extreme_ones_are_shown(drawn):
    many = {f"word{number}": number - 50.0 for number in range(101)}
    crowd, words = drawn(WordProjections(many, None, ("up", "down"), "Many", "number"))
    shown = [text.get_text() for text in words.get_yticklabels()]
    assert shown[:2] == ["word100", "word99"]
    assert shown[-1] == "word0"
    assert len(shown) == 2 * SHOWN
    assert len(crowd.collections[0].get_paths()) == 101


def test_all_zero_is_drawn(drawn):
    _, words = drawn(WordProjections({"a": 0.0, "b": 0.0}, None, ("up", "down"), "None", "number"))
    assert dots(words) == [{"a": 0, "b": 0}]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [({"a": 1.0}, None, "at least 2 words"), (BEFORE, {"nurse": 1.0}, "the same words after as before")],
)
def test_what_cannot_be_drawn_is_refused(before, after, message):
    with pytest.raises(InputError, match=message):
        WordProjections(before, after, ("up", "down"), "title", "axis")
