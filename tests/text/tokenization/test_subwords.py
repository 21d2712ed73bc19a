"""Subword tokenizers: the tokens of the bare library, whole in the recipe, and files that are none."""

import json
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.text.reading.texts import Texts
from embedkit.text.subword_training import train_tokenizer
from embedkit.text.tokenization.factory import make_tokenizer, tokenizer_from_recipe
from embedkit.text.tokenization.subword_files import check_subwords
from embedkit.text.tokenization.subword_parts import parts_of
from embedkit.text.tokenization.subwords import SubwordTokenizer

library = pytest.importorskip("tokenizers")
TEXTS = [
    "The lowest of the low, she said, isn't the newest (or 42nd)!",
    "new newer newest low lower lowest",
    "caf\u00e9 \u2013 na\u00efve",
] * 3
KINDS = {
    "bpe": {"special_tokens": ["[MASK]"]},
    "byte-level": {"byte_level": True, "vocabulary_size": 300, "lowercase": False},
    "wordpiece": {"kind": "wordpiece"},
    "unigram": {"kind": "unigram", "strip_accents": True},
}
TRAINED = {
    name: train_tokenizer(Texts(TEXTS), **{"vocabulary_size": 90, **parameters})
    for name, parameters in KINDS.items()
}
HARD = st.text(
    st.one_of(
        st.sampled_from("lowest nwr \t\n\x1c\x85\u00a0\u3000\u0301\u00e9,'[MASK]\u4f60\U0001f44d"),
        st.characters(),
    )
)


def from_library(tokenizer, **changes):
    """A tokenizer of the library, with another part of its JSON changed, and its JSON."""
    definition = json.loads(tokenizer.definition) | changes
    return library.Tokenizer.from_str(json.dumps(definition)), json.dumps(definition)


def tokens_of(bare, text):
    ids = bare.encode(text, add_special_tokens=False).ids
    return [re.sub(r"\s", "\u2581", bare.id_to_token(number)) for number in ids]


@pytest.mark.parametrize(
    ("kind", "tokens"),
    [
        ("bpe", ["\u2581the", "\u2581lowest", "\u2581new"]),
        ("byte-level", ["the", "\u0120lowest", "\u0120", "\u010a", "new"]),
        ("wordpiece", ["the", "lowest", "new"]),
    ],
)
def test_words_and_blanks(kind, tokens):
    assert TRAINED[kind].tokenize("the lowest \nnew") == tokens


@pytest.mark.parametrize("kind", KINDS)
@given(text=HARD)
def test_the_same_as_the_library(kind, text):
    tokenizer = TRAINED[kind]
    bare = library.Tokenizer.from_str(tokenizer.definition)
    sound = re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert tokenizer.tokenize(text) == tokens_of(bare, sound)
    spans = tokenizer.spans(text)
    assert [span.token for span in spans] == tokenizer.tokenize(text)
    assert all(0 <= span.begin <= span.end <= len(text) for span in spans)
    assert not any(map(str.isspace, "".join(tokenizer.tokenize(text))))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("wordpiece", {"pre_tokenizer": {"type": "Whitespace"}}),
        ("wordpiece", {"pre_tokenizer": {"type": "WhitespaceSplit"}, "normalizer": None}),
        ("byte-level", {"normalizer": None}),
        (
            "byte-level",
            {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True}},
        ),
        ("byte-level", {"pre_tokenizer": None, "normalizer": None}),
        ("bpe", {"normalizer": {"type": "Prepend", "prepend": "x"}}),
        ("unigram", {"pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581"}, "normalizer": None}),
    ],
)
@given(text=HARD.filter(lambda text: text.encode("utf-8", "ignore").decode() == text))
def test_other_ways_to_cut_text(kind, changes, text):
    bare, definition = from_library(TRAINED[kind], **changes)
    assert SubwordTokenizer(definition).tokenize(text) == tokens_of(bare, text)


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_encoded_once(kind):
    parts = parts_of(json.loads(TRAINED[kind].definition))
    assert len(parts("one two  three")) >= 3


def test_places_in_the_text():
    text = "  The caf\u00e9's\tlowest"
    spans = TRAINED["wordpiece"].spans(text)
    found = [(span.token, text[span.begin : span.end]) for span in spans]
    assert found == [("the", "The"), ("[UNK]", "caf\u00e9"), ("'", "'"), ("s", "s"), ("lowest", "lowest")]
    bytes_of_a_character = [span for span in TRAINED["byte-level"].spans("\u4f60") if span[1:] == (0, 1)]
    assert len(bytes_of_a_character) == 3
    assert TRAINED["bpe"].spans("a low")[-1] == ("\u2581low", 2, 5)


def test_the_recipe_makes_it_again_elsewhere(tmp_path):
    tokenizer = TRAINED["bpe"]
    tokenizer.save(tmp_path / "bpe.json")
    loaded = SubwordTokenizer.load(tmp_path / "bpe.json")
    assert loaded == tokenizer
    recipe = json.loads(json.dumps(loaded.recipe()))
    assert recipe["tokenizer"] == "subwords"
    assert recipe["sha256"] == tokenizer.sha256
    assert SubwordTokenizer(recipe["definition"]).tokenize("lowest") == tokenizer.tokenize("lowest")
    assert tokenizer_from_recipe(recipe) == tokenizer
    with pytest.raises(FormatError, match="the recipe of the subword tokenizer is damaged: its sha256"):
        tokenizer_from_recipe({**recipe, "definition": recipe["definition"].replace("est", "ist")})
    assert make_tokenizer(str(tmp_path / "bpe.json")) == tokenizer
    (tmp_path / "model").mkdir()
    tokenizer.save(tmp_path / "model" / "tokenizer.json")
    assert SubwordTokenizer.load(tmp_path / "model") == tokenizer


def test_nothing_is_added_or_cut_off():
    _, definition = from_library(
        TRAINED["wordpiece"],
        truncation={"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
        padding={"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0}
        | {"pad_type_id": 0, "pad_token": "[UNK]"},
        post_processor={"type": "BertProcessing", "sep": ["[UNK]", 0], "cls": ["[UNK]", 0]},
    )
    assert SubwordTokenizer(definition).tokenize("low new low") == ["low", "new", "low"]
    assert len(SubwordTokenizer(definition).spans("low new low")) == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\n\x0e\n\x05<unk>\x15\x00\x00\x00\x00\x18\x02\xff", "a SentencePiece model; .*save_pretrained"),
        (b"\xff\xfe\x00\x01", "binary"),
        (b"[PAD]\n[UNK]\nthe\n##re\n", r"a list of word pieces; .*BertWordPieceTokenizer\('.*'\).save"),
        (b"#version: 0.2\nt h\nth e\n", "the merges of a BPE model; .*ByteLevelBPETokenizer"),
        (b'{"the": 0, "re": 1}', "the vocabulary of a BPE model"),
        (b'{"tokenizer_class": "BertTokenizer", "unk_token": "[UNK]"}', "the settings of a model"),
        (b'{"model": {"type": "BPE", "vocab": {', "damaged JSON"),
        (b"[1, 2]", "other JSON"),
        (b'{"model": "BPE"}', "other JSON"),
        (b"Once upon a time", "text that is no JSON"),
        (b"", "text that is no JSON"),
        (b'{"model": {"type": "CTC", "vocab": {}}}', "a model of type 'CTC'; the types are BPE"),
        (b'{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}', "tokenizers cannot read it"),
        (b"[" * 100_000, "damaged JSON"),
    ],
)
def test_files_that_are_no_tokenizer(tmp_path, content, told):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(FormatError, match=f"file.*{told}"):
        SubwordTokenizer.load(tmp_path / "file")


def test_advice_about_word_pieces_is_true(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nlow\n##est\n")
    library.BertWordPieceTokenizer("vocab.txt").save("tokenizer.json")
    assert SubwordTokenizer.load("tokenizer.json").tokenize("Lowest") == ["low", "##est"]


def test_no_such_file_and_no_library(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="there is no tokenizer"):
        check_subwords(tmp_path / "none.json")
    with pytest.raises(InputError, match="there is no tokenizer"):
        check_subwords(tmp_path)
    TRAINED["bpe"].save(tmp_path / "a.json")
    check_subwords(tmp_path / "a.json")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[subwords\]'"):
        check_subwords(tmp_path / "a.json")


KEYS = st.sampled_from(["model", "vocab", "type"])
VALUES = st.recursive(st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(VALUES)
def test_any_other_json_is_refused(value):
    with pytest.raises(FormatError):
        SubwordTokenizer(json.dumps(value)).tokenize("a")


def test_a_tokenizer_without_a_token_for_unknown_letters_is_told_of():
    tokenizer = SubwordTokenizer(
        json.dumps({"model": {"type": "Unigram", "unk_id": None, "vocab": [["a", 0.0]]}})
    )
    assert tokenizer.tokenize("aa") == ["a", "a"]
    for read in (tokenizer.tokenize, tokenizer.spans):
        with pytest.raises(FormatError, match=r"the tokenizer.json cannot tokenize all text: .*unk"):
            read("b")
