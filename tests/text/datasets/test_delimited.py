"""Rows of csv and tsv that other programs wrote, and rows of another width than the header."""

import json

import pytest

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_texts

ROWS = [("so good, really", "up"), ('they said "no"', "down"), ("fine", "up"), ("poor", "down")]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "label,text\nup,so good, really\ndown,bad, I think\n",
            "line 2: expected 2 columns .* header, got 3",
        ),
        (
            "label,text\nup,so good\ndown,bad, I think\n",
            "line 3: expected 2 columns .* header, got 3; put cells",
        ),
        ("n,text,label\n1,so good\n2,bad\n", "line 2: expected 3 columns as in the header, got 2"),
        ("n,text,label\n1,so good,up\n2,bad\n", "line 3: expected 3 columns as in the header, got 2"),
        (
            "so good,up\nbad,no,\n\nfine,up\nso, so,up\n",
            "line 5: expected 2 columns as in the first row",
        ),
        ("so, good,up\nbad,down\npoor,down\n", "line 1: expected 2 columns as in most rows, got 3"),
    ],
)
@pytest.mark.parametrize("form", ["a.csv", "a.tsv"])
def test_rows_are_as_wide_as_the_header(write, form, rows, message):
    path = write(form, rows.replace(",", "\t") if form == "a.tsv" else rows)
    with pytest.raises(FormatError, match=f"{form}, {message}"):
        read_labeled(path)


def test_texts_without_labels_are_as_wide_as_the_header(write):
    with pytest.raises(FormatError, match="line 2: expected 3 columns"):
        list(read_texts(write("a.csv", "n,title,text\n1,so good\n2,bad\n")))
    with pytest.raises(FormatError, match="line 3: expected 2 columns"):
        list(read_texts(write("a.csv", "n,text\n1,so good\n2,bad, I think\n")))


@pytest.mark.parametrize(
    "content",
    [
        "text,label,\nso good,up,\nbad,down,\n",
        "text,label\nso good,up,\nbad,down,,\n",
        "text,label,,\nso good,up\nbad,down\n",
        "text,label,,\nso good,up,,\nbad,down\n",
        ",text,label\n0,so good,up\n1,bad,down\n",
    ],
)
def test_empty_cells_beside_the_named_columns_count_for_nothing(write, content):
    data = read_labeled(write("a.csv", content))
    assert (data.texts, data.labels) == (["so good", "bad"], ["up", "down"])


def test_text_in_columns_without_a_name_is_warned_of(write):
    path = write("a.csv", "v1,v2,,\nham,see you,,\nham,ok then, and more,\nspam,win now,,\nspam,win it,,\n")
    with pytest.warns(UserWarning, match="a.csv: 1 rows with text in columns without a name.*line 3"):
        data = read_labeled(path)
    assert (data.labels, data.texts[0]) == (["ham", "ham", "spam", "spam"], "see you")


@pytest.mark.parametrize(
    ("kind", "delimiter", "names"),
    [("a.csv", ",", "123"), ("a.csv", ";", "213"), ("a.tsv", "\t", ("7", "40", "8"))],
)
def test_names_of_rows_as_r_writes_them_are_left_out(write, kind, delimiter, names):
    rows = [["label", "text"], *([n, "up", "so, good; then"] for n in names)]
    path = write(kind, "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in rows))
    data = read_labeled(path)
    assert (data.texts, data.labels) == (["so, good; then"] * 3, ["up"] * 3)
    assert list(read_texts(path)) == data.texts


@pytest.mark.parametrize(
    "first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n", "sep=;;;\n", "sep=;,\n", "\ufeffsep=;\n"]
)
def test_a_first_line_may_name_the_delimiter(write, first):
    data = read_labeled(write("a.csv", f"{first}text;label\nso, so;up\nbad, or;down\n"))
    assert (data.texts, data.labels) == (["so, so", "bad, or"], ["up", "down"])
    with pytest.raises(FormatError, match="line 3: expected 2 columns"):
        read_labeled(write("b.csv", f"{first}text;label\nso;so;up\n"))


def quoted(rows, quote):
    lines = [f'{label},"{text.replace(chr(34), quote)}"\n' for text, label in rows]
    return "label,text\n" + "".join(lines)


@pytest.mark.parametrize("quote", ['""', '\\"'])
def test_quotes_in_quoted_cells_are_doubled_or_stand_after_a_backslash(write, quote):
    data = read_labeled(write("a.csv", quoted(ROWS, quote)))
    assert list(zip(data.texts, data.labels, strict=True)) == ROWS


def test_backslashes_stay_where_they_escape_nothing(write):
    path = write("a.csv", 'label,text\nup,"in C:\\dir\\"\ndown,"a ""b"" \\ c"\n')
    assert read_labeled(path).texts == ["in C:\\dir\\", 'a "b" \\ c']
    path = write("b.csv", 'label,text\nup,"say \\"a\\" \\n"\ndown,"b \\\\"\n')
    assert read_labeled(path).texts == ['say "a" \\n', "b \\\\"]


def test_quotes_after_backslashes_may_come_late(write):
    rows = [("so good, really", "up"), ("bad", "down")] * 1000 + ROWS
    data = read_labeled(write("a.csv", quoted(rows, '\\"')))
    assert list(zip(data.texts, data.labels, strict=True)) == rows


def test_advice_on_quotes_loses_no_text(write):
    path = write("a.csv", 'label,text\nup,"so, he said "yes" to me"\ndown,"bad, or"\n')
    with pytest.raises(FormatError, match=r'line 2: .*; write a quote inside a quoted cell twice \(""\)'):
        read_labeled(path)
    with pytest.raises(FormatError, match="line 2: expected 2 columns as in the header, got 3"):
        read_labeled(path, quoting=False)


def test_one_odd_row_does_not_hide_the_delimiter(write):
    content = "text;label\nso, good;up\nbad;down\nodd;one;out\nfine;up\n"
    with pytest.raises(FormatError, match="line 4: expected 2 columns as in the header, got 3"):
        read_labeled(write("a.csv", content))


def test_a_quote_that_joins_lines_of_a_tsv_is_none(write):
    rows = 'text\tlabel\nso good\tup\n"So true\tdown\nfine\tup\n'
    assert read_labeled(write("a.tsv", rows)).texts == ["so good", '"So true', "fine"]


@pytest.mark.parametrize("form", ["a.csv", "a.jsonl"])
def test_too_many_columns_are_refused_at_once(write, form):
    names = [f"name of column {number}" for number in range(20_000)]
    wide = {
        "a.csv": ",".join(names) + "\n" + "x," * 19_999 + "x\n",
        "a.jsonl": "".join(f'{{"{name}": 1}}\n' for name in names[::40]) + json.dumps(dict.fromkeys(names)),
    }
    with pytest.raises(InputError, match="expected at most 10,000 columns, got 20,000") as error:
        read_labeled(write(form, wide[form]))
    assert len(str(error.value)) < 200


def test_messages_about_columns_stay_short(write):
    path = write(
        "a.csv", ",".join(f"name {number} {'x' * 50}" for number in range(9000)) + "\n" + "1," * 8999 + "1\n"
    )
    with pytest.raises(InputError, match=r"there are 'name 0 x+'\.\.\., .* and 8,980 more") as error:
        read_labeled(path, label_column="y" * 5000, header=True)
    assert len(str(error.value)) < 1500
