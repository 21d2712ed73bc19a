import json

import numpy as np
import pytest

from embedkit import Embeddings, InputError, concatenate, merge


@pytest.fixture
def pets(counted):
    return counted({"cat": ([3, 4], 6), "dog": ([0, 2], 3)})


@pytest.fixture
def beasts(counted):
    return counted({"cow": ([1, 1], 9), "dog": ([4, 0], 1), "pig": ([5, 5], 1)})


@pytest.mark.parametrize(
    ("in_several", "normalize", "dog"),
    [
        ("first", False, [0, 2]),
        ("mean", False, [2, 1]),
        ("weighted-mean", False, [1, 1.5]),
        ("mean", True, [0.5, 0.5]),
    ],
)
def test_merged_words(pets, beasts, in_several, normalize, dog):
    both = merge(pets, beasts, in_several=in_several, normalize=normalize)
    assert both["dog"].tolist() == dog
    assert both["cat"].tolist() == pytest.approx([0.6, 0.8] if normalize else [3, 4])
    assert list(both) == ["cow", "cat", "dog", "pig"]
    assert both.vocabulary.counts.tolist() == [9, 6, 4, 1]
    assert both.vocabulary.is_sorted


def test_without_counts_the_first_space_leads(pets):
    other = Embeddings([[1, 1], [2, 2]], ["ant", "cat"])
    both = merge(other, pets)
    assert list(both) == ["ant", "cat", "dog"]
    assert both.vocabulary.counts is None
    assert both["cat"].tolist() == [2, 2]


def test_a_word_that_was_added_weighs_a_little(counted):
    a, b = counted({"new": ([0, 2], 0)}), counted({"new": ([4, 0], 3)})
    assert merge(a, b, in_several="weighted-mean")["new"].tolist() == [3, 0.5]


def test_three_spaces(pets, beasts):
    both = merge(pets, beasts, pets, in_several="mean")
    assert both["dog"].tolist() == pytest.approx([4 / 3, 4 / 3])


@pytest.mark.parametrize("words", ["common", "all"])
def test_concatenated_dimensions(pets, beasts, words):
    both = concatenate(pets, beasts, words=words)
    assert both["dog"].tolist() == [0, 2, 4, 0]
    if words == "all":
        assert list(both) == ["cat", "dog", "cow", "pig"]
        assert both["cat"].tolist() == [3, 4, 0, 0]
        assert both["pig"].tolist() == [0, 0, 5, 5]
        assert both.vocabulary.counts.tolist() == [6, 3, 9, 1]
    else:
        assert list(both) == ["dog"]
        assert both.vocabulary.counts.tolist() == [3]


def test_cosines_of_concatenated_unit_vectors_are_weighted_means():
    generator = np.random.default_rng(0)
    a, b = (Embeddings(generator.normal(size=(5, size)), list("abcde")) for size in (3, 4))
    both = concatenate(a, b, normalize=True, weights=[1, 2])
    expected = (a.similarity("a", "b") + 4 * b.similarity("a", "b")) / 5
    assert both.similarity("a", "b") == pytest.approx(expected, abs=1e-6)


def test_metadata_tell_of_all_parts():
    a = Embeddings([[1]], ["a"], {"tokenizer": {"x": 1}, "epochs": 1, "transforms": [{"name": "center"}]})
    b = Embeddings([[1]], ["a"], {"tokenizer": {"x": 1}, "epochs": 2})
    metadata = concatenate(a, b).metadata
    assert metadata["tokenizer"] == {"x": 1}
    [step] = metadata["transforms"]
    size = {"words": 1, "vector_size": 1}
    assert step["of"] == [{"epochs": 1, "transforms": [{"name": "center"}], **size}, {"epochs": 2, **size}]
    assert (step["name"], step["words"], step["weights"]) == ("concatenate", "common", [1, 1])


def test_metadata_do_not_grow_with_each_merge(pets):
    merged, sizes = pets, []
    for _ in range(12):
        for _ in range(7):
            merged = merged.normalize()
        merged = merge(merged, merged.center())
        sizes.append(len(json.dumps(merged.metadata)))
    assert len(set(sizes[2:])) == 1
    [step] = merged.metadata["transforms"]
    assert [made["name"] for made in step["of"][1]["transforms"]] == ["normalize"] * 4 + ["center"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda a, b: merge(a), "at least two spaces, got 1"),
        (lambda a, b: concatenate(), "at least two spaces, got 0"),
        (lambda a, b: merge(a, Embeddings([[1]], ["cat"])), "as many dimensions each, got 2, 1"),
        (lambda a, b: merge(a, b, in_several="last"), "first, mean, weighted-mean, got 'last'"),
        (lambda a, b: merge(a, Embeddings([[1, 1]], ["x"]), in_several="weighted-mean"), "one has none"),
        (lambda a, b: concatenate(a, Embeddings([[1]], ["x"])), "no words in common"),
        (lambda a, b: concatenate(a, b, words="union"), "common or all, got 'union'"),
        (lambda a, b: concatenate(a, b, weights=[1]), "a finite weight for each of 2"),
        (lambda a, b: concatenate(a, b, weights=[1, float("nan")]), "a finite weight for each of 2"),
    ],
)
def test_what_does_not_fit_is_refused(pets, beasts, make, message):
    with pytest.raises(InputError, match=message):
        make(pets, beasts)
