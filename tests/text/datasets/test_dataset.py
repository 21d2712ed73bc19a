"""Labeled texts from every kind of file, and the messages about bad ones."""

import bz2
import gzip
import json
import lzma
import sys
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.labels import label_of
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_named_texts, read_texts

TEXTS = ["a fine film", "what a bore", "fine, and no bore", "dull"]
LABELS = ["good", "bad", "good", "bad"]

CSV = 'id,review,sentiment\n1,a fine film,good\n2,what a bore,bad\n3,"fine, and no bore",good\n4,dull,bad\n'
PLAIN_TSV = "a fine film\tgood\nwhat a bore\tbad\nfine, and no bore\tgood\ndull\tbad\n"
HEADED_TSV = "label\ttext\ngood\ta fine film\nbad\twhat a bore\ngood\tfine, and no bore\nbad\tdull\n"
UNUSUAL_CSV = "mood;said\ngood;a fine film\nbad;what a bore\ngood;fine, and no bore\nbad;dull\n"
JSON_LINES = "".join(
    json.dumps({"body": text, "stars": 3, "class": label}) + "\n"
    for text, label in zip(TEXTS, LABELS, strict=True)
)
CRLF = "\ufeff" + PLAIN_TSV.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("name", "content", "columns"),
    [
        ("a.csv", CSV, "texts from column 'review', labels from column 'sentiment'"),
        ("a.tsv", PLAIN_TSV, "texts from column '1', labels from column '2'"),
        ("a.TSV", CRLF, "texts from column '1', labels from column '2'"),
        ("b.tsv", HEADED_TSV, "texts from column 'text', labels from column 'label'"),
        ("b.csv", UNUSUAL_CSV, "texts from column 'said', labels from column 'mood'"),
        ("a.jsonl", JSON_LINES, "texts from column 'body', labels from column 'class'"),
        (
            "a.csv.gz",
            gzip.compress(CSV.encode(), mtime=0),
            "texts from column 'review', labels from column 'sentiment'",
        ),
        ("a.tsv.bz2", bz2.compress(PLAIN_TSV.encode()), "texts from column '1', labels from column '2'"),
        ("a.tsv.xz", lzma.compress(PLAIN_TSV.encode()), "texts from column '1', labels from column '2'"),
        (
            "a.jsonl.zst",
            zstandard.compress(JSON_LINES.encode()),
            "texts from column 'body', labels from column 'class'",
        ),
    ],
)
def test_columns_are_found_and_said(write, name, content, columns):
    data = read_labeled(write(name, content))
    assert (data.texts, data.labels, data.columns) == (TEXTS, LABELS, columns)
    assert list(read_texts(write(name, content))) == TEXTS


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    table = pyarrow.table({"n": range(4), "text": TEXTS, "label": [1.0, 0.0, 1.0, 0.0], "tags": [["a"]] * 4})
    write_table(table, tmp_path / "a.parquet")
    data = read_labeled(tmp_path / "a.parquet")
    assert (data.texts, data.labels) == (TEXTS, ["1", "0", "1", "0"])
    assert read_labeled(tmp_path / "a.parquet", label_column="tags").labels == [("a",)] * 4
    write_table(pyarrow.table({"text": TEXTS, "label": [1, None, 0, 1]}), tmp_path / "b.parquet")
    with pytest.raises(InputError, match="line 2: no label in column 'label'"):
        read_labeled(tmp_path / "b.parquet")
    (tmp_path / "c.parquet").write_text("no parquet")
    with pytest.raises(FormatError, match="expected a parquet file"):
        read_labeled(tmp_path / "c.parquet")


def test_parquet_that_is_damaged(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    texts = [f"text {number}" for number in range(3000)]
    path = tmp_path / "a.parquet"
    write_table(pyarrow.table({"text": texts, "label": ["x", "y"] * 1500}), path)
    content = bytearray(path.read_bytes())
    content[100:3000] = bytes(2900)
    path.write_bytes(content)
    with pytest.raises(FormatError, match="damaged after row 0"):
        read_labeled(path)


def test_parquet_without_pyarrow(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[parquet\]'"):
        read_labeled(write("a.parquet", "x"))


def test_a_folder_has_a_sub_folder_a_class(tmp_path):
    for name, text in {
        "bad/1.txt": "what a bore",
        "good/2.txt": "a fine\nfilm\n",
        ".git/x.txt": "no",
    }.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    (tmp_path / "good" / "3.txt.gz").write_bytes(gzip.compress(b"fine", mtime=0))
    (tmp_path / "good" / "notes.md").write_text("not a text")
    data = read_labeled(tmp_path)
    assert data.texts == ["what a bore", "a fine\nfilm\n", "fine"]
    assert data.labels == ["bad", "good", "good"]
    (tmp_path / "so-so").mkdir()
    with pytest.warns(UserWarning, match="no .txt file in so-so, so no such class"):
        assert read_labeled(tmp_path).counts == {"bad": 1, "good": 2}
    with pytest.raises(InputError, match="expected a sub-folder for each class"):
        read_labeled(tmp_path / "good")
    with pytest.raises(InputError, match="expected a file of texts, got the folder"):
        list(read_texts(tmp_path))


def test_columns_can_be_named_by_name_or_number(write):
    path = write("a.csv", "first,second,third\nx y z,a,0\nx y,b,1\n")
    assert read_labeled(path, text_column="second", label_column="first").labels == ["x y z", "x y"]
    assert read_labeled(path, text_column="3", label_column="2", header=True).texts == ["0", "1"]
    assert read_labeled(path, text_column="1", label_column="2", header=False).texts[0] == "first"
    assert list(read_texts(path, text_column="third")) == ["0", "1"]


def test_a_first_row_whose_labels_come_again_is_no_header(write):
    rows = "question,1\n" + "is it so,2\nquestion,1\nsentence,2\n"
    assert len(read_labeled(write("a.csv", rows))) == 4


def test_quotes_without_meaning_are_kept_in_tsv(write):
    loose = 'text\tlabel\n"Foo" is bad\t0\nfine\t1\n'
    assert read_labeled(write("a.tsv", loose)).texts == ['"Foo" is bad', "fine"]
    quoted = 'text\tlabel\n"a ""b""\nc"\t0\nfine\t1\n'
    assert read_labeled(write("b.tsv", quoted)).texts == ['a "b"\nc', "fine"]
    assert read_labeled(write("c.tsv", '"a"\t0\n"b"\t1\n'), quoting=False).texts == ['"a"', '"b"']


def test_a_cell_may_be_of_any_length(write):
    text = "word " * 100_000
    assert read_labeled(write("a.csv", f'text,label\n"{text}",0\nfine,1\n')).texts[0] == text


def test_other_encodings_are_named(write):
    path = write("a.tsv", "caf\xe9 au lait\tgood\nth\xe9 vert\tbad\n".encode("latin-1"))
    assert read_labeled(path, encoding="latin-1").texts[0] == "caf\xe9 au lait"
    with pytest.raises(FormatError, match=r"a.tsv, line 1: byte 0xe9 is not utf-8; .*--encoding cp1252"):
        read_labeled(path)
    with pytest.raises(InputError, match="there is no encoding 'latin-99'"):
        read_labeled(path, encoding="latin-99")
    with pytest.raises(FormatError, match=r"a.tsv: byte .* at offset \d+ is not utf-16|UTF-16"):
        read_labeled(path, encoding="utf-16")


@pytest.mark.parametrize(
    ("cell", "separator", "label"),
    [
        (" good ", None, "good"),
        (1, None, "1"),
        (1.0, None, "1"),
        (0.5, None, "0.5"),
        (True, None, "true"),
        ('["a", "b", "a"]', None, ("a", "b")),
        (["a", 2], None, ("a", "2")),
        ("[]", None, ()),
        ("[draft]", None, "[draft]"),
        ("a; b", ";", ("a", "b")),
        ("", ";", ()),
        ("", None, None),
        ("NaN", None, None),
        (float("nan"), None, None),
        (None, None, None),
        (["a", None], None, None),
    ],
)
def test_labels(cell, separator, label):
    assert label_of(cell, separator) == label


def test_several_labels_a_text(write):
    data = read_labeled(write("a.csv", "text,tags\na b,x|y\nc d,\ne f,y\n"), label_separator="|")
    assert (data.labels, data.multilabel, data.counts) == ([("x", "y"), (), ("y",)], True, {"x": 1, "y": 2})


def test_lines_that_begin_with_the_labels_of_fasttext(write):
    data = read_labeled(write("a.txt", "__label__good a fine film\r\n\n__label__bad\tdull\n"))
    assert (data.texts, data.labels) == (["a fine film", "dull"], ["good", "bad"])
    assert data.columns == "labels from the words that begin with __label__"
    packed = gzip.compress(b"__label__a __label__b __label__a c d\n__label__b e\n", mtime=0)
    several = read_labeled(write("a.txt.gz", packed))
    assert (several.texts, several.labels) == (["c d", "e"], [("a", "b"), ("b",)])


def test_lines_that_begin_with_their_label(write):
    path = write("a.txt", "DESC:manner How did it end ?\nNUM:date\tWhen  did it end ?\n")
    data = read_labeled(path, label_first=True)
    assert (data.texts, data.labels) == (
        ["How did it end ?", "When  did it end ?"],
        ["DESC:manner", "NUM:date"],
    )
    assert data.columns == "labels from the first word of each line"
    coarse = read_labeled(path, label_first=True, label_end=":")
    assert (coarse.texts, coarse.labels) == (data.texts, ["DESC", "NUM"])
    both = read_labeled(path, label_first=True, label_separator=":")
    assert both.labels == [("DESC", "manner"), ("NUM", "date")]
    with pytest.warns(UserWarning, match="a.txt: 1 empty texts, line 1"):
        read_labeled(write("a.txt", "only\nx y\n"), label_first=True)


def test_labels_end_where_they_are_said_to(write):
    path = write("a.csv", "text,label\na b,x:1\nc d,y\n")
    assert read_labeled(path, label_end=":").labels == ["x", "y"]
    path = write("a.csv", "text,label\na b,x:1|x:2\nc d,y\n")
    assert read_labeled(path, label_separator="|", label_end=":").labels == [("x",), ("y",)]
    with pytest.raises(InputError, match="line 2: no label in column 'label'"):
        read_labeled(write("a.csv", "text,label\na b,:1\nc d,y\n"), label_end=":")


REFUSED = [
    ("a.csv", "text,label\na,1\nb,\nc,NaN\n", "a.csv, lines 3, 4: no label in column 'label'"),
    ("a.tsv", "a b\t1\nc d\t0\ne f\n", "a.tsv, line 3: expected 2 columns as in the first row, got 1"),
    ("a.csv", 'text,label\n"a b,1\nc,0\n', "a.csv, line 2: .*--no-quoting"),
    ("a.jsonl", '{"text": "a", "label": 1}\n{"text": ', "a.jsonl, line 2: expected a JSON object"),
    ("a.jsonl", "[1]\n", "a.jsonl, line 1: expected a JSON object"),
    ("a.jsonl", '{"text": 1, "label": 1}\n', "a.jsonl, line 1: expected a text in column 'text', got 1"),
    ("a.jsonl", '{"text": "a", "label": ["x"]}\n{"text": "b", "label": "y"}\n', "line 2: expected a list of"),
    ("a.csv", "text,label\n", "expected rows below the header, got none"),
    ("a.csv", "\n\n", "a.csv: expected rows, got an empty file"),
    ("a.doc", "a\n", "expected a folder or a file whose name ends with .csv"),
    ("a.txt", "\na fine film\n", r"a.txt, line 2: expected .* begin with __label__ .*\(--label-first\)"),
    ("a.txt", "__label__a b\nc\n__label__ d\n", "a.txt, lines 2, 3: no label; give these texts labels"),
    ("a.txt", "\n", "a.txt: expected lines, got an empty file"),
    ("a.csv", "text,this,that\na,1,2\nb,1,2\nc,2,1\nd,2,1\n", "cannot tell which column holds the labels"),
    ("a.csv", "text\na\nb\n", "expected a column of labels beside that of texts, got none"),
    ("absent", None, "expected a folder or a file .*absent, which does not exist"),
    ("absent.csv", None, "cannot read .*absent.csv"),
]


@pytest.mark.parametrize(("name", "content", "message"), REFUSED)
def test_bad_files_are_refused_by_line(write, tmp_path, name, content, message):
    path = tmp_path / name if content is None else write(name, content)
    with pytest.raises(InputError, match=message):
        read_labeled(path)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text_column": "texts"}, "no column 'texts' for the text; there are 'review', 'label', 'label'"),
        ({"label_column": "label"}, "several columns 'label' for the label"),
        ({"text_column": "1", "label_column": "1"}, "cannot both be column 'review'"),
    ],
)
def test_wrong_columns(write, columns, message):
    with pytest.raises(InputError, match=message):
        read_labeled(write("a.csv", "review,label,label\na b,0,1\nc d,1,0\n"), **columns)


def test_empty_texts_are_warned_of(write):
    with pytest.warns(UserWarning, match="a.csv: 2 empty texts, lines 2, 4"):
        data = read_labeled(write("a.csv", "text,label\n,1\nb,0\n ,0\n"))
    assert data.texts == ["", "b", " "]


def test_lines_of_text(write):
    assert list(read_texts(write("a.txt", "one\r\n\n two\nthree"))) == ["one", " two", "three"]


@pytest.mark.parametrize(
    ("name", "content", "column", "expected"),
    [
        ("a.csv", "id,review\n1,one\n2,two\n", "review", "column 'review'"),
        ("a.csv", "id,review\n1,one\n2,two\n", "text", "column 'review'"),
        ("a.csv", "review,id\none,a longer note\ntwo,another note\n", "1", "column 'review'"),
        ("a.txt", "one\ntwo\n", "text", "a text a line"),
    ],
)
def test_more_texts_may_lack_the_column_of_the_labeled_ones(write, name, content, column, expected):
    found = read_named_texts(write(name, content), text_column=column)
    assert list(found) == ["one", "two"]
    assert found.columns.endswith(expected)
    assert Path(found.name).name == name


def test_more_texts_that_cannot_be_read_are_named(write, tmp_path):
    with pytest.raises(FormatError, match=r"a.jsonl, line 1: expected a text in column 'id', got 3"):
        read_named_texts(write("a.jsonl", '{"id": 3}\n'), text_column="text")
    with pytest.raises(FormatError, match=r"a.txt, line 1: byte 0xe9 is not utf-8"):
        read_named_texts(write("a.txt", "caf\xe9\n".encode("latin-1")))
    with pytest.raises(InputError, match="expected a file of texts, got the folder"):
        read_named_texts(tmp_path)
    with pytest.raises(InputError, match=r"a.txt: expected a text a line, got none"):
        read_named_texts(write("a.txt", "\n \n"))


labels_of_texts = st.lists(st.sampled_from("abcd"), min_size=20, max_size=80)


@given(labels_of_texts, st.floats(0.1, 0.5), st.integers(0, 5))
def test_a_split_keeps_the_shares_of_classes(labels, fraction, seed):
    data = Labeled([str(number) for number in range(len(labels))], labels)
    kept, held = data.split(fraction, seed)
    assert sorted([*kept.texts, *held.texts], key=int) == data.texts
    assert all(data.labels[int(text)] == label for text, label in zip(held.texts, held.labels, strict=True))
    for label, count in data.counts.items():
        if count == 1:
            assert label not in held.counts
        else:
            assert abs(held.counts.get(label, 0) - fraction * count) < 1
    assert data.split(fraction, seed)[1].texts == held.texts


def test_splits_that_cannot_be():
    data = Labeled(["a", "b"], ["x", "x"])
    with pytest.raises(InputError, match=r"at most 0.5"):
        data.split(0.6)
    with pytest.raises(InputError, match="hold out more"):
        Labeled(["a", "b", "c"], ["x", "x", "y"]).split(0.01)
    with pytest.raises(InputError, match="got one of its own for each of 2 texts, such as 'x'; is"):
        Labeled(["a", "b"], ["x", "y"]).split(0.5)
    with pytest.raises(InputError, match=r"expected several texts to hold out some of them, got 1$"):
        Labeled(["a"], ["x"]).split(0.5)
    with pytest.raises(InputError, match="a label for each of 2 texts, got 1"):
        Labeled(["a", "b"], ["x"])


def test_a_description_tells_data_apart():
    first, second = Labeled(["a", "b"], ["x", "y"], "d/n.csv"), Labeled(["a", "b"], ["y", "x"], "n.csv")
    described = first.describe()
    assert {**described, "sha256": 0} == {
        "name": "n.csv",
        "texts": 2,
        "labels": {"x": 1, "y": 1},
        "sha256": 0,
    }
    assert described["sha256"] != second.describe()["sha256"]
    assert described == first.subset(np.array([0, 1]).tolist()).describe()


def test_rows_are_chosen_by_what_a_column_holds(write):
    path = write("a.tsv", "text\temoji\tpart\na b\tx\ttrain\nc d\ty\ttest\ne f\tx\ttrain\n")
    chosen = read_labeled(path, only="part=train")
    assert (chosen.texts, chosen.labels) == (["a b", "e f"], ["x", "x"])
    assert read_labeled(path, only="3=test").texts == ["c d"]
    with pytest.raises(InputError, match="no row has 'dev' in column 'part'"):
        read_labeled(path, only="part=dev")
    with pytest.raises(InputError, match="COLUMN=VALUE, such as part=train, got 'train'"):
        read_labeled(path, only="train")
    with pytest.raises(InputError, match="no column 'split' for the rows"):
        read_labeled(path, only="split=train")
    with pytest.raises(InputError, match="only a table has rows to choose"):
        read_labeled(write("a.txt", "__label__x a b\n"), only="part=train")
