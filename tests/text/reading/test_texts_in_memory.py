"""Texts in memory become the corpus that a file of them does, whatever holds them."""

import pyarrow as pa
import pytest

from embedkit import PPMISVD, Cooccurrences, Corpus, Reading, Texts, Word2Vec
from embedkit.errors import FormatError, InputError
from embedkit.text.reading.lines import read_lines

TEXTS = ["a fine film", "two\nlines", "what a bore"]
LINES = ["a fine film", "two lines", "what a bore"]
COLUMNS = {"id": [1, 2, 3], "review": TEXTS, "word": ["x", "y", "z"]}


class Dataset:
    """As datasets of Hugging Face are read; `features` are unknown for some of them."""

    def __init__(self, columns, known=True):
        self._columns = columns
        self.column_names = list(columns) if known else None
        kinds = {name: pa.array(values).type for name, values in columns.items()}
        self.features = {name: pa.field(name, kind) for name, kind in kinds.items()} if known else None
        for name, kind in kinds.items() if known else []:
            self.features[name] = type("Value", (), {"dtype": str(kind)})

    def with_format(self, kind):
        assert kind is None
        return self

    def select_columns(self, names):
        return Dataset({name: self._columns[name] for name in names})

    def iter(self, batch_size):
        for start in range(0, len(next(iter(self._columns.values()))), batch_size):
            yield {name: values[start : start + batch_size] for name, values in self._columns.items()}


Dataset.__module__ = "datasets.arrow_dataset"
FORMS = {
    "list": Texts(TEXTS),
    "tuple": Texts(tuple(TEXTS)),
    "array": pa.array(TEXTS),
    "chunked array": pa.chunked_array([TEXTS[:1], TEXTS[1:]]),
    "frame": pa.table(COLUMNS),
    "frame by number": Texts(pa.table(COLUMNS), 2),
    "dataset": Dataset(COLUMNS),
    "dataset by name": Texts(Dataset(COLUMNS), text_column="review"),
    "dataset of unknown columns": Dataset(COLUMNS, known=False),
}


@pytest.mark.parametrize("texts", FORMS.values(), ids=FORMS)
def test_each_text_is_a_document(tmp_path, texts):
    assert list(read_lines(texts)) == LINES
    (tmp_path / "a.txt").write_text("\n".join(LINES))
    plain, other = Corpus.encode(tmp_path / "a.txt", tmp_path / "c"), Corpus.encode(texts, tmp_path / "d")
    assert other.fingerprint == plain.fingerprint
    assert other.recipe["sources"][0]["name"] == "texts"


def test_generators_are_read_once_and_columns_longer_than_a_batch():
    many = [f"text number {number}" for number in range(2500)]
    assert list(read_lines(Texts(iter(many)))) == many
    assert list(read_lines(pa.table({"text": many}))) == many
    assert list(read_lines(Dataset({"n": [0] * 2500, "text": many}))) == many


def test_beside_files(tmp_path):
    (tmp_path / "a.csv").write_text("text,n\nfirst,1\n")
    sources = [tmp_path / "a.csv", Texts(["second"]), pa.array(["third"]), str(tmp_path / "a.csv")]
    assert list(read_lines(sources)) == ["first", "second", "third", "first"]
    corpus = Corpus.encode(sources, tmp_path / "c")
    assert [source["name"] for source in corpus.recipe["sources"]] == ["a.csv", "texts", "texts", "a.csv"]


def test_every_trainer_takes_them():
    texts = ["the cat sat", "the dog sat"] * 9
    words = ["sat", "the", "cat", "dog"]
    for source in (Texts(texts), pa.array(texts), [Texts(texts[:2]), Texts(texts[2:])]):
        assert list(PPMISVD(vector_size=2, min_count=1).train(source).vocabulary.words) == words
        assert list(Cooccurrences.count(source, min_count=1).vocabulary.words) == words
    assert (
        list(Word2Vec(vector_size=2, min_count=1, sample=0, epochs=1).train(Texts(texts)).vocabulary) == words
    )


def test_the_column_that_is_named_for_files_applies(tmp_path):
    assert list(read_lines(pa.table(COLUMNS), reading=Reading(text_column="word"))) == ["x", "y", "z"]
    texts = Texts(pa.table(COLUMNS), "review")
    assert list(read_lines(texts, reading=Reading(text_column="word"))) == LINES


@pytest.mark.parametrize("texts", [Texts(["a", None, "b", 7]), pa.table({"text": ["a", None, "b", None]})])
def test_what_is_no_text_is_told_by_number(texts):
    with pytest.warns(
        UserWarning, match=r"the texts: 2 bad texts were left out, numbers 2, 4 \(.*got None\)"
    ):
        assert list(read_lines(texts)) == ["a", "b"]
    with pytest.raises(
        FormatError, match=r"the texts, number 2: expected a text.*, got None; leave strict out"
    ):
        list(read_lines(texts, reading=Reading(strict=True)))


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (Texts("one text"), "expected an iterable of texts, got 'one text'; give a list of them"),
        (Texts(7), "expected an iterable of texts, got 7"),
        (
            Texts([["a", "b"]]),
            r"expected texts as strings, got the list \['a', 'b'\]; documents that are lists",
        ),
        (Texts([1, 2]), r"the texts: none of 2 texts can be read, numbers 1, 2 \(expected a text, got 1\)"),
        (
            Texts(["a"], "text"),
            "expected a frame or a dataset with a column 'text', got texts without columns",
        ),
        (
            Texts(pa.table(COLUMNS), "stars"),
            "no column 'stars' for the text; there are 'id', 'review', 'word'",
        ),
        (Texts(Dataset(COLUMNS), "id"), "column 'id' holds no strings; those that do are 'review', 'word'"),
        (pa.table({"id": [1], "n": [2]}), "expected a column of texts, got none"),
        (Dataset({"text": []}), "expected texts, got an empty dataset"),
        ({"train": Dataset(COLUMNS)}, "no such file or folder: train"),
        (Texts({"train": 1, "test": 2}), "expected texts, got a dict of 'train', 'test'; give one of these"),
        (None, "expected paths or texts, got None"),
        (["a text", "another"], r"no such file or folder: a text \(text in memory must be given as Texts"),
    ],
)
def test_what_are_no_texts(tmp_path, texts, message):
    with pytest.raises(InputError, match=message):
        Corpus.encode(texts, tmp_path / "c")
    assert not (tmp_path / "c").exists()


def test_with_the_libraries_themselves(tmp_path):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for library in (pandas, polars):
        frame = library.DataFrame(COLUMNS)
        assert list(read_lines(frame)) == list(read_lines(frame["review"])) == LINES
    with pytest.raises(InputError, match="a lazy one must be collected first"):
        list(read_lines(polars.DataFrame(COLUMNS).lazy()))


def test_with_datasets_itself():
    datasets = pytest.importorskip("datasets")
    dataset = datasets.Dataset.from_dict(COLUMNS)
    for texts in (dataset, dataset["review"], dataset.to_iterable_dataset(), dataset.with_format("numpy")):
        assert list(read_lines(texts)) == LINES
    generated = datasets.IterableDataset.from_generator(lambda: ({"review": text} for text in TEXTS))
    assert list(read_lines(generated)) == LINES
    splits = datasets.DatasetDict(train=dataset, test=dataset)
    with pytest.raises(InputError, match="got a DatasetDict of 'train', 'test'; give one of these"):
        list(read_lines(splits))
