"""Texts with their emoji from Python: what `embedkit emojify` prints."""

import pytest

import embedkit
from embedkit import InputError


@pytest.fixture(scope="module")
def emojifier():
    return embedkit.load_predictor("emojify")


def test_texts_come_with_their_emoji(emojifier):
    texts = ["I want pizza", "I want pizza 🍴", " "]
    found = list(embedkit.emojify(emojifier, iter(texts), top=2))
    assert [text.emojified for text in found] == ["I want pizza 🍴", "I want pizza 🍴", " "]
    assert [len(text.guesses) for text in found] == [2, 2, 0]
    [guesses] = emojifier.predict_top(texts[:1], 2)
    assert dict(found[0].guesses) == pytest.approx(dict(guesses), rel=1e-5)
    assert [text.unknown for text in found] == emojifier.unknown_shares(texts).tolist()


@pytest.mark.parametrize("insert", ["end", "inline"])
def test_labels_of_fasttext_stay_without_being_read(emojifier, insert):
    texts = ["__label__baseball I love you", "I love you", "__label__love"]
    labeled, plain, empty = embedkit.emojify(emojifier, texts, insert=insert)
    assert labeled.emojified == f"__label__baseball {plain.emojified}"
    assert labeled.guesses == plain.guesses
    assert empty.emojified == "__label__love"


def test_an_unlikely_emoji_is_not_added(emojifier):
    [found] = embedkit.emojify(emojifier, ["I want pizza"], threshold=1.0)
    assert found.emojified == "I want pizza"


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        ("I love you", {}, "expected a list of texts, got the string 'I love you'"),
        (["a"], {"top": 0}, "expected top to be a whole number of at least 1, got 0"),
        (["a"], {"insert": "middle"}, "insert must be one of 'end', 'inline', got 'middle'"),
        (["a"], {"threshold": 5}, "threshold must be a probability, from 0 to 1, got 5"),
    ],
)
def test_bad_arguments_are_refused_at_once(emojifier, texts, options, message):
    with pytest.raises(InputError, match=message):
        embedkit.emojify(emojifier, texts, **options)


def test_another_classifier_is_refused():
    with pytest.raises(InputError, match=r"that predicts by EmojiPredictor; got <.*NetworkPredictor"):
        embedkit.emojify(embedkit.load_predictor(), ["a"])
