import pytest

from embedkit import Embeddings, load


@pytest.fixture
def files(tmp_path):
    Embeddings([[0], [3], [9]], ["happy", "glad", "train"]).save(tmp_path / "v.bin")
    (tmp_path / "lexicon.txt").write_text("happy glad merry\n\ntrain\n")
    return tmp_path


def test_synonyms_are_drawn_together(run, files):
    result = run("retrofit v.bin lexicon.txt -o out.safetensors")
    assert (result.exit_code, result.stdout) == (0, "")
    told, wrote = result.stderr.splitlines()
    assert told == "2 words have 1 links; 1 words of the lexicon are unknown; 20 rounds"
    assert wrote == "wrote out.safetensors: 3 words x 1, 0.00 MB"
    made = load(files / "out.safetensors")
    assert made.matrix.ravel().tolist() == pytest.approx([1, 2, 9], abs=1e-5)
    run("retrofit v.bin lexicon.txt -o out.safetensors --beta 3 -q")
    assert load(files / "out.safetensors").matrix.ravel().tolist() == pytest.approx(
        [9 / 7, 12 / 7, 9], abs=1e-5
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("v.bin none.txt -o x.bin", "no two that are linked are known"),
        ("v.bin bytes.txt -o x.bin", "bytes.txt, line 2: byte 0xe9 is not UTF-8"),
        ("v.bin empty.txt -o x.bin", "empty.txt: expected words and their synonyms, got none"),
        ("v.bin lexicon.txt -o v.bin", "v.bin is what is read"),
        ("v.bin lexicon.txt -o lexicon.txt", "lexicon.txt is what is read"),
        ("v.bin lexicon.txt -o x.bin --alpha 0", "alpha must be more than 0"),
        ("v.bin no.txt -o x.bin", "no.txt"),
    ],
)
def test_what_is_wrong_is_said(run, files, line, message):
    (files / "none.txt").write_text("x y\n")
    (files / "bytes.txt").write_bytes(b"x y\nz \xe9\n")
    (files / "empty.txt").write_text("\n")
    result = run(f"retrofit {line}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (files / "x.bin").exists()
