"""Rows that cannot be read are left out if asked, counted and named."""

import pytest

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_named_texts, read_texts

FILES = {
    "wide.csv": "text,label\nso good,up\nodd, one,up\nbad,down\n",
    "narrow.tsv": "text\tlabel\nso good\tup\nodd one\nbad\tdown\n",
    "note.csv": "# made by us\ntext,label\nso good,up\nbad,down\n",
    "first.csv": "odd,one,up\nso good,up\nbad,down\n",
    "quote.csv": 'text,label\n"so good",up\n"odd" one,up\nbad,down\n',
    "open.csv": 'text,label\nso good,up\n"odd one,up\nbad,down\n',
    "joined.csv": 'text,label\nso good,up\n"odd one,up\nbad,"down"\n',
    "json.jsonl": '{"text": "so good", "label": "up"}\n{"text": "odd\n{"text": "bad", "label": "down"}\n',
    "list.jsonl": '{"text": "so good", "label": "up"}\n[1]\n{"text": "bad", "label": "down"}\n',
    "number.jsonl": '{"text": "so good", "label": "up"}\n{"text": 3, "label": "up"}\n'
    '{"text": "bad", "label": "down"}\n',
    "bytes.csv": b"text,label\nso good,up\nodd \xe9 one,up\nbad,down\n",
    "none.csv": "text,label\nso good,up\nodd one,\nbad,down\n",
    "single.csv": 'text,label\nso good,"[""up""]"\nodd one,up\nbad,"[""down""]"\n',
    "none.txt": "__label__up so good\nodd one\n__label__down bad\n",
}


@pytest.mark.parametrize("name", FILES)
def test_bad_rows_are_left_out_if_asked(write, name):
    path = write(name, FILES[name])
    line = 1 if name in ("first.csv", "note.csv") else 2 if name.endswith(("jsonl", "txt")) else 3
    with pytest.raises((FormatError, InputError), match=f"{name}, line {line}: .*--skip-bad-rows"):
        read_labeled(path)
    with pytest.warns(UserWarning, match=f"{name}: 1 bad row was left out, line {line} "):
        data = read_labeled(path, skip_bad_rows=True)
    labels = [label if isinstance(label, str) else label[0] for label in data.labels]
    assert (data.texts, labels) == (["so good", "bad"], ["up", "down"])


def test_texts_without_labels_leave_bad_rows_out(write):
    path = write("a.csv", 'n,text\n1,so good\n2,"odd" one\n3\n4,a,b\n5,"bad\nday"\n')
    with pytest.warns(UserWarning, match=r"3 bad rows were left out, lines 3, 4, 5 \("):
        assert list(read_texts(path, skip_bad_rows=True)) == ["so good", "bad\nday"]
    with pytest.warns(UserWarning, match="1 bad row was left out, line 2"):
        assert list(read_named_texts(write("a.txt", b"good\n\xff\n"), skip_bad_rows=True)) == ["good"]


def test_a_file_of_bad_rows_is_refused(write):
    with pytest.raises(InputError, match="none of 2 rows can be read, lines 2, 3"):
        read_labeled(write("a.csv", "text,label\nso good,\nbad,\n"), skip_bad_rows=True)
    with pytest.raises(FormatError, match="line 2: expected 2 columns as in the header, got 3"):
        read_labeled(write("a.csv", "text,label\nso, good,up\nbad, or,down\n"), skip_bad_rows=True)
    with pytest.raises(InputError, match=r"none of 1 rows can be read, line 1"):
        read_labeled(write("a.jsonl", "{\n"), skip_bad_rows=True)


def test_of_very_many_bad_rows_only_the_number_is_kept(monkeypatch):
    monkeypatch.setattr("embedkit.text.datasets.bad_rows.MAX_KEPT", 4)
    bad = BadRows("a.csv", skip=True)
    for line in [2, 2, *range(3, 13)]:
        bad.report(line, "a problem")
    with pytest.warns(
        UserWarning, match=r"a.csv: 11 bad rows were left out, lines 2, 3, 4 and 8 more \(a prob"
    ):
        bad.warn(kept=1)
