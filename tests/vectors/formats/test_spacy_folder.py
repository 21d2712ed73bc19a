"""spaCy's folders: what spaCy writes is read, what is written spaCy reads."""

import json
import struct

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, load
from embedkit.vectors.formats.murmurhash64a import murmurhash64a
from embedkit.vectors.formats.spacy_keys import SYMBOLS, keys_of, pack_rows, unpack_rows
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.floret import FloretSubwords

MATRIX = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
WORDS = ["cat", "number", "été"]


@pytest.fixture
def folder(tmp_path):
    """v: a folder as `Vectors.to_disk` writes it."""
    path = tmp_path / "v"
    path.mkdir()
    (path / "strings.json").write_text(json.dumps(["été", "cat", "other"]))
    (path / "key2row").write_bytes(pack_rows(keys_of(WORDS)))
    (path / "vectors.cfg").write_text('{"mode": "default"}')
    with (path / "vectors").open("wb") as file:
        np.save(file, MATRIX)
    return path


def test_a_folder(folder):
    vectors = load(folder)
    assert vectors.vocabulary.words == tuple(WORDS)
    np.testing.assert_array_equal(vectors.matrix, MATRIX)
    assert list(load(folder, 2)) == WORDS[:2]


def test_keys_are_those_of_spacy():
    strings = pytest.importorskip("spacy.strings").StringStore()
    symbols = pytest.importorskip("spacy.symbols").IDS
    assert {name: number for name, number in symbols.items() if name} == SYMBOLS
    words = [("aé語😀" * 20)[:length] for length in range(1, 60)] + ["list", "number", "TIME", "a\nb"]
    assert keys_of(words).tolist() == [strings.add(word) for word in words]


def test_the_hash_of_nothing():
    assert murmurhash64a([]).tolist() == []
    assert murmurhash64a([""], seed=0).tolist() == [0]


def test_what_spacy_writes_is_read(tmp_path):
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("xx")
    for word, row in zip(WORDS, MATRIX, strict=True):
        nlp.vocab.set_vector(word, row)
    nlp.vocab.vectors.resize((3, 2))
    nlp.vocab.vectors.add(nlp.vocab.strings.add("kitten"), row=0)  # pruned: two words, one row
    nlp.to_disk(tmp_path / "model")
    nlp.vocab.to_disk(tmp_path / "vocab")
    nlp.vocab.vectors.to_disk(tmp_path / "vectors")
    for name in ("model", "vocab", "vectors"):
        vectors = load(tmp_path / name)
        assert vectors.vocabulary.words == ("cat", "kitten", "number", "été")
        np.testing.assert_array_equal(vectors.matrix, MATRIX[[0, 0, 1, 2]])


def test_spacy_reads_what_is_written(random_space, tmp_path):
    spacy = pytest.importorskip("spacy")
    random_space.save(tmp_path / "v", "spacy")
    vocab = spacy.vocab.Vocab().from_disk(tmp_path / "v", exclude=["lookups"])
    assert vocab.vectors_length == 12
    for word in ("word0", "word499"):
        np.testing.assert_array_equal(vocab[word].vector, random_space[word])
    vectors = spacy.vectors.Vectors(strings=vocab.strings).from_disk(tmp_path / "v")
    np.testing.assert_array_equal(vectors.data, random_space.matrix)
    again = load(tmp_path / "v")
    assert again.vocabulary.words == random_space.vocabulary.words
    random_space.subset(3).save(tmp_path / "v", "spacy")  # replaces it
    assert len(load(tmp_path / "v")) == 3


def test_words_with_other_vectors_than_those_of_floret_keep_theirs(tmp_path):
    subwords = FloretSubwords(np.ones((20, 2), np.float32), 2, 4, hash_count=2, hash_seed=1)
    with pytest.warns(UserWarning, match="left out subwords of the kind 'floret'"):
        Embeddings(MATRIX, WORDS, subwords=subwords).save(tmp_path / "v", "spacy")
    np.testing.assert_array_equal(load(tmp_path / "v").matrix, MATRIX)


def test_tables_of_floret_both_ways(tmp_path):
    spacy = pytest.importorskip("spacy")
    table = np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)
    subwords = FloretSubwords(table, 2, 4, hash_count=2, hash_seed=2166136261)
    vocab = spacy.vocab.Vocab()
    vocab.vectors = spacy.vectors.Vectors(
        strings=vocab.strings, data=table, mode="floret", bow="<", eow=">", **subwords.settings()
    )
    for word in WORDS:
        vocab.strings.add(word)
    vocab.to_disk(tmp_path / "theirs")
    read = load(tmp_path / "theirs")
    assert sorted(read) == ["cat", "été"]  # "number" is one of spaCy's symbols
    read.save(tmp_path / "ours", "spacy")
    written = spacy.vocab.Vocab().from_disk(tmp_path / "ours", exclude=["lookups"])
    for word in ("cat", "été", "other words"):
        np.testing.assert_allclose(read[word], vocab[word].vector, rtol=1e-5)
        np.testing.assert_allclose(written[word].vector, vocab[word].vector, rtol=1e-5)
    np.testing.assert_array_equal(load(tmp_path / "ours").matrix, read.matrix)


def test_other_subwords_are_left_out_with_a_warning(tmp_path):
    fasttext = FastTextSubwords(np.ones((4, 2), np.float32), 3, 4, buckets=4)
    with pytest.warns(UserWarning, match="of the kind 'fasttext': spaCy keeps those of floret"):
        Embeddings(MATRIX, WORDS, subwords=fasttext).save(tmp_path / "v", "spacy")
    np.testing.assert_array_equal(load(tmp_path / "v").matrix, MATRIX)


def test_a_folder_of_something_else_is_not_replaced(plane, tmp_path):
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "essay.txt").write_text("mine")
    with pytest.raises(InputError, match="it exists and holds something else"):
        plane.save(tmp_path / "v", "spacy")


def test_rows_in_any_encoding_of_numbers():
    forms = {0xCC: "B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: "b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
    data = bytes([0x80 | len(forms)])
    for row, (first, form) in enumerate(forms.items()):
        data += bytes([first]) + struct.pack(form, 100 + row) + bytes([row])
    keys, rows = unpack_rows(data)
    assert keys.tolist() == list(range(100, 108))
    assert rows.tolist() == list(range(8))
    assert unpack_rows(b"\xde\x00\x01\x05\xff")[1].tolist() == [-1]


ODD = {
    "no map": ("key2row", b"\x93abc", "byte 0: expected a map, got"),
    "too many keys": (
        "key2row",
        struct.pack(">BI", 0xDF, 1 << 31),
        "expected 2,147,483,648 entries, got 0 b",
    ),
    "texts": ("key2row", b"\x81\xa1a\x00", "byte 1: expected a whole number, got"),
    "more": ("key2row", b"\x81\x01\x00\x00", "byte 3: expected the end"),
    "a row beyond": ("key2row", b"\x81\x01\x03", "expected rows of 3 vectors, got 3"),
    "a row before": ("key2row", b"\x81\x01\xff", "expected rows of 3 vectors, got -1"),
    "a negative key": ("key2row", b"\x81\xff\x01", "expected keys of 64 bits"),
    "no key": ("key2row", b"\x80", "expected rows of numbers"),
    "no list": ("strings.json", b'{"a": 1}', "expected a list of strings, got"),
    "no strings": ("strings.json", b"[1]", "expected a list of strings, got"),
    "no JSON": ("strings.json", b'["a', "expected JSON: "),
    "deep JSON": ("strings.json", b"[" * 100_000, "expected JSON: "),
    "another mode": ("vectors.cfg", b'{"mode": "new"}', "expected mode 'default' or 'floret', got 'new'"),
    "no settings": ("vectors.cfg", b'{"mode": "floret"}', "expected settings of floret, got"),
    "a list": ("vectors.cfg", b"[]", "expected mode 'default' or 'floret', got"),
    "no matrix": ("vectors", b"abc", "expected a matrix as numpy saves it"),
}


@pytest.mark.parametrize(("name", "content", "message"), ODD.values(), ids=ODD)
def test_damaged_files_are_named(folder, name, content, message):
    (folder / name).write_bytes(content)
    with pytest.raises(FormatError, match=message) as error:
        load(folder)
    assert str(folder) in str(error.value)


@pytest.mark.parametrize("name", ["key2row", "vectors", "strings.json"])
def test_files_cut_anywhere_are_refused(folder, name):
    data = (folder / name).read_bytes()
    for length in range(len(data)):
        (folder / name).write_bytes(data[:length])
        with pytest.raises(FormatError):
            load(folder)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("key2row", "it is a folder without vectors"),
        ("vectors", "it is a folder without vectors"),
        ("strings.json", "expected the words of vectors in strings.json, got no such file"),
    ],
)
def test_parts_that_are_missing_are_told(folder, name, message):
    (folder / name).unlink()
    with pytest.raises(InputError, match=message):
        load(folder)


def test_vectors_without_words_are_left_out(folder):
    (folder / "strings.json").write_text('["cat"]')
    with pytest.warns(UserWarning, match=r"left out 1 vectors whose words are not in strings\.json"):
        assert list(load(folder)) == ["cat", "number"]


@pytest.mark.parametrize("words", [["", "a"], ["\ud800"]])
def test_words_that_spacy_cannot_hold(tmp_path, words):
    with pytest.raises(InputError, match=r"spaCy cannot hold an empty word|is not valid Unicode"):
        Embeddings(np.eye(len(words)), words).save(tmp_path / "v", "spacy")
    assert not (tmp_path / "v").exists()
