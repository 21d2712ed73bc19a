"""Regressors from the command line: trained, judged and asked."""

import csv
import json

import numpy as np
import pytest

from embedkit import load_model

STARS = {"awful": 1, "bad": 2, "dull": 3, "fine": 6, "good": 7, "great": 8}


@pytest.fixture
def rated(tmp_path):
    """rated.tsv: 120 texts with the mean of their words' stars, in halves; more.tsv: 3 of them."""
    random = np.random.default_rng(1)
    rows = []
    for number in range(120):
        words = random.choice([*STARS], 2).tolist()
        stars = np.mean([STARS[word] for word in words])
        rows.append(f"{number}\t{stars:g}\t{' '.join([*words, 'film'])}\n")
    for name, lines in (("rated.tsv", rows), ("more.tsv", rows[:3])):
        (tmp_path / name).write_text("id\trating\ttext\n" + "".join(lines))


@pytest.fixture
def model(run, rated):
    """m.safetensors, trained on all of rated.tsv."""
    line = "train-regressor rated.tsv -o m.safetensors --model tfidf --alpha 0.1 --validation 0 -q"
    assert run(line).exit_code == 0


def test_training_says_what_it_read_and_how_good_it_is(run, rated, tmp_path):
    line = "train-regressor rated.tsv -o m.safetensors --model tfidf --validation 0.25"
    result = run(line)
    assert result.exit_code == 0, result.stderr
    heading, row, mean = result.stdout.splitlines()
    assert heading.split()[:6] == ["model", "MAE", "95", "%", "interval", "RMSE"]
    assert float(row.split()[1]) < float(mean.split()[3])
    assert mean.startswith("mean of training")
    assert "rated.tsv: 120 texts; texts from column 'text', numbers from column 'rating'" in result.stderr
    assert "wrote m.safetensors: tfidf, numbers of mean" in result.stderr
    made = load_model(tmp_path / "m.safetensors").metadata_
    assert made["command"] == f"embedkit {line}"
    assert [score["metric"] for score in made["metrics"]] == [
        *("MAE", "RMSE", "R²", "Pearson", "Spearman", "MAE", "RMSE", "R²")
    ]


@pytest.mark.tensorflow
def test_a_network_is_compared_with_ngrams(run, rated, tmp_path):
    options = "-v random --layers gru:4 --vector-size 8 --epochs 1 --loss huber --no-bounded"
    shown = "--plot m.png --history m.csv --choose-by-validation"
    result = run(f"train-regressor rated.tsv -o m.safetensors {options} --validation 0.25 {shown}")
    assert result.exit_code == 0, result.stderr
    names = [line.split("  ")[0] for line in result.stdout.splitlines()[1:4]]
    assert names == ["recurrent", "tfidf", "mean of training"]
    assert result.stdout.splitlines()[4].startswith("recurrent is ")
    assert "R² " in result.stderr
    assert run("info m.safetensors").stdout.startswith("format      regressor of embedkit")
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")
    [epoch] = csv.DictReader((tmp_path / "m.csv").open())
    assert epoch["held_out_loss"] == ""  # all but the texts of --validation were learned from
    predicted = float(result.stdout.splitlines()[1].split()[7])  # R²
    assert float(epoch["validation_accuracy"]) == pytest.approx(predicted, abs=0.001)


def test_numbers_of_texts(run, model):
    assert 7 < float(run("classify -m m.safetensors great").stdout) <= 8
    two = run("classify -m m.safetensors great awful").stdout.splitlines()
    assert [line.split()[1] for line in two] == ["great", "awful"]
    [line] = run("classify -m m.safetensors great --format json").stdout.splitlines()
    content = json.loads(line)
    assert content.keys() == {"text", "number", "unknown_words"}
    text, number = run("classify -m m.safetensors great --format tsv").stdout.strip().split("\t")
    assert (text, float(number)) == ("great", content["number"])
    for option in ("--top 2", "--explain"):
        refused = run(f"classify -m m.safetensors great {option}")
        assert refused.exit_code == 2
        assert "a model of numbers has no labels to choose" in refused.stderr


def test_evaluation(run, model):
    lines = run("evaluate-classifier m.safetensors rated.tsv -q").stdout.splitlines()
    assert lines[0].split("  ")[0] == "metric"
    assert [line.split()[0] for line in lines[1:]] == ["MAE", "RMSE", "R²", "Pearson", "Spearman"]
    content = json.loads(run("evaluate-classifier m.safetensors more.tsv --format json -q").stdout)
    assert content["texts"] == 3
    assert [score["part"] for score in content["scores"]] == ["total"] * 5 + ["mean of training"] * 3
    tsv = run("evaluate-classifier m.safetensors rated.tsv --format tsv -q").stdout.splitlines()
    assert tsv[0].split("\t")[:3] == ["part", "metric", "value"]
    assert run("evaluate-classifier m.safetensors rated.tsv --format markdown -q").stdout.startswith(
        "| metric"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "train-regressor rated.tsv -o x --model tfidf --layers gru:3",
            "--layers is for --model recurrent; leave it",
        ),
        (
            "train-regressor rated.tsv -o x --model tfidf -v english",
            "-v is for --model recurrent; leave it out",
        ),
        ("train-regressor rated.tsv -o x --alpha 2", "--alpha is for --model tfidf; leave it out for"),
        ("train-regressor rated.tsv -o x --loss hinge", "'hinge' is not one of 'squared_error'"),
        (
            "train-regressor rated.tsv -o x --label-column text",
            "line 2: expected a finite number in column 'text'",
        ),
        (
            "train-regressor words.tsv -o x",
            "words.tsv, line 3: expected a finite number in column 'score', got",
        ),
        ("train-regressor two.tsv -o x", "cannot tell which column holds the numbers; name one of"),
        ("train-regressor none.tsv -o x", "cannot read none.tsv"),
        ("train-regressor rated.tsv -o x --history rated.tsv", "rated.tsv"),
        (
            "train-regressor rated.tsv -o x --model tfidf --history x.csv",
            "--history is for models that learn",
        ),
        ("train-regressor rated.tsv -o x --model tfidf --plot x.png --validation 0", "nothing to draw of tf"),
        ("evaluate-classifier m.safetensors rated.tsv --label-end :", "--label-end is for labels, and m.saf"),
        ("evaluate-classifier m.safetensors rated.tsv --plot x.png", "no confusion matrix to draw"),
    ],
)
def test_bad_input(run, model, tmp_path, line, message):
    (tmp_path / "words.tsv").write_text("text\tscore\nfine film\t3\nbad film\tfour\n")
    (tmp_path / "two.tsv").write_text("text\tage\tprice\nfine film\t3\t4\nbad film\t4\t5\n")
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr


def test_bad_rows_are_left_out_if_asked(run, rated, tmp_path):
    with (tmp_path / "rated.tsv").open("a") as file:
        file.write("999\tnan\tfine film\n")
    line = "train-regressor rated.tsv -o m.safetensors --model tfidf --validation 0"
    assert "line 122: expected a finite number in column 'rating', got 'nan'" in run(line).stderr
    result = run(f"{line} --skip-bad-rows")
    assert result.exit_code == 0
    assert "1 bad row was left out" in result.stderr
