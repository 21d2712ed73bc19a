import warnings

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, Procrustes, Vocabulary, align, concatenate


@pytest.fixture
def english():
    generator = np.random.default_rng(8)
    return Embeddings(generator.normal(size=(300, 8)), [f"en{i}" for i in range(300)], {"trainer": "x"})


@pytest.fixture
def french(english):
    """The same space turned, with a little noise, shuffled, and other words."""
    generator = np.random.default_rng(9)
    turn = np.linalg.qr(generator.normal(size=(8, 8)))[0]
    order = generator.permutation(300)
    rows = english.matrix[order] @ turn + generator.normal(0, 0.05, (300, 8))
    return Embeddings(rows, [f"fr{i}" for i in order])


def pairs(numbers):
    return [(f"en{i}", f"fr{i}") for i in numbers]


def right(aligned, french):
    """The share of words whose nearest in the other space is the right one."""
    nearest = (aligned.matrix @ french.unit_matrix.T).argmax(axis=1)
    found = [french.vocabulary.words[row] for row in nearest]
    return np.mean([word.replace("fr", "en") == own for word, own in zip(found, aligned, strict=True)])


@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("normalize", [True, False])
def test_words_that_were_not_given_find_their_place(english, french, center, normalize):
    method = Procrustes(center=center, normalize=normalize)
    aligned = align(english, french, pairs(range(50)), method)
    assert right(english, french) < 0.05
    assert right(aligned, french) > 0.95
    if not center:
        before, after = (space.unit_matrix @ space.unit_matrix.T for space in (english, aligned))
        np.testing.assert_allclose(before, after, atol=1e-5)


def test_the_transform_is_told(english, french):
    alignment = Procrustes(refine=1).fit(english, french, pairs(range(50)))
    aligned = alignment.apply(english)
    [step] = aligned.metadata["transforms"]
    assert aligned.metadata["trainer"] == "x"
    assert step["name"] == "align"
    assert (step["pairs"], step["parameters"]["refine"], len(step["refined"])) == (50, 1, 1)
    assert step["cosine_before"] == alignment.cosine_before < 0.2
    expected = np.einsum("ij,ij->i", aligned.unit_matrix[:50], french.unit_matrix[french_rows(french, 50)])
    assert step["cosine_after"] == pytest.approx(expected.mean(), abs=1e-6)


def french_rows(french, count):
    return [french.vocabulary[f"fr{i}"] for i in range(count)]


def test_refinement_makes_more_of_a_few_pairs(english, french):
    noise = np.random.default_rng(3).normal(0, 0.25, french.matrix.shape)
    noisy = french.transformed(french.matrix + noise, "noise")
    fits = [Procrustes(refine=rounds).fit(english, noisy, pairs(range(9))) for rounds in (0, 20)]
    plain, refined = (right(fit.apply(english), noisy) for fit in fits)
    assert plain < 0.94 < 0.97 < refined
    assert len(fits[1].refined) < 20  # the pairs no longer changed
    assert fits[0].refined == ()


def test_words_in_common_are_the_default():
    generator = np.random.default_rng(1)
    rows, turn = generator.normal(size=(50, 4)), np.linalg.qr(generator.normal(size=(4, 4)))[0]
    words = [f"w{i}" for i in range(50)]
    old = Embeddings(rows, Vocabulary(words, np.arange(50, 0, -1)))
    new_rows = rows @ turn
    new_rows[40:] *= -1  # rare words that changed: fitted to, they would spoil the map
    new = Embeddings(new_rows, words)
    method = Procrustes(most_frequent=40, normalize=False)
    np.testing.assert_allclose(align(old, new, method=method).matrix[:40], new.matrix[:40], atol=1e-5)
    assert len(method.fit(old, new).pairs) == 40
    assert len(Procrustes().fit(old, new).pairs) == 50


def test_words_are_found_in_lower_case_where_vectors_are_so():
    generator = np.random.default_rng(2)
    rows = generator.normal(size=(3, 2))
    lower, cased = Embeddings(rows, ["a", "b", "c"]), Embeddings(rows, ["A", "B", "C"])
    fitted = Procrustes().fit(lower, cased, [("A", "A"), ("a", "A"), ("B", "b"), ("C", "C"), ("D", "E")])
    assert [*zip(fitted.pairs.sources, fitted.pairs.targets, strict=True)] == [(0, 0), (2, 2)]
    assert fitted.pairs.unknown_sources == ("D",)
    assert fitted.pairs.unknown_targets == ("b", "E")
    assert fitted.pairs.total == 5


def test_few_pairs_are_warned_of(english, french):
    with pytest.warns(UserWarning, match="7 pairs do not determine how 8 dimensions are turned"):
        align(english, french, pairs(range(7)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        align(english, french, pairs(range(8)))


def test_a_map_takes_other_vectors_of_the_same_space(english, french):
    alignment = Procrustes().fit(english, french, pairs(range(50)))
    some = alignment.apply(english.subset(["en7"]))
    np.testing.assert_allclose(some["en7"], alignment.apply(english)["en7"], rtol=1e-6)
    with pytest.raises(InputError, match="vectors of 8 dimensions, got 16"):
        alignment.apply(concatenate(english, english))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda a, b: align(a, b.transformed(b.matrix[:, :5], "cut")),
            "as many dimensions each, got 8, 5; pca",
        ),
        (lambda a, b: align(a, b), "no words in common"),
        (
            lambda a, b: align(a, b, [("cat", "chat"), ("en1", "x")]),
            r"of 2 pairs none .* 'cat' .* 'chat', 'x'",
        ),
        (lambda a, b: align(a, b, [("cat", "chat")] * 3), "of 1 pairs none"),
        (lambda a, b: Procrustes(refine=-1), "refine must be at least 0"),
        (lambda a, b: Procrustes(center=3), "center must be True or False"),
    ],
)
def test_what_cannot_be_aligned(english, french, change, message):
    with pytest.raises(InputError, match=message):
        change(english, french)


def test_a_malformed_dictionary(english, french, tmp_path):
    path = tmp_path / "d.txt"
    path.write_text("en1 fr1\nen2\n")
    with pytest.raises(FormatError, match=r"d.txt, line 2"):
        align(english, french, path)
