import copy
import mmap
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit import Answer, Embeddings, InputError, UnknownWordError, Vocabulary


def test_words_and_rows(plane):
    assert (len(plane), plane.vector_size, list(plane)[1]) == (5, 2, "north")
    assert plane["north"].tolist() == [0, 3]
    assert "north" in plane
    assert "south" not in plane
    assert plane.get("south") is None
    assert plane.get("west").tolist() == [-1, 0]
    assert plane.rows(["west", "east", "west"]).tolist() == [[-1, 0], [2, 0], [-1, 0]]
    assert plane.norms.tolist() == pytest.approx([2, 3, 2**0.5, 1, 0])


def test_cosines(plane):
    assert plane.similarity("east", "north") == 0
    assert plane.similarity("east", "northeast") == pytest.approx(0.5**0.5)
    assert plane.similarity("east", "west") == -1
    assert plane.similarity("east", "nothing") == 0
    assert plane.similarity("nothing", "nothing") == 0


def test_neighbors_of_a_word_leave_it_out(plane):
    answers = plane.neighbors("east")
    assert [answer.word for answer in answers] == ["northeast", "north", "nothing", "west"]
    assert answers[0] == Answer("northeast", pytest.approx(0.5**0.5))
    assert answers[-1].score == -1
    assert len(plane.neighbors("east", top=2)) == 2


def test_neighbors_of_a_vector_leave_nothing_out(plane):
    assert plane.neighbors([5, 0])[0] == Answer("east", 1)
    assert [score for _, score in plane.neighbors([0, 0], top=5)] == [0] * 5


def test_neighbors_of_many(plane):
    by_word = plane.neighbors_many(["east", "north"], top=1)
    assert [answers[0].word for answers in by_word] == ["northeast", "northeast"]
    by_vector = plane.neighbors_many(np.array([[5, 0], [0, 1]]), top=1)
    assert [answers[0].word for answers in by_vector] == ["east", "north"]
    assert plane.neighbors_many([]) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ([1, 2, 3], "vectors of 2 numbers, got an array of shape"),
        ([[1, 2]], "vectors of 2 numbers"),
        ([1, np.nan], "NaN or infinity"),
        (object(), "expected words, or vectors"),
        ("east ", "is not in the vocabulary"),
    ],
)
def test_queries_that_cannot_be_answered(plane, query, message):
    with pytest.raises((InputError, UnknownWordError), match=message):
        plane.neighbors(query)


def test_a_string_is_no_list_of_words(plane):
    for question in (plane.rows, plane.neighbors_many, plane.odd_one_out, plane.subset):
        with pytest.raises(InputError, match=r"got the string 'east'|got 'east'"):
            question("east")


def test_what_is_no_string_is_no_word(plane):
    questions = [
        plane.__getitem__,
        plane.get,
        lambda word: plane.rows([word]),
        lambda word: plane.analogy("east", word, "west"),
        lambda word: plane.odd_one_out(["east", "west", word]),
        lambda word: plane.subset([word]),
    ]
    for question in questions:
        for word, shown in [(3, "3"), (None, "None"), (["east"], r"\['east'\]"), (b"east", "b'east'")]:
            with pytest.raises(InputError, match=f"^expected a word, got {shown}$"):
                question(word)


@pytest.mark.parametrize("top", [0, -1, 2.5, True, None, "3"])
def test_the_number_of_answers_is_whole(plane, top):
    for question in (
        lambda: plane.neighbors("east", top),
        lambda: plane.analogy("east", "north", "west", top),
    ):
        with pytest.raises(InputError, match=f"top to be a whole number of at least 1, got {top!r}"):
            question()
    assert len(plane.neighbors("east", np.int64(2))) == 2


def test_unknown_words_come_with_close_spellings(plane):
    for question in (plane.__getitem__, plane.neighbors, lambda word: plane.similarity("east", word)):
        with pytest.raises(UnknownWordError) as caught:
            question("noth")
        assert caught.value.suggestions[0] == "north"


def test_odd_one_out(plane, royals):
    assert royals.odd_one_out(["king", "queen", "man", "stone"]) == "stone"
    assert plane.odd_one_out(["east", "northeast", "west", "north"]) == "west"
    assert plane.odd_one_out(["north", "north", "north"]) == "north"
    with pytest.raises(InputError, match="at least 3 words"):
        plane.odd_one_out(["east", "west"])


def test_subset(random_space):
    few = random_space.subset(["word7", "word3"])
    assert few.vocabulary.words == ("word7", "word3")
    assert few.vocabulary.counts.tolist() == [493, 497]
    np.testing.assert_array_equal(few["word3"], random_space["word3"])
    first = random_space.subset(10)
    assert first.vocabulary.words == random_space.vocabulary.words[:10]
    assert len(random_space.subset(10_000)) == 500
    for keep in (0, True, 2.5):
        with pytest.raises(InputError, match=f"keep to be a whole number of at least 1, got {keep}"):
            random_space.subset(keep)
    with pytest.raises(UnknownWordError):
        random_space.subset(["word7", "nothing"])


def test_transforms_are_recorded_and_leave_the_original(random_space):
    before = random_space.matrix.copy()
    changed = random_space.center().normalize().subset(100)
    np.testing.assert_array_equal(random_space.matrix, before)
    assert "transforms" not in random_space.metadata
    assert changed.metadata["epochs"] == 3
    assert [step["name"] for step in changed.metadata["transforms"]] == ["center", "normalize", "subset"]
    np.testing.assert_allclose(random_space.center().matrix.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(changed.norms, 1, atol=1e-6)


def test_nothing_of_it_can_be_changed(plane):
    for array in (plane.matrix, plane["east"], plane.norms, plane.unit_matrix, plane.subset(2).matrix):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    for name in ("matrix", "norms", "unit_matrix", "vocabulary", "metadata", "_matrix", "other"):
        with pytest.raises(AttributeError):
            setattr(plane, name, np.zeros((5, 2)))
    plane.metadata["seed"] = 8
    assert plane.metadata == {"seed": 7}


def test_an_array_changed_later_changes_nothing():
    matrix = np.ones((2, 2), np.float32)
    embeddings = Embeddings(matrix, Vocabulary(["a", "b"]))
    matrix[0] = 5
    assert embeddings["a"].tolist() == [1, 1]


def test_a_read_only_view_of_what_can_be_written_is_copied():
    base, raw = np.ones((2, 2), np.float32), bytearray(np.ones((2, 2), np.float32).tobytes())
    mapped = mmap.mmap(-1, 16)
    mapped[:] = bytes(raw)
    for matrix in (base[:], base.T, base.view()[::-1], *(np.frombuffer(x, "<f4") for x in (raw, mapped))):
        matrix.flags.writeable = False
        embeddings = Embeddings(matrix.reshape(2, 2), Vocabulary(["a", "b"]))
        base[:], raw[:], mapped[:] = 9, bytes(16), bytes(16)
        assert embeddings.matrix.tolist() == [[1, 1], [1, 1]]
        base[:], raw[:], mapped[:] = 1, embeddings.matrix.tobytes(), embeddings.matrix.tobytes()


def test_a_read_only_array_is_not_copied(tmp_path):
    matrix = np.ones((2, 2), np.float32)
    matrix.flags.writeable = False
    matrix.tofile(tmp_path / "v")
    mapped = np.memmap(tmp_path / "v", np.float32, "r", shape=(2, 2))
    for constant in (matrix, matrix[:], mapped, np.frombuffer(matrix.tobytes(), "<f4").reshape(2, 2)):
        assert np.shares_memory(Embeddings(constant, Vocabulary(["a", "b"])).matrix, constant)


def test_what_cannot_change_is_its_own_copy(random_space):
    assert copy.copy(random_space) is random_space
    assert copy.deepcopy({"given": random_space})["given"] is random_space


def test_what_was_pickled_is_the_same_and_as_immutable(random_space):
    other = pickle.loads(pickle.dumps(random_space))
    assert other.neighbors("word7") == random_space.neighbors("word7")
    assert other.metadata == random_space.metadata
    for array in (other.matrix, other.norms, other.unit_matrix):
        assert not array.flags.writeable


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.ones((3, 2)), "each of 2 words, got shape \\(3, 2\\)"),
        (np.ones(2), "got shape \\(2,\\)"),
        (np.ones((2, 0)), "got shape \\(2, 0\\)"),
        ([[1, 2], [np.nan, 1]], "NaN or infinity in those of 1 words: 'b'"),
        ([[1e300, 2], [3, 1]], "NaN or infinity in those of 1 words: 'a'"),
        ([[1, 2], [3]], "expected a matrix with one row of numbers for each word: "),
        ([["1", "b"], ["3", "1"]], "expected a matrix with one row of numbers for each word: "),
        ([object(), object()], "expected a matrix with one row of numbers for each word: "),
    ],
)
def test_matrices_that_do_not_fit(matrix, message):
    with pytest.raises(InputError, match=message):
        Embeddings(matrix, Vocabulary(["a", "b"]))


def test_a_record_of_transforms_that_is_none(plane):
    plane = Embeddings(plane.matrix, plane.vocabulary, {"transforms": 7})
    assert plane.normalize().metadata == {"transforms": [{"name": "normalize"}]}


@pytest.mark.parametrize("metadata", [{"a": object()}, {"a": float("nan")}])
def test_metadata_that_json_cannot_hold(metadata):
    with pytest.raises(InputError, match="metadata that JSON can hold"):
        Embeddings(np.ones((1, 1)), Vocabulary(["a"]), metadata)


def test_metadata_nested_too_deeply():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(InputError, match="metadata that JSON can hold"):
        Embeddings(np.ones((1, 1)), Vocabulary(["a"]), {"a": nested})


def test_tokenizer_comes_back_from_its_recipe():
    from embedkit.text.pipeline.parameters import text_pipeline

    tokenizer = text_pipeline()
    made = Embeddings(np.ones((1, 1)), Vocabulary(["a"]), {"tokenizer": tokenizer.recipe()})
    assert list(made.tokenizer.tokenize("A day")) == list(tokenizer.tokenize("A day"))
    assert Embeddings(np.ones((1, 1)), Vocabulary(["a"])).tokenizer is None


def test_a_list_of_words_is_a_vocabulary(plane):
    made = Embeddings(plane.matrix, list(plane), plane.metadata)
    assert isinstance(made.vocabulary, Vocabulary)
    assert made.neighbors("east") == plane.neighbors("east")
    for words, message in [(["a", 3], "expected a word, got 3"), ("ab", "expected a list of words, got the")]:
        with pytest.raises(InputError, match=message):
            Embeddings(np.eye(2), words)
    with pytest.raises(InputError, match="each word may occur once; found again: 'a'"):
        Embeddings(np.eye(2), ["a", "a"])


def test_a_mapping_keeps_its_order():
    made = Embeddings.from_dict({"b": [3, 4], "a": np.array([1, 0])}, {"made": "by hand"})
    assert (made.vocabulary.words, made.matrix.tolist()) == (("b", "a"), [[3, 4], [1, 0]])
    assert made.metadata == {"made": "by hand"}
    with pytest.raises(InputError, match="at least one word with its vector, got an empty mapping"):
        Embeddings.from_dict({})
    with pytest.raises(InputError, match="expected vectors of one size, got 'a': 1, 'c': 2"):
        Embeddings.from_dict({"a": [1], "b": [3], "c": [1, 2]})


def test_as_an_array_it_is_the_matrix(plane):
    assert np.shares_memory(np.asarray(plane), plane.matrix)
    assert np.array(plane).flags.writeable
    assert np.asarray(plane, np.float64).dtype == np.float64
    np.testing.assert_array_equal(np.asarray(plane), plane.matrix)
    np.testing.assert_allclose(np.linalg.norm(plane, axis=1), plane.norms)


def test_other_metadata_share_everything_else(plane):
    norms = plane.norms
    changed = plane.with_metadata(seed=8, self="kept")
    assert changed.metadata == {"seed": 8, "self": "kept"}
    assert plane.metadata == {"seed": 7}
    assert changed.matrix is plane.matrix
    assert changed.norms is norms
    with pytest.raises(InputError, match="metadata that JSON can hold"):
        plane.with_metadata(seed=object())


def test_other_metadata_do_not_read_what_is_mapped(plane, tmp_path):
    plane.save(tmp_path / "v.safetensors")
    changed = Embeddings.load(tmp_path / "v.safetensors").with_metadata(seed=8)
    assert "norms" not in vars(changed)
    assert changed.neighbors("east") == plane.neighbors("east")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("v.txt", b"5 2\neast 2.0 0.0\n"),
        ("v.VEC", b"5 2\neast 2.0 0.0\n"),
        ("v.bin", b"5 2\neast \0\0\0@\0\0\0\0"),
    ],
)
def test_the_suffix_says_the_format(plane, tmp_path, name, start):
    plane.save(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)
    plane.save(tmp_path / name, "safetensors")
    assert Embeddings.load(tmp_path / name).metadata == {"seed": 7}


@pytest.mark.parametrize("name", ["v", "v.csv", ".txt"])
def test_a_suffix_without_a_format_is_refused(plane, tmp_path, name):
    with pytest.raises(
        InputError, match=r"no format has the suffix '.*' of .*; use \.safetensors \(embedkit's"
    ):
        plane.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_no_cosine_is_above_one(size, seed):
    row = np.random.default_rng(seed).normal(size=size)
    twins = Embeddings(np.stack([row, row, -row]), ["a", "b", "c"])
    assert -1 <= twins.similarity("a", "c") < twins.similarity("a", "b") <= 1
    (_, highest), (_, lowest) = twins.neighbors("a", 2)
    assert -1 <= lowest < highest <= 1


@pytest.mark.parametrize("dtype", ["float16", "int8"])
def test_vectors_in_fewer_bits(random_space, dtype):
    small = random_space.astype(dtype)
    assert (small.dtype, random_space.dtype, small.astype(dtype).dtype) == (dtype, "float32", dtype)
    assert (small.vocabulary, small.metadata) == (random_space.vocabulary, random_space.metadata)
    largest = np.abs(random_space.matrix).max(axis=1, keepdims=True)
    assert (np.abs(small.matrix - random_space.matrix) <= largest / 254 * 1.0001).all()
    np.testing.assert_allclose(small.norms, np.linalg.norm(small.matrix, axis=1), rtol=1e-6)
    assert small.astype("float32").matrix.tolist() == small.matrix.tolist()
    assert small.similarity("word1", "word2") == pytest.approx(
        random_space.similarity("word1", "word2"), abs=0.02
    )
    again = pickle.loads(pickle.dumps(small))
    assert (again.dtype, again.neighbors("word3")) == (dtype, small.neighbors("word3"))
    for array in (small["word1"], small.matrix, small.stored.values, again.matrix, again.norms):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(InputError, match="one of the types float32, float16, int8, got 'float64'"):
        random_space.astype("float64")


def test_mapped_vectors_can_be_pickled(random_space, tmp_path):
    random_space.save(tmp_path / "v.safetensors")
    loaded = Embeddings.load(tmp_path / "v.safetensors")
    again = pickle.loads(pickle.dumps(loaded))
    assert (again.vocabulary.words, again.metadata) == (random_space.vocabulary.words, random_space.metadata)
    assert again.vocabulary.counts.tolist() == random_space.vocabulary.counts.tolist()
    assert again.matrix.tolist() == random_space.matrix.tolist()
    assert again.neighbors("word3") == loaded.neighbors("word3")


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_mapped_vector_that_is_not_finite_is_refused_when_it_is_asked_for(tmp_path, wrong):
    path = tmp_path / "v.safetensors"
    Embeddings([[1, 2], [3, 1.5], [2, 1]], ["a", "b", "c"]).save(path)
    data = path.read_bytes()
    assert data.count(np.float32(1.5).tobytes()) == 1
    path.write_bytes(data.replace(np.float32(1.5).tobytes(), np.float32(wrong).tobytes()))
    for ask in (
        lambda vectors: vectors.similarity("a", "b"),
        lambda vectors: vectors.odd_one_out(["a", "b", "c"]),
        lambda vectors: vectors["b"],
        lambda vectors: vectors.get("b"),
        lambda vectors: vectors.rows(["c", "b"]),
        lambda vectors: vectors.neighbors("a"),
        lambda vectors: vectors.matrix,
        lambda vectors: np.asarray(vectors),
        lambda vectors: vectors.center(),
        lambda vectors: vectors.subset(["a", "b"]),
        lambda vectors: vectors.analogy("a", "b", "c"),
    ):
        vectors = Embeddings.load(path)
        with pytest.raises(InputError, match="got NaN or infinity in those of 1 words: 'b'"):
            ask(vectors)
        assert vectors.similarity("a", "c") == pytest.approx(0.8)
