import pytest

from embedkit import Embeddings, load


@pytest.fixture
def files(tmp_path):
    Embeddings([[3, 4], [0, 2]], ["cat", "dog"]).save(tmp_path / "a.bin")
    Embeddings([[4, 0], [1, 1]], ["dog", "cow"]).save(tmp_path / "b.txt")
    Embeddings([[1], [2]], ["dog", "pig"]).save(tmp_path / "c.bin")
    return tmp_path


@pytest.mark.parametrize(
    ("options", "words", "dog"),
    [
        ("a.bin b.txt", ["cat", "dog", "cow"], [0, 2]),
        ("b.txt a.bin", ["dog", "cow", "cat"], [4, 0]),
        ("a.bin b.txt --how mean", ["cat", "dog", "cow"], [2, 1]),
        ("a.bin b.txt --how mean --normalize", ["cat", "dog", "cow"], [0.5, 0.5]),
        ("a.bin b.txt c.bin --how concatenate", ["dog"], [0, 2, 4, 0, 1]),
        ("a.bin c.bin --how concatenate --words all --weights 1,3", ["cat", "dog", "pig"], [0, 2, 3]),
    ],
)
def test_spaces_become_one(run, files, options, words, dog):
    result = run(f"combine {options} -o out.safetensors")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(f"wrote out.safetensors: {len(words)} words x {len(dog)}")
    made = load(files / "out.safetensors")
    assert list(made) == words
    assert made["dog"].tolist() == dog


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("a.bin -o x.bin", "at least two files of vectors, got 1"),
        ("-o x.bin", "Missing argument"),
        ("a.bin c.bin -o x.bin", "as many dimensions each, got 2, 1; pca makes them fewer, concatenate"),
        ("a.bin b.txt -o b.txt", "b.txt is what is read"),
        ("a.bin b.txt -o x.bin --how weighted-mean", "needs the counts of all spaces"),
        ("a.bin b.txt -o x.bin --words all", "only --how concatenate has a choice of words"),
        ("a.bin b.txt -o x.bin --how concatenate --weights 1,x", "numbers with commas"),
        ("a.bin b.txt -o x.bin --how concatenate --weights 1,2,3", "a finite weight for each of 2"),
    ],
)
def test_what_is_wrong_is_said(run, files, options, message):
    result = run(f"combine {options}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert not (files / "x.bin").exists()
