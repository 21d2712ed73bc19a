"""Text added to a corpus: old ids stay, counts and totals are right, and nothing else changes."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.errors import FormatError, InputError
from embedkit.progress import Progress
from embedkit.text.corpus import block_encoding
from embedkit.text.corpus.building import append_text, encode_text
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.reading.file_reading import Reading

DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6), min_size=1, max_size=12)


def write(path, documents):
    path.write_text("\n".join(map(" ".join, documents)))
    return path


def decoded(corpus):
    return [[corpus.vocabulary.words[number] for number in ids] for ids in corpus]


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@settings(max_examples=15)
@given(parts=st.lists(DOCUMENTS, min_size=2, max_size=4), block=st.integers(2, 40))
def test_old_ids_stay_and_all_documents_are_there(parts, block, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    how = {"workers": 1, "block_bytes": block}
    encode_text(write(folder / "0.txt", parts[0]), folder / "corpus", tokenizer="whitespace", **how)
    corpus = Corpus.open(folder / "corpus")
    for number, part in enumerate(parts[1:], 1):
        words, shards = corpus.vocabulary.words, [shard.ids.tolist() for shard in corpus.shards()]
        append_text(write(folder / f"{number}.txt", part), folder / "corpus", **how)
        corpus = Corpus.open(folder / "corpus")
        assert corpus.vocabulary.words[: len(words)] == words
        assert [shard.ids.tolist() for shard in corpus.shards()][: len(shards)] == shards
        new = corpus.vocabulary.words[len(words) :]
        counts = Counter(word for document in part for word in document)
        assert list(new) == sorted(set(counts) - set(words), key=lambda word: (-counts[word], word))
    documents = [document for part in parts for document in part]
    truth = Counter(word for document in documents for word in document)
    assert decoded(corpus) == documents
    assert dict(zip(corpus.vocabulary, corpus.vocabulary.counts.tolist(), strict=True)) == truth
    assert (corpus.words, corpus.documents) == (truth.total(), len(documents))
    assert [source["name"] for source in corpus.recipe["sources"]] == [f"{i}.txt" for i in range(len(parts))]
    assert len(list(corpus.checked_shards())) == len(corpus.shards())  # fingerprint and sums are right


def test_compiled_code_gives_the_same_bytes(tmp_path, monkeypatch):
    made = []
    for compiled_bytes in (1 << 22, 0):
        monkeypatch.setattr(block_encoding, "COMPILED_BYTES", compiled_bytes)
        path = tmp_path / str(compiled_bytes)
        Corpus.encode(write(tmp_path / "a.txt", [["the", "cat"], ["a", "cat"]]), path)
        Corpus.open(path).append(write(tmp_path / "b.txt", [["a", "naïve", "dog"]] * 50), workers=2)
        made.append(files(path))
    assert made[0] == made[1]


@pytest.mark.parametrize("content", [b"... !", b"good\nb\xffd"])
def test_a_failure_leaves_the_corpus_as_it_was(tmp_path, content):
    corpus = Corpus.encode(write(tmp_path / "a.txt", [["a", "b"]]), tmp_path / "corpus")
    before = files(corpus.path)
    (tmp_path / "b.txt").write_bytes(content)
    with pytest.raises(InputError):
        corpus.append(tmp_path / "b.txt")
    assert files(corpus.path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt", "corpus"]


def test_a_corpus_that_is_open_stays_what_it_was(tmp_path):
    old = Corpus.encode(write(tmp_path / "a.txt", [["a", "b"]]), tmp_path / "corpus")
    shards = list(old.shards())
    new = old.append(write(tmp_path / "b.txt", [["c"]]))
    assert (old.words, new.words) == (2, 3)
    assert shards[0].ids.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tokenizer": "whitespace"}, "was made with tokenizer"),
        (
            {"encoding_errors": "replace"},
            'was made with encoding_errors "strict", got "replace"; .* leave encoding_errors out',
        ),
        ({"reading": Reading(documents="sentences")}, 'was made with documents "lines", got "sentences"'),
    ],
)
def test_another_recipe_is_refused(tmp_path, options, message):
    corpus = Corpus.encode(write(tmp_path / "a.txt", [["a", "b"]]), tmp_path / "corpus")
    with pytest.raises(InputError, match=message):
        corpus.append(tmp_path / "a.txt", **options)
    named = {"tokenizer": "words", "encoding_errors": "strict", "reading": Reading(documents="lines")}
    assert corpus.append(tmp_path / "a.txt", **named).words == 4


@pytest.mark.parametrize("reading", [None, Reading(encoding="cp1252"), Reading(documents="sentences")])
def test_sentences_are_added_to_sentences(tmp_path, reading):
    (tmp_path / "a.txt").write_text("One is here. Two is there.\n")
    sentences = Reading(documents="sentences")
    corpus = Corpus.encode(tmp_path / "a.txt", tmp_path / "corpus", reading=sentences)
    with pytest.raises(InputError, match='was made with documents "sentences", got "lines"'):
        corpus.append(tmp_path / "a.txt", reading=Reading(documents="lines"))
    assert corpus.append(tmp_path / "a.txt", reading=reading).documents == 4


def test_documents_have_no_recipe_for_text(tmp_path):
    corpus = Corpus.from_documents([["a"]], tmp_path / "corpus")
    with pytest.raises(InputError, match="nobody knows how to tokenize more text"):
        corpus.append(write(tmp_path / "a.txt", [["a"]]))


def test_a_damaged_vocabulary_is_not_carried_on(tmp_path):
    corpus = Corpus.encode(write(tmp_path / "a.txt", [["a", "b"]]), tmp_path / "corpus")
    (corpus.path / "vocabulary.tsv").write_text("a\t1\nc\t1\n")
    with pytest.raises(FormatError, match=r"damaged: its vocabulary\.tsv"):
        corpus.append(tmp_path / "a.txt")


def test_what_somebody_else_added_meanwhile_is_not_lost(tmp_path):
    class Meddling(Progress):
        def finish(self, summary=""):
            corpus.append(tmp_path / "b.txt")

    corpus = Corpus.encode(write(tmp_path / "a.txt", [["a", "b"]]), tmp_path / "corpus")
    write(tmp_path / "b.txt", [["c"]])
    with pytest.raises(InputError, match="changed by somebody else meanwhile"):
        corpus.append(tmp_path / "a.txt", progress=Meddling())
    assert decoded(Corpus.open(corpus.path)) == [["a", "b"], ["c"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt", "corpus"]
