"""Training of subword tokenizers: merges that can be counted by hand, the same file each time, bad input."""

import json

import pytest

from embedkit import InputError, train_tokenizer
from embedkit.text.subword_training import SubwordTraining
from embedkit.text.tokenization.subwords import SubwordTokenizer

pytest.importorskip("tokenizers")
TEXTS = ["Low lower LOWEST", "caf\u00e9 new newer"] * 4


def vocabulary(tokenizer):
    return list(json.loads(tokenizer.definition)["model"]["vocab"])


def test_merges_of_the_most_frequent_pairs():
    tokenizer = train_tokenizer(texts=["ab ab abc abc abc"], vocabulary_size=10, min_frequency=3)
    # of 5 words, "▁a" is in 5 as "ab" is; then "▁ab" in 5, then "▁abc" in 3
    assert vocabulary(tokenizer) == ["<unk>", "a", "b", "c", "\u2581", "ab", "\u2581ab", "\u2581abc"]
    assert train_tokenizer(texts=["ab ab abc"], vocabulary_size=10, min_frequency=4).tokenize("ab") == [
        *"\u2581ab"
    ]


@pytest.mark.parametrize(
    "parameters",
    [
        {"vocabulary_size": 40},
        {"byte_level": True, "vocabulary_size": 290},
        {"kind": "wordpiece", "vocabulary_size": 50},
    ],
)
def test_the_same_file_each_time(parameters):
    assert len({train_tokenizer(texts=TEXTS, **parameters).sha256 for _ in range(4)}) == 1


@pytest.mark.parametrize("kind", ["bpe", "wordpiece", "unigram"])
def test_case_accents_and_special_tokens(kind):
    tokenizer = train_tokenizer(
        texts=TEXTS, kind=kind, vocabulary_size=40, strip_accents=True, special_tokens=["[SEP]"]
    )
    assert tokenizer.tokenize("CAF\u00c9") == tokenizer.tokenize("cafe")
    assert "[SEP]" in tokenizer.tokenize("low[SEP]new")
    assert tokenizer.vocabulary_size <= 40
    cased = train_tokenizer(texts=TEXTS, kind=kind, vocabulary_size=60, lowercase=False)
    assert cased.tokenize("CAF\u00c9") != cased.tokenize("cafe")
    added = json.loads(tokenizer.definition)["added_tokens"]
    assert [token["content"] for token in added] == tokenizer_specials(kind)


def tokenizer_specials(kind):
    return ["[UNK]" if kind == "wordpiece" else "<unk>", "[SEP]"]


def test_bytes_leave_nothing_unknown():
    tokenizer = train_tokenizer(texts=TEXTS, byte_level=True, vocabulary_size=270)
    assert len(tokenizer.tokenize("\u4f60")) == 3
    assert train_tokenizer(texts=TEXTS, vocabulary_size=40).tokenize("\u4f60")[-1] == "<unk>"


def test_from_files(tmp_path):
    (tmp_path / "a.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    from_file = train_tokenizer(tmp_path / "a.txt", vocabulary_size=40)
    assert from_file == train_tokenizer(texts=TEXTS, vocabulary_size=40)
    from_file.save(tmp_path / "b.json")
    assert SubwordTokenizer.load(tmp_path / "b.json") == from_file


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"texts": TEXTS, "kind": "bbpe"}, "kind must be one of 'bpe', 'wordpiece', 'unigram'"),
        ({"texts": TEXTS, "vocabulary_size": 3}, "vocabulary_size must be at least 10"),
        ({"texts": TEXTS, "byte_level": True, "vocabulary_size": 200}, "at least 256 with byte_level"),
        ({"texts": TEXTS, "byte_level": True, "kind": "unigram"}, "byte_level is for kind 'bpe'"),
        ({"texts": TEXTS, "special_tokens": "[SEP]"}, "special_tokens must be a list of words"),
        ({"texts": TEXTS, "kind": "unigram", "vocabulary_size": 10}, "nothing can be learnt with vocab"),
        ({"texts": TEXTS, "special_tokens": ["a b"]}, "special_tokens must be a list of words"),
        ({"texts": []}, "no text to learn from"),
        ({"texts": "text"}, "got one string"),
        ({}, "either sources or texts"),
    ],
)  # fmt: skip
def test_what_cannot_be_learnt(arguments, told):
    with pytest.raises(InputError, match=told):
        train_tokenizer(**arguments)


def test_special_tokens_come_once_and_after_the_unknown_one():
    assert SubwordTraining(special_tokens=["a", "<unk>", "a"]).all_special_tokens == ["<unk>", "a"]
