"""Whether the first row of a table names its columns."""

import pytest

from embedkit.errors import InputError
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_texts

pytestmark = pytest.mark.filterwarnings("ignore:.*is taken for the names of columns")
BELOW = "see you at home,ham\nwin a prize now,spam\nsee you there,ham\nwin it now,spam\n"


@pytest.mark.parametrize(
    "first", ["love it,joy", "so what is it now,joy", "great!,joy", "ok then,ham", "今天天气很好,joy"]
)
def test_a_first_text_with_a_label_of_its_own_is_a_text(write, first):
    data = read_labeled(write("a.csv", f"{first}\n{BELOW}"))
    assert [data.texts[0], data.labels[0], len(data)] == [*first.split(","), 5]


@pytest.mark.parametrize(
    "header",
    [
        "text,label",
        "text,spam",
        "said,mood",
        "User Comment,Mood of User",
        "v1,v2",
        ",mood",
        "SentimentText,class",
        "评论,标签",
    ],
)
def test_names_are_no_texts(write, header):
    data = read_labeled(write("a.csv", f"{header}\n{BELOW}"), text_column="1", label_column="2")
    assert (len(data), data.texts[0]) == (4, "see you at home")
    assert data.columns.startswith(f"texts from column '{header.split(',')[0]}'")


def test_a_name_above_numbers_is_a_name(write):
    assert list(read_texts(write("a.csv", "id,note here\n1,so good\n2,bad\n"))) == ["so good", "bad"]
    data = read_labeled(write("b.csv", "said then,mood\nso good,1\nbad,0\nfine,1\npoor,1\n"))
    assert data.labels == ["1", "0", "1", "1"]


@pytest.mark.parametrize("first", ["what is this message,ham", "win it now,spam"])
def test_a_label_that_comes_again_is_no_name(write, first):
    data = read_labeled(write("a.csv", f"{first}\n{BELOW}"))
    assert [data.texts[0], data.labels[0], len(data)] == [*first.split(","), 5]


def test_names_that_are_numbers_stand_beside_an_empty_one(write):
    data = read_labeled(write("a.csv", ",0,1\n0,so good,1\n1,bad,0\n2,poor,0\n3,fine,1\n"))
    assert (data.texts[0], data.labels, data.columns[-10:]) == ("so good", ["1", "0", "0", "1"], "column '1'")


def test_a_sorted_file_may_have_unusual_names(write):
    rows = [f"text number {number},{'down' if number < 1200 else 'up'}\n" for number in range(2000)]
    data = read_labeled(write("a.csv", "said,mood\n" + "".join(rows)))
    assert data.counts == {"down": 1200, "up": 800}


@pytest.mark.parametrize(
    ("first", "warned"), [("great,joy", True), ("text,joy", False), ("said,label", False)]
)
def test_a_header_that_is_only_likely_is_warned_of(write, first, warned, recwarn):
    path = write("a.csv", f"{first}\n{BELOW}")
    assert len(read_labeled(path, text_column="1", label_column="2")) == 4
    found = [str(each.message) for each in recwarn]
    names = ", ".join(map(repr, first.split(",")))
    assert [f"a.csv: the first row, {names}, is taken for the names" in message for message in found] == [
        True
    ] * warned
    recwarn.clear()
    read_labeled(path, header=True, text_column="1", label_column="2")
    assert len(read_labeled(path, header=False)) == 5
    assert not recwarn


def test_a_column_of_numbers_without_a_name_has_a_header(write):
    data = read_labeled(write("a.csv", ",said,mood\n0,so good,up\n1,bad,down\n"), label_column="mood")
    assert (data.texts, data.labels) == (["so good", "bad"], ["up", "down"])


@pytest.mark.parametrize("first", ["great stuff,y", "what is this,tag", "message,n"])
def test_a_first_row_that_could_be_either_is_asked_about(write, first):
    path = write("a.csv", f"{first}\n" + "see you at home,n\nwin a prize now,m\nsee you there,n\nwin it,m\n")
    with pytest.raises(InputError, match=r"cannot tell whether the first row.*\(--header\).*\(--no-header\)"):
        read_labeled(path)
    assert len(read_labeled(path, header=False)) == 5
    assert len(read_labeled(path, header=True, text_column="1")) == 4


def test_the_number_of_a_column_is_no_name(write):
    path = write("a.csv", "1,so good\n0,bad\n1,fine\n0,poor\n")
    assert read_labeled(path, label_column="1", text_column="2").labels == ["1", "0", "1", "0"]
