import json

import numpy as np
import pytest
from scipy import stats

from embedkit import Embeddings, InputError, Vocabulary
from embedkit.evaluation.benchmarks.similarity_items import ScoredPair, SimilarityBenchmark
from embedkit.evaluation.similarity import evaluate_similarity


@pytest.fixture
def space():
    generator = np.random.default_rng(2)
    words = [f"w{place}" for place in range(40)]
    return Embeddings(generator.normal(size=(40, 5)), Vocabulary(words))


@pytest.fixture
def pairs():
    """60 pairs, 6 of them with unknown words, with scores that repeat."""
    generator = np.random.default_rng(3)
    ids = generator.integers(44, size=(60, 2))
    scores = generator.integers(0, 11, 60).tolist()
    rows = [ScoredPair(f"w{a}", f"w{b}", s) for (a, b), s in zip(ids.tolist(), scores, strict=True)]
    return SimilarityBenchmark("mine", tuple(rows))


def by_hand(space, pairs, unknown):
    """(cosines, scores) of the pairs that count."""
    for first, second, score in pairs.pairs:
        if first in space and second in space:
            yield space.similarity(first, second), score
        elif unknown == "zero":
            yield 0, score


@pytest.mark.parametrize("unknown", ["leave-out", "zero"])
def test_correlations_are_scipys(space, pairs, unknown):
    found = evaluate_similarity(space, pairs, unknown)
    cosines, scores = zip(*by_hand(space, pairs, unknown), strict=True)
    assert found.spearman.value == pytest.approx(stats.spearmanr(cosines, scores).statistic, abs=1e-6)
    assert found.pearson.value == pytest.approx(stats.pearsonr(cosines, scores).statistic, abs=1e-6)
    np.testing.assert_allclose(found.cosines[~np.isnan(found.cosines)], cosines, atol=1e-6)
    assert 40 < found.covered < found.total == 60
    assert found.coverage == found.covered / 60
    for estimate in (found.spearman, found.pearson):
        assert estimate.interval.low < estimate.value < estimate.interval.high


@pytest.mark.parametrize("unknown", ["leave-out", "zero"])
def test_gensims_correlations(space, pairs, unknown, tmp_path):
    path = tmp_path / "pairs"
    path.write_text("".join(f"{a}\t{b}\t{score}\n" for a, b, score in pairs.pairs))
    pearson, spearman, _ = space.to_gensim().evaluate_word_pairs(str(path), dummy4unknown=unknown == "zero")
    found = evaluate_similarity(space, pairs, unknown)
    assert found.pearson.value == pytest.approx(pearson[0], abs=1e-6)
    assert found.spearman.value == pytest.approx(spearman[0], abs=1e-6)


def test_the_seed_decides_the_intervals(space, pairs):
    first, again, other = (evaluate_similarity(space, pairs, seed=seed) for seed in (1, 1, 2))
    assert first.rows() == again.rows()
    assert first.spearman.value == other.spearman.value
    assert first.spearman.interval != other.spearman.interval


def test_rows(space, pairs):
    found = evaluate_similarity(space, pairs)
    spearman, pearson = found.rows()
    assert json.loads(json.dumps(spearman._asdict())) == spearman._asdict()
    assert spearman[:3] == ("mine", "total", "spearman")
    assert spearman[3:6] == found.spearman.numbers
    assert pearson[2:] == ("pearson", *found.pearson.numbers, found.covered, 60)


def test_nothing_covered(space):
    found = evaluate_similarity(
        space, SimilarityBenchmark("mine", (ScoredPair("x", "y", 1), ScoredPair("x", "z", 2)))
    )
    assert found.rows()[0] == ("mine", "total", "spearman", None, None, None, 0, 2)
    assert "nothing is covered" in found.warnings[0]


def test_scores_that_do_not_vary(space):
    found = evaluate_similarity(
        space, SimilarityBenchmark("mine", (ScoredPair("w1", "w2", 1), ScoredPair("w2", "w3", 1)))
    )
    assert found.spearman == (None, None)
    assert found.covered == 2
    assert found.warnings == ("the correlation is not defined: people gave all covered pairs the same score",)


def test_cosines_that_do_not_vary_and_a_pair_alone():
    flat = Embeddings(np.ones((3, 2)), Vocabulary(list("abc")))
    pairs = ScoredPair("a", "b", 1), ScoredPair("b", "c", 2)
    found = evaluate_similarity(flat, SimilarityBenchmark("mine", pairs))
    assert "the vectors give all covered pairs the same cosine" in found.warnings[0]
    alone = evaluate_similarity(flat, SimilarityBenchmark("mine", (*pairs[:1], ScoredPair("a", "x", 2))))
    assert (alone.spearman.value, alone.warnings) == (None, ("a correlation of one pair is not defined",))


def test_without_resamples_there_are_scores_and_no_intervals(space, pairs):
    found, quick = (evaluate_similarity(space, pairs, resamples=count) for count in (1000, 0))
    assert [row[:4] for row in quick.rows()] == [row[:4] for row in found.rows()]
    assert quick.spearman.interval is quick.pearson.interval is None


def test_only_some_words_may_count_as_known(space, pairs):
    words = {f"w{place}" for place in range(20)}
    found = evaluate_similarity(space, pairs, only=words)
    assert found.known.tolist() == [pair.first in words and pair.second in words for pair in pairs.pairs]


def test_a_word_with_itself_and_a_zero_vector():
    space = Embeddings(np.array([[0.1, 0.7], [0.3, 0.2], [0, 0]]), Vocabulary(list("abz")))
    pairs = SimilarityBenchmark(
        "mine", (ScoredPair("a", "a", 3), ScoredPair("b", "b", 3), ScoredPair("a", "z", 0))
    )
    found = evaluate_similarity(space, pairs)
    assert found.cosines.tolist() == [1, 1, 0]
    assert found.spearman.value == 1


def test_a_difference_of_case_is_told_and_mended(space):
    shouted = SimilarityBenchmark("mine", tuple(ScoredPair(f"W{i}", f"w{i + 1}", i) for i in range(9)))
    assert "9 more of 9" in evaluate_similarity(space, shouted).warnings[1]
    mended = evaluate_similarity(space, shouted, lowercase=True)
    assert (mended.covered, mended.warnings) == (9, ())


def test_vectors_in_upper_case_are_told(space):
    loud = Embeddings(space.matrix, Vocabulary([word.upper() for word in space.vocabulary.words]))
    quiet = SimilarityBenchmark("mine", tuple(ScoredPair(f"w{i}", f"w{i + 1}", i) for i in range(9)))
    for lowercase in (False, True):
        warning = evaluate_similarity(loud, quiet, lowercase=lowercase).warnings[1]
        assert "9 more of 9 items would be covered if case did not count" in warning
    cased = SimilarityBenchmark("mine", tuple(ScoredPair(f"W{i}", f"W{i + 1}", i) for i in range(9)))
    assert (
        "use lowercase=False (--no-lowercase)" in evaluate_similarity(loud, cased, lowercase=True).warnings[1]
    )


def test_another_treatment_of_unknown_words(space, pairs):
    with pytest.raises(InputError, match="'leave-out' or 'zero', got 'mean'"):
        evaluate_similarity(space, pairs, "mean")
