"""The audit takes the measures it says it takes, on the words and directions it says."""

import dataclasses

import numpy as np
import pytest

from embedkit.bias.audit import audit
from embedkit.bias.debiasing import debias
from embedkit.bias.examples import FAMOUS, famous_examples, stereotypes
from embedkit.bias.metrics.coherence import embedding_coherence
from embedkit.bias.metrics.direct import direct_bias
from embedkit.bias.metrics.norm_distance import relative_norm_distance
from embedkit.bias.metrics.recovery import recovery_accuracy
from embedkit.bias.metrics.stimuli import weat_test, weat_tests
from embedkit.bias.metrics.weat import weat
from embedkit.bias.oppositions import oppositions
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import topic
from embedkit.errors import InputError
from tests.bias.spaces import GENDERED, PAIRS, random_space, space, three_classes


@pytest.fixture(scope="module")
def gender():
    """The topic, with every third of its neutral words."""
    whole = topic("gender")
    return dataclasses.replace(whole, neutral=sorted({*whole.neutral[::3], "nurse", "captain"}))


@pytest.fixture(scope="module")
def part(english, gender):
    """The 1,500 most frequent of the English vectors and the words of all metrics: enough, and quick."""
    lists = [gender.definitional_words, gender.neutral]
    lists += [words for test in weat_tests() for words in (test.x, test.y, test.a, test.b)]
    listed = {word.lower() for words in lists for word in words}
    words = english.vocabulary.words
    return english.subset([word for row, word in enumerate(words) if row < 1500 or word in listed])


@pytest.fixture(scope="module")
def audited(part, gender):
    return audit(part, gender, seed=3)


def test_every_measure_is_that_of_a_direct_call(part, gender, audited):
    women, men = gender.classes.values()
    direction = subspace(part, gender).direction
    test = weat_test("math-arts")
    expected = {
        "direct bias": direct_bias(part, gender.neutral, direction, seed=3),
        "RND": relative_norm_distance(part, gender.neutral, women, men, seed=3),
        "ECT": embedding_coherence(part, women, men, gender.neutral, seed=3),
        "WEAT: math-arts": weat(part, test.x, test.y, test.a, test.b, seed=3),
        "recovery accuracy": recovery_accuracy(
            part, part, direction, excluded=gender.definitional_words, seed=3
        ),
    }
    for title, measurement in expected.items():
        assert audited[title].as_dict() == measurement.as_dict()
    assert all(row.measurement for row in audited.rows)
    names = [row.metric for row in audited.rows]
    assert names == sorted(names, key=names.index)  # those of a name stand together
    assert audited.projections == expected["direct bias"].details["words"]


def test_after_debiasing_the_original_direction_is_the_yardstick(part, gender):
    debiased = debias(part, gender, "projection")
    found = audit(debiased, gender, original=part)
    assert found["direct bias"].value == pytest.approx(0, abs=1e-6)
    anew = subspace(debiased, gender).direction
    assert (
        found["direct bias: direction re-estimated"].value
        == direct_bias(debiased, gender.neutral, anew).value
    )
    direction = subspace(part, gender).direction
    expected = recovery_accuracy(part, debiased, direction, excluded=gender.definitional_words)
    assert found["recovery accuracy"].value == expected.value
    assert found["direct bias: direction re-estimated"].value > 0.01


def test_leaning_words_have_the_sign_of_their_class(audited):
    sc_weat = {found.details["word"]: found.value for found in audited.sc_weat}
    assert sc_weat["nurse"] > 0 > sc_weat["captain"]
    assert set(sc_weat) == set(audited.projections)


def test_what_the_words_do_not_allow_is_a_row_that_says_so():
    unknown = dataclasses.replace(PAIRS, neutral=["nurse", "aaa", "bbb", "ccc"])
    rows = {row.title: row for row in audit(space(GENDERED), unknown).rows}
    assert rows["direct bias"].measurement is None
    assert "'aaa', 'bbb', 'ccc'" in rows["direct bias"].refused
    assert rows["recovery accuracy"].refused.startswith("expected at least 10 biased words")
    assert all((row.measurement is None) == (row.refused is not None) for row in rows.values())


def test_a_topic_without_neutral_words_has_only_the_other_measures():
    found = audit(random_space(1), dataclasses.replace(PAIRS, neutral=()))
    assert [row.metric for row in found.rows] == ["RNSB", "clustering accuracy", "recovery accuracy"]
    assert (found.sc_weat, found.projections) == ((), {})


def test_unknown_definitional_sets_are_refused_by_name():
    with pytest.raises(InputError, match="missing: 'ella', 'lui', 'sua', 'suo'"):
        audit(random_space(1), dataclasses.replace(PAIRS, definitional=[["ella", "lui"], ["sua", "suo"]]))


def test_spaces_must_have_the_same_words():
    with pytest.raises(InputError, match="the words of the original ones"):
        audit(random_space(1), PAIRS, original=random_space(1, words=50))


def test_a_measure_that_was_not_taken_is_named():
    with pytest.raises(InputError, match="got 'speed'"):
        _ = audit(random_space(1), PAIRS)["speed"]


def test_several_classes_are_each_held_against_the_others():
    vectors, three = three_classes()
    opposed = oppositions(vectors, three)
    assert [side.title for side in opposed] == ["a, others", "b, others", "c, others"]
    assert opposed[1].first == ("b1", "b2")
    assert opposed[1].second == ("a1", "a2", "c1", "c2")
    unit = {word: vectors.unit_matrix[vectors.vocabulary[word]].astype(float) for word in opposed[1].second}
    b = [vectors.unit_matrix[vectors.vocabulary[f"b{i}"]].astype(float) for i in (1, 2)]
    expected = sum(2 * b[i - 1] - unit[f"a{i}"] - unit[f"c{i}"] for i in (1, 2))
    np.testing.assert_allclose(opposed[1].direction, expected / np.linalg.norm(expected), atol=1e-6)


def test_a_class_may_be_called_others():
    vectors, three = three_classes()
    renamed = dict(zip(["a", "b", "others"], three.classes.values(), strict=True))
    opposed = oppositions(vectors, dataclasses.replace(three, classes=renamed))
    assert [side.title for side in opposed] == ["a, others", "b, others", "others, the others"]


def test_several_classes_are_measured_in_their_subspace():
    vectors, three = three_classes()
    three = dataclasses.replace(three, neutral=["word1", "word2", "word3", "word4"])
    found = audit(vectors, three)
    assert len(found.subspace.basis) == 2
    expected = direct_bias(vectors, three.neutral, found.subspace.basis).value
    assert found["direct bias"].value == expected
    assert [row.subject for row in found.rows if row.metric == "RND"] == [
        "a, others",
        "b, others",
        "c, others",
    ]
    assert found.sc_weat == ()


def test_the_famous_example_answers_itself_if_it_may():
    vectors = space({"man": (1, 0, 3), "woman": (0.8, 0.6, 3), "programmer": (3, 0, 1), "nurse": (0, 3, 1)})
    asked = {example.question[2]: example for example in famous_examples(vectors, top=1)}
    assert [answer.word for answer in asked["programmer"].without_query] == ["nurse"]
    assert [answer.word for answer in asked["programmer"].with_query] == ["programmer"]
    assert asked["computer_programmer"].missing == ("computer_programmer",)
    assert len(asked) == len(FAMOUS)


def test_stereotypes_are_of_neutral_words_and_of_all():
    rows = {
        "she": (1, 0, 1),
        "he": (-1, 0, 1),
        "cook": (0.3, 1, 0),
        "chef": (-0.3, 1, 0),
        "sea": (0.2, 1.1, 0),
    }
    her = dataclasses.replace(
        PAIRS, definitional=[["she", "he"]], equalize=(), specific=(), neutral=["cook", "chef"]
    )
    found = stereotypes(space(rows), her)
    assert found.pair == ("she", "he")
    assert [(one.x, one.y) for one in found.neutral] == [("cook", "chef")]
    assert [(one.x, one.y) for one in found.common] == [("cook", "chef")]
    assert found.neutral[0].score == pytest.approx(1, abs=1e-6)


def test_no_stereotypes_are_left_once_they_are_projected_away():
    vectors = space(
        {"she": (1, 0, 1), "he": (-1, 0, 1), "cook": (0, 1, 0.5), "chef": (0, 1, 0), "x": (0, 0, 1)}
    )
    her = dataclasses.replace(PAIRS, definitional=[["she", "he"]], neutral=["cook", "chef"])
    assert stereotypes(vectors, her).neutral == ()


def test_stereotypes_need_two_classes():
    with pytest.raises(InputError, match="topic of two classes, got three of 3"):
        stereotypes(*three_classes())


@pytest.mark.parametrize("seed", [-1, 2**32, True, 1.0])
def test_a_seed_that_not_all_libraries_take_is_told_first(seed):
    with pytest.raises(InputError, match=r"seed must be (at least 0|at most 4294967295|a whole number), got"):
        audit(None, seed=seed)
