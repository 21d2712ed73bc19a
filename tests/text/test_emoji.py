"""Emoji are found in any spelling, and brought to one."""

import re

import emoji
import pytest

from embedkit.errors import InputError
from embedkit.text.emoji import find_emoji, list_emoji, name_of, normal_emoji, without_emoji

HEART = "\u2764\ufe0f"


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [
        (HEART, HEART),
        ("\u2764", HEART),
        ("\u2764\ufe0e", HEART),
        (" \u2764\ufe0f ", HEART),
        (":red_heart:", HEART),
        (":heart:", HEART),
        ("👍🏽", "👍"),
        ("\u270c🏿", "\u270c\ufe0f"),
        ("👩🏽‍🚀", "👩‍🚀"),
        ("1\u20e3", "1\ufe0f\u20e3"),
        ("🇩🇪", "🇩🇪"),
        ("👩🏽‍🤝‍👨🏾", "👩🏽‍🤝‍👨🏾"),
    ],
)
def test_every_spelling_has_one_normal_form(spelling, normal):
    assert normal_emoji(spelling) == normal
    assert normal_emoji(name_of(normal)) == normal


def test_normal_forms_are_those_that_unicode_calls_fully_qualified():
    for sign, facts in emoji.EMOJI_DATA.items():
        if facts["status"] == emoji.STATUS["component"]:
            continue
        normal = normal_emoji(sign)
        assert emoji.EMOJI_DATA[normal]["status"] == emoji.STATUS["fully_qualified"]
        bare = [re.sub("[\ufe0f\U0001f3fb-\U0001f3ff]", "", form) for form in (sign, normal)]
        assert bare[0] == bare[1]


@pytest.mark.parametrize("spelling", ["", "love", "1", "#", "🏽", ":no_such:", "\u2764!", "😄😞", ":heart"])
def test_what_is_not_one_emoji_is_refused(spelling):
    with pytest.raises(InputError, match=re.escape(f"got {spelling!r}")):
        normal_emoji(spelling)


def test_emoji_stand_where_they_are_found():
    text = "x:smile::heart:y \u2764\ufe0ez 👍🏽👍 :no: 12:30:15"
    found = list(find_emoji(text))
    assert [text[begin:end] for begin, end, _ in found] == [
        ":smile:",
        ":heart:",
        "\u2764\ufe0e",
        "👍🏽",
        "👍",
    ]
    assert [emoji for _, _, emoji in found] == ["😄", HEART, HEART, "👍", "👍"]
    assert without_emoji(text) == "x  y  z    :no: 12:30:15"
    assert list(find_emoji("plain: text")) == []


def test_lists_hold_emoji_alone():
    assert list_emoji(f"{HEART} ⚾ 😄,😞\t:fork_and_knife:") == [HEART, "⚾", "😄", "😞", "🍴"]
    assert list_emoji("\u2764⚾") == [HEART, "⚾"]
    assert list_emoji("0 ⚾") == list_emoji("") == []


def test_names_are_those_of_unicode():
    assert (name_of(HEART), name_of("🍴"), name_of("no")) == (":red_heart:", ":fork_and_knife:", "no")
