import re

import pytest

from embedkit import VectorIndex

pytest.importorskip("usearch")


@pytest.fixture
def index(run, royals, tmp_path):
    """index: that of royals.safetensors."""
    done = run("index royals.safetensors -o index -q")
    assert (done.exit_code, done.stderr) == (0, "")
    return tmp_path / "index"


def test_the_recall_is_printed(run, royals):
    done = run("index royals.safetensors -o index --recall-queries 5 --dtype float16 --expansion-search 9")
    assert done.stdout == "recall@10 1.0000 (95% interval 0.5655 to 1.0000, 5 words)\n"
    assert re.search(
        r"indexing: 7 words .*\nwrote index: 7 words x 4, 0.0\d MB; \d+\.\d s in all\n", done.stderr
    )


def test_neighbors_by_an_index(run, index):
    exact = run("neighbors king queen -v royals.safetensors --top 3")
    approximate = run("neighbors king queen -v royals.safetensors --top 3 --approximate index")
    assert approximate.exit_code == 0
    assert approximate.stdout == exact.stdout


def test_info_of_an_index(run, index):
    done = run("info index")
    assert "index of vectors of embedkit" in done.stdout
    assert "connectivity" in done.stdout
    assert VectorIndex.load(index).fingerprint in done.stdout
    assert "as written" in run("info index --verify").stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("neighbors king --approximate index", "the index is one of other vectors"),
        (
            "neighbors king -v royals.safetensors --approximate royals.safetensors",
            "but it is word vectors of",
        ),
        ("neighbors king -v royals.safetensors --approximate none", "none: No such file"),
        ("neighbors king -v index", "got an index of vectors of embedkit"),
        ("index royals.safetensors -o royals.safetensors", "is what is read"),
        ("index royals.safetensors -o nowhere/index", "does not exist; create it first"),
        ("index index -o other", "got an index of vectors of embedkit"),
        ("index royals.safetensors -o other --connectivity 1", "connectivity must be"),
    ],
)
def test_bad_input(run, index, line, message):
    done = run(line)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_damaged_index_is_one_error(run, index):
    index.write_bytes(index.read_bytes()[:-1] + b"x")
    done = run("neighbors king -v royals.safetensors --approximate index")
    assert done.exit_code == 2
    assert done.stderr.startswith(
        "Error: index: expected an index of vectors, but the checksum of its graph is"
    )
