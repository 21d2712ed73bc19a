"""`convert` between formats that are files, pairs of files, folders and pickles, and what it leaves out."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import embedkit
from embedkit import Embeddings, Vocabulary


@pytest.fixture
def counted(tmp_path):
    """v.safetensors: words with counts and metadata."""
    vocabulary = Vocabulary(["the", "cat", "dog"], np.array([9, 2, 1]))
    vectors = Embeddings([[3, 4], [0, 2], [1, 0]], vocabulary, {"made": "by hand"})
    vectors.save(tmp_path / "v.safetensors")
    return vectors


@pytest.mark.parametrize(
    ("out", "options", "description", "numbers", "lost"),
    [
        ("o.fifu", "", "finalfusion", "float32", "counts"),
        ("o.npy", "", "numpy .npy with a list of words beside it", "float32", "metadata"),
        ("o.npz", "", "numpy .npz", "float32", None),
        ("o", "--to spacy", "spaCy's folder of vectors", "float32", "counts, metadata"),
        ("o.txt", "--to glove", "GloVe text", "decimal", "counts, metadata"),
        ("o.bin", "", "word2vec binary", "float32", "counts, metadata"),
        ("o.safetensors", "", "safetensors of embedkit", "float32", None),
    ],
)
def test_what_a_format_cannot_keep_is_named(run, counted, out, options, description, numbers, lost):
    result = run(f"convert v.safetensors {out} {options}")
    lines = result.stderr.splitlines()
    assert result.exit_code == 0
    assert lines[-1].startswith(f"wrote {out}: 3 words x 2, 0.00 MB")
    assert lines[:-1] == ([f"left out, as {description} cannot keep it: {lost}"] if lost else [])
    facts = json.loads(run(f"info {out} --format json").stdout)
    assert (facts["format"], facts["words"], facts["numbers"]) == (description, 3, numbers)
    assert facts["bytes"] > 0
    assert run(f"info {out} --verify").exit_code == 0
    assert run(f"neighbors cat -v {out} --top 1 --format tsv").stdout.startswith("cat\tthe\t0.8")
    assert run(f"convert {out} back.safetensors -q").stderr == ""
    np.testing.assert_allclose(embedkit.load("back.safetensors").matrix, counted.matrix, rtol=3e-7)


def test_words_of_a_list_in_the_order_of_the_vectors(run, counted):
    Path("list.txt").write_text("dog\nunicorn\nthe\nemu\ndog\n")
    result = run("convert v.safetensors o.txt --words list.txt --to glove")
    assert result.stderr.splitlines() == [
        "Warning: 2 of 4 words have no vector: 'unicorn', 'emu'",
        "left out, as GloVe text cannot keep it: counts, metadata",
        "wrote o.txt: 2 words x 2, 0.00 MB",
    ]
    assert Path("o.txt").read_text() == "the 3.0 4.0\ndog 1.0 0.0\n"
    Path("list.txt").write_text("the\n\ndog\n\n")
    assert "no vector" not in run("convert v.safetensors o.txt --words list.txt --to glove").stderr
    Path("empty.txt").write_text("\n")
    assert (
        "empty.txt: expected words, one a line, got none"
        in run("convert v.safetensors o.txt --words empty.txt").stderr
    )
    run("convert v.safetensors o.txt --words list.txt --to glove --top 1")
    assert Path("o.txt").read_text() == "the 3.0 4.0\n"


def test_words_are_found_in_lower_case_if_the_vectors_are_so(run, royals):
    Path("list.txt").write_text("King\nQueen\n")
    assert run("convert royals.safetensors o.bin --words list.txt -q").stderr == ""
    assert list(embedkit.load("o.bin")) == ["king", "queen"]


def test_a_list_without_a_known_word(run, counted):
    Path("list.txt").write_text("unicorn\n")
    result = run("convert v.safetensors o.txt --words list.txt")
    assert (result.exit_code, result.stderr) == (2, "Error: none of the 1 words has a vector: 'unicorn'\n")
    assert run("convert v.safetensors o.txt --words none.txt").exit_code == 2
    assert not Path("o.txt").exists()


def test_normalize(run, counted):
    assert run("convert v.safetensors o.txt --to glove --normalize -q").exit_code == 0
    assert Path("o.txt").read_text() == "the 0.6 0.8\ncat 0.0 1.0\ndog 1.0 0.0\n"


def test_a_pickle_is_converted_once_it_is_trusted(run):
    Path("v.kv").write_bytes(pickle.dumps({"cat": [1.0, 2.0]}))
    result = run("convert v.kv o.txt --to glove")
    assert result.exit_code == 2
    assert "any code as it is read" in result.stderr
    assert result.stderr.count("\n") == 1
    assert run("convert v.kv o.txt --to glove --trust-pickle -q").exit_code == 0
    assert Path("o.txt").read_text() == "cat 1.0 2.0\n"
    assert "any code as it is read" in run("info v.kv").stdout
    assert run("neighbors cat -v v.kv").exit_code == 2


def test_a_folder_is_no_place_for_a_file(run, counted):
    Path("o").mkdir()
    assert run("convert v.safetensors o --to finalfusion").stderr.startswith(
        "Error: cannot write o: expected the"
    )
    Path("file").write_text("mine")
    assert run("convert v.safetensors file --to spacy").stderr.startswith(
        "Error: cannot write file: expected"
    )
    assert run("convert v.safetensors o --to gensim").exit_code == 2
