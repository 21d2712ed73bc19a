"""The option --unknown of the commands that query vectors."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from embedkit import Embeddings
from embedkit_cli.main import main

ENDINGS = ("ing", "ed", "er")


@pytest.fixture
def file(tmp_path):
    """Words whose vectors are the sum of one of their stem and one of their ending."""
    generator = np.random.default_rng(3)
    parts = {part: generator.normal(size=8) for part in ("walk", "play", "jump", "cook", "talk", *ENDINGS)}
    words = [stem + ending for stem in list(parts)[:5] for ending in ENDINGS]
    known = [word for word in words if word != "walking"]
    rows = [parts[word[:4]] + parts[word[4:]] for word in known]
    path = tmp_path / "verbs.safetensors"
    Embeddings(rows, known).save(path)
    return str(path)


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_estimated_words_have_neighbors_and_are_marked(file):
    result = run(
        "neighbors", "walking", "-v", file, "--unknown", "estimate", "--top", "2", "--format", "json"
    )
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["unknown"] == {"walking": "estimated"}
    assert answer["results"][0]["word"].startswith("walk") or answer["results"][0]["word"].endswith("ing")


@pytest.mark.parametrize(
    "arguments",
    [
        ("similarity", "walking", "walked"),
        ("analogy", "played", "playing", "walking"),
        ("odd-one-out", "walking", "walked", "cooker"),
        ("vector", "walking"),
    ],
)
def test_every_query_takes_estimates(file, arguments):
    refused = run(*arguments, "-v", file)
    assert refused.exit_code == 2
    assert "'walking' is not in the vocabulary" in refused.stderr
    estimated = run(*arguments, "-v", file, "--unknown", "estimate")
    assert estimated.exit_code == 0
    assert (
        "'walking' is not in the vocabulary; its vector is made of subwords (estimated)" in estimated.stderr
    )
