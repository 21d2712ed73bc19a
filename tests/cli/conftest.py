import shlex
from math import inf

import numpy as np
import pytest
from click.testing import CliRunner

from embedkit import Embeddings, Vocabulary, progress
from embedkit_cli.main import main

LOWERCASE = {"name": "words", "lowercase": True, "numbers": True, "punctuation": False}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command line given as one string, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(progress, "LINE_INTERVAL", inf)  # no lines that only a slow machine prints

    def run(line, stdin=None):
        return CliRunner().invoke(main, shlex.split(line), input=stdin)

    return run


@pytest.fixture
def royals(tmp_path):
    """royals.safetensors: a word is royalty + gender + age, all of length 2, so that analogies hold."""
    vectors = {
        "man": (1, 1, -1, 1),
        "woman": (1, -1, -1, 1),
        "king": (1, 1, 1, 1),
        "queen": (1, -1, 1, 1),
        "boy": (1, 1, -1, -1),
        "girl": (1, -1, -1, -1),
        "café": (-2, 0, 0, 0),
    }
    space = Embeddings(
        np.array(list(vectors.values()), float), Vocabulary(list(vectors)), {"tokenizer": LOWERCASE}
    )
    space.save(tmp_path / "royals.safetensors")
    return space


@pytest.fixture
def text(tmp_path):
    """text.txt: 300 lines of a few words, each often enough to be trained on."""
    lines = [f"The {a} sees the {b} and one {a}" for a in ["cat", "dog", "cow"] for b in ["hen", "fox"]]
    path = tmp_path / "text.txt"
    path.write_text("\n".join(lines * 50) + "\n")
    return path
