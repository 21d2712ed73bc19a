"""Contrastive examples hold the same words whichever piece decides, so that only their order tells."""

from collections import Counter

import numpy as np

from embedkit import Embeddings, MeanVectorClassifier, Vocabulary
from embedkit.emoji.augmentation import (
    EmojiSentences,
    ExampleCounts,
    augmented,
    contrastive_examples,
    telling_words,
)
from embedkit.emoji.augmentation_patterns import DENIALS, LOSING, WHOLE, WINNING
from embedkit.progress import SILENT
from embedkit.text.pipeline.parameters import text_pipeline

WORDS = text_pipeline()
TEXTS = ["we had hot coffee", "coffee please", "he ate pizza", "pizza and more pizza", "it is not tea"]
EMOJI = ["cup", "cup", "fork", "fork", "cup"]


def test_what_decides_is_a_piece_of_a_text_of_the_emoji():
    made, emoji = contrastive_examples(TEXTS, EMOJI, {}, WORDS, 1, ExampleCounts(40, 0, 0))
    assert len(made) == len(emoji) == 200
    for text in made:
        assert "coffee" in text
        assert "pizza" in text
        assert "tea" not in text.split()
    decided = [sign for text, sign in zip(made, emoji, strict=True) if text.startswith("coffee not ")]
    assert {*decided} == {"cup"}
    assert (made, emoji) == contrastive_examples(TEXTS, EMOJI, {}, WORDS, 1, ExampleCounts(40, 0, 0))


def test_words_alone_do_not_tell_the_emoji():
    made, emoji = contrastive_examples(TEXTS, EMOJI, {"cup": ["espresso"]}, WORDS, 2, ExampleCounts(40, 0, 0))
    for first, second in zip(made[::2], made[1::2], strict=True):
        assert Counter(first.split()) == Counter(second.split())
    assert all({*two} == {"cup", "fork"} for two in zip(emoji[::2], emoji[1::2], strict=True))
    assert any("espresso" in text for text in made)


def test_words_that_speak_for_an_emoji_stand_alone_too():
    made, emoji = contrastive_examples(
        TEXTS, EMOJI, {"cup": ["espresso", "mug"]}, WORDS, 1, ExampleCounts(0, 4, 0)
    )
    assert len(made) == 20
    assert {*zip(made, emoji, strict=True)} == {("espresso", "cup"), ("mug", "cup")}
    assert contrastive_examples(TEXTS, EMOJI, {}, WORDS, 1, ExampleCounts(0, 4, 0)) == ([], [])


def test_words_of_no_text_speak_for_an_emoji_by_their_vectors():
    words = Vocabulary(["tea", "pie", "mug", "fork", "not"])
    space = Embeddings([[3, 1], [1, 3], [4, 0], [0, 4], [9, 0]], words)
    model = MeanVectorClassifier(space).fit(["tea"] * 2 + ["pie"] * 2, ["cup", "cup", "fork", "fork"])
    assert telling_words(model.predictor_) == {"cup": ["mug", "tea"], "fork": ["fork", "pie"]}


def test_what_is_denied_asks_for_the_opposite():
    texts, smiles = ["happy days", "so happy", "sad news", "how sad", "hot coffee"], [*"😄😄😞😞☕"]
    made = contrastive_examples(texts, smiles, {"😄": ["glad"]}, WORDS, 1, ExampleCounts(0, 0, 40))
    assert len(made[0]) == 200
    for text, sign in zip(*made, strict=True):
        words = {*text.split()} & {"happy", "sad", "glad", "coffee"}
        assert words <= ({"sad"} if sign == "😄" else {"happy", "glad"})
        assert len(words) == 1
    assert contrastive_examples(TEXTS, EMOJI, {}, WORDS, 1, ExampleCounts(0, 0, 40)) == ([], [])


def test_every_pattern_has_what_decides_and_what_does_not():
    for patterns, places in ((WHOLE, (1, 1)), (WINNING, (1, 0)), (LOSING, (0, 1)), (DENIALS, (0, 1))):
        for pattern in patterns:
            assert (pattern.count("{w}"), pattern.count("{l}")) == places


def test_texts_of_one_emoji_have_no_contrast():
    assert contrastive_examples(["hot coffee", "not tea"], ["cup", "fork"], {}, WORDS, 9) == ([], [])


def test_texts_that_count_nothing_make_no_examples():
    """The examples count as those do on average that they are made of."""
    space = Embeddings(np.eye(5), Vocabulary(["coffee", "tea", "pizza", "ate", "hot"]))
    model = MeanVectorClassifier(space).fit(TEXTS, EMOJI).predictor_
    weights = np.array([4.0, 1.0, 1.0, 0.0, 0.0])
    found = augmented(EmojiSentences(TEXTS, EMOJI, weights), model, 1, SILENT)
    chosen = EmojiSentences(*([column[row] for row in range(3)] for column in (TEXTS, EMOJI)), None)
    expected = augmented(chosen, model, 1, SILENT)
    assert (found.texts[:5], found.texts[5:]) == (TEXTS, expected.texts[3:])
    assert (found.emoji[:5], found.emoji[5:]) == (EMOJI, expected.emoji[3:])
    assert found.weights.tolist() == [*weights, *[2.0] * len(expected.texts[3:])]
    assert len(found.texts) > 20
    assert expected.weights is None
