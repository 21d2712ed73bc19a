"""embedkit plot: a picture of each kind, its numbers in three styles, and bad inputs."""

import json
import shlex

import numpy as np
import pytest

from embedkit import Embeddings
from embedkit_cli.commands.plot import KINDS

CURVES = "model,epoch,loss,validation_loss,seconds\nlstm,1,0.5,,3\nlstm,2,0.25,0.5,3\ngru,1,1,,2\n"


@pytest.fixture
def times(tmp_path):
    """old.txt and new.txt: the same space, turned; in the old one b stands where c stands."""
    matrix = np.eye(6) + 0.1
    words = list("abcdef")
    old = matrix.copy()
    old[1] = old[2]
    Embeddings(old[:, ::-1], words).save(tmp_path / "old.txt", "glove")
    Embeddings(matrix, words).save(tmp_path / "new.txt", "glove")


def test_every_kind_has_its_first_line(run):
    for kind, line in KINDS.items():
        assert line in " ".join(run(f"plot {kind} --help").stdout.split())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("words Man woman king --method pca", "man woman king"),
        ("words --frequent 4", "man woman king queen"),
        ("words man woman king queen boy --method tsne --clusters 2", "man woman king queen boy"),
        ("neighbors king --top 2", "king man queen"),
        ("analogy man woman king", "man woman king queen"),
        ("analogy man woman boy girl", "man woman boy girl"),
    ],
)
def test_a_picture_of_words_and_where_they_stand(run, royals, line, words):
    result = run(f"plot {line} -v royals.safetensors -o a.svg --format json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [entry["word"] for entry in told["words"]][: len(words.split())] == words.split()
    assert {*told["words"][0]} == {"word", "x", "y", "group"}
    assert result.stderr == f"wrote a.svg: {len(told['words'])} words\n"


def test_the_parallelogram_is_one(run, royals):
    told = json.loads(run("plot analogy man woman king -v royals.safetensors -o a.png --format json").stdout)
    man, woman, king, queen = (np.array([word["x"], word["y"]]) for word in told["words"])
    assert woman - man == pytest.approx(queen - king)
    assert (woman - man)[0] == pytest.approx(0)
    assert (woman - man)[1] > 0


def test_words_and_analogies_of_stdin(run, royals):
    result = run("plot words - -v royals.safetensors -o a.png --format tsv -q", "man\n\nwoman\n")
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == ["word", "man", "woman"]
    assert result.stderr == ""
    result = run("plot analogy -v royals.safetensors -o a.png", "man woman king\nman woman boy girl\n")
    assert (result.stdout, result.stderr) == ("", "wrote a.png: 6 words\n")


def test_categories_and_words_that_are_left_out(run, royals, tmp_path):
    (tmp_path / "kinds.txt").write_text("king noble\nqueen noble\nman other\nserf other\n")
    result = run("plot categories kinds.txt -v royals.safetensors -o a.png --format json")
    told = json.loads(result.stdout)
    assert [(entry["word"], entry["group"]) for entry in told["words"]] == [
        ("king", "noble"),
        ("queen", "noble"),
        ("man", "other"),
    ]
    assert told["unknown"] == ["serf"]
    assert "left out 1 words that the vectors do not have: serf" in result.stderr


def test_changes_over_time(run, times):
    told = json.loads(run("plot changes b old.txt new.txt -o a.png --top 1 --format json --names 1,2").stdout)
    first, last = told["times"]
    assert (first["vectors"], first["neighbors"][0]["word"]) == ("1", "c")
    assert last["cosine"] == pytest.approx(1)
    assert first["cosine"] < 0.9
    assert run("plot changes b old.txt new.txt -o a.png --top 1").stdout.split()[:5] == [
        "vectors",
        "cosine",
        "neighbors",
        "old",
        f"{first['cosine']:.4f}",
    ]
    tsv = run("plot changes b old.txt new.txt -o a.png --top 1 --format tsv").stdout.splitlines()
    assert tsv[0] == "vectors\tcosine\tneighbor\tscore"
    assert len(tsv) == 3


def test_learning_curves(run, tmp_path):
    (tmp_path / "curves.csv").write_text(CURVES)
    result = run("plot history curves.csv -o a.png --format json")
    lstm, gru = json.loads(result.stdout)["models"]
    assert lstm["epochs"][1] == {"epoch": 2, "loss": 0.25, "validation_loss": 0.5, "seconds": 3}
    assert gru["model"] == "gru"
    assert result.stderr == "wrote a.png: 2 models\n"
    (tmp_path / "more.json").write_text(json.dumps([{"model": "lstm", "epoch": 1, "loss": 0.5}]))
    lines = run("plot history curves.csv more.json -o a.png --format tsv").stdout.splitlines()
    assert lines[0] == "model\tepoch\tloss\tvalidation_loss\tseconds"
    assert [line.split("\t")[0] for line in lines[1:]] == [
        "curves.csv lstm",
        "curves.csv lstm",
        "gru",
        "more.json lstm",
    ]


def test_losses_of_vectors(run, tmp_path):
    Embeddings([[1, 0]], ["a"], {"losses": [2.0, 1.0]}).save(tmp_path / "v.safetensors")
    told = json.loads(run("plot history v.safetensors -o a.png --format json").stdout)
    assert told["models"] == [
        {"model": "v", "epochs": [{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0}]}
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("plot pie", "there is no kind 'pie'; the kinds are words, neighbors"),
        (
            "plot words kng -v royals.safetensors -o a.png",
            "'kng' is not in the vocabulary; did you mean 'king'?",
        ),
        ("plot words king -v royals.safetensors -o a.gif", "expected the name of a .png, .svg or .pdf file"),
        ("plot words king -v royals.safetensors -o a.png -o b.png", "expected -o or --output once"),
        ("plot words king -v royals.safetensors -o a.png --frequent 3", "words or --frequent, got both"),
        ("plot words - -v royals.safetensors -o a.png", "expected words to draw, got none"),
        ("plot words man king -v royals.safetensors -o a.png --method tsne", "t-SNE needs at least 4 words"),
        (
            "plot words man king -v royals.safetensors -o a.png --clusters 3",
            "at most as many clusters as words",
        ),
        ("plot analogy man king -v royals.safetensors -o a.png", "three words A B C, or four with D, got 2"),
        ("plot categories similar.txt -o a.png", "expected words with categories"),
        ("plot categories none.txt -o a.png", "none of the 2 words of none.txt is in the vectors"),
        ("plot changes king royals.safetensors -o a.png", "at least two times, got 1"),
        (
            "plot changes king royals.safetensors royals.safetensors -o a.png",
            "a name of its own for each of 2",
        ),
        ("plot history empty.csv -o a.png", "empty.csv has no learning curves"),
        ("plot history bad.csv -o a.png", "bad.csv is no table of learning curves"),
        ("plot history bad.json -o a.png", "bad.json is no table of learning curves"),
        ("plot history absent.csv -o a.png", "No such file"),
        ("plot history royals.safetensors -o a.png", "royals.safetensors has no learning curves"),
    ],
)
def test_bad_input(run, royals, tmp_path, line, told):
    (tmp_path / "similar.txt").write_text("a b 1.5\nc d 2.5\n")
    (tmp_path / "none.txt").write_text("qqqx one\nqqqy one\n")
    (tmp_path / "empty.csv").write_text("model,epoch,loss\n")
    (tmp_path / "bad.csv").write_text("model,epoch,loss\na,1,low\n")
    (tmp_path / "bad.json").write_text('{"a": 1}')
    result = run(line, "")
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert told in result.stderr
    assert not (tmp_path / "a.png").exists()


def test_a_picture_is_replaced_only_by_a_whole_one(run, royals, tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(b"old")
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda *_, **__: 1 / 0)
    assert (
        run(shlex.join(["plot", "words", "king", "-v", "royals.safetensors", "-o", "a.png"])).exit_code == 1
    )
    assert (tmp_path / "a.png").read_bytes() == b"old"
