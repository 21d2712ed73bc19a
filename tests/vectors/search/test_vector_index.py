import json

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, IndexParameters, InputError, VectorIndex
from embedkit.container.checked import open_tensors
from embedkit.vectors.rows import ROW_TYPES
from embedkit.vectors.search import vector_index
from embedkit.vectors.search.nearest import nearest

pytest.importorskip("usearch")


@pytest.fixture(scope="module")
def space():
    """1000 words in twenty groups, one of them without a direction."""
    generator = np.random.default_rng(4)
    matrix = np.repeat(generator.normal(size=(20, 24)), 50, axis=0) + generator.normal(0, 0.7, (1000, 24))
    matrix[3] = 0
    return Embeddings(matrix, [f"w{i}" for i in range(1000)])


@pytest.fixture(scope="module")
def index(space):
    return VectorIndex.build(space, IndexParameters(workers=1), recall_queries=300)


@pytest.fixture
def file(index, tmp_path):
    index.save(tmp_path / "index")
    return tmp_path / "index"


@pytest.mark.parametrize("dtype", ROW_TYPES)
def test_what_is_found_has_its_exact_cosine(space, dtype):
    made = VectorIndex.build(space, IndexParameters(dtype=dtype), recall_queries=50)
    targets, excluded = space.matrix[:40], np.arange(40)[:, None]
    exact, found = nearest(space.stored, targets, 1000), made.nearest(space.stored, targets, 8, excluded)
    for query in range(40):
        cosines = dict(zip(exact.rows[query].tolist(), exact.scores[query].tolist(), strict=True))
        assert query not in found.rows[query]
        assert len(set(found.rows[query].tolist())) == 8
        np.testing.assert_allclose(
            found.scores[query], [cosines[row] for row in found.rows[query]], atol=1e-6
        )
    assert (np.diff(found.scores, axis=1) <= 0).all()


@pytest.mark.parametrize("many", [20, 1000])
def test_rows_that_answer_no_target(space, index, many, monkeypatch):
    monkeypatch.setattr(vector_index, "MANY", many)
    targets, exclude = space.matrix[:40], np.arange(100, 150)
    exact = nearest(space.stored, targets, 8, exclude=exclude)
    found = index.nearest(space.stored, targets, 8, exclude=exclude)
    assert not np.isin(found.rows, exclude).any()
    assert (found.rows >= 0).all()
    assert (found.rows == exact.rows).mean() >= (0.9 if many > 50 else 1)


def test_the_recall_is_that_of_the_words_drawn(space):
    poor = IndexParameters(connectivity=3, expansion_add=4, expansion_search=12, workers=1)
    index = VectorIndex.build(space, poor, recall_queries=300)
    ids = np.flatnonzero(space.norms)
    exact = nearest(space.stored, space.matrix[ids], 10, ids[:, None]).rows
    found = index.nearest(space.stored, space.matrix[ids], 10, ids[:, None]).rows
    shares = [len({*a} & {*b}) / 10 for a, b in zip(exact.tolist(), found.tolist(), strict=True)]
    assert index.recall.queries == 300
    assert index.recall.low <= np.mean(shares) <= index.recall.high
    assert np.mean(shares) < 0.98


def test_a_poor_index_is_told_to_be_poor(space):
    poor = VectorIndex.build(
        space, IndexParameters(connectivity=2, expansion_add=1, expansion_search=1, workers=1)
    )
    assert poor.recall.high < 0.9


def test_all_words_are_found_when_all_are_looked_at(space):
    made = VectorIndex.build(space, IndexParameters(expansion_search=2000, workers=1), recall_queries=100)
    assert made.recall.value == 1


def test_neighbors_by_an_index(space, index):
    fast = space.with_index(index)
    exact = space.neighbors_many(["w10", "w500"], 5)
    assert fast.neighbors_many(["w10", "w500"], 5) == exact
    assert fast.neighbors(space["w10"].astype(float) * 3, 1)[0].word == "w10"
    assert fast.most_similar(["w10", "w11"], "w20", 3) == space.most_similar(["w10", "w11"], "w20", 3)
    assert fast.neighbors("w10", 2, candidates=["w900", "w3"]) == space.neighbors(
        "w10", 2, candidates=["w900", "w3"]
    )
    assert fast.with_metadata(a=1).neighbors("w10", 5) == exact[0]


def test_more_answers_than_words(space, index):
    assert len(space.with_index(index).neighbors("w1", 5000)) == 998  # neither itself nor the zero vector


def test_a_zero_vector_has_no_neighbors_but_answers(space, index):
    assert {answer.score for answer in space.with_index(index).neighbors("w3", 4)} == {0.0}


def test_one_thread_makes_the_same_bytes(space, tmp_path):
    for name in "ab":
        VectorIndex.build(space, IndexParameters(workers=1), recall_queries=20).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_holds_all_of_an_index(space, index, file):
    loaded = VectorIndex.load(file)
    assert (loaded.recall, loaded.fingerprint) == (index.recall, index.fingerprint)
    assert loaded.graph.parameters == index.graph.parameters
    targets = space.matrix[:100]
    expected, found = (each.nearest(space.stored, targets, 5) for each in (index, loaded))
    np.testing.assert_array_equal(found.rows, expected.rows)


def test_an_index_belongs_to_its_vectors(space, index):
    changed = np.array(space.matrix)
    changed[0, 0] += 1
    others = [
        Embeddings(changed, space.vocabulary),
        Embeddings(space.matrix, [*list(space)[:-1], "other"]),
        space.subset(999),
        space.normalize(),
    ]
    for other in others:
        with pytest.raises(InputError, match=r"index is one of other vectors.*make it again"):
            other.with_index(index)


def test_no_damage_goes_unnoticed(file):
    content = bytearray(file.read_bytes())
    begin = open_tensors(file).begin
    for place in [9, 60, begin - 30, begin, begin + 70, len(content) // 2, len(content) - 1]:
        damaged = bytearray(content)
        damaged[place] ^= 1
        file.write_bytes(damaged)
        with pytest.raises(FormatError, match="expected an index of vectors"):
            VectorIndex.load(file)


@pytest.mark.parametrize("kept", [0, 1, 8, 100, 5000, -1])
def test_files_that_are_cut_off(file, kept):
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(FormatError, match="expected an index of vectors, but"):
        VectorIndex.load(file)


def test_other_files(space, file, tmp_path):
    space.save(tmp_path / "vectors.safetensors")
    with pytest.raises(FormatError, match="but it is word vectors of embedkit; make it again"):
        VectorIndex.load(tmp_path / "vectors.safetensors")
    with pytest.raises(FormatError, match="expected vectors written by embedkit, got an index of vectors"):
        Embeddings.load(file)
    header = json.loads(open_tensors(file).metadata["embedkit.index"])
    content = (
        file.read_bytes()
        .replace(b'version\\":1', b'version\\":2')
        .replace(b'version\\": 1', b'version\\": 2')
    )
    assert header["version"] == 1
    file.write_bytes(content)
    with pytest.raises(FormatError, match="it is of version 2, this reads version 1"):
        VectorIndex.load(file)


@pytest.mark.parametrize(
    "wrong", [{"dtype": "int4"}, {"connectivity": 1}, {"expansion_search": 0}, {"workers": 0}]
)
def test_wrong_parameters(wrong):
    with pytest.raises(InputError, match=f"{next(iter(wrong))} must be"):
        IndexParameters(**wrong)


def test_nothing_to_index():
    with pytest.raises(InputError, match="at least 2 vectors that are not zero, got 1"):
        VectorIndex.build(Embeddings([[0, 0], [1, 0]], ["a", "b"]))


def test_few_words():
    vectors = Embeddings([[1, 0], [1, 1], [0, 1]], ["a", "b", "c"])
    made = VectorIndex.build(vectors)
    assert made.recall.value == 1
    assert [answer.word for answer in vectors.with_index(made).neighbors("a")] == ["b", "c"]
