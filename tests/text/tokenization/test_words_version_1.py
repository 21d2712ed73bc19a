"""The words of version 1, by which older files were made: their tokens stay."""

# ruff: noqa: RUF001 - these texts are meant to be ambiguous

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.pipeline.recipes import pipeline_from_recipe
from embedkit.text.tokenization.words_version_1 import word_pattern


def version_1(lowercase=True, numbers=True, punctuation=False):
    recipe = {"name": "words", "lowercase": lowercase, "numbers": numbers, "punctuation": punctuation}
    return pipeline_from_recipe(recipe)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't panic!", "don't panic"),
        ("O’Neill’s state-of-the-art", "o'neill's state-of-the-art"),  # curly apostrophes
        ("the dogs' 'quoted' rock 'n' roll", "the dogs quoted rock n roll"),
        ("well--or - perhaps—not", "well or perhaps not"),
        ("well‐known non‑breaking sy\u00adllable", "well-known non-breaking syllable"),
        ("1939-1945, covid-19, a 19-year-old", "1939 1945 covid-19 a 19-year-old"),
        ("3.14 1,000 1,000,000.5 50% $5 -3", "3.14 1,000 1,000,000.5 50 5 3"),
        ("in the 1980s, on the 3rd: mp3", "in the 1980s on the 3rd mp3"),
        ("The U.S. and J.R.R. Tolkien, e.g. at 5 p.m.", "the u.s and j.r.r tolkien e.g at 5 p.m"),
        ("The end.Next, Ph.D.", "the end next ph d"),
        ("new_york __init__ _emphasis_ a__b", "new_york init emphasis a b"),
        ("a,b;c/d AT&T user@example.com #tag", "a b c d at t user example com tag"),
        ("caf\u0065\u0301 café", "café café"),  # decomposed and composed
        ("हिन्दी ไทย\u200b", "हिन्दी ไทย"),  # marks belong to words
        ("می\u200cخواهم", "می\u200cخواهم"),  # a zero-width non-joiner inside a word
        ("ΟΔΟΣ Straße ÅSA naïve", "οδος straße åsa naïve"),
        ("m² Ⅳ 😀 → ½", "m² ⅳ ½"),
        ("tabs\tand\r\nlines\x85", "tabs and lines"),
        ("... --- '''", ""),
        ("", ""),
    ],
)
def test_words(text, tokens):
    assert version_1()(text) == tokens.split()


@pytest.mark.parametrize(
    ("options", "tokens"),
    [
        ({"lowercase": False}, "In 1984 O'Brien paid 2.50 for a 3rd X-ray"),
        ({"numbers": False}, "in o'brien paid for a 3rd x-ray"),
        ({"punctuation": True}, "in 1984 , o'brien paid $ 2.50 for a 3rd x-ray ! !"),
        ({"punctuation": True, "numbers": False}, "in , o'brien paid $ for a 3rd x-ray ! !"),
    ],
)
def test_options(options, tokens):
    text = "In 1984, O’Brien paid $2.50 for a 3rd X-ray!!"
    assert version_1(**options)(text) == tokens.split()


@given(st.text(st.sampled_from("aZé7.,'-_ \n!\u0301\u0940²＃@+:/’\u00ad"), max_size=30), st.booleans())
def test_spans_have_the_tokens_in_order(text, punctuation):
    pipeline = version_1(punctuation=punctuation)
    assert [span.token for span in pipeline.spans(text)] == pipeline(text)


def test_variation_selectors_are_no_signs():
    tokenizer = version_1(punctuation=True)
    tokens = ["i", "❤", "you", "!"]
    assert tokenizer.tokenize("I ❤\ufe0f you\ufe0f \ufe0f!") == tokenizer.tokenize("I ❤ you!") == tokens


@given(st.text(st.sampled_from("aZé7.,'-_ \n!\u0301\u0940²"), max_size=30), st.booleans())
def test_tokens_part_the_text_without_loss(text, lowercase):
    tokenizer = version_1(lowercase=lowercase, punctuation=True)
    tokens = tokenizer.tokenize(text)
    assert all(token and not any(map(str.isspace, token)) for token in tokens)
    assert [token for token in tokens if any(map(str.isalnum, token))] == version_1(lowercase=lowercase)(text)
    assert tokenizer.tokenize(" ".join(tokens)) == tokens  # tokenizing twice changes nothing


@given(st.text(st.characters(max_codepoint=127), max_size=60), st.booleans())
def test_the_fast_pattern_finds_what_the_full_one_finds(text, punctuation):
    assert word_pattern(True, punctuation).findall(text) == word_pattern(False, punctuation).findall(text)
