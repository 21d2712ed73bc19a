"""`evaluate`: one function for benchmarks of every kind."""

import numpy as np
import pytest

import embedkit
from embedkit import Embeddings, InputError, Vocabulary
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.categorization import evaluate_categorization
from embedkit.evaluation.outliers import evaluate_outliers
from embedkit.evaluation.protocols import GENSIM
from embedkit.evaluation.relations import evaluate_relations
from embedkit.evaluation.scoring import evaluate
from embedkit.evaluation.similarity import evaluate_similarity

WORDS = [f"w{place}" for place in range(20)]
FILES = {
    "analogies": ": part\n" + "".join(f"w{i} w{i + 1} w{i + 2} w{i + 3}\n" for i in range(19)),
    "similarity": "".join(f"w{i} w{i + 1} {i % 7}\n" for i in range(22)),
    "relations": ": part\nw1:w2, w3:w4\n" + "".join(f"w{i}:w{i + 2} {i % 5}\n" for i in range(21)),
    "categories": "".join(f"w{i} c{i % 3}\n" for i in range(22)),
    "outliers": ": part\nw1\nw2\nw3\nw21\n\nw4\nw5\nw22\n",
}
EVALUATORS = {
    "analogies": lambda space, file: evaluate_analogies(space, file, "gensim-300k", "3cosmul"),
    "similarity": lambda space, file: evaluate_similarity(space, file, resamples=50, seed=4),
    "relations": lambda space, file: evaluate_relations(space, file, resamples=50, seed=4),
    "categories": lambda space, file: evaluate_categorization(space, file, seed=4),
    "outliers": lambda space, file: evaluate_outliers(space, file),
}


@pytest.fixture
def space():
    return Embeddings(np.random.default_rng(1).normal(size=(20, 4)), Vocabulary(WORDS))


@pytest.fixture
def path(tmp_path):
    def written(kind):
        (tmp_path / f"{kind}.txt").write_text(FILES[kind])
        return tmp_path / f"{kind}.txt"

    return written


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_has_its_evaluator_and_settings(space, path, kind):
    found = evaluate(space, path(kind), protocol="gensim-300k", method="3cosmul", resamples=50, seed=4)
    expected = EVALUATORS[kind](space, embedkit.find_benchmark(str(path(kind))))
    assert type(found) is type(expected)
    assert found.rows() == expected.rows()
    assert found.rows()[0].covered < found.rows()[0].total


def test_a_confidence_for_all_intervals(space, path):
    for kind in FILES:
        wide, narrow = (evaluate(space, path(kind), confidence=level).rows()[0] for level in (0.99, 0.5))
        assert wide.high - wide.low > narrow.high - narrow.low > 0


def test_unknown_words_may_count(space, path):
    assert evaluate(space, path("analogies"), protocol=GENSIM, unknown="count").total.counted == 19
    assert np.count_nonzero(evaluate(space, path("similarity"), unknown="count").cosines == 0) == 3
    assert not np.isnan(evaluate(space, path("outliers"), unknown="count").positions).any()


@pytest.mark.parametrize("kind", FILES)
def test_only_the_words_that_are_named_are_known(space, path, kind):
    few = set(WORDS[:9])
    found = evaluate(space, path(kind), only=few)
    if kind == "analogies":  # other words may still answer
        assert found.rows()[0].covered == 6
    else:
        assert found.rows() == evaluate(space.subset(WORDS[:9]), path(kind)).rows()
    assert found.warnings == ()


def test_a_benchmark_by_its_name(space):
    assert evaluate(space, "english-outliers").benchmark == "english-outliers"


def test_what_cannot_be_evaluated(space, path):
    with pytest.raises(InputError, match="'leave-out' or 'count', got 'zero'"):
        evaluate(space, path("similarity"), unknown="zero")
    with pytest.raises(InputError, match="expected a benchmark, as `find_benchmark` gives, got 3"):
        evaluate(space, 3)
