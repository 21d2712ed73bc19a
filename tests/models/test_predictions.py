"""Texts put through a classifier from Python: what `embedkit classify` prints."""

import pytest

import embedkit
from embedkit import InputError


@pytest.fixture(scope="module")
def sentiment():
    return embedkit.load_predictor()


def test_labels_come_with_probabilities_the_likeliest_first(sentiment):
    texts = ["a wonderful film", "dull"]
    found = list(embedkit.classify(sentiment, (text for text in texts), top=2))
    assert [prediction.text for prediction in found] == texts
    for prediction, row in zip(found, sentiment.predict_proba(texts), strict=True):
        assert dict(prediction.labels) == pytest.approx(dict(zip(sentiment.classes, row, strict=True)))
        assert prediction.labels[0][1] == row.max()


def test_an_estimator_and_its_predictor_say_the_same(sentiment):
    [one], [other] = (
        list(embedkit.classify(model, ["not bad at all"], explain=True))
        for model in (sentiment, embedkit.load_model())
    )
    assert one == other
    assert [one.text[word.begin : word.end] for word in one.words] == ["not", "bad", "at", "all"]


@pytest.mark.parametrize(
    ("model", "texts", "options", "message"),
    [
        (None, "a film", {}, "expected a list of texts, got the string 'a film'"),
        (None, [1], {}, "expected texts, got 1"),
        (None, ["a"], {"top": 0}, "expected top to be a whole number of at least 1, got 0"),
        ("sentiment", ["a"], {}, "expected a trained model, .* got 'sentiment'"),
        (embedkit.TfidfClassifier(), ["a"], {}, r"expected a trained model, .* got TfidfClassifier\(\)"),
    ],
)
def test_bad_arguments_are_refused_at_once(sentiment, model, texts, options, message):
    with pytest.raises(InputError, match=message):
        embedkit.classify(sentiment if model is None else model, texts, **options)


def test_a_long_text_has_its_label_without_an_explanation(sentiment):
    with pytest.warns(UserWarning, match="a text of 2,001 words is not explained; at most 2,000 can be"):
        found = list(embedkit.classify(sentiment, ["a dull film", "dull " * 2001, "fine"], explain=True))
    assert [prediction.words is None for prediction in found] == [False, True, False]
    assert found[1].labels[0][0] == "negative"
