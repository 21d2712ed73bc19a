import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.evaluation.benchmarks.relation_items import RatedPair, Relation, RelationBenchmark
from embedkit.evaluation.relations import evaluate_relations
from embedkit.statistics.shares import graded


@pytest.fixture
def circle():
    """Words at angles of a circle: "east" and words at 10, 20, ... degrees."""
    angles = {"east": 0, **{str(degree): degree for degree in range(10, 360, 10)}}
    points = np.deg2rad(list(angles.values()))
    return Embeddings(np.stack([np.cos(points), np.sin(points)], axis=1) * 3, Vocabulary(list(angles)))


def relation(name, ratings, prototypes=(("east", "90"),)):
    return Relation(name, prototypes, tuple(RatedPair(*pair, rating) for pair, rating in ratings.items()))


def test_pairs_are_ranked_by_the_cosine_of_their_offset(circle):
    """From east, the chord to an angle t points to 90 + t / 2 degrees; the prototype's to 135."""
    asked = {("east", "90"): 4, ("east", "70"): 3, ("east", "40"): 2, ("east", "250"): 1, ("east", "no"): 9}
    found = evaluate_relations(circle, RelationBenchmark("mine", (relation("turn", asked),)))
    expected = np.cos(np.deg2rad(np.array([135, 125, 110, 215]) - 135))
    np.testing.assert_allclose(found.scores[0].degrees, [*expected, np.nan], atol=1e-6)
    assert found.rows()[1][:4] == ("mine", "turn", "spearman", 1.0)
    assert (found.covered, found.total) == (4, 5)


def test_several_prototypes_count_alike(circle):
    asked = relation("turn", {("90", "180"): 1}, (("east", "90"), ("180", "270"), ("no", "90")))
    degrees = evaluate_relations(circle, RelationBenchmark("mine", (asked,))).scores[0].degrees
    assert degrees == pytest.approx(np.mean(np.cos(np.deg2rad([225 - 135, 315 - 225]))), abs=1e-6)


def test_the_total_is_the_mean_of_the_relations(circle):
    up = relation("up", {("east", "90"): 2, ("east", "50"): 1})
    again = relation("again", {("east", "90"): 2, ("east", "50"): 1})
    down = relation("down", {("east", "90"): 1, ("east", "50"): 2})
    lost = relation("lost", {("east", "90"): 1, ("east", "50"): 2}, (("no", "90"),))
    found = evaluate_relations(circle, RelationBenchmark("mine", (up, again, down, lost)))
    assert [row.value for row in found.rows()] == [pytest.approx(1 / 3), 1, 1, -1, None]
    assert found.rows()[0][4:6] == pytest.approx(2 * np.array(graded([1, 1, 0])) - 1)
    [warning] = found.warnings
    assert warning.startswith(
        "1 of 4 relations have no value: fewer than two covered pairs, no known prototype"
    )
    assert found.rows()[-1][3:] == (None, None, None, 0, 2)
    assert (found.covered, found.total) == (6, 8)


def test_the_mean_of_one_relation_is_that_relation(circle):
    asked = {("east", str(degree)): degree * (-1) ** degree for degree in range(10, 90, 10)}
    asked[("east", "10")] = 500
    found = evaluate_relations(circle, RelationBenchmark("mine", (relation("turn", asked),)))
    total, part = found.rows()
    assert total[3:] == part[3:]
    assert total.low < total.value < total.high


def test_nothing_covered(circle):
    found = evaluate_relations(circle, RelationBenchmark("mine", (relation("x", {("no", "none"): 1}),)))
    assert found.rows()[0] == ("mine", "total", "spearman", None, None, None, 0, 1)
    assert "nothing is covered" in found.warnings[0]
