import json

import numpy as np
import pytest
from click.testing import CliRunner

from embedkit import Embeddings, Vocabulary, text_pipeline
from embedkit_cli.main import main

V = ["-v", "v.safetensors"]
MEAN = [*V, "--weights", "mean"]


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Runs a command with vectors of three words in v.safetensors."""
    monkeypatch.chdir(tmp_path)
    counts = Vocabulary.from_counts({"the": 8, "film": 1, "movie": 1})
    recipe = {"tokenizer": text_pipeline().recipe()}
    Embeddings([[1, 1], [4, 0], [3, 4]], counts, recipe).save("v.safetensors")

    def ask(*arguments, stdin=None):
        result = CliRunner().invoke(main, list(map(str, arguments)), input=stdin)
        return result.stdout, result.stderr, result.exit_code

    return ask


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["film", "movie"], "0.6000\n"),
        (["film", "movie", "--measure", "euclidean"], "4.1231\n"),
        (["a film", "The Movie", "--weights", "mean"], "0.6247\n"),
        (["the film", "film", "--measure", "euclidean", "--weights", "mean"], "1.5811\n"),
        (["the film", "film", "--measure", "wmd"], "1.5811\n"),
        (["the film", "film", "--measure", "soft-cosine", "--weights", "mean"], "0.8660\n"),
        (["the film", "movie", "--format", "tsv"], "the film movie\tmovie\t0.624156\n"),
    ],
)
def test_similarity_of_words_and_texts(ask, arguments, printed):
    assert ask("similarity", *arguments, *V) == (printed, "", 0)


def test_two_texts_of_a_line_of_stdin_are_parted_by_a_tab(ask):
    stdin = "film movie\nthe film\tthe movie\nno such\ttext here\n"
    stdout, stderr, code = ask("similarity", *MEAN, stdin=stdin)
    assert stdout == "film movie  0.6000\nthe film the movie  0.7657\n"
    assert stderr == "Error: line 3: no word of the text 'no such' has a vector\n"
    assert code == 2


def test_tfidf_of_two_texts_is_refused(ask):
    stdout, stderr, code = ask("similarity", "the film", "movie", *V, "--weights", "tfidf")
    assert (stdout, code) == ("", 2)
    assert stderr.startswith("Error: tfidf weights are learned from texts, of which there are none here")


@pytest.fixture
def texts(tmp_path):
    (tmp_path / "texts.txt").write_text("unknown\nthe\n\nMovie!\na film\n", encoding="utf-8")
    return "texts.txt"


def test_search_ranks_lines(ask, texts):
    warning = "Warning: of 4 texts, 1 has no word with a vector\n"
    assert ask("search", "film", texts, *MEAN) == (
        "1.0000  5  a film\n0.7071  2  the\n0.6000  4  Movie!\n",
        warning,
        0,
    )
    assert ask("search", "film", texts, *MEAN, "--top", 1, "-q") == ("1.0000  5  a film\n", "", 0)
    tsv, _, _ = ask("search", "film", texts, *MEAN, "--top", 1, "--format", "tsv")
    assert tsv == "1.000000\ttexts.txt\t5\ta film\n"
    found, _, _ = ask("search", "film", texts, *MEAN, "--top", 1, "--format", "json")
    assert json.loads(found) == {"file": "texts.txt", "line": 5, "score": 1.0, "text": "a film"}


def test_search_names_the_files_if_there_are_several(ask, texts, tmp_path):
    (tmp_path / "more.csv").write_text("id,review\n1,the dull film\n2,the movie\n", encoding="utf-8")
    stdout, stderr, code = ask(
        "search", "film", texts, "more.csv", *MEAN, "--top", 2, "--text-column", "review"
    )
    assert stdout == "1.0000  texts.txt:5  a film\n0.9806  more.csv:1  the dull film\n"
    assert "review" in stderr
    assert code == 0


def test_search_reads_stdin(ask):
    assert ask("search", "film", *MEAN, stdin="the movie\na film\n") == (
        "1.0000  2  a film\n0.6247  1  the movie\n",
        "",
        0,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "Error: no word of the query 'nothing' has a vector\n"),
        (
            ["film", "--components", "2"],
            "Error: components must be 0 to 1, as vectors have 2 numbers; got 2\n",
        ),
    ],
)
def test_search_that_cannot_be(ask, texts, arguments, message):
    assert ask("search", *arguments[:1], texts, *arguments[1:], *V) == ("", message, 2)


def test_search_of_nothing_finds_nothing(ask, tmp_path):
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    assert ask("search", "film", "empty.txt", *V) == ("", "Warning: there was no text to search\n", 0)


def test_search_misses_a_file(ask):
    stdout, stderr, code = ask("search", "film", "none.txt", *V)
    assert (stdout, code) == ("", 2)
    assert stderr.startswith("Error: no such file or folder: none.txt")


def test_encode_prints_vectors(ask):
    warning = "Warning: of 2 texts, 1 has no word with a vector\n"
    assert ask("encode", "the film", "x\ty", *MEAN) == ("the film\t2.5\t0.5\nx\\ty\t0\t0\n", warning, 0)
    printed, _, _ = ask("encode", *MEAN, "--format", "json", stdin="the film\nmovie\n")
    assert list(map(json.loads, printed.splitlines())) == [
        {"text": "the film", "vector": [2.5, 0.5]},
        {"text": "movie", "vector": [3.0, 4.0]},
    ]


@pytest.mark.parametrize("weights", ["sif", "tfidf"])
@pytest.mark.parametrize("components", [0, 1])
def test_encode_writes_an_array(ask, texts, weights, components):
    how = ["--weights", weights, "--components", components, *V]
    lines = ["unknown", "the", "Movie!", "a film"]
    expected = Embeddings.load("v.safetensors").encode(lines, weights, components)
    stdout, stderr, code = ask("encode", "-i", texts, "-o", "rows.npy", *how)
    assert (stdout, code) == ("", 0)
    assert stderr.splitlines() == [
        "Warning: of 4 texts, 1 has no word with a vector",
        "wrote rows.npy: 4 texts x 2",
    ]
    np.testing.assert_allclose(np.load("rows.npy"), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["film", "-i", "texts.txt"], "expected texts or --input, got 1 texts and 1 inputs"),
        (["film", "-o", "rows.txt"], "expected an output whose name ends with .npy, got rows.txt"),
        (["film", "-o", "rows.npy", "--components", "1"], "1 components are learned from at least 2 texts"),
        (["-i", "none.txt"], "no such file or folder: none.txt"),
    ],
)
def test_encode_that_cannot_be(ask, texts, arguments, message):
    stdout, stderr, code = ask("encode", *arguments, *V)
    assert (stdout, code) == ("", 2)
    assert stderr.startswith(f"Error: {message}")


def test_a_text_without_a_known_word_is_no_unknown_word(ask):
    stdout, stderr, code = ask("similarity", "a good film", "zzzq yyyq", *V)
    assert (stdout, code) == ("", 2)
    assert stderr == "Error: no word of the text 'zzzq yyyq' has a vector\n"


def test_a_missing_file_is_no_text_in_memory(ask):
    assert ask("search", "film", "nofile", *V) == ("", "Error: no such file or folder: nofile\n", 2)


def test_frequencies_that_are_estimated_are_told(ask):
    Embeddings([[1.0, 0], [0, 1]], ["the", "film"]).save("v.safetensors")
    told = "the vectors tell no counts of words: frequencies are estimated by rank (Zipf's law)\n"
    _, stderr, _ = ask("encode", "the film", *V)
    assert stderr == told
    _, stderr, _ = ask("encode", "the film", *MEAN)
    assert stderr == ""
