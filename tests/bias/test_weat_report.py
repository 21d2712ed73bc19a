"""Association tests on several spaces: the rows are those of `weat`, and the ranking is WEFE's."""

import json
from dataclasses import replace

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary, weat_report
from embedkit.bias.metrics.stimuli import WeatTest, weat_test, weat_tests
from embedkit.bias.metrics.weat import weat
from embedkit.errors import InputError

PETS = WeatTest("pets", ("cat", "kitten"), ("dog", "puppy"), ("love",), ("hate",))
FOOD = WeatTest("food", ("cake", "pie"), ("soup", "bread"), ("love",), ("hate",), published={"glove": 0.5})
WORDS = "cat kitten dog puppy love hate cake pie soup bread".split()  # noqa: SIM905


def space(seed, words=WORDS):
    rows = dict(zip(WORDS, np.random.default_rng(seed).normal(size=(len(WORDS), 6)), strict=True))
    return Embeddings(np.array([rows[word] for word in words]), Vocabulary(words))


@pytest.fixture
def spaces():
    """The last knows no food."""
    return {"one": space(1), "two": space(2), "same as one": space(1), "three": space(3, WORDS[:6])}


def test_each_row_is_the_test_on_the_space(spaces):
    report = weat_report(spaces, [PETS, FOOD], seed=3)
    places = [(row.test.name, row.vectors) for row in report.rows]
    assert places == [(name, space) for name in ("pets", "food") for space in spaces]
    for row in report.rows[:7]:
        test, vectors = row.test, spaces[row.vectors]
        alone = weat(vectors, test.x, test.y, test.a, test.b, alternative="greater", seed=3)
        assert row.measurement.as_dict() == alone.as_dict()
    assert report.rows[7].measurement is None
    assert "missing: 'cake', 'pie'" in report.rows[7].refused


def test_the_ranking_is_of_the_tests_that_all_spaces_know(spaces):
    report = weat_report(spaces, [PETS, FOOD])
    assert report.shared == ("pets",)
    effects = {name: abs(report.of(name)[0].measurement.value) for name in spaces}
    ranks = {ranked.vectors: ranked.rank for ranked in report.ranking}
    assert [ranked.mean_absolute_effect for ranked in report.ranking] == sorted(effects.values())
    assert ranks == {name: 1 + sum(other < effects[name] for other in effects.values()) for name in effects}
    assert ranks["one"] == ranks["same as one"]

    del spaces["three"]
    both = weat_report(spaces, [PETS, FOOD])
    assert both.shared == ("pets", "food")
    one = np.mean([abs(row.measurement.value) for row in both.of("one")])
    assert {ranked.vectors: ranked.mean_absolute_effect for ranked in both.ranking}["one"] == pytest.approx(
        one
    )


def test_a_variant_counts_only_where_its_original_is_not_measured(spaces):
    variant = replace(PETS, name="pets again", variant_of="pets")
    assert weat_report(spaces, [PETS, variant]).shared == ("pets",)
    assert weat_report(spaces, [variant, FOOD]).shared == ("pets again",)
    assert [test.name for test in weat_tests() if test.variant_of] == ["mental-physical-short"]


def test_without_a_test_that_all_know_there_is_no_ranking(spaces):
    report = weat_report(spaces, [FOOD])
    assert (report.shared, report.ranking) == ((), ())


def test_json_has_spaces_and_ranking(spaces):
    content = json.loads(json.dumps(weat_report(spaces, [PETS, FOOD]).as_dict()))
    assert [found["vectors"] for found in content["spaces"]] == [*spaces]
    assert content["spaces"][0]["tests"][1]["published"] == {"glove": 0.5}
    assert content["shared"] == ["pets"]
    assert [*content["ranking"][0]] == ["rank", "vectors", "mean_absolute_effect"]


def test_without_tests_those_that_ship_are_measured_as_far_as_words_are_known():
    test = weat_test("career-family")
    words = [word.lower() for word in (*test.x, *test.y, *test.a, *test.b)]
    vectors = Embeddings(np.random.default_rng(5).normal(size=(len(words), 10)), Vocabulary(words))
    rows = weat_report({"names": vectors}).rows
    assert [row.test.name for row in rows] == [test.name for test in weat_tests()]
    [measured] = [row for row in rows if row.measurement]
    assert measured.test == test
    assert measured.measurement.coverage == {"x": (8, 8), "y": (8, 8), "a": (8, 8), "b": (8, 8)}
    assert {key: len(words) for key, words in measured.measurement.lowercased.items()} == {"x": 8, "y": 8}
    assert measured.measurement.alternative == "greater"
    assert all("missing" in row.refused for row in rows if not row.measurement)


def test_the_coverage_is_that_which_was_told():
    test = weat_test("math-arts")
    words = [*test.x[:5], *test.y, *test.a, *test.b]
    vectors = Embeddings(np.random.default_rng(6).normal(size=(len(words), 10)), Vocabulary(words))
    assert weat_report({"v": vectors}, [test]).rows[0].measurement
    assert not weat_report({"v": vectors}, [test], min_coverage=0.9).rows[0].measurement


def test_nothing_to_measure_is_an_error():
    with pytest.raises(InputError, match=r"expected vectors by name, as in {'mine': vectors}, got Emb"):
        weat_report(space(1), [PETS, FOOD])
    with pytest.raises(InputError, match="expected vectors and tests, got 0 and 2"):
        weat_report({}, [PETS, FOOD])
    with pytest.raises(InputError, match="expected vectors and tests, got 1 and 0"):
        weat_report({"one": space(1)}, [])
