"""`Clean`, `Normalize` and `Filter`: what each makes of texts and tokens."""

import pytest

from embedkit.errors import DependencyError, InputError
from embedkit.text.pipeline import stop_words
from embedkit.text.pipeline.clean import Clean
from embedkit.text.pipeline.filter import Filter
from embedkit.text.pipeline.normalize import Normalize
from embedkit.text.pipeline.stop_words import read_stop_words


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("<br />great don&#39;t &quot;ok&quot;", 'great don\'t "ok"'),
        ('<p class="a">one</p><!-- no\n -->two', "one two"),
        ("a<script>var x = '<b>';</script>b<STYLE>p {}</style >c", "a b c"),
        ("caf&eacute; &#x263A; &lt;b&gt; &amp;amp; AT&T &unknown; &", "café ☺ <b> &amp; AT&T &unknown; &"),
        ("""<a href="x>y" title='>'>link</a> <b class="open>it""", "link it"),
        ("a < b and c > d, 3<4, i <3 you", "a < b and c > d, 3<4, i <3 you"),
        ("line&#10;feed&NewLine;x", "line feed x"),
        ("<!DOCTYPE html><html>x", "x"),
    ],
)
def test_html(text, cleaned):
    assert Clean(html="strip").text(text).split() == cleaned.split()
    assert Clean().text(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("http://a.de/b(c)d?e#f. (https://x.y)", "<url> . ( <url> )"),
        ("WWW.EXAMPLE.COM, ftp://a", "<url> , <url>"),
        ("example.com http:// awww.a", "example.com http:// awww.a"),
        ("@Ann,@bob .@c a@b.de @@x @9", "<user> , <user> .@c a@b.de @@x @9"),
        ("#Go! #1 ##a C# a#b #2gether", "<hashtag> ! #1 ##a C# a#b <hashtag>"),
    ],
)
def test_masks_and_gaps(text, masked):
    masks = Clean(urls="mask", mentions="mask", hashtags="mask")
    assert masks.text(text).split() == masked.split()
    without = [part for part in masked.split() if not part.startswith("<")]
    assert Clean(urls="drop", mentions="drop", hashtags="drop").text(text).split() == without


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("#HappyNewYear", "Happy New Year"),
        ("#covid19isOver", "covid 19 is Over"),
        ("#USAToday", "USA Today"),
        ("#été2020ÉtéFini", "été 2020 Été Fini"),
        ("#snake_case", "snake case"),
        ("#lower", "lower"),
        ("#नमस्ते", "नमस्ते"),
    ],
)
def test_a_tag_is_split_into_words(tag, words):
    assert Clean(hashtags="split").text(f"so {tag}!").split() == ["so", *words.split(), "!"]


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("Crème Brûlée", "Creme Brulee"),
        ("cafe\u0301 Ångström", "cafe Angstrom"),
        ("Łódź søster straße", "Łodz søster straße"),
        ("Άλφα ёж", "Αλφα еж"),
        ("हिन्दी ไทย", "हिन्दी ไทย"),
    ],
)
def test_accents(text, stripped):
    assert Normalize(lowercase=False, strip_accents=True).text(text) == stripped


def test_lower_case():
    assert Normalize().text("ÅSA ΟΔΟΣ") == "åsa οδος"
    assert Normalize(lowercase=False).text("ÅSA") == "ÅSA"


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({}, "a 3.14 ½ 3rd , the"),
        ({"numbers": "drop"}, "a 3rd , the"),
        ({"numbers": "mask"}, "a <number> <number> 3rd , the"),
        ({"min_length": 2}, "3.14 3rd the"),
        ({"stop_words": ["the", "a"]}, "3.14 ½ 3rd ,"),
    ],
)
def test_filter(options, kept):
    chosen = Filter(**options)
    assert list(filter(None, map(chosen.token, ["a", "3.14", "½", "3rd", ",", "the"]))) == kept.split()


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        (Filter, {"numbers": "no"}, "numbers must be one of 'keep', 'mask', 'drop', got 'no'"),
        (Filter, {"min_length": 0}, "min_length must be at least 1, got 0"),
        (Filter, {"stop_words": "the"}, "stop_words must be a list of words, got the string 'the'"),
        (Filter, {"stop_words": [1]}, "expected stop_words to be strings, got 1"),
        (Clean, {"hashtags": "cut"}, "hashtags must be one of"),
        (Normalize, {"lowercase": "yes"}, "lowercase must be True or False"),
    ],
)
def test_options_that_cannot_be(kind, options, message):
    with pytest.raises(InputError, match=message):
        kind(**options)


def test_stop_words_of_a_language_and_in_a_file(tmp_path):
    assert {"the", "and"} < set(read_stop_words("en"))
    assert {"und", "der"} < set(read_stop_words("de"))
    file = tmp_path / "stop.txt"
    file.write_text("\ufeffthe\n\n of\r\nand", encoding="utf-8")
    assert read_stop_words(str(file)) == ("and", "of", "the")


@pytest.mark.parametrize(
    ("source", "message"), [("qq", "no stop words of 'qq'"), ("no.txt", "a file .* got 'no.txt'")]
)
def test_stop_words_that_are_not_there(source, message):
    with pytest.raises(InputError, match=message):
        read_stop_words(source)


def test_several_stop_words_a_line(tmp_path):
    (tmp_path / "stop.txt").write_text("the\nof and\n")
    with pytest.raises(InputError, match=r"stop\.txt, line 2: expected one of the stop words a line, got of"):
        read_stop_words(str(tmp_path / "stop.txt"))


def test_stop_words_in_another_encoding(tmp_path):
    file = tmp_path / "stop.txt"
    file.write_bytes("été".encode("cp1252"))
    with pytest.raises(InputError, match="byte 0 is not UTF-8"):
        read_stop_words(str(file))


def test_lists_of_languages_need_spacy(monkeypatch):
    monkeypatch.setattr(stop_words, "find_spec", lambda name: None)
    with pytest.raises(DependencyError, match="give a file with a word a line"):
        read_stop_words("en")
