import numpy as np
import pytest

from embedkit import Embeddings, InputError, words_moved


@pytest.fixture
def before():
    return Embeddings(np.random.default_rng(4).normal(size=(60, 5)), [f"w{i}" for i in range(60)])


@pytest.fixture
def after(before):
    """The same but for w7, which changed its place, and for one word each that the other has not."""
    rows = before.matrix.copy()
    rows[7] = -rows[7]
    return Embeddings(np.vstack([rows[1:], rows[:1]]), [f"w{i}" for i in range(1, 60)] + ["new"])


def test_the_word_that_moved_is_first(before, after):
    moved = words_moved(before, after, top=3)
    assert moved[0].word == "w7"
    assert moved[0].distance == pytest.approx(2, abs=1e-6)
    assert [round(word.distance, 5) for word in moved[1:]] == [0, 0]
    assert moved[0].before == tuple(near_words(before, "w7"))
    assert moved[0].after == tuple(near_words(after, "w7"))
    assert len(words_moved(before, after, top=None)) == 59


def near_words(space, word):
    """The five nearest among the words in common."""
    answers = space.neighbors(word, top=10)
    return [answer.word for answer in answers if answer.word not in ("w0", "new")][:5]


@pytest.mark.parametrize("neighbors", [1, 4, 100])
def test_the_local_measure_is_that_of_the_paper(before, neighbors):
    other = Embeddings(np.random.default_rng(6).normal(size=(60, 5)), list(before))
    for moved in words_moved(before, other, top=None, neighbors=neighbors):
        spaces = [space.unit_matrix.astype(float) for space in (before, other)]
        row = before.vocabulary[moved.word]
        cosines = [space @ space[row] for space in spaces]
        near = set()
        for each in cosines:
            near |= set([i for i in np.argsort(-each) if i != row][:neighbors])
        first, second = (each[sorted(near)] for each in cosines)
        expected = 1 - first @ second / np.linalg.norm(first) / np.linalg.norm(second)
        assert moved.neighborhood == pytest.approx(expected, abs=1e-5)


def test_the_order_by_neighborhood(before):
    other = Embeddings(np.random.default_rng(6).normal(size=(60, 5)), list(before))
    everything = words_moved(before, other, top=None)
    by_place = sorted(everything, key=lambda word: -word.neighborhood)
    found = words_moved(before, other, top=7, by="neighborhood")
    assert [word.word for word in found] == [word.word for word in by_place[:7]]
    assert [word.distance for word in everything] == sorted(
        (word.distance for word in everything), reverse=True
    )


def test_only_frequent_words_are_looked_at(before, after):
    words = {moved.word for moved in words_moved(before, after, top=None, most_frequent=6)}
    assert words == {f"w{i}" for i in range(1, 7)}
    near = {word for moved in words_moved(before, after, top=None, most_frequent=6) for word in moved.before}
    assert near <= words


def test_a_single_word_has_no_neighbors():
    one, other = Embeddings([[1, 0]], ["a"]), Embeddings([[0, 1]], ["a"])
    [moved] = words_moved(one, other)
    assert moved == ("a", 1.0, 1.0, (), ())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"by": "size"}, "distance or neighborhood, got 'size'"),
        ({"top": 0}, "top"),
        ({"neighbors": 0}, "neighbors"),
    ],
)
def test_settings_are_checked(before, after, settings, message):
    with pytest.raises(InputError, match=message):
        words_moved(before, after, **settings)
