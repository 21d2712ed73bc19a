"""Which column holds the labels, and which the texts."""

import pytest

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_texts


def tweets(number, label):
    return f"{label},{number},day{number // 2},NO_QUERY,user {number},tweet number {number} is a long one\n"


def test_labels_of_a_sorted_file_are_found_in_all_of_it(write):
    """As Sentiment140: without a header, sorted by label, with a column that is always the same."""
    path = write("a.csv", "".join(tweets(number, 0 if number < 1500 else 4) for number in range(2000)))
    data = read_labeled(path)
    assert data.counts == {"0": 1500, "4": 500}
    assert data.texts[0] == "tweet number 0 is a long one"
    assert data.columns == "texts from column '6', labels from column '1'"


def test_dates_are_no_texts_however_long(write):
    rows = [f"{row % 2},Mon Apr {row % 30 + 1:02} 22:19 PDT 2009,tweet {row}\n" for row in range(60)]
    assert read_labeled(write("a.csv", "".join(rows))).texts[:2] == ["tweet 0", "tweet 1"]


def test_a_key_of_two_values_in_one_object_is_refused(write):
    same = '{"text": "fine", "label": "b", "id": 1, "id": 1, "n": NaN}\n'
    twice = '{"text": "fine", "label": "b", "label": "train"}\n'
    assert read_labeled(write("a.jsonl", 2 * same)).labels == ["b", "b"]
    with pytest.raises(FormatError, match=r"line 2: .* the key 'label' has two values"):
        read_labeled(write("a.jsonl", same + twice))


def test_lines_of_fasttext_in_a_table_are_told(write):
    with pytest.raises(InputError, match=r"fastText's lines with __label__, name the file .txt"):
        read_labeled(write("a.csv", "__label__a so good\n__label__b bad\n" * 3))
    assert list(read_texts(write("b.csv", "text\n__label__a so good\nbad __label__b\n"))) == [
        "so good",
        "bad ",
    ]


def test_columns_of_one_name_are_told_apart_by_number(write):
    path = write("a.csv", "text,label,label\nso good,train,up\nbad,test,down\n")
    with pytest.raises(
        InputError, match=r"several columns 'label' for the label; .* 2 or 3 \(--label-column\)"
    ):
        read_labeled(path)
    assert read_labeled(path, label_column="3").labels == ["up", "down"]
    with pytest.raises(InputError, match=r"several columns 'text' .* 1 or 2 \(--text-column\)"):
        list(read_texts(write("b.csv", "text,text\nso good,up\nbad,down\n")))


@pytest.mark.parametrize("names", [["id", "text", "label", "id"], ["text", "text", "label", "n"]])
def test_columns_of_one_name_in_parquet(tmp_path, names):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    columns = [["a b", "c d"], ["so good", "bad"], ["up", "down"], ["e f", "g h"]]
    write_table(
        pyarrow.Table.from_arrays([pyarrow.array(column) for column in columns], names),
        tmp_path / "a.parquet",
    )
    data = read_labeled(tmp_path / "a.parquet", text_column="2")
    assert (data.texts, data.labels) == (["so good", "bad"], ["up", "down"])


def test_parquet_that_cannot_be_read(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    with pytest.raises(InputError, match=r"cannot read .*absent.parquet: No such file"):
        read_labeled(tmp_path / "absent.parquet")
    (tmp_path / "a.parquet.gz").write_bytes(b"")
    with pytest.raises(InputError, match=r"a.parquet.gz: parquet is compressed in itself; unpack"):
        read_labeled(tmp_path / "a.parquet.gz")
    path = tmp_path / "a.parquet"
    write_table(
        pyarrow.table({"text": ["ab", "quux"], "label": ["x", "y"]}),
        path,
        compression="none",
        use_dictionary=False,
    )
    path.write_bytes(path.read_bytes().replace(b"quux", b"qu\xe9x"))
    with pytest.raises(FormatError, match=r"a.parquet: damaged after row 0"):
        read_labeled(path)


@pytest.mark.parametrize(
    ("values", "some"),
    [
        (["0.25", "0.5", "1.0", "0.75"], "0.25"),
        (["-0.5", "1e-3", "2", "3"], "-0.5"),
        (["0,93", "0,5", "1,0", "1,25"], "0,5"),
        (["2024-01-02", "2024-01-03", "2024-02-01", "2024-02-02"], "2024-01-02"),
        (["1/2/2024", "1/3/24", "12/24/2024", "1/1/2024"], "1/1/2024"),
    ],
)
@pytest.mark.parametrize("name", ["label", "score"])
def test_dates_and_fractions_are_no_classes_unless_somebody_says_so(write, name, values, some):
    path = write("a.csv", f"text,{name}\n" + "".join(f'a text,"{value}"\n' for value in values))
    with pytest.raises(
        InputError, match=f"got dates or numbers with fractions such as '{some}' in column '{name}'"
    ):
        read_labeled(path)
    assert len(read_labeled(path, label_column=name).counts) == 4


def test_many_different_fractions_are_never_classes(write):
    rows = "".join(f"a text,{number / 7:.3f}\n" for number in range(50))
    with pytest.raises(InputError, match="got 50 different dates or numbers with fractions"):
        read_labeled(write("a.csv", f"text,score\n{rows}"), label_column="score")


def test_a_guess_passes_by_dates_fractions_and_names_of_rows(write):
    rows = "".join(f"{n},2024-01-0{n % 2 + 1},0.{n % 2},a long text {n},{'abc'[n % 3]}\n" for n in range(12))
    data = read_labeled(write("a.csv", f",when,much,said,mood\n{rows}"))
    assert data.counts == {"a": 4, "b": 4, "c": 4}


def test_rows_are_chosen_by_value(write):
    path = write(
        "a.jsonl", '{"text": "so good", "label": 1, "kept": true, "n": 1.0}\n{"text": "bad", "label": 0}\n'
    )
    assert read_labeled(path, only="kept=True").texts == ["so good"]
    assert read_labeled(path, only="n=1").texts == ["so good"]


def test_a_column_that_is_called_as_labels_are_holds_no_texts(write):
    path = write("a.csv", ",category,word\n0,social unit,club\n1,social unit,team\n2,game,chess\n3,game,go\n")
    assert read_labeled(path).labels == ["social unit", "social unit", "game", "game"]


def test_names_that_differ_in_case_alone_are_told_apart_by_number(write):
    path = write("a.csv", "text,Label,label\nso good,train,up\nbad,test,down\n")
    with pytest.raises(InputError, match=r"several columns 'Label' .* 2 or 3 \(--label-column\)"):
        read_labeled(path)
    assert read_labeled(path, label_column="label").labels == ["up", "down"]
