"""Training of subword tokenizers: merges that can be counted by hand, the same file each time, bad input."""

import json

import pytest

from embedkit import InputError, Texts, train_tokenizer
from embedkit.progress import Progress
from embedkit.text.subword_training import SubwordTraining
from embedkit.text.tokenization.subwords import SubwordTokenizer

pytest.importorskip("tokenizers")
TEXTS = ["Low lower LOWEST", "caf\u00e9 new newer"] * 4


def vocabulary(tokenizer):
    return list(json.loads(tokenizer.definition)["model"]["vocab"])


def test_merges_of_the_most_frequent_pairs():
    tokenizer = train_tokenizer(Texts(["ab ab abc abc abc"]), vocabulary_size=10, min_frequency=3)
    # of 5 words, "▁a" is in 5 as "ab" is; then "▁ab" in 5, then "▁abc" in 3
    assert vocabulary(tokenizer) == ["<unk>", "a", "b", "c", "\u2581", "ab", "\u2581ab", "\u2581abc"]
    assert train_tokenizer(Texts(["ab ab abc"]), vocabulary_size=10, min_frequency=4).tokenize("ab") == [
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
    assert len({train_tokenizer(Texts(TEXTS), **parameters).sha256 for _ in range(4)}) == 1


@pytest.mark.parametrize("kind", ["bpe", "wordpiece", "unigram"])
def test_case_accents_and_special_tokens(kind):
    tokenizer = train_tokenizer(
        Texts(TEXTS), kind=kind, vocabulary_size=40, strip_accents=True, special_tokens=["[SEP]"]
    )
    assert tokenizer.tokenize("CAF\u00c9") == tokenizer.tokenize("cafe")
    assert "[SEP]" in tokenizer.tokenize("low[SEP]new")
    assert tokenizer.vocabulary_size <= 40
    cased = train_tokenizer(Texts(TEXTS), kind=kind, vocabulary_size=60, lowercase=False)
    assert cased.tokenize("CAF\u00c9") != cased.tokenize("cafe")
    added = json.loads(tokenizer.definition)["added_tokens"]
    assert [token["content"] for token in added] == tokenizer_specials(kind)


def tokenizer_specials(kind):
    return ["[UNK]" if kind == "wordpiece" else "<unk>", "[SEP]"]


def test_bytes_leave_nothing_unknown():
    tokenizer = train_tokenizer(Texts(TEXTS), byte_level=True, vocabulary_size=270)
    assert len(tokenizer.tokenize("\u4f60")) == 3
    assert train_tokenizer(Texts(TEXTS), vocabulary_size=40).tokenize("\u4f60")[-1] == "<unk>"


def test_from_files(tmp_path):
    (tmp_path / "a.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    from_file = train_tokenizer(tmp_path / "a.txt", vocabulary_size=40)
    assert from_file == train_tokenizer(Texts(TEXTS), vocabulary_size=40)
    from_file.save(tmp_path / "b.json")
    assert SubwordTokenizer.load(tmp_path / "b.json") == from_file


@pytest.mark.parametrize("kind", ["bpe", "wordpiece"])  # which read them twice, and give the same each time
def test_texts_that_can_be_read_once_only(kind):
    how = {"kind": kind, "vocabulary_size": 40}
    once = train_tokenizer([Texts(iter(TEXTS[:3])), Texts(text for text in TEXTS[3:])], **how)
    assert once == train_tokenizer(Texts(TEXTS), **how)


def test_columns_of_frames(tmp_path):
    table = pytest.importorskip("pyarrow").table({"id": list(range(8)), "review": TEXTS})
    how = {"vocabulary_size": 40}
    assert train_tokenizer(table, **how) == train_tokenizer(Texts(TEXTS), **how)
    (tmp_path / "t.csv").write_text("id,review\n" + "".join(f"1,{text}\n" for text in TEXTS))
    told = Told()
    assert train_tokenizer(tmp_path / "t.csv", progress=told, **how) == train_tokenizer(Texts(TEXTS), **how)
    assert told.notes == [f"{tmp_path / 't.csv'}: texts from column 'review'"]


class Told(Progress):
    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


def test_bad_rows_are_told_once(tmp_path):
    (tmp_path / "t.csv").write_text("id,text\n1,ab ab\n2\n" + "3,ab cd\n" * 9)
    with pytest.warns(UserWarning, match="1 bad row was left out, line 3") as caught:
        train_tokenizer(tmp_path / "t.csv", vocabulary_size=20)
    assert len(caught) == 1


def test_undecodable_bytes(tmp_path):
    (tmp_path / "t.txt").write_bytes(b"caf\xe9 ab ab\n" * 9)
    with pytest.raises(InputError, match="cp1252"):
        train_tokenizer(tmp_path / "t.txt", vocabulary_size=20)
    with pytest.warns(UserWarning, match="9 undecodable places") as caught:
        tokenizer = train_tokenizer(tmp_path / "t.txt", encoding_errors="replace", vocabulary_size=20)
    assert (len(caught), tokenizer.tokenize("ab")) == (1, ["\u2581ab"])


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"kind": "bbpe"}, "kind must be one of 'bpe', 'wordpiece', 'unigram'"),
        ({"vocabulary_size": 3}, "vocabulary_size must be at least 10"),
        ({"byte_level": True, "vocabulary_size": 200}, "at least 256 with byte_level"),
        ({"byte_level": True, "kind": "unigram"}, "byte_level is for kind 'bpe'"),
        ({"special_tokens": "[SEP]"}, "special_tokens must be a list of words"),
        ({"kind": "unigram", "vocabulary_size": 10}, "nothing can be learned with vocab"),
        ({"special_tokens": ["a b"]}, "special_tokens must be a list of words"),
    ],
)
def test_parameters_that_cannot_be(parameters, told):
    with pytest.raises(InputError, match=told):
        train_tokenizer(Texts(TEXTS), **parameters)


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (Texts([]), "no text to learn from"),
        (Texts(["ab", ["ab"]]), r"expected texts as strings, got the list \['ab'\]"),
        (Texts("ab ab"), "expected an iterable of texts, got 'ab ab'"),
        ([], "no text to read"),
        (TEXTS, r"no such file or folder: Low lower LOWEST \(text in memory must be given as Texts"),
        (7, "expected paths or texts, got 7"),
        ([7], "expected paths or texts, got 7"),
        ([["ab", "ab"]], r"expected texts as strings, got the list \['ab', 'ab'\]"),
    ],
)
def test_sources_that_cannot_be_read(sources, told, kind):
    with pytest.raises(InputError, match=told):
        train_tokenizer(sources, kind=kind)


def test_special_tokens_come_once_and_after_the_unknown_one():
    assert SubwordTraining(special_tokens=["a", "<unk>", "a"]).all_special_tokens == ["<unk>", "a"]


def test_long_words_are_learned_in_pieces():
    """A word of 2 ** 20 letters would take minutes: the time grows with the square of the length."""
    tokenizer = train_tokenizer(Texts(["ab" * 2**19]), vocabulary_size=30, kind="bpe")
    assert max(len(tokenizer.tokenize("ab" * 600)[0]), 2) <= 1000
    assert "".join(tokenizer.tokenize("ab" * 600)).lstrip("\u2581") == "ab" * 600
