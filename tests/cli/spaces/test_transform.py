import numpy as np
import pytest

from embedkit import estimate_unknown_words, load, pca, whiten


def test_steps_are_taken_in_their_order(run, two_spaces, tmp_path):
    english, _ = two_spaces
    line = "transform en.safetensors -o out.safetensors"
    result = run(f"{line} --normalize --center --normalize --pca 2 --whiten --all-but-the-top 1")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "wrote out.safetensors: 60 words x 2, 0.00 MB\n"
    made = load(tmp_path / "out.safetensors")
    names = [step["name"] for step in made.metadata["transforms"]]
    assert names == ["normalize", "center", "normalize", "pca", "whiten", "all-but-the-top"]
    assert run(f"{line} --pca 3 --pca 2 -q").stderr == ""
    made = load(tmp_path / "out.safetensors")
    np.testing.assert_allclose(made.matrix, pca(pca(english, 3), 2).matrix, atol=1e-6)
    run(f"{line} --whiten-partly 0.3")
    made = load(tmp_path / "out.safetensors")
    np.testing.assert_allclose(made.matrix, whiten(english, strength=0.3).matrix, atol=1e-6)
    run(f"{line} --normalize --center")
    first = load(tmp_path / "out.safetensors").matrix
    np.testing.assert_allclose(first, english.normalize().center().matrix, atol=1e-6)
    run(f"{line} --center --normalize")
    assert np.abs(load(tmp_path / "out.safetensors").matrix - first).max() > 0.01


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("-o out.bin", "at least one step, such as --center"),
        ("-o out.bin --pca 5", "have 4 dimensions, of which 5"),
        ("-o out.bin --pca 0", "--pca"),
        ("-o out.bin --pca", "requires an argument"),
        ("-o out.bin --whiten-partly 2", "--whiten-partly"),
        ("-o out.bin --all-but-the-top 4", "fewer than 4 components"),
        ("-o en.safetensors --center", "is what is read"),
        ("--center", "Missing option '-o'"),
    ],
)
def test_what_is_wrong_is_said(run, two_spaces, options, message):
    result = run(f"transform en.safetensors {options}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_is_lost_is_said(run, two_spaces, tmp_path):
    english, _ = two_spaces
    estimate_unknown_words(english).save(tmp_path / "unknown.safetensors")
    lost = "left out, as they belong to the vectors as they were: subwords"
    for line in (
        "transform unknown.safetensors --normalize -o out.bin",
        "combine unknown.safetensors en.safetensors --normalize -o out.bin",
        "align unknown.safetensors en.safetensors -o out.bin",
        "convert unknown.safetensors out.bin --normalize",
    ):
        told = run(line).stderr.splitlines()
        assert told[0] == lost
        assert told[1].startswith("left out, as word2vec binary cannot keep it: counts, metadata")
    for line in (
        "convert unknown.safetensors out.bin",
        "transform unknown.safetensors --center -o out.bin",
        "combine unknown.safetensors en.safetensors -o out.bin",
    ):
        told = run(line).stderr.splitlines()
        assert told[0].startswith("left out, as word2vec binary cannot keep it: counts")
        assert told[0].endswith("subwords")
