import json
import os
from pathlib import Path

import numpy as np
import pytest

import embedkit
from embedkit import Corpus, Embeddings, Vocabulary
from embedkit_cli.shared.outputs import Target

SMALL = "--vector-size 8 --epochs 2 --workers 1 --min-count 1"


@pytest.mark.parametrize(
    ("out", "options", "description"),
    [
        ("v.safetensors", "", "safetensors of embedkit"),
        ("v.bin", "", "word2vec binary"),
        ("v.txt", "", "word2vec text"),
        ("v.VEC", "", "word2vec text"),
        ("v.txt", "--to glove", "GloVe text"),
        ("v", "--to word2vec", "word2vec text"),
        ("royals.safetensors", "", "safetensors of embedkit"),
    ],
)
def test_convert_and_info(run, royals, out, options, description):
    result = run(f"convert royals.safetensors {out} {options}")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert result.stderr.splitlines()[-1].startswith(f"wrote {out}: 7 words x 4, 0.00 MB")
    np.testing.assert_array_equal(embedkit.load(out).matrix, royals.matrix)
    content = json.loads(run(f"info {out} --format json").stdout)
    assert (content["format"], content["words"], content["dimensions"]) == (description, 7, 4)


@pytest.mark.parametrize(
    "command",
    [
        "convert v.safetensors o.txt",
        "emoji-vectors -v v.safetensors -o o.txt",
        "debias -v v.safetensors -o o.txt",
    ],
)
def test_damaged_vectors_are_not_written_anew(run, royals, command):
    royals.save("v.safetensors")
    data = bytearray(Path("v.safetensors").read_bytes())
    place = data.index(royals.matrix.tobytes())
    data[place] ^= 1
    Path("v.safetensors").write_bytes(data)
    result = run(command)
    assert (result.exit_code, Path("o.txt").exists()) == (2, False)
    assert "v.safetensors is damaged: the checksum of its vectors is" in result.stderr


def test_convert_cuts_and_quantizes(run, royals):
    assert run("convert royals.safetensors v.safetensors --top 3 --dtype int8 -q").stderr == ""
    assert list(embedkit.load("v.safetensors")) == ["man", "woman", "king"]
    assert run("info v.safetensors").stdout == (
        "format      safetensors of embedkit\n"
        "words       3\n"
        "dimensions  4\n"
        "numbers     int8, with a float32 scale a row\n"
        "counts      unknown\n"
        f"bytes       {Path('v.safetensors').stat().st_size:,}\n"
        "made\n"
        "  tokenizer\n"
        "    steps\n"
        "      step normalize, lowercase True, strip_accents False\n"
        "      tokenizer words, punctuation False, version 1\n"
        "  transforms\n"
        "    name subset, words 3\n"
    )


def test_info_shows_metadata_of_any_form(run, tmp_path):
    made = {"steps": [{"na\tme": "cut"}, 7, "x"], "losses": [{"a\nb": 0.5}], "tokenizer": "words"}
    Embeddings(np.eye(1), Vocabulary(["a"]), made).save(tmp_path / "v.safetensors")
    assert run("info v.safetensors").stdout.partition("made\n")[2] == (
        "  steps      {'na\\tme': 'cut'} 7 x\n  losses\n    a\\nb 0.5\n  tokenizer  words\n"
    )


REFUSED = [
    ("convert royals.safetensors v.foo", "no format has the suffix '.foo' of v.foo; use .safetensors "),
    ("convert royals.safetensors none/v.txt", "cannot write none/v.txt: the folder "),
    (f"convert royals.safetensors {'v' * 300}.txt", f"cannot write {'v' * 300}.txt: File name too long; "),
    (
        "convert royals.safetensors /dev/null --to glove",
        "cannot write /dev/null: expected the name of a",
    ),
    ("convert royals.safetensors - --to glove", "cannot write -: expected the name of a"),
    ("convert royals.safetensors . --to glove", "cannot write .: expected the name of a"),
    ("convert royals.safetensors v.txt --dtype int8", "expected float32 for word2vec text, got 'int8'"),
    ("convert none.txt v.bin", "cannot read none.txt: there is no such file"),
    ("convert text.txt v.bin", "text.txt: "),
    ("info none", "cannot read none: there is no such file"),
    ("info .", "cannot read .: it is a folder without vectors"),
    ("train-w2v none.txt -o v.bin", "no such file or folder: none.txt"),
    ("train-w2v text.txt -o text.txt", "text.txt is one of the texts to read; name another output"),
    ("train-w2v *.txt -o text.txt", "text.txt is one of the texts to read; name another output"),
    ("train-w2v text.txt -o v.bin --vector-size 0", "vector_size must be at least 1, got 0"),
    ("train-w2v text.txt -o v.bin --window 99999999999999999999", "window must be at most 1000000, got 9"),
    ("train-w2v text.txt -o v.bin --negative 1000000000", "negative must be at most 1000, got 1000000000"),
    ("train-w2v text.txt -o v.bin --workers 100000", "workers must be at most 1024, got 100000"),
    ("train-glove text.txt -o v.bin --workers 100000", "workers must be at most 1024, got 100000"),
    ("train-svd text.txt -o v.bin --vector-size 10000000", "vector_size must be at most 1000000, got 1"),
    ("train-w2v text.txt -o v.bin --sample nan", "sample must be a finite number, got nan"),
    ("train-w2v text.txt -o v.bin --min-count 9999", "min_count=9999 leaves 0 of 9 different words"),
    ("train-w2v text.txt -o none/v.bin", "cannot write none/v.bin: the folder "),
    ("train-w2v text.txt -o v.bin --dtype int8", "expected float32 for word2vec binary, got 'int8'"),
    ("train-w2v text.txt -o v.bin --tokenizer x", "unknown tokenizer 'x'; choose words, "),
    ("train-w2v empty.txt -o v.bin", "there is no word in the text"),
    ("train-doc2vec text.txt -o v.bin", "cannot write v.bin: a model is written as safetensors, not as .bin"),
    ("train-w2v -o v.bin", "Missing argument 'INPUT...'"),
    ("train-w2v text.txt", "Missing option '-o' / '--output'"),
    ("tokenize none.txt -o corpus", "no such file or folder: none.txt"),
    ("tokenize text.txt -o text.txt", "cannot write text.txt: expected the name of a folder"),
    ("tokenize text.txt -o corpus --workers 0", "workers must be at least 1, got 0"),
]


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_what_cannot_work_is_refused_and_nothing_written(run, royals, text, tmp_path, line, message):
    (tmp_path / "empty.txt").touch()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    result = run(line)
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"Error: {message}")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["-", "/dev/null", "pipe", "folder"])
@pytest.mark.parametrize(
    "line",
    [
        "cooccurrences text.txt -o",
        "train-w2v text.txt -o",
        "convert royals.safetensors",
        "tokenize text.txt -o",
    ],
)
def test_outputs_are_files_and_folders_and_nothing_else(run, royals, text, tmp_path, line, name):
    (tmp_path / "folder").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    result = run(f"{line} {name}")
    if (line.split()[0], name) == ("tokenize", "folder"):  # an empty folder becomes the corpus
        assert result.exit_code == 0
        return
    kind = "folder" if line.startswith("tokenize") else "file"
    assert result.stderr == f"Error: cannot write {name}: expected the name of a {kind}\n"
    assert result.exit_code == 2
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("options", ["", "--dtype int8", "--to glove", "--to word2vec-binary"])
def test_files_are_converted_in_their_place(run, royals, options):
    result = run(f"convert royals.safetensors royals.safetensors -q {options}")
    assert (result.stderr, result.exit_code) == ("", 0)
    loaded = embedkit.load("royals.safetensors")
    assert loaded.vocabulary.words == royals.vocabulary.words
    np.testing.assert_allclose(loaded.matrix, royals.matrix, atol=0.01)


def test_tokenize(run, text):
    result = run("tokenize text.txt -o corpus --no-lowercase")
    assert (result.stdout, result.exit_code) == ("", 0)
    summary = "wrote corpus: 2,400 words, 10 of them different, in 300 documents; "
    assert result.stderr.splitlines()[-1].startswith(summary)
    assert Corpus.open("corpus").tokenizer.lowercase is False
    assert run("tokenize text.txt -o corpus -q").stderr == ""
    assert Corpus.open("corpus").tokenizer.lowercase is True

    content = json.loads(run("info corpus --format json").stdout)
    assert (content["words"], content["vocabulary"], content["documents"]) == (2400, 9, 300)
    assert content["made"]["tokenizer"]["steps"][1]["tokenizer"] == "words"
    assert run("info corpus").stdout.startswith(
        "format       corpus of embedkit\nwords        2,400\nvocabulary   9\n"
    )


def test_training_on_text_and_on_its_corpus_gives_the_same(run, text):
    assert run(f"train-w2v text.txt -o a.safetensors {SMALL} -q").exit_code == 0
    run("tokenize text.txt -o corpus")
    assert run(f"train-w2v corpus -o b.safetensors {SMALL} -q").exit_code == 0
    assert run(f"train-w2v - -o c.safetensors {SMALL} -q", text.read_text()).exit_code == 0
    a, b, c = map(embedkit.load, ["a.safetensors", "b.safetensors", "c.safetensors"])
    np.testing.assert_array_equal(a.matrix, b.matrix)
    np.testing.assert_array_equal(a.matrix, c.matrix)
    assert a.metadata["corpus"] == b.metadata["corpus"]


def test_training_tells_what_it_does_and_records_it(run, text, tmp_path):
    options = f"{SMALL} --model cbow --keep 3 --dtype int8"
    result = run(f"train-w2v {text} -o {tmp_path}/v.safetensors {options}")
    assert (result.stdout, result.exit_code) == ("", 0)
    losses = embedkit.load("v.safetensors").metadata["losses"]
    assert f"\nepoch 2 of 2: mean loss {losses[1]:.4f}\n" in result.stderr
    assert " words/s" in result.stderr
    summary = result.stderr.splitlines()[-1]
    assert summary.startswith(f"wrote {tmp_path}/v.safetensors: 3 words x 8, 0.00 MB; ")

    vectors = embedkit.load("v.safetensors")
    assert list(vectors) == ["the", "and", "one"]
    assert vectors.metadata["parameters"]["model"] == "cbow"
    assert vectors.metadata["command"] == f"embedkit train-w2v text.txt -o v.safetensors {options}"
    assert str(tmp_path) not in run("info v.safetensors").stdout


def test_options_for_text_reach_the_tokenizer(run, text):
    run(f"train-w2v text.txt -o v.safetensors {SMALL} -q --tokenizer whitespace --no-lowercase")
    assert "The" in embedkit.load("v.safetensors")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("corpus --no-lowercase", "corpus is a corpus and already tokenized, so the options for raw text "),
        ("corpus text.txt", "corpus is a corpus, which must be the only INPUT, got 2"),
    ],
)
def test_a_corpus_is_trained_on_as_it_is(run, text, inputs, message):
    run("tokenize text.txt -o corpus -q")
    result = run(f"train-w2v {inputs} -o v.bin")
    assert result.stderr.startswith(f"Error: {message}")
    assert result.exit_code == 2


def test_an_interrupt_keeps_the_old_file(run, text, monkeypatch):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Corpus, "encode", interrupt)
    told = "\nInterrupted before the end: v.bin was not written, nothing else was kept\n"
    result = run("train-w2v text.txt -o v.bin")
    assert (result.stderr, result.exit_code) == (told, 130)
    text.with_name("v.bin").write_bytes(b"old")
    result = run("train-w2v text.txt -o v.bin")
    assert result.stderr == told.replace("was not written", "is as it was")
    assert text.with_name("v.bin").read_bytes() == b"old"


def test_an_interrupt_after_the_result_says_that_it_was_written(run, royals, monkeypatch):
    save = Target.save

    def save_and_interrupt(target, *vectors):
        save(target, *vectors)
        raise KeyboardInterrupt

    monkeypatch.setattr(Target, "save", save_and_interrupt)
    result = run("convert royals.safetensors v.bin")
    assert (result.stderr, result.exit_code) == ("\nInterrupted after v.bin was written\n", 130)
    assert len(embedkit.load("v.bin")) == 7


def test_an_interrupt_that_a_module_makes_an_error_of_stays_one(run, royals, monkeypatch):
    def load(*args, **options):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as interrupt:
            raise ImportError("initialization failed") from interrupt  # as pybind11 does it

    monkeypatch.setattr("embedkit.load", load)
    result = run("similarity king queen -v royals.safetensors")
    assert (result.stderr, result.exit_code) == ("\nInterrupted\n", 130)


def test_an_interrupted_question_has_nothing_to_keep(run, royals, monkeypatch):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("embedkit.load", interrupt)
    result = run("similarity king queen -v royals.safetensors")
    assert (result.stderr, result.exit_code) == ("\nInterrupted\n", 130)
