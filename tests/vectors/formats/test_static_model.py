"""Static embedding models: a row a token, or fewer rows with a mapping and weights."""

import bz2
import gzip
import json
import lzma

import numpy as np
import pytest
import zstandard
from safetensors.numpy import save_file

from embedkit import FormatError, InputError, load

MATRIX = np.array([[0, 1], [2, 3], [4, 5], [6, 7]], np.float32)
WORDPIECE = {"type": "WordPiece", "vocab": {"[UNK]": 0, "cat": 1, "##s": 2, "dog": 3}}
UNIGRAM = {"type": "Unigram", "vocab": [["<unk>", 0.0], ["▁cat", -1.0], ["s", -2.0], ["▁s", -3.0]]}


@pytest.fixture
def folder(tmp_path):
    def write(tensors, model=WORDPIECE, place=".", **more):
        home = tmp_path / "model" / place
        home.mkdir(parents=True)
        save_file(tensors, home / "model.safetensors")
        (home / "tokenizer.json").write_text(json.dumps({"model": model, **more}))
        return tmp_path / "model"

    return write


@pytest.mark.parametrize("kind", ["float32", "float16", "int8", "float64"])
@pytest.mark.parametrize(
    ("name", "place"),
    [("embeddings", "."), ("embedding.weight", "."), ("embedding.weight", "0_StaticEmbedding")],
)
def test_a_row_a_token(folder, kind, name, place):
    path = folder({name: MATRIX.astype(kind)}, place=place)
    for source in (path, path / place / "model.safetensors"):
        vectors = load(source)
        assert vectors.vocabulary.words == ("[UNK]", "cat", "##s", "dog")
        np.testing.assert_array_equal(vectors.matrix, MATRIX)
        assert list(load(source, 2)) == ["[UNK]", "cat"]


def test_fewer_rows_with_a_mapping_and_weights(folder):
    mapping, weights = np.array([1, 0, 1, 1], np.int32), np.array([1, 2, 0.5, 0])
    path = folder({"embeddings": MATRIX[:2], "mapping": mapping, "weights": weights})
    np.testing.assert_array_equal(load(path).matrix, [[2, 3], [0, 2], [1, 1.5], [0, 0]])


def test_the_mark_of_a_beginning_is_left_out_where_that_is_plain(folder):
    assert list(load(folder({"embeddings": MATRIX}, UNIGRAM))) == ["<unk>", "cat", "s", "▁s"]


def test_rows_without_a_token_are_left_out_and_added_tokens_taken(folder):
    model = {"vocab": {"cat": 2}}
    path = folder({"embeddings": MATRIX}, model, added_tokens=[{"id": 0, "content": "[PAD]"}])
    (path / "config.json").write_text('{"normalize": true}')
    vectors = load(path)
    assert vectors.vocabulary.words == ("[PAD]", "cat")
    np.testing.assert_array_equal(vectors.matrix, MATRIX[[0, 2]])
    assert vectors.metadata == {"config": {"normalize": True}}


def test_tokens_are_those_of_the_tokenizers_library(tmp_path, folder):
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"a": 0, "b": 1, "?": 2}, "?"))
    tokenizer.add_special_tokens(["[END]"])
    path = folder({"embeddings": MATRIX})
    tokenizer.save(str(path / "tokenizer.json"))
    assert list(load(path)) == [tokenizer.id_to_token(row) for row in range(4)]


@pytest.mark.parametrize(
    ("tensors", "model", "message"),
    [
        (
            {"other": MATRIX},
            WORDPIECE,
            "expected a matrix 'embeddings' of tokens' vectors, got a safetensors",
        ),
        ({"embeddings": MATRIX[0]}, WORDPIECE, "expected a matrix 'embeddings'"),
        ({"embeddings": MATRIX[:3]}, WORDPIECE, "expected tokens of 3 rows, got 'dog' in row 3"),
        ({"embeddings": MATRIX}, {"vocab": {"a": -1}}, "got 'a' in row -1"),
        ({"embeddings": MATRIX}, {"vocab": {"a": "b"}}, "got 'a' in row 'b'"),
        ({"embeddings": MATRIX}, {"vocab": [3]}, "expected a tokenizer with a vocabulary"),
        ({"embeddings": MATRIX}, {}, "expected a tokenizer with a vocabulary: KeyError"),
        ({"embeddings": MATRIX}, {"vocab": {}}, r"expected rows of numbers, got an array of shape \(0, 2\)"),
        ({"embeddings": MATRIX}, {"vocab": {"": 0, "a": 1}}, "got an empty one in row 1"),
        ({"embeddings": MATRIX * np.nan}, WORDPIECE, "NaN or infinity in those of 4 words"),
        ({"embeddings": MATRIX, "mapping": np.array([9])}, WORDPIECE, "expected mapping to rows of 4"),
        ({"embeddings": MATRIX, "mapping": np.array([0.5])}, WORDPIECE, "one number a token as 'mapping'"),
        ({"embeddings": MATRIX, "weights": np.ones(3)}, WORDPIECE, "expected 4 weights, got 3"),
    ],
)
def test_what_is_wrong_is_told(folder, tensors, model, message):
    with pytest.raises(FormatError, match=message):
        load(folder(tensors, model))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_files_cut_anywhere_are_refused(folder, name):
    path = folder({"embeddings": MATRIX})
    data = (path / name).read_bytes()
    for length in range(len(data)):
        (path / name).write_bytes(data[:length])
        with pytest.raises(FormatError):
            load(path)


def test_parts_that_are_missing_are_told(folder):
    path = folder({"embeddings": MATRIX})
    (path / "tokenizer.json").unlink()
    for source in (path, path / "model.safetensors"):
        with pytest.raises(FormatError, match=r"model.safetensors: expected tokenizer.json beside it"):
            load(source)
    save_file({"other.weight": MATRIX}, path / "model.safetensors")
    with pytest.raises(InputError, match="it is a folder without vectors"):
        load(path)


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress), (".zst", zstandard.compress)],
)
def test_a_compressed_tokenizer(folder, suffix, compress):
    path = folder({"embeddings": MATRIX})
    tokenizer = path / "tokenizer.json"
    (path / f"tokenizer.json{suffix}").write_bytes(compress(tokenizer.read_bytes()))
    tokenizer.unlink()
    for source in (path, path / "model.safetensors"):
        assert list(load(source)) == ["[UNK]", "cat", "##s", "dog"]


def test_a_tokenizer_without_end_is_refused(folder, monkeypatch):
    path = folder({"embeddings": MATRIX})
    monkeypatch.setattr("embedkit.vectors.formats.static_model.MAX_TOKENIZER", 20)
    with pytest.raises(FormatError, match="JSON of at most 20 bytes, got more"):
        load(path)
