"""Texts are held out of the data, or come from a file or from other rows of the same table."""

import pytest

from embedkit import InputError, Labeled, read_labeled
from embedkit.text.datasets.held_out import held_out_fraction, split_validation

DATA = Labeled([f"text {number}" for number in range(20)], ["a", "b"] * 10)


def test_a_fraction_is_held_out():
    training, held_out = split_validation(DATA, "0.2", seed=3)
    assert (len(training), len(held_out)) == (16, 4)
    assert sorted([*training.texts, *held_out.texts]) == sorted(DATA.texts)
    assert split_validation(DATA, 0.2, seed=3)[1].texts == held_out.texts
    assert split_validation(DATA, 0.2, seed=4)[1].texts != held_out.texts


@pytest.mark.parametrize("nothing", ["0", 0, "0.0"])
def test_nothing_is_held_out(nothing):
    assert split_validation(DATA, nothing) == (DATA, None)


@pytest.mark.parametrize("fraction", ["0.7", "-0.1", "nan", "1"])
def test_fractions_that_cannot_be(fraction):
    with pytest.raises(InputError, match=r"more than 0 and at most 0\.5 of the texts"):
        split_validation(DATA, fraction)


def test_a_file_or_other_rows_of_the_table(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("part,text,label\ntrain,one,a\ntrain,two,b\ntest,three,a\n", encoding="utf-8")
    data = read_labeled(table, only="part=train")
    training, held_out = split_validation(data, "part=test", only="part=train")
    assert (training, held_out.texts) == (data, ["three"])
    _, all_rows = split_validation(data, str(table), only="part=train")
    assert all_rows.texts == ["one", "two", "three"]
    assert held_out_fraction(str(table)) is None
    with pytest.raises(InputError, match=r"nothing\.csv"):
        split_validation(data, "nothing.csv")
