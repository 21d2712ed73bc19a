"""Texts of contrast hold the same words whichever piece decides, so that only their order tells."""

from embedkit.models.emoji_contrasts import PATTERNS, contrasts
from embedkit.text.tokenizers import make_tokenizer

WORDS = make_tokenizer("words")
TEXTS = ["we had hot coffee", "coffee please", "he ate pizza", "pizza and more pizza", "it is not tea"]
EMOJI = ["cup", "cup", "fork", "fork", "cup"]


def test_what_decides_is_a_piece_of_a_text_of_the_emoji():
    made, emoji = contrasts(TEXTS, EMOJI, 200, WORDS, 1)
    assert len(made) == len(emoji) == 200
    assert {*emoji} == {"cup", "fork"}
    for text in made:
        assert "coffee" in text
        assert "pizza" in text
        assert "tea" not in text.split()
    decided = [sign for text, sign in zip(made, emoji, strict=True) if text.startswith("coffee not ")]
    assert {*decided} <= {"cup"}
    assert (made, emoji) == contrasts(TEXTS, EMOJI, 200, WORDS, 1)


def test_every_pattern_has_what_decides_and_what_does_not():
    for pattern in PATTERNS:
        assert pattern.count("{w}") == pattern.count("{l}") == 1


def test_texts_of_one_emoji_have_no_contrast():
    assert contrasts(["hot coffee", "not tea"], ["cup", "fork"], 9, WORDS, 1) == ([], [])
