"""Files of phrases: what is written is read again, and anything else is told."""

import json

import pytest

from embedkit import Corpus, FormatError, InputError, Phrases, Texts, find_phrases, text_pipeline

DOCUMENTS = [["hong", "kong"], ["the", "bank", "of", "england"], ["bank", "of", "england"]] * 4


@pytest.fixture(scope="module")
def found():
    return find_phrases(DOCUMENTS, min_count=2, threshold=0.1)


@pytest.fixture
def file(found, tmp_path):
    found.save(tmp_path / "phrases.tsv")
    return tmp_path / "phrases.tsv"


def test_what_is_saved_is_loaded(found, file):
    assert len(found) == 2
    assert Phrases.load(file) == found
    first = file.read_bytes()
    found.save(file)
    assert file.read_bytes() == first


def test_a_line_is_score_frequency_and_words(file):
    header, *lines = file.read_text().splitlines()
    assert json.loads(header)["settings"]["connectors"] == ["a", "an", "and", "of", "or", "the"]
    assert [line.split("\t")[1:] for line in lines] == [
        ["8", "bank", "of", "england"],
        ["4", "hong", "kong"],
    ]


def test_the_tokenizer_of_the_text_is_kept(tmp_path):
    texts = Texts(["Hong Kong is old", "to Hong Kong"] * 4)
    pipeline = text_pipeline(lowercase=False)
    found_in_text = find_phrases(texts, tokenizer=pipeline, min_count=2, threshold=0.1)
    found_in_text.save(tmp_path / "p")
    assert Phrases.load(tmp_path / "p").tokenizer == pipeline.recipe()
    assert "tokenizer" not in found_in_text.to_json()  # a pipeline that holds them as a step has its own
    Corpus.encode(texts, tmp_path / "corpus", tokenizer=pipeline)
    assert find_phrases(tmp_path / "corpus", min_count=2, threshold=0.1).tokenizer == pipeline.recipe()


def test_a_file_without_a_tokenizer(file, tmp_path):
    """As of documents, whose tokenizer nobody knows."""
    header = json.loads(file.read_text().splitlines()[0])
    assert header.keys() == {"format", "version", "phrases", "settings"}
    assert Phrases.load(file).tokenizer is None


@pytest.mark.parametrize("tokenizer", ["words", {}, {"steps": "words"}, {"steps": ["words"]}])
def test_a_tokenizer_that_is_none(file, tokenizer):
    header, *lines = file.read_text().splitlines()
    content = json.loads(header) | {"tokenizer": tokenizer}
    file.write_text("\n".join([json.dumps(content), *lines, ""]))
    with pytest.raises(FormatError, match="is damaged"):
        Phrases.load(file)


def test_json_holds_all(found):
    content = json.loads(json.dumps(found.to_json()))
    assert Phrases.from_json(content) == found
    assert Phrases.from_json(content).apply(["hong", "kong"]) == ["hong_kong"]


def test_words_of_any_letters(tmp_path):
    odd = find_phrases([["東京", "タワー\u2028", "x\r"]] * 3, min_count=1, threshold=-1, passes=3)
    odd.save(tmp_path / "odd")
    assert Phrases.load(tmp_path / "odd") == odd


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version": 1', '"version": 2', "is of format version 2, this embedkit reads 1"),
        ('"embedkit-phrases"', '"other"', "is no file of phrases"),
        ('"phrases": 2', '"phrases": 3', "says 3 phrases, there are 2"),
        ("\t8\t", "\t-8\t", "line 2: expected a score, a count and two words or more"),
        ("\thong\tkong", "\thong", "line 3: expected a score, a count and two words"),
        ("hong\tkong", "bank\tof\tengland", "line 3: 'bank of england' is there twice"),
        ('"npmi"', '"magic"', "score must be one of"),
        ('"passes": 2', '"passes": 2, "more": 1', "unexpected keyword argument 'more'"),
        ('["a", "an", "and", "of", "or", "the"]', '"/etc/passwd"', "its connectors are no list of words"),
        ('"settings"', '"set"', "format, phrases, settings, version are expected in it"),
        ("kong\n", "kong", "cut off: its last line does not end"),
        ("{", "[", "is no file of phrases"),
        ('"passes": 2}', '"passes": 2', "is damaged"),
    ],
)
def test_what_is_no_such_file(file, old, new, message):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(FormatError, match=message):
        Phrases.load(file)


def test_bytes_that_are_no_text(file):
    file.write_bytes(file.read_bytes() + b"\xff\n")
    with pytest.raises(FormatError, match="is damaged: 'utf-8' codec"):
        Phrases.load(file)
    with pytest.raises(InputError, match="no such file of phrases"):
        Phrases.load(file.parent / "none")
    with pytest.raises(InputError, match=r"cannot read .*: Is a directory"):
        Phrases.load(file.parent)


@pytest.mark.parametrize("content", [None, [], {}, {"format": "embedkit-phrases"}, "text"])
def test_what_is_no_such_json(content):
    with pytest.raises(FormatError):
        Phrases.from_json(content)


def test_words_that_no_file_can_hold(found, tmp_path):
    content = found.to_json()
    odd = content | {"phrases": ["0.5\t4\ta\ud800\tb"]}
    for phrases in (Phrases.from_json(odd), find_phrases(DOCUMENTS, min_count=2, connectors=["x\ud800"])):
        with pytest.raises(InputError, match=r"\\ud800.* is not valid Unicode and cannot be written$"):
            phrases.save(tmp_path / "p")
        assert not list(tmp_path.iterdir())
