"""Scores of a model, and who is to blame for errors."""

import pytest

from embedkit import InputError, PairedTexts, TranslationSearch, bleu, evaluate_translator
from embedkit.translation.assessment import ErrorAnalysis, analyse_errors
from embedkit.translation.translator import Translation
from tests.translation.conftest import WORDS

PAIRS = PairedTexts("words", WORDS, [(word[::-1].upper(),) for word in WORDS])


def test_scores_are_of_the_best_answers(backwards):
    pairs = PairedTexts("words", WORDS, [*PAIRS.references[:-1], ("A B", "C D")])
    assessment = evaluate_translator(backwards, pairs, resamples=0)
    said = [answer.text for answer in assessment.answers]
    assert assessment.scores[0].value == pytest.approx(bleu(said, pairs.references).score)
    assert assessment.errors == ErrorAnalysis(len(WORDS) - 1, 0, 1)
    assert assessment.texts == len(WORDS)


def test_the_search_is_to_blame_where_the_reference_is_likelier_than_the_answer(backwards):
    """The model has learned "ba" -> "AB": an answer "BB" is a failure of the search, of "AB" for "BB" not."""
    search = TranslationSearch()
    chances = backwards.log_probabilities(["ba", "ba"], ["AB", "BB"])
    assert chances[0] > chances[1]
    right, wrong = (
        Translation(text, chance, search.score(chance, 3))
        for text, chance in zip(("AB", "BB"), chances.tolist(), strict=True)
    )
    pairs = PairedTexts("words", ["ba", "ba", "ba"], [("AB",), ("BB",), ("AB", "CC")])
    errors = analyse_errors(backwards, pairs, [wrong, right, right], search)
    assert errors == ErrorAnalysis(right=1, search=1, model=1)


def test_other_models_are_refused():
    with pytest.raises(InputError, match="expected a Translator"):
        evaluate_translator("model", PAIRS)
