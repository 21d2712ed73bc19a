"""Tables, archives and other encodings on the command line."""

import gzip
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from embedkit import Cooccurrences, Corpus, Embeddings, Phrases
from embedkit.text.tokenization.subwords import SubwordTokenizer
from embedkit_cli.main import main

TEXTS = ["the cat sat on the mat", "the dog sat on the log"] * 20
CSV = "id,review\n" + "".join(f'{number},"{text}"\n' for number, text in enumerate(TEXTS))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reviews.csv").write_text(CSV)

    def run(*arguments, code=0, **how):
        result = CliRunner().invoke(main, arguments, **how)
        assert result.exit_code == code, result.output
        return result.stderr

    return run


def test_the_column_is_said_unless_quiet(run):
    told = run("tokenize", "reviews.csv", "-o", "c")
    assert told.startswith("reviews.csv: texts from column 'review'\n")
    assert "in 40 documents" in told
    assert run("tokenize", "reviews.csv", "-o", "c", "-q") == ""
    assert Corpus.open("c").recipe["sources"][0]["text_columns"] == ["review"]


def words_of_vectors(path):
    return Embeddings.load(path).vocabulary.words


def words_of_phrases(path):
    return {word for phrase in Phrases.load(path) for word in phrase.words}


def words_of_subwords(path):
    tokenize = SubwordTokenizer.load(path).tokenize
    return {word for text in [*TEXTS, CSV] for word in text.split() if tokenize(word) == ["\u2581" + word]}


@pytest.mark.parametrize(
    ("command", "output", "words", "more"),
    [
        ("tokenize", "c", lambda path: Corpus.open(path).vocabulary.words, []),
        (
            "train-w2v",
            "v.safetensors",
            words_of_vectors,
            ["--epochs", "1", "--sample", "0", "--vector-size", "16"],
        ),
        ("train-svd", "v.safetensors", words_of_vectors, ["--vector-size", "2"]),
        ("train-glove", "v.safetensors", words_of_vectors, ["--epochs", "1", "--vector-size", "16"]),
        ("cooccurrences", "counts", lambda path: Cooccurrences.open(path).vocabulary.words, []),
        ("phrases", "p", words_of_phrases, ["--threshold", "-1"]),
        ("train-tokenizer", "t.json", words_of_subwords, ["--vocabulary-size", "99"]),
    ],
)
def test_every_command_reads_them(run, command, output, words, more):
    if command == "train-tokenizer":
        pytest.importorskip("tokenizers")
    elif command != "tokenize":
        more = ["--min-count", "1", *more]
    run(command, "reviews.csv", "--text-column", "2", *more, "-o", output)
    assert sorted(words(output)) == ["cat", "dog", "log", "mat", "on", "sat", "the"]
    told = run(command, "reviews.csv", "--text-column", "stars", *more, "-o", output, code=2)
    assert "no column 'stars' for the text; there are 'id', 'review'" in told
    Path("reviews.csv").write_bytes(CSV.encode("utf-16"))
    run(command, "reviews.csv", "--encoding", "utf-16", "--strict", *more, "-o", output)
    assert sorted(words(output)) == ["cat", "dog", "log", "mat", "on", "sat", "the"]


def test_stdin_with_a_column(run):
    told = run("tokenize", "-", "--text-column", "review", "-o", "c", input=CSV)
    assert told.startswith("stdin: texts from column 'review'\n")
    with tarfile.open("a.tar.gz", "w:gz") as archive:
        archive.add("reviews.csv", "x/reviews.csv")
    told = run("tokenize", "-", "-o", "d", input=Path("a.tar.gz").read_bytes())
    assert told.startswith("stdin: x/reviews.csv: texts from column 'review'\n")
    assert Corpus.open("c").fingerprint == Corpus.open("d").fingerprint


def test_broken_rows(run, tmp_path):
    (tmp_path / "b.csv").write_text(CSV + "41\n42,a,b\n")
    told = run("tokenize", "b.csv", "-o", "c")
    assert (
        "Warning: b.csv: 2 bad rows were left out, lines 42, 43 (expected 2 columns as in the header" in told
    )
    told = run("tokenize", "b.csv", "--strict", "-o", "d", code=2)
    assert told.startswith(
        "Error: b.csv, line 42: expected 2 columns as in the header, got 1; leave --strict"
    )
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("name", ["utf-16", "utf-16le", "utf-32"])
def test_the_encoding_that_is_advised(run, tmp_path, name):
    (tmp_path / "a.txt").write_bytes("\n".join(TEXTS).encode(name))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(CSV.encode(name)))
    for file in ("a.txt", "b.csv.gz"):
        told = run("tokenize", file, "-o", "c", code=2)
        assert f"{file}: expected text, got UTF-{name[4:6]}" in told
        assert told.rstrip().endswith(f"name its encoding (--encoding {name})")
        run("tokenize", file, "--encoding", name, "-o", "c")
        assert Corpus.open("c").documents == 40
        assert Corpus.open("c").recipe["encoding"] == name


def test_a_corpus_has_no_columns(run):
    run("tokenize", "reviews.csv", "-o", "c", "-q")
    told = run("train-w2v", "c", "--text-column", "review", "-o", "v.txt", code=2)
    assert "c is a corpus and already tokenized, so the options for raw text cannot apply to it" in told
