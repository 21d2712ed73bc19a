"""Tokens of every unit: text to numbers and back, and what is learned of which tokens there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError, NgramLanguageModel
from embedkit.language_models.data import split_lines
from embedkit.language_models.token_text import END, UNKNOWN
from embedkit.language_models.token_units import learn_units
from embedkit.progress import SILENT

LINES = ["The cat sat.", "", "The dog sat!", "a the"]


def learned(lines=LINES, **settings):
    return learn_units(lines, NgramLanguageModel(**settings), SILENT)


def test_the_most_frequent_tokens_come_first_and_rare_ones_are_unknown():
    units, text = learned()
    assert units.tokens == ("\n", "<unk>", "The", "sat")
    assert text.ids.tolist() == [2, 1, 3, 1, 0, 0, 2, 1, 3, 1, 0, 1, 1, 0]
    assert text.offsets.tolist() == [0, 5, 6, 11, 14]
    assert units.unknown_seen


def test_the_size_of_a_vocabulary_is_bounded_and_case_may_be_lowered():
    units, _ = learned(vocabulary_size=10, min_count=1, lowercase=True)
    assert units.tokens == ("\n", "<unk>", "the", "sat", "!", ".", "a", "cat", "dog")
    assert learned(["x" * 20, "abcdefghijk"], unit="characters", vocabulary_size=10, min_count=1)[
        0
    ].tokens == (*("\n", "<unk>", "x", "a", "b", "c", "d", "e", "f", "g"),)


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])), min_size=1))
def test_characters_come_back_as_they_were(lines):
    if not any(lines):
        return
    units, text = learned(lines, unit="characters", min_count=1)
    assert units.decode(text.ids[:-1].tolist()) == "\n".join(lines)
    assert units.encode(lines).ids.tolist() == text.ids.tolist()
    assert UNKNOWN not in text.ids


def test_subwords_come_back_as_words():
    lines = ["low lower lowest", "new newer newest"] * 5
    units, text = learned(lines, unit="subwords", vocabulary_size=30)
    first = text.ids[: text.offsets[1] - 1].tolist()
    assert units.decode(first) == lines[0]
    assert units.decode([*first, END, *first]) == f"{lines[0]}\n{lines[0]}"


@pytest.mark.parametrize(
    ("unit", "text", "wanted"),
    [
        ("words", "The cat", " sat"),
        ("words", "The  cat ", "sat"),
        ("words", "The cat\n", "sat"),
        ("characters", "The cat ", "sat"),
        ("subwords", "the cat", " sat"),
    ],
)
def test_what_is_added_to_a_beginning(unit, text, wanted):
    size = {"vocabulary_size": 60} if unit == "subwords" else {}
    units, _ = learned(["The cat sat", "the cat sat"] * 3, unit=unit, **size)
    tokens = units.encode(["sat"]).ids[:-1].tolist()
    assert units.added(units.beginning(text), tokens) == wanted


def test_lines_that_are_held_out():
    lines = list("abcdefghij")
    assert split_lines(lines, 0.3, independent=False, seed=1).held == ["h", "i", "j"]
    apart = split_lines(lines, 0.3, independent=True, seed=1)
    assert sorted([*apart.training, *apart.held]) == lines
    assert len(apart.held) == 3
    assert apart == split_lines(lines, 0.3, independent=True, seed=1)
    assert apart != split_lines(lines, 0.3, independent=True, seed=2)


@pytest.mark.parametrize("fraction", [-0.1, 0.6, float("nan")])
def test_fractions_that_cannot_be_held_out(fraction):
    with pytest.raises(InputError, match="hold out from 0 to"):
        split_lines(["a", "b"], fraction, independent=False, seed=1)
