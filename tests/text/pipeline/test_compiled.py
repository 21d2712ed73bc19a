"""Compiled pipelines give the tokens of readable ones, whatever the text."""

# ruff: noqa: RUF001 - these texts are meant to be ambiguous

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from embedkit.text.pipeline.clean import Clean
from embedkit.text.pipeline.normalize import Normalize
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline, is_compilable
from embedkit.text.tokenization.words import WordsTokenizer

OPTIONS = [
    {},
    {"lowercase": False, "punctuation": True},
    {"tokenizer": "whitespace"},
    {"tokenizer": "whitespace", "lowercase": False},
    {
        "numbers": "mask",
        "urls": "mask",
        "mentions": "drop",
        "hashtags": "split",
        "html": "strip",
        "strip_accents": True,
        "min_length": 2,
        "stop_words": ("a", "www"),
    },
    {"tokenizer": "whitespace", "urls": "drop", "mentions": "mask", "hashtags": "mask"},
]
AWKWARD = [
    *"aA09.,'-_ \t\r\n’‑\u00ad\ufe0f\u200d\ufeff\x85\xa0½Ⅳ一👍",
    *(
        "Σ",
        "ΑΣ",
        "İ",
        "é",
        "e\u0301",
        "q\u0307\u0323",
        "ﬁ",
        "각",
        "ᄀ\u1161\u11a8",
        "क\u093c",
        "नि",
        "が\u3099",
    ),
    *("U.S.", "1.5", "1-2", "x-1", "\u0344", "Ⱥ", *'@#&+:/<>*$"();=Dd3🏽🇩·״א`‘\x1b'),
    *(
        "http://",
        "www.",
        ".com",
        "C++",
        "a@b.de",
        "#Ab",
        "Ａ",
        "ｶ\uff9e",
        "＠",
        "．",
        "&amp;",
        "<br />",
        "Ph.D",
    ),
    *("don't", "10:30", "1/2", "U.N.'s", "<url>"),
]


def documents(numbered):
    """{line: its words}."""
    spans = pairwise(numbered.offsets.tolist())
    return {
        line: [numbered.words[number] for number in numbered.ids[start:stop]]
        for line, (start, stop) in zip(numbered.lines.tolist(), spans, strict=True)
    }


def expected(tokenizer, text):
    lines = (line.removeprefix("\ufeff") for line in text.split("\n"))
    return {number: words for number, line in enumerate(lines) if (words := tokenizer.tokenize(line))}


def check(text, options):
    tokenizer = text_pipeline(**options)
    assert is_compilable(tokenizer)
    numbered, replaced = tokenizer.compiled.number(text.encode())
    assert documents(numbered) == expected(tokenizer, text)
    assert sum(numbered.counts) == len(numbered.ids)
    assert replaced == 0


ALIKE = [
    "CJK",
    "HANGUL",
    "TANGUT",
    "NUSHU",
    "CUNEIFORM",
    "EGYPTIAN",
    "ANATOLIAN",
    "BAMUM",
    "KHITAN",
    "YI",
    "VAI",
    "LINEAR",
    "SIGNWRITING",
]


@pytest.mark.parametrize(("options", "every"), [(OPTIONS[0], 1), *((options, 11) for options in OPTIONS[1:])])
def test_every_character_among_others(options, every):
    """One in 97 of scripts with hundreds of letters that are alike; for most options one in 11 of all."""
    characters = [
        chr(code)
        for code in range(1, 0x20000)
        if not 0xD800 <= code < 0xE000
        and chr(code) != "\n"
        and (code % 97 == 0 or not unicodedata.name(chr(code), "CJK").startswith(tuple(ALIKE)))
    ]
    characters = [*map(chr, range(1, 10)), *characters[::every]]
    assert len(characters) > 20_000 // every
    check("\n".join(f"a{c}b 1{c}2 _{c}.b.c {c}1-{c} Z{c}{c}\n{c}" for c in characters), options)


@pytest.mark.parametrize("options", OPTIONS)
@settings(max_examples=150)
@given(
    text=st.lists(st.sampled_from(AWKWARD) | st.characters(exclude_categories=["Cs"]), max_size=40).map(
        "".join
    )
)
@example(text="\u00ad\ufeffe\u1161")  # a byte order mark behind what is ignored, in unstable text
@example(text="")
def test_any_text(options, text):
    check(text, options)


@pytest.mark.parametrize(
    "text", ["word " * 40_000, "http://" + "." * 40_000, "a." * 40_000, "(a)" * 20_000 + "@"]
)
def test_long_lines_take_no_longer_than_they_are_long(text):
    """A search that begins anew at each character would not end in the time that a test has."""
    check(text, {"html": "strip", "urls": "mask", "punctuation": True})


def test_a_word_is_found_again_among_thousands():
    words = [f"{number:x}é{number % 7}" for number in range(100_000)]  # the hash table grows twice
    numbered, _ = text_pipeline("whitespace").compiled.number(" ".join([*words, *words]).encode())
    assert list(numbered.words) == words
    assert numbered.ids.tolist() == [*range(100_000), *range(100_000)]
    assert set(numbered.counts.tolist()) == {2}


@pytest.mark.parametrize(
    "steps",
    [
        [Clean(urls="mask"), Clean(html="strip"), WordsTokenizer()],
        [Normalize(), Clean(html="strip"), WordsTokenizer()],
        [Normalize(strip_accents=True), WordsTokenizer()],
        [str.strip, WordsTokenizer()],
        [WordsTokenizer(version=1)],
        [WordsTokenizer(), sorted],
    ],
)
def test_other_pipelines_are_not_compiled(steps):
    assert not is_compilable(TextPipeline(steps))


def test_lines_are_numbered_from_the_first():
    numbered, _ = text_pipeline().compiled.number(b"one\n\n ... \ntwo two\n", 7)
    assert documents(numbered) == {7: ["one"], 10: ["two", "two"]}


UNDECODABLE = [
    *(b"\xff", b"\x80", b"\xc3", b"\xc3\n", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xe2\x82"),
    *(b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98", b"\xf5\x80\x80\x80", b"\xc3\xa9\xa9"),
]


@pytest.mark.parametrize("wrong", UNDECODABLE)
def test_undecodable_text(wrong):
    text = "Ärger\nüber e\u0301 ".encode() + wrong + " ja\nλ".encode()
    twin = text_pipeline(punctuation=True).compiled
    with pytest.raises(UnicodeDecodeError) as told:
        twin.number(text)
    with pytest.raises(UnicodeDecodeError) as right:
        text.decode()
    assert told.value.start == right.value.start
    numbered, replaced = twin.number(text, encoding_errors="replace")
    assert documents(numbered) == expected(text_pipeline(punctuation=True), text.decode(errors="replace"))
    assert replaced == text.decode(errors="replace").count("\ufffd")


@given(st.binary(max_size=60))
def test_any_bytes(text):
    twin = text_pipeline("whitespace").compiled
    numbered, _ = twin.number(text, encoding_errors="replace")
    assert documents(numbered) == expected(text_pipeline("whitespace"), text.decode(errors="replace"))
