"""train-w2v: going on from vectors, predicting words with what was kept, and --deterministic."""

import json
from contextlib import nullcontext

import numpy as np
import pytest

from embedkit import Cluster, Embeddings
from tests.training.rounds.one_process import OneProcess

TRAIN = "train-w2v text.txt --vector-size 16 --sample 0 --epochs 2 --workers 1"
SMALL = "--vector-size 16 --epochs 2 --min-count 1 --sample 0.01 -q"


@pytest.fixture
def start(tmp_path):
    """start.safetensors: two words of the text and one that it lacks."""
    vectors = Embeddings(np.random.default_rng(0).normal(size=(3, 16)), ["cat", "ant", "hen"])
    vectors.save(tmp_path / "start.safetensors")
    return vectors


def test_training_goes_on_from_a_file(run, text, start):
    result = run(f"{TRAIN} -o v.safetensors --start start.safetensors --frozen known")
    assert result.exit_code == 0
    assert (
        "going on from 3 words: 2 known, 2 of them frozen, 7 new, 1 kept that the text lacks\n"
        in result.stderr
    )
    trained = Embeddings.load("v.safetensors")
    np.testing.assert_array_equal(trained.rows(["cat", "hen", "ant"]), start.rows(["cat", "hen", "ant"]))
    told = json.loads(run("info v.safetensors --format json").stdout)
    assert told["made"]["parameters"]["start"] == "start.safetensors"
    assert told["made"]["start"]["frozen"] == 2


def test_a_start_that_does_not_fit_is_refused_before_the_text_is_read(run, text, start):
    result = run(
        f"{TRAIN} -o v.safetensors --start start.safetensors --vector-size 8".replace("--vector-size 16", "")
    )
    assert result.exit_code == 2
    assert result.stderr == ("Error: vector_size must be 16, as the vectors to start from have it, got 8\n")


def test_vectors_are_as_long_as_those_of_the_start(run, text, start):
    line = f"{TRAIN} -o v.safetensors --start start.safetensors".replace("--vector-size 16", "")
    assert run(line).exit_code == 0
    assert json.loads(run("info v.safetensors --format json").stdout)["dimensions"] == 16


def test_kept_output_vectors_predict_words(run, text):
    assert run(f"{TRAIN} -o v.safetensors --keep-output").exit_code == 0
    assert json.loads(run("info v.safetensors --format json").stdout)["output_vectors"] == "kept"
    result = run("predict-word the cat -v v.safetensors --top 2 --format json")
    answers = json.loads(result.stdout)["results"]
    expected = Embeddings.load("v.safetensors").predict_output_word(["the", "cat"], 2)
    assert [answer["word"] for answer in answers] == [answer.word for answer in expected]
    assert answers[0]["score"] == pytest.approx(expected[0].score, abs=1e-6)
    assert run("convert v.safetensors half.safetensors --dtype float16").exit_code == 0
    assert Embeddings.load("half.safetensors").has_output_vectors
    lines = run("convert v.safetensors v.txt").stderr.splitlines()
    assert lines[0].startswith("left out, as word2vec text cannot keep it: ")
    assert lines[0].endswith("output vectors")


def test_without_output_vectors_nothing_is_predicted(run, royals):
    result = run("predict-word king -v royals.safetensors")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: predicting words needs output vectors")


def test_formats_that_cannot_keep_output_vectors_are_refused_before_training(run, text):
    result = run(f"{TRAIN} -o v.bin --keep-output")
    assert result.exit_code == 2
    assert "--keep-output needs a format that keeps output vectors, .safetensors, got v.bin" in result.stderr


def test_deterministic_files_are_the_same_for_any_number_of_workers(run, text, tmp_path):
    found = set()
    for workers in (1, 2, 5):
        folder = tmp_path / str(workers)
        folder.mkdir()
        options = f"--deterministic --round-words 3 --workers {workers}"
        result = run(f"train-w2v text.txt -o {folder}/v.safetensors {SMALL} {options}")
        assert (result.stderr, result.exit_code) == ("", 0)
        found.add((folder / "v.safetensors").read_bytes())
    assert len(found) == 1
    assert "round_words           3" in run(f"info {folder}/v.safetensors").stdout


def test_a_cluster_gives_the_same_file(run, text, tmp_path, monkeypatch):
    """Also the command that is kept in it, which leaves --cluster out."""
    monkeypatch.setattr(Cluster, "connect", lambda address, **_: nullcontext(OneProcess(2)))
    run("tokenize text.txt -o corpus -q")
    for name, options in ("here", ""), ("cluster", "--cluster local:2"):
        (tmp_path / name).mkdir()
        options += " --deterministic --round-words 3"
        result = run(f"train-w2v corpus -o {name}/v.safetensors {SMALL} {options}")
        assert (result.stderr, result.exit_code) == ("", 0)
    assert (tmp_path / "here/v.safetensors").read_bytes() == (tmp_path / "cluster/v.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--cluster local:2", "a cluster needs deterministic training"),
        ("--other-processors", "--other-processors is about the machines of a --cluster"),
        ("--deterministic --wire float16", 'wire="float16" needs a cluster'),
    ],
)
def test_what_goes_with_a_cluster_alone(run, text, options, message):
    result = run(f"train-w2v text.txt -o v.safetensors {SMALL} {options}")
    assert result.exit_code == 2
    assert message in result.stderr


def test_the_size_of_a_round_without_rounds_is_refused(run, text):
    result = run(f"train-w2v text.txt -o v.safetensors {SMALL} --round-workers 2")
    assert result.exit_code == 2
    assert "round_workers needs deterministic training" in result.stderr


def test_groups_are_of_one_size(run):
    result = run(f"train-w2v text.txt -o v.safetensors {SMALL} --deterministic --round-groups 3")
    assert result.exit_code == 2
    assert "round_groups must divide round_workers, which is 4, got 3" in result.stderr
