"""Tokens of sequences: text as numbers and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError
from embedkit.translation.parameters import SequenceTokens
from embedkit.translation.token_sets import SPECIAL, UNKNOWN, learn_tokens

SOURCES = ["The cat sat, didn't it?", "A cat ran."]
TARGETS = ["Le chat s'est assis.", "Un chat a couru !"]


def tokens_of(unit, **options):
    return learn_tokens(SOURCES, TARGETS, SequenceTokens(tokens=unit, vocabulary_size=200, **options))


@pytest.mark.parametrize("unit", ["characters", "words", "subwords"])
def test_known_text_comes_back(unit):
    if unit == "subwords":
        pytest.importorskip("tokenizers")
    for side, texts in zip(tokens_of(unit), (SOURCES, TARGETS), strict=True):
        assert [side.decode(numbers) for numbers in side.encode(texts)] == texts
        assert side.tokens[:3] == SPECIAL


@given(st.text("ab ,.'\u00e9", max_size=20))
def test_words_join_to_the_text_but_for_white_space(text):
    source, _ = learn_tokens([text + "a"], ["b"], SequenceTokens(tokens="words"))
    assert source.decode(source.encode([text])[0], dict(enumerate(source.split([text])[0]))) == " ".join(
        text.split()
    )


def test_each_side_may_have_its_own_unit():
    source, target = learn_tokens(
        ["cat", "act"],
        ["K AE1 T", "AE1 K T"],
        SequenceTokens(source_tokens="characters", target_tokens="words"),
    )
    assert source.tokens[3:] == ("a", "c", "t")
    assert sorted(target.tokens[3:]) == ["\u2581AE1", "\u2581K", "\u2581T"]
    assert target.decode(target.encode(["K T"])[0]) == "K T"


def test_rare_tokens_are_unknown_and_the_most_frequent_ones_are_kept():
    options = SequenceTokens(tokens="characters", min_count=2, vocabulary_size=10)
    source, _ = learn_tokens(["aaabbc"], ["xx"], options)
    assert source.tokens == (*SPECIAL, "a", "b")
    assert source.encode(["abc"]) == [[3, 4, UNKNOWN]]
    assert source.decode([3, UNKNOWN]) == "a<unk>"
    many = learn_tokens(
        ["abcdefghijklmno"], ["x"], options.__class__(tokens="characters", vocabulary_size=10)
    )
    assert len(many[0]) == len(SPECIAL) + 10


def test_lower_case_is_a_choice():
    source, _ = tokens_of("characters", lowercase=True)
    assert source.decode(source.encode(["THE CAT"])[0]) == "the cat"


def test_subwords_of_both_sides_are_learned_together_or_apart():
    pytest.importorskip("tokenizers")
    source, target = tokens_of("subwords")
    assert source.tokenizer is target.tokenizer
    source, target = tokens_of("subwords", joint=False)
    assert source.tokenizer.definition != target.tokenizer.definition


@pytest.mark.parametrize("unit", ["characters", "words", "subwords"])
def test_surfaces_tell_unknown_pieces_as_they_stand(unit):
    if unit == "subwords":
        pytest.importorskip("tokenizers")
    source, _ = tokens_of(unit)
    surfaces = source.surfaces("cat \u732b")
    assert "\u732b" in surfaces[-1]
    assert len(surfaces) == len(source.encode(["cat \u732b"])[0])


def test_a_side_without_tokens_cannot_be_learned():
    with pytest.raises(InputError, match="the targets have no token"):
        learn_tokens(["a"], [" "], SequenceTokens(tokens="words"))
