"""embedkit plot-gradients and plot-gates: a picture, and its numbers in three styles."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "compatibility/data"
PNG = b"\x89PNG\r\n\x1a\n"


def test_gradients_of_cells_are_drawn_and_printed(run, tmp_path):
    result = run("plot-gradients -o a.png --distance 20 --units 8")
    assert (result.exit_code, (tmp_path / "a.png").read_bytes()[:8]) == (0, PNG)
    heading, first, *_, last = result.stdout.splitlines()
    assert heading.split() == ["steps", "back", "RNN", "LSTM", "GRU"]
    assert first.split() == ["0", "1.00e+00", "1.00e+00", "1.00e+00"]
    assert last.split()[0] == "20"
    [cell] = json.loads(
        run("plot-gradients -o a.png --distance 9 --cells gru --units 8 --format json").stdout
    )["cells"]
    assert (cell["cell"], len(cell["norms"])) == ("GRU", 10)
    lines = run("plot-gradients -o a.png --distance 9 --cells GRU,rnn --format tsv").stdout.splitlines()
    assert lines[0].split("\t") == ["steps", "GRU", "RNN"]
    assert len(lines) == 11


def test_what_training_recalls_is_told(run):
    result = run("plot-gradients -o a.png --distance 2 --units 8 --updates 3 --cells rnn")
    assert result.stdout.splitlines()[-1].startswith("RNN recalls the first symbol behind 2 others in ")


def test_gradients_of_a_model(run):
    result = run(f"plot-gradients -o a.png --distance 4 -m {DATA / 'gru.safetensors'} --format tsv")
    assert result.stdout.split("\n")[0].split("\t") == ["steps", "layer2/forward GRU", "layer2/backward GRU"]


def test_gates_of_a_model_are_drawn_and_printed(run, tmp_path):
    model = DATA / "gru.safetensors"
    result = run(f"plot-gates 'a great film' -o a.png -m {model}")
    assert (result.exit_code, (tmp_path / "a.png").read_bytes()[:8]) == (0, PNG)
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["token", "a", "great", "film"]
    told = json.loads(run(f"plot-gates 'a great film' -o a.png -m {model} --format json").stdout)
    assert told["tokens"] == ["a", "great", "film"]
    assert {gate["gate"] for gate in told["gates"]} == {"update", "reset"}
    lines = run(f"plot-gates 'a great film' -o a.png -m {model} --format tsv").stdout.splitlines()
    assert lines[0].split("\t") == ["token", "layer", "gate", "mean"]
    assert len(lines) == 1 + 3 * 4


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("plot-gradients -o a.png --cells tree", "expected cells of lstm, gru, rnn, got tree"),
        ("plot-gradients -o a.jpg", "expected the name of a .png, .svg or .pdf file"),
        ("plot-gradients -o a.png --distance 0", "distance must be"),
        ("plot-gates '' -o a.png", "expected a text with words, got ''"),
        (f"plot-gates film -o a.png -m {DATA / 'rnn.safetensors'}", "no LSTM and no GRU"),
        (f"plot-gates film -o a.png -m {DATA / 'tfidf.safetensors'}", "predicts by NetworkPredictor"),
        (f"plot-gates '{'film ' * 80}' -o a.png", "expected at most 60 tokens"),
    ],
)
def test_what_cannot_be_drawn_is_said(run, tmp_path, line, message):
    result = run(line)
    assert result.exit_code == 2
    assert message in result.output
    assert not [*tmp_path.iterdir()]
