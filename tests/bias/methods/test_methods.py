"""What all methods share: how they are asked for, the words they keep, what they tell."""

import dataclasses

import numpy as np
import pytest

import embedkit
from embedkit import Embeddings, InputError, Vocabulary
from embedkit.bias.debiasing import METHODS, debias
from embedkit.bias.topics.definitional_words import protected_words
from embedkit.bias.topics.topic import topic
from tests.bias.spaces import GENDERED, PAIRS, random_space, space

QUICK = {"double-hard": {"candidates": 2}, "inlp": {"iterations": 2, "labeled_words": 10}}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_tells_what_it_did(method):
    vectors = random_space(11)
    after = debias(vectors, PAIRS, method, **QUICK.get(method, {}))
    assert list(after) == list(vectors)
    (step,) = after.metadata["transforms"]
    assert (step["name"], step["method"]) == ("debias", method)
    assert step["topic"] == {"name": "pairs", "fingerprint": PAIRS.fingerprint}
    assert step["parameters"] == dataclasses.asdict(METHODS[method](**QUICK.get(method, {})))
    assert step["kept"] == ([] if method == "projection" else ["she", "he", "her", "his", "actress"])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_survives_the_file(method, tmp_path):
    after = debias(random_space(12), PAIRS, method, **QUICK.get(method, {}))
    after.save(tmp_path / "v.safetensors")
    again = embedkit.load(tmp_path / "v.safetensors")
    assert again.metadata == after.metadata
    np.testing.assert_array_equal(again.matrix, after.matrix)


@pytest.mark.parametrize(
    ("method", "parameters", "message"),
    [
        ("best", {}, "expected a method of hard, soft, double-hard, .*, got 'best'"),
        ("hard", {"alpha": 1}, "'hard' has the parameters subspace, components, keep, seed, got 'alpha'"),
        ("hard", {"components": 0}, "components must be at least 1, got 0"),
        ("hard", {"keep": "all"}, "keep must be one of 'listed', 'learned', got 'all'"),
        ("soft", {"strength": -1.0}, "strength must be at least 0, got -1.0"),
        ("half-sibling", {"alpha": 0}, "alpha must be more than 0, got 0"),
        ("multiclass", {"components": 2}, "at most 1 components"),
    ],
)
def test_wrong_parameters(method, parameters, message):
    with pytest.raises(InputError, match=message):
        debias(space(GENDERED), PAIRS, method, **parameters)


@pytest.mark.parametrize("method", METHODS)
def test_missing_words_are_named(method):
    vectors = Embeddings(np.eye(3), Vocabulary(["one", "two", "she"]))
    with pytest.raises(InputError, match=r"got 0 of 2; missing: 'he', 'her', 'his'"):
        debias(vectors, PAIRS, method)


def test_words_of_ones_own_are_kept():
    own = dataclasses.replace(PAIRS, specific=["Nurse"], neutral=())
    after = debias(space(GENDERED), own)
    assert after["nurse"] == pytest.approx((0.6, 0.8, 0), abs=1e-7)
    assert after["actress"] == pytest.approx((0, 1, 0), abs=1e-7)


def learnable(seed=1):
    """300 words, of which the first 40 lie to one side of a plane; 35 of them are listed."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(0, 0.1, (300, 6))
    matrix[:, 1] += 1
    matrix[:40, 0] += 2
    vectors = Embeddings(matrix, Vocabulary([f"word{i}" for i in range(300)]))
    pairs = {"classes": {"a": ["word0"], "b": ["word1"]}, "definitional": [["word0", "word1"]]}
    return vectors, embedkit.Topic(name="t", specific=[f"word{i}" for i in range(2, 35)], **pairs)


def test_learned_words_are_those_like_the_seed():
    vectors, found = learnable()
    assert protected_words(vectors, found).words == tuple(f"word{i}" for i in range(35))
    learned = protected_words(vectors, found, "learned")
    assert learned.words == tuple(f"word{i}" for i in range(40))
    assert 0.8 < learned.f1 < 1
    assert learned.provenance["f1"] == learned.f1


def test_learning_says_the_same_every_time():
    vectors, found = learnable()
    assert protected_words(vectors, found, "learned").f1 == protected_words(vectors, found, "learned").f1


def test_learned_words_on_the_shipped_vectors(english):
    gender = topic("gender")
    kept = protected_words(english, gender, "learned")
    assert {"brother-in-law", "husband's", "woman's"} < set(kept.words)
    assert "engineer" not in kept.words
    assert kept.f1 > 0.3


def test_learning_needs_a_seed():
    with pytest.raises(InputError, match=r"at least 10 specific words of pairs .* got 1 and"):
        protected_words(random_space(1), PAIRS, "learned")


def test_public_names():
    assert embedkit.debias is debias
    assert embedkit.topic is topic


def test_without_a_method_the_topic_says_which(english):
    small = english.subset(25_000)
    for name, expected in (("gender", "hard"), ("religion", "multiclass")):
        made = debias(small, name)
        assert made.metadata["transforms"][-1]["method"] == expected
        assert (made.matrix == debias(small, name, expected).matrix).all()
    with pytest.raises(InputError, match="'hard' is for topics of two classes, and religion has 3"):
        debias(small, "religion", "hard")
