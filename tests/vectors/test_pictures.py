"""Pictures of vectors: words, neighbors, analogies and answers on axes, and vectors in a plane."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from embedkit import Embeddings, UnknownWordError, word_changes
from embedkit.errors import InputError
from embedkit.vectors.spaces.plane import Plane

WORDS = ["man", "woman", "king", "queen"]
ROYALS = Embeddings([[1, 1, 0], [-1, 1, 0], [1, 0, 1], [-1, 0, 1]], WORDS)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def labels(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_words_are_drawn_on_new_axes_or_on_those_given():
    ax = ROYALS.plot(["king", "man"], title="Two")
    assert (sorted(labels(ax)), ax.get_title()) == (["king", "man"], "Two")
    _, (left, right) = plt.subplots(1, 2)
    assert ROYALS.plot(["king"], ax=left) is left
    assert not right.texts


def test_neighbors_have_the_color_of_their_word():
    scatter = ROYALS.neighbors_scatter(["man", "queen"], top=1)
    assert list(zip(scatter.words, scatter.groups, strict=True)) == [
        ("man", "man"),
        ("queen", "queen"),
        ("king", "man"),
        ("woman", "queen"),
    ]
    assert set(scatter.strong) == {0, 1}
    assert {"man", "queen"} <= {*labels(ROYALS.plot_neighbors("man", top=3))}


def test_an_analogy_is_a_parallelogram_with_its_answer():
    scatter = ROYALS.analogies_scatter([("man", "woman", "king")])
    assert list(scatter.words) == WORDS
    assert scatter.strong == {3}
    assert scatter.arrows == [(0, 1), (2, 3)]
    assert scatter.links == [(0, 2), (1, 3)]
    man, woman, king, queen = scatter.positions
    assert woman - man == pytest.approx(queen - king)
    assert ROYALS.plot_analogies([("man", "woman", "king", "queen")]).get_ylabel() == "mean difference"


@pytest.mark.parametrize("questions", [[], ["man"], [("man", "king")]])
def test_what_is_no_analogy(questions):
    with pytest.raises(InputError, match="expected analogies of three or four words"):
        ROYALS.plot_analogies(questions)


def test_answers_are_bars():
    answers = ROYALS.neighbors("king", top=3)
    ax = answers.plot("king", "cosine")
    assert [text.get_text() for text in ax.get_yticklabels()] == [answer.word for answer in answers]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([answer.score for answer in answers])
    with pytest.raises(InputError, match="expected bars, got none"):
        ROYALS.neighbors("king", exclude=WORDS).plot()


def test_principal_components_keep_distances_in_a_plane():
    random = np.random.default_rng(0)
    flat = random.normal(size=(9, 2)) @ random.normal(size=(2, 5))
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    found = Plane.of(flat.astype(np.float32)).positions
    apart = np.linalg.norm(found[:, None] - found, axis=2)
    assert apart == pytest.approx(np.linalg.norm(flat[:, None] - flat, axis=2), abs=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_words_and_equal_ones_have_a_place(count):
    plane = Plane.of(np.ones((count, 7), np.float32))
    assert plane.positions == pytest.approx(np.zeros((count, 2)), abs=1e-6)
    assert "first principal component (0%" in plane.axes[0] or count == 1


def test_tsne_parts_clusters_and_is_the_same_every_time():
    rows = np.repeat(np.eye(2, 6), 8, axis=0).astype(np.float32)
    rows += np.random.default_rng(0).normal(scale=0.05, size=rows.shape).astype(np.float32)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    first, second = (Plane.of(rows, "tsne", seed=3).positions for _ in range(2))
    assert (first == second).all()
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    within = np.linalg.norm(first[:8] - first[:8].mean(axis=0), axis=1).mean()
    assert np.linalg.norm(first[:8].mean(axis=0) - first[8:].mean(axis=0)) > 2 * within
    with pytest.raises(InputError, match="at least 4 words, got 3"):
        Plane.of(rows[:3], "tsne")
    with pytest.raises(InputError, match="methods pca, tsne, got 'umap'"):
        Plane.of(rows, "umap")


def test_changes_of_a_word():
    random = np.random.default_rng(0)
    matrix, words = random.normal(size=(30, 8)), [f"w{place}" for place in range(30)]
    turn, _ = np.linalg.qr(random.normal(size=(8, 8)))
    old = matrix.copy()
    old[0] = matrix[1]
    changes = word_changes(
        "w0", {"old": Embeddings(old @ turn, words), "new": Embeddings(matrix, words)}, top=2
    )
    first, last = changes.times
    assert first.neighbors[0].word == "w1"
    assert last.cosine == pytest.approx(1)
    assert first.cosine < 0.8
    scatter = changes.scatter()
    assert list(scatter.words[:2]) == ["w0 (old)", "w0 (new)"]
    assert scatter.arrows == [(0, 1)]
    assert changes.plot(title="w0").get_title() == "w0"


def test_times_without_the_word_are_left_out():
    space = Embeddings(np.eye(3), ["a", "b", "c"])
    with pytest.warns(UserWarning, match="'b' is not in the vectors of none, which are left out"):
        changes = word_changes("b", {"none": space.subset(["a", "c"]), "x": space, "y": space}, top=1)
    assert [time.name for time in changes.times] == ["x", "y"]
    with pytest.raises(UnknownWordError):
        word_changes("z", {"x": space, "y": space})
    with pytest.raises(InputError, match="alone; a change needs two"):
        word_changes("b", {"x": space, "none": space.subset(["a"])})
