"""The words tokenizer: what a reader takes for a word."""

# ruff: noqa: RUF001 - these texts are meant to be ambiguous

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import InputError
from embedkit.text.tokenization.words import WordsTokenizer, is_number

SPACED = [  # text, and its tokens with blanks between them
    ("Don't panic!", "don't panic"),
    ("O’Neill’s state-of-the-art", "o'neill's state-of-the-art"),
    ("don‘t don´t don`t don′t donʼt don＇t don‛t", "don't " * 7),
    ("the dogs' 'quoted' ‘quoted’ `quoted` rock 'n' roll", "the dogs quoted quoted quoted rock n roll"),
    ("Hawai‘i, the women’s, ain't, y'all'd've", "hawai'i the women's ain't y'all'd've"),
    ("well--or - perhaps—not", "well or perhaps not"),
    ("well‐known non‑breaking sy\u00adllable", "well-known non-breaking syllable"),
    ("1939-1945, covid-19, a 19-year-old", "1939 1945 covid-19 a 19-year-old"),
    ("3.14 1,000 1,000,000.5 50% $5 €3.50 -3 1.000.000", "3.14 1,000 1,000,000.5 50 5 3.50 3 1.000.000"),
    ("10:30, 2:30pm; 10:30:15 1/2/2020 24/7 3:2", "10:30 2:30pm 10:30:15 1/2/2020 24/7 3 2"),
    ("+1-800-555-0199", "1 800 555 0199"),
    ("in the 1980s, on the 3rd: mp3", "in the 1980s on the 3rd mp3"),
    ("The U.S. and J.R.R. Tolkien, e.g. at 5 p.m.", "the u.s and j.r.r tolkien e.g at 5 p.m"),
    ("U.S.A., a Ph.D., M.Sc. B.Eng. U.N.'s U.S.’s", "u.s.a a ph.d m.sc b.eng u.n's u.s's"),
    ("The end.Next a.B c.The", "the end next a.b c the"),
    ("new_york __init__ _emphasis_ a__b", "new_york init emphasis a b"),
    ("a,b;c/d and/or", "a b c d and or"),
    ("C++ C#, F# .NET node.js a.net (.com)", "c++ c# f# .net node.js a.net .com"),
    ("c++11, C++!", "c++11 c++"),
    ("c+ a## ..net . net", "c a net net"),
    ("R&D AT&T Q&A Tom & Jerry &c. a&quot;b", "r&d at&t q&a tom jerry c a quot b"),
    ("f**k ke$ha a$$ **bold** *emph*", "f**k ke$ha a bold emph"),
    ("user.name+tag@mail-host.org, <bob@x.co.uk>", "user.name+tag@mail-host.org bob@x.co.uk"),
    ("a@b @ bob@localhost", "a b bob localhost"),
    ("see https://example.com/a_(b)?q=1&r=2.", "see https://example.com/a_(b)?q=1&r=2"),
    ("(http://x.y/z) www.example.com, FTP://a.b", "http://x.y/z www.example.com ftp://a.b"),
    ("en.wikipedia.org/wiki/Cat readme.txt", "en.wikipedia.org/wiki/cat readme.txt"),
    ("@user_1 #HappyNewYear's #1 ##x &#39;", "@user_1 #happynewyear s 1 x 39"),
    ("#हिन्दी @été", "#हिन्दी @été"),
    (":) :-( <3 </3 :D ;P :'( =) a:b x:D <url>", "a b x d <url>"),
    ("👍🏽 🇩🇪 👨‍👩‍👧 a😀b", "a b"),
    ("caf\u0065\u0301 café", "café café"),
    ("İstanbul istanbul ISTANBUL IĞDIR", "istanbul istanbul istanbul iğdir"),
    ("ﬁne ﬂow ﬃ Ａｂｃ１ ｶﾞ ﻻ", "fine flow ffi abc1 ガ لا"),
    ("foo\u2060bar foo\ufeffbar foo\u200bbar", "foobar foobar foo bar"),
    ("हिन्दी ไทย\u200b", "हिन्दी ไทย"),
    ("می\u200cخواهم العربيّة", "می\u200cخواهم العربيّة"),
    ('צה״ל צה"ל ג׳ורג׳ "שלום"', 'צה״ל צה"ל ג׳ורג שלום'),
    ("paral·lel l·l", "paral·lel l·l"),
    ("中文没有空格。日本語、と", "中文没有空格 日本語 と"),
    ("ΟΔΟΣ Straße ÅSA naïve", "οδος straße åsa naïve"),
    ("m² Ⅷ VIII 😀 → ½", "m² ⅷ viii ½"),
    ("tabs\tand\r\nlines\x85", "tabs and lines"),
    ("... --- '''", ""),
    ("", ""),
]
PUNCTUATION = [
    ("don‘t, -5°C", "don't , - 5 ° c"),
    ("Hi 👍🏽🇩🇪🇫🇷 👨‍👩‍👧! ❤️ ☝🏿", "hi 👍🏽 🇩🇪 🇫🇷 👨‍👩‍👧 ! ❤ ☝🏿"),
    ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
    (":) :-( <3 </3 :D ;P", ":) :-( <3 </3 :d ;p"),
    ('x:D (see: 5) "a":"b" http://a.de', 'x : d ( see : 5 ) " a " : " b " http://a.de'),
    ("C++, f**k! a$$ R&D.", "c++ , f**k ! a $ $ r&d ."),
    ("so… \u200b\u200e\ufeff\u2066ok", "so … ok"),
    ("1️⃣ 5€", "1⃣ 5 €"),
]


def words(text, punctuation=False):
    return WordsTokenizer(punctuation).tokenize(text.lower())


@pytest.mark.parametrize(("text", "tokens"), SPACED)
def test_words(text, tokens):
    assert words(text) == tokens.split()


@pytest.mark.parametrize(("text", "tokens"), PUNCTUATION)
def test_punctuation(text, tokens):
    assert words(text, punctuation=True) == ([text] if tokens is None else tokens.split())


@pytest.mark.parametrize(("text", "tokens"), SPACED)
def test_punctuation_adds_signs_and_changes_no_word(text, tokens):
    found = words(text, punctuation=True)
    assert [token for token in found if token in tokens.split()] == tokens.split()


AWKWARD = [
    *"aZé7.,'-_ \n!\u0301\u0940²@#&+:/<3*$\"()D=;wW\u200d\u200c\ufeff’`·״א½\x1b",
    *("http://", "www.", ".com", "C++", "a@b.de", "#a", "U.S.", "ﬁ", "Ａ", "👍", "🏽", "🇩", "İ", "i\u0307"),
]
TEXTS = st.lists(st.sampled_from(AWKWARD) | st.characters(exclude_categories=["Cs"]), max_size=30).map(
    "".join
)


@given(TEXTS, st.booleans())
def test_spans_have_the_tokens_in_order(text, punctuation):
    tokenizer = WordsTokenizer(punctuation)
    spans = tokenizer.spans(text)
    assert [span.token for span in spans] == tokenizer.tokenize(text)
    assert all(0 <= span.begin < span.end <= len(text) for span in spans)
    assert sorted(span.begin for span in spans) == [span.begin for span in spans]


@given(TEXTS, TEXTS)
def test_blanks_part_texts(one, other):
    """The tokens of a text are those of its parts between blanks, which compiled code relies on."""
    tokenizer = WordsTokenizer(punctuation=True)
    assert tokenizer.tokenize(f"{one} {other}") == tokenizer.tokenize(one) + tokenizer.tokenize(other)


@given(st.text(st.sampled_from("aZé7.,'-_ \n!\u0301\u0940²"), max_size=30))
def test_tokens_part_the_text_without_loss(text):
    tokens = words(text, punctuation=True)
    assert all(token and not any(map(str.isspace, token)) for token in tokens)
    assert [token for token in tokens if any(map(str.isalnum, token))] == words(text)
    assert words(" ".join(tokens), punctuation=True) == tokens  # tokenizing twice changes nothing


def test_spans_are_places_in_the_text_that_was_given():
    text = "Die ＣＡＦÉ’s, cafe\u0301s & \ufb01ne\u00adst!"
    spans = WordsTokenizer().spans(text)
    assert [(span.token, text[span.begin : span.end]) for span in spans] == [
        ("Die", "Die"),
        ("CAFÉ's", "ＣＡＦÉ’s"),
        ("cafés", "cafe\u0301s"),
        ("finest", "\ufb01ne\u00adst"),
    ]


def test_a_version_to_come_is_refused():
    with pytest.raises(InputError, match="versions 1 to 2, got 3; upgrade"):
        WordsTokenizer(version=3)


@pytest.mark.parametrize(("token", "expected"), [("3.14", True), ("½", True), ("3rd", False), ("-", False)])
def test_is_number(token, expected):
    assert is_number(token) is expected
