"""The scores of translations in one list, with intervals."""

import pytest

from embedkit import bleu, chrf, error_rate, score_translations

SAID = ["the cat sat on the mat .", "a dog runs", "yes", "it rains today ."] * 5
TRUTH = ["the cat sits on the mat .", "a dog runs", "no", "it is raining today ."] * 5


def by_name(scores):
    return {score.metric: score for score in scores}


def test_scores_are_those_of_the_functions():
    scores = by_name(score_translations(SAID, TRUTH))
    whole = bleu(SAID, TRUTH)
    assert scores["BLEU"].value == pytest.approx(whole.score)
    assert scores["precision 2"].value == pytest.approx(whole.precisions[1])
    assert scores["brevity penalty"].value == pytest.approx(100 * whole.brevity_penalty)
    assert scores["chrF"].value == pytest.approx(chrf(SAID, TRUTH))
    assert scores["chrF++"].value == pytest.approx(chrf(SAID, TRUTH, word_order=2))
    assert scores["word error rate"].value == pytest.approx(100 * error_rate(SAID, TRUTH))
    assert scores["exact"].value == 25


def test_intervals_hold_the_score_and_follow_the_seed():
    scores = score_translations(SAID, TRUTH, resamples=200)
    assert all(score.low <= score.value <= score.high for score in scores if score.low is not None)
    assert [score.metric for score in scores if score.low is not None][:2] == ["BLEU", "chrF"]
    assert score_translations(SAID, TRUTH, resamples=200) == scores
    assert score_translations(SAID, TRUTH, resamples=200, seed=2) != scores
    assert by_name(score_translations(SAID, TRUTH, resamples=0))["BLEU"].low is None


def test_lower_case_is_for_all_scores():
    upper = [text.upper() for text in TRUTH]
    assert by_name(score_translations(upper, TRUTH, lowercase=True))["exact"].value == 100
    assert by_name(score_translations(upper, TRUTH))["exact"].value == 0


def test_error_rates_of_empty_references_are_not_defined():
    assert by_name(score_translations(["a"], [""]))["word error rate"].value is None
