"""One value is one label, however files and frames store it."""

import json

import numpy as np
import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from embedkit.errors import InputError
from embedkit.text.datasets.labels import label_of
from embedkit.text.datasets.reading import read_labeled

TEXTS = ["so good", "bad"]
COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("cells", "written", "labels"),
    [
        ([True, False], ["True", "False"], ["true", "false"]),
        ([True, False], ["TRUE", "FALSE"], ["true", "false"]),
        ([1.0, 0.0], ["1.0", "0.0"], ["1", "0"]),
        ([1, 0], ["1", "0"], ["1", "0"]),
        ([1.0, -2.0], ["1.000000000000000000e+00", "-2.0e+00"], ["1", "-2"]),
        ([1234567.0, -2.0], ["1234567.0", "-2.0"], ["1234567", "-2"]),
        ([100000.0, 2.0], ["1e+05", "2e+00"], ["100000", "2"]),
        (["x", "y"], ["__label__x", "y"], ["x", "y"]),
        ([COMPOSED, "b"], [DECOMPOSED, "b"], [COMPOSED, "b"]),
        (["a b", "c"], ["a\u00a0b\u200b", "\ufeff c\u00ad"], ["a b", "c"]),
        ([["x", "y"], []], ["['x', 'y']", "[]"], [("x", "y"), ()]),
        ([["x", "it's"], ["y"]], ["""['x' "it's"]""", "['y']"], [("x", "it's"), ("y",)]),
        ([["x"], ["y", "z"]], ["('x',)", "{'z', 'y'}"], [("x",), ("y", "z")]),
        ([["x", "y"], []], ["frozenset({'y', 'x'})", "frozenset()"], [("x", "y"), ()]),
        ([["x", "y"], ["z"]], ["array(['x', 'y'], dtype=object)", "array(['z'])"], [("x", "y"), ("z",)]),
        ([[1, 2], [3]], ["[1 2]", "[3.]"], [("1", "2"), ("3",)]),
    ],
)
def test_a_value_is_one_label_in_all_files(write, tmp_path, cells, written, labels):
    objects = [{"text": text, "label": cell} for text, cell in zip(TEXTS, cells, strict=True)]
    table = pa.table({"text": TEXTS, "label": cells})
    write_table(table, tmp_path / "a.parquet")
    sources = [write("a.jsonl", "\n".join(map(json.dumps, objects))), tmp_path / "a.parquet", table]
    rows = [
        f'{text}\t"{cell.replace(chr(34), 2 * chr(34))}"\n' for text, cell in zip(TEXTS, written, strict=True)
    ]
    sources += [write("a.tsv", "text\tlabel\n" + "".join(rows)), pa.table({"text": TEXTS, "label": written})]
    for source in sources:
        assert read_labeled(source).labels == labels, source


def test_numbers_of_single_precision_are_written_as_others(tmp_path):
    table = pa.table({"text": TEXTS, "label": pa.array([0.1, 2.5], pa.float32())})
    write_table(table, tmp_path / "a.parquet")
    for source in (tmp_path / "a.parquet", table):
        assert read_labeled(source, label_column="label").labels == ["0.1", "2.5"]


def test_lines_and_folders_hold_the_same_labels(write, tmp_path):
    lines = write("a.txt", f"__label__True so good\n__label__{DECOMPOSED} bad\n")
    assert read_labeled(lines).labels == ["true", COMPOSED]
    write(f"f/{DECOMPOSED}/1.txt", "bad")
    write("f/1.0/1.txt", "so good")
    assert read_labeled(tmp_path / "f").labels == ["1", COMPOSED]


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("01", "01"),
        ("1.50", "1.50"),
        ("3.10", "3.10"),
        ("[draft]", "[draft]"),
        ("(see below)", "(see below)"),
        ("['a' or b]", "['a' or b]"),
        ("[01 02]", "[01 02]"),
        ("[]", ()),
        ("()", ()),
        ("set()", ()),
        ("[None]", None),
        ("\u200b", None),
        (1e20, "1e+20"),
        (0.1, "0.1"),
        (-0.0, "0"),
        (np.float64(2), "2"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
    ],
)
def test_what_is_no_other_spelling_stays(cell, label):
    assert label_of(cell) == label


def test_an_empty_separator_is_refused(write):
    with pytest.raises(InputError, match="got an empty separator"):
        read_labeled(write("a.csv", "text,label\nso good,up\n"), label_separator="")
