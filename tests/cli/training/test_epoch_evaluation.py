"""Scores during training: `train-w2v --evaluate` and `--best-epoch`."""

import re
import subprocess
import sys

import numpy as np
import pytest

import embedkit
from embedkit import Embeddings, Vocabulary
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.progress import SILENT
from embedkit_cli.training.epoch_evaluation import EpochEvaluation

PAIRS = "cat dog 9\ncat hen 2\ncow fox 3\nhen fox 8\ndog cow 7\n"
TRAIN = "train-w2v text.txt -o v.safetensors --vector-size 16 --sample 0 --epochs 3 --workers 1"


@pytest.fixture
def pairs(tmp_path):
    (tmp_path / "pairs.txt").write_text(PAIRS)
    return read_benchmark(tmp_path / "pairs.txt")


def test_a_score_is_printed_after_each_epoch(run, text, pairs):
    result = run(f"{TRAIN} --evaluate pairs.txt")
    assert result.exit_code == 0
    shown = re.findall(r"^epoch (\d): pairs spearman -?\d\.\d{4}$", result.stderr, re.MULTILINE)
    assert shown == ["1", "2", "3"]


def test_no_interval_is_computed_that_is_not_shown(run, text, pairs, monkeypatch):
    monkeypatch.setattr("embedkit.statistics.correlation_intervals.bootstrap", None)
    assert "epoch 3: pairs spearman" in run(f"{TRAIN} --evaluate pairs.txt").stderr


def test_the_best_epoch_is_the_one_of_the_highest_score(run, text, pairs):
    result = run(f"{TRAIN} --evaluate pairs.txt --best-epoch")
    scores = [float(score) for score in re.findall(r"spearman (\S+)$", result.stderr, re.MULTILINE)]
    metadata = embedkit.load("v.safetensors").metadata
    assert metadata["best_epoch"] == 1 + int(np.argmax(scores))
    assert f"epoch {metadata['best_epoch']} is best, and written" in result.stderr
    assert len(metadata["losses"]) == metadata["best_epoch"]


def test_an_epoch_without_a_score_is_never_the_best(pairs):
    evaluation = EpochEvaluation([pairs], SILENT)
    evaluation(1, Embeddings(np.eye(2), Vocabulary(["x", "y"])))
    assert evaluation.best is None
    bad = np.array([[1, 0], [-1, 0.1], [0.8, 0.3], [0, 1], [0.1, -1]])  # a negative correlation
    evaluation(2, Embeddings(bad, Vocabulary(["cat", "dog", "cow", "hen", "fox"])))
    assert evaluation.best.metadata["best_epoch"] == 2


def test_without_any_score_the_last_epoch_is_written(run, text, tmp_path):
    (tmp_path / "none.txt").write_text("zq xx 3\nyy zz 4\n")
    result = run(f"{TRAIN} --evaluate none.txt --best-epoch")
    assert "epoch 1: none spearman undefined" in result.stderr
    assert result.stderr.count("nothing is covered") == 1
    assert "no epoch had a score" in result.stderr
    metadata = embedkit.load("v.safetensors").metadata
    assert len(metadata["losses"]) == 3
    assert "best_epoch" not in metadata


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--best-epoch", "--best-epoch needs --evaluate"),
        ("--evaluate none.txt", "none.txt"),
    ],
)
def test_what_cannot_be_evaluated_is_said_before_training(run, text, options, message):
    result = run(f"{TRAIN} {options}")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "epoch" not in result.stderr.replace("--best-epoch", "").replace("an epoch is", "")


def test_training_that_is_not_evaluated_imports_no_evaluation(text, tmp_path):
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from embedkit_cli.main import main\n"
        f"line = 'train-w2v {text} -o {tmp_path}/v.bin --epochs 1 --vector-size 4 --sample 0 -q'\n"
        "print(CliRunner().invoke(main, line.split()).exit_code)\n"
        "print([name for name in sys.modules if name.startswith(('embedkit.evaluation', 'sklearn'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n[]\n"
