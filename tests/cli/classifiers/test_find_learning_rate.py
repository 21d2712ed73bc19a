"""embedkit find-learning-rate: a suggestion that can be typed, all rates as data, and a picture."""

import json

import pytest

from embedkit import load_model

pytestmark = pytest.mark.tensorflow

TINY = "-v random --vector-size 4 --layers max --batch-size 8 --steps 30 -q"


@pytest.fixture
def reviews(tmp_path):
    rows = ["fine film,good", "dull film,bad", "fine plot,good", "dull plot,bad"] * 15
    (tmp_path / "reviews.csv").write_text("\n".join(["review,sentiment", *rows]) + "\n")


def test_the_suggestion_can_be_typed(run, reviews, tmp_path):
    result = run(f"find-learning-rate reviews.csv {TINY} --plot a.png")
    assert result.exit_code == 0
    heading, first, *_, last = result.stdout.splitlines()
    assert heading.split() == ["learning", "rate", "mean", "loss"]
    assert first.split()[0] == "1.00e-05"
    option, rate = last.split(",")[0].split()[1:]
    same = "-v random --layers max --epochs 1 --validation 0 -q"
    assert run(f"train-classifier reviews.csv -o m {option} {rate} {same}").exit_code == 0
    assert load_model(tmp_path / "m").learning_rate == float(rate)
    assert (tmp_path / "a.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_all_rates_are_told_as_data(run, reviews):
    told = json.loads(run(f"find-learning-rate reviews.csv {TINY} --format json").stdout)
    assert told["learning_rate"][0] == pytest.approx(1e-5)
    assert len(told["learning_rate"]) == len(told["loss"]) == len(told["mean_loss"]) <= 30
    assert 1e-5 <= told["suggestion"] <= 10
    lines = run(f"find-learning-rate reviews.csv {TINY} --format tsv").stdout.splitlines()
    assert lines[0].split("\t") == ["learning_rate", "loss", "mean_loss"]
    assert len(lines) == len(told["loss"]) + 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("none.csv", "cannot read none.csv: No such file or directory"),
        ("reviews.csv --lowest-rate 1 --highest-rate 0.1", "lowest_rate to be less than highest_rate"),
        ("reviews.csv --steps 1", "steps must be at least 2"),
        ("reviews.csv --plot a.jpg", "expected the name of a .png, .svg or .pdf file to draw"),
        ("reviews.csv -v none", "cannot read none"),
        ("reviews.csv --learning-rate 1", "No such option"),
    ],
)
def test_what_cannot_be_tried_is_refused(run, reviews, options, message):
    result = run(f"find-learning-rate {options}")
    assert result.exit_code == 2
    assert message in result.stderr
