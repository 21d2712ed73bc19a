import json

import numpy as np
import pytest

import embedkit
from embedkit import Cooccurrences


def test_counts_of_text_and_of_its_corpus_are_the_same_file(run, text):
    result = run("cooccurrences text.txt -o a.counts --window 3 --memory 50MB --workers 2")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert result.stderr.splitlines()[-1].startswith("wrote a.counts: ")
    assert run("tokenize text.txt -o corpus -q").exit_code == 0
    assert run("cooccurrences corpus -o b.counts --window 3 -q").stderr == ""
    counts = Cooccurrences.open("a.counts")
    np.testing.assert_array_equal(Cooccurrences.open("b.counts").counts, counts.counts)
    the = counts.vocabulary["the"]
    row = dict(zip(counts.columns[: counts.offsets[1]], counts.counts[: counts.offsets[1]], strict=True))
    assert counts.vocabulary.words[0] == "the"
    assert row[the] == pytest.approx(300 * 2 / 3)  # the cat sees the ...


def test_options_reach_the_counting(run, text):
    line = "cooccurrences text.txt -o c --no-symmetric --weighting uniform --min-count 150 --max-vocabulary 3"
    assert run(f"{line} -q").exit_code == 0
    made = json.loads(run("info c --format json").stdout)
    assert made["format"] == "co-occurrence counts of embedkit"
    assert (made["words"], made["nonzeros"]) == (3, Cooccurrences.open("c").nonzeros)
    settings = {"symmetric": False, "weighting": "uniform", "min_count": 150, "max_vocabulary": 3}
    assert made["made"].items() >= {**settings, "window": 10}.items()
    assert made["made"]["corpus"]["sources"][0]["name"] == "text.txt"


def test_vectors_of_counts_and_of_text_are_the_same(run, text):
    assert run("cooccurrences text.txt -o c -q").exit_code == 0
    for source in ("c", "text.txt"):
        result = run(f"train-svd {source} -o {source}.bin --vector-size 4")
        assert result.exit_code == 0, result.stderr
        assert f"wrote {source}.bin: 9 words x 4" in result.stderr
    np.testing.assert_array_equal(embedkit.load("c.bin").matrix, embedkit.load("text.txt.bin").matrix)
    assert run("train-svd c -o v.safetensors --vector-size 4 --keep 3 -q").exit_code == 0
    kept, whole = embedkit.load("v.safetensors"), embedkit.load("c.bin")
    assert kept.vocabulary.words == whole.vocabulary.words[:3]
    np.testing.assert_array_equal(kept.matrix, whole.matrix[:3])
    assert embedkit.load("v.safetensors").metadata["command"].startswith("embedkit train-svd c")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cooccurrences text.txt -o c --memory 1KB", "is too little for 9 words and"),
        ("cooccurrences text.txt -o c --min-count 400", "min_count=400 leaves 1 of 9"),
        ("cooccurrences text.txt -o text.txt", "text.txt is one of the texts to read"),
        ("cooccurrences text.txt -o none/c", "does not exist; create it first"),
        ("cooccurrences counts -o c", "counts holds counts already; give it to train-glove or train-svd"),
        ("train-svd counts text.txt -o v.bin", "counts holds counts, which must be the only INPUT, got 2"),
        ("train-svd counts -o v.bin --no-lowercase", "the options for raw text cannot apply"),
        ("train-svd counts -o v.bin --window 2", "window=2 cannot apply to counts made with window=10"),
        ("train-svd counts -o v.bin", "vector_size must be less than the number of words, 9, got 100"),
        ("train-svd cut -o v.bin", "cut is damaged or cut off: expected"),
        (
            "analogy -v counts a b c",
            "expected vectors written by embedkit, got co-occurrence counts of embedkit",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(run, text, line, message):
    assert run("cooccurrences text.txt -o counts -q").exit_code == 0
    (text.parent / "cut").write_bytes((text.parent / "counts").read_bytes()[:-9])
    result = run(line)
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]
    assert not (text.parent / "c").exists()
    assert not (text.parent / "v.bin").exists()
