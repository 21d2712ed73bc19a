"""What a page shows of vectors, of two spaces, and of rows that are too many or too long."""

import numpy as np
import pytest

import embedkit
from embedkit import Embeddings, FormatError, InputError, Vocabulary, explore
from embedkit.explorer.comparison import space_pair
from embedkit.explorer.parts import PageParts
from embedkit.explorer.row_parts import reduced
from embedkit.vectors.rows import StoredRows


def test_the_most_frequent_words_are_shown_first():
    vocabulary = Vocabulary(["rare", "often", "some"], np.array([1, 9, 5]))
    shown = explore(Embeddings(np.eye(3, dtype=np.float32), vocabulary), most_frequent=2)
    assert shown.parts.arrays["words"] == ["often", "some"]
    assert shown.parts.arrays["counts"].tolist() == [9, 5]
    assert shown.parts.facts["a"]["words"] == 3
    assert shown.parts.facts["a"]["shown"] == 2


def test_rows_and_factors_give_the_vectors_at_length_1(space):
    arrays = explore(space).parts.arrays
    unit = space.matrix / np.linalg.norm(space.matrix, axis=1, keepdims=True)
    assert arrays["a.rows"] * arrays["a.factors"][:, None] == pytest.approx(unit, abs=0.01)


@pytest.mark.parametrize(
    "matrix", [[[1.0, 2.0]], [[3.0]], [[0.0, 0.0], [1.0, 0.0]], [[1, 2], [3, 4], [5, 6]]]
)
def test_one_word_one_dimension_and_zero_vectors_have_a_page(matrix):
    vectors = Embeddings(matrix, [f"w{row}" for row in range(len(matrix))])
    made = explore(vectors).improved()
    assert made.parts.arrays["a.tsne"].shape == (len(matrix), 2)
    assert np.isfinite(made.parts.arrays["a.tsne"]).all()
    assert made.html().endswith("</html>\n")


def test_rows_that_are_no_numbers_are_refused(tmp_path):
    vectors = Embeddings(np.eye(100, dtype=np.float32), [f"w{row}" for row in range(100)])
    path = tmp_path / "v.safetensors"
    vectors.save(path)
    content = bytearray(path.read_bytes())
    one = content.rindex(np.float32(1).tobytes())
    place = content.index(np.float32(1).tobytes() + np.zeros(100, np.float32).tobytes())
    assert place < one
    content[place : place + 4] = np.float32("nan").tobytes()
    path.write_bytes(content)
    with pytest.raises(FormatError, match="NaN or infinity in row"):
        explore(Embeddings.load(path))


def test_fewer_dimensions_keep_what_they_can():
    rng = np.random.default_rng(1)
    flat = rng.standard_normal((50, 3)) @ rng.standard_normal((3, 20))
    rows = StoredRows(flat.astype(np.float32))
    small, kept = reduced(rows, 3)
    assert kept == pytest.approx(1)
    unit = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    assert small.values @ small.values.T == pytest.approx(unit @ unit.T, abs=1e-5)
    assert reduced(rows, 2)[1] < 1


def test_a_page_has_at_most_so_many_bytes():
    count, size = 1500, 600
    matrix = np.random.default_rng(1).standard_normal((count, size)).astype(np.float32)
    vectors = Embeddings(matrix, [f"word{row}" for row in range(count)])
    largest = 1_000_000
    shown = explore(vectors, largest=largest)
    later = {"clusters": np.zeros(count, np.uint8), "a.tsne": np.zeros((count, 2), np.float32)}
    assert 0.85 * largest < len(shown.with_parts(PageParts({}, later)).html()) < largest
    assert shown.parts.facts["a"]["size"] < shown.parts.facts["a"]["dimensions"] == size
    with pytest.raises(InputError, match="show fewer"):
        explore(vectors, largest=150_000)


def test_a_file_that_stood_there_is_kept_if_the_page_cannot_be_made(tmp_path, space):
    path = tmp_path / "page.html"
    path.write_text("mine")
    broken = explore(space).with_parts(PageParts({"bad": object()}))
    with pytest.raises(TypeError):
        broken.save(path)
    assert path.read_text() == "mine"


def test_a_turned_space_is_turned_back_and_moved_words_are_told(space):
    turn, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((12, 12)))
    matrix = space.matrix @ turn
    matrix[7] = -matrix[7]
    pair = space_pair(space, Embeddings(matrix, space.vocabulary), ("a", "b"))
    assert pair.aligned
    assert int(pair.moved.argmax()) == 7
    assert pair.moved[7] > 1.5
    assert np.delete(pair.moved, 7).max() < 0.2


def test_vectors_before_and_after_debiasing_stay_as_they_are():
    vectors = embedkit.load().subset(2000)
    fair = embedkit.debias(vectors, "gender")
    pair = space_pair(vectors, fair, ("a", "b"))
    assert not pair.aligned
    assert pair.cosine > 0.95
    row = int(pair.moved.argmax())
    word = pair.before.words[row]
    cosine = np.dot(vectors[word], fair[word]) / np.linalg.norm(vectors[word]) / np.linalg.norm(fair[word])
    assert pair.moved[row] == pytest.approx(1 - cosine, abs=1e-5)


def test_words_in_common_alone_are_compared():
    first = Embeddings(np.eye(3, dtype=np.float32), ["a", "b", "c"])
    second = Embeddings(np.eye(2, dtype=np.float32), ["c", "b"])
    shown = explore(first, second)
    assert shown.parts.arrays["words"] == ["b", "c"]
    assert shown.parts.facts["comparison"] == {"aligned": False, "cosine": None}
    with pytest.raises(InputError, match="no words in common"):
        explore(first, Embeddings([[1.0]], ["z"]))


def test_of_different_dimensions_neighbors_tell_how_far_words_moved():
    rng = np.random.default_rng(1)
    matrix = rng.standard_normal((100, 6)).astype(np.float32)
    wide = np.hstack([matrix, np.zeros((100, 2), np.float32)])
    wide[5] = rng.standard_normal(8)
    words = [f"w{row}" for row in range(100)]
    moved = space_pair(Embeddings(matrix, words), Embeddings(wide, words), ("a", "b")).moved
    assert int(moved.argmax()) == 5
    assert np.median(moved) < 0.1


def test_both_spaces_are_shown_in_one_plane(space):
    shown = explore(space, space)
    assert shown.parts.arrays["a.pca"].tolist() == shown.parts.arrays["b.pca"].tolist()


def test_categories_of_a_file_color_its_words(tmp_path, space):
    path = tmp_path / "kinds.tsv"
    path.write_text("w1\teven? no\nw2\teven\nunheard\teven\n")
    parts = explore(space, categories=path).parts
    assert parts.facts["categories"]["names"] == ["even? no", "even"]
    assert parts.arrays["categories"][:4].tolist() == [255, 0, 1, 255]
    path.write_text("unheard\teven\nof\teven\n")
    with pytest.raises(InputError, match="none of its 2 words"):
        explore(space, categories=path)


def test_topics_have_the_words_that_are_shown():
    topics = explore(embedkit.load(), most_frequent=2000).parts.facts["topics"]
    gender = next(topic for topic in topics if topic["name"] == "gender")
    assert {"she", "woman"} <= {*gender["classes"]["female"]}
    assert all(len(words) == 2 for words in gender["definitional"])
    assert "receptionist" not in gender["neutral"]


def test_a_notebook_shows_the_page_in_a_frame_that_may_do_little(space):
    frame = space.explore()._repr_html_()
    assert frame.startswith("<iframe")
    assert 'sandbox="allow-scripts allow-downloads"' in frame
    assert "allow-same-origin" not in frame
    assert frame.count("<") == 2
