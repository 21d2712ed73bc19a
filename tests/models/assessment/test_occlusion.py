import numpy as np
import pytest

from embedkit import InputError, TfidfClassifier
from embedkit.models.assessment import occlusion
from embedkit.models.assessment.occlusion import log_odds, occlusions


def test_an_effect_is_what_leaving_a_word_out_changes(reviews):
    model = TfidfClassifier(ngrams=1).fit(*reviews)
    text = " fine,  dull\nfilm "
    found = occlusions(model, text, 1)
    assert [text[begin:end] for begin, end, _ in found] == ["fine,", "dull", "film"]
    whole = model.decision_function([text])[0]
    without = model.decision_function(["dull film", "fine film", "fine dull"])
    np.testing.assert_allclose([word.effect for word in found], whole - without)
    against = occlusions(model, text, 0)
    np.testing.assert_allclose([word.effect for word in against], without - whole)


def test_certain_answers_have_finite_odds():
    np.testing.assert_allclose(log_odds(np.array([0.5, 0.8])), [0, np.log(4)])
    assert np.isfinite(log_odds(np.array([0.0, 1.0]))).all()


def test_texts_can_be_too_long_or_empty(reviews, monkeypatch):
    model = TfidfClassifier().fit(*reviews)
    assert occlusions(model, " \n", 0) == []
    monkeypatch.setattr(occlusion, "MAX_WORDS", 3)
    with pytest.raises(InputError, match="expected at most 3 words to explain, got 4; give a part of it"):
        occlusions(model, "a fine dull film", 0)
