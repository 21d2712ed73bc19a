"""Corpus: what goes in comes out, whatever the workers, the blocks and the compression."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.cluster.cluster import Cluster
from embedkit.errors import FormatError, InputError
from embedkit.parallel.processes import ProcessPool
from embedkit.progress import Progress
from embedkit.text.corpus import block_encoding, building
from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.tokenized_documents import encode_documents
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.tokenization.words import WordsTokenizer

LINES = ["The cat sat on the mat.", "", "The dog didn't!", "...", "A cat, a dog."]
DOCUMENTS = [line.split() for line in ("the cat sat on the mat", "the dog didn't", "a cat a dog")]
TOKENS = st.lists(st.lists(st.sampled_from(["a", "b", "dog", "é", "42", "o'neill"]), max_size=6), max_size=30)


def decoded(corpus):
    return [[corpus.vocabulary.words[number] for number in ids] for ids in corpus]


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES))
    return path


def test_the_arrays_and_the_vocabulary(text, tmp_path):
    corpus = Corpus.encode(text, tmp_path / "corpus")
    assert decoded(corpus) == DOCUMENTS
    assert (corpus.words, corpus.documents, len(corpus)) == (13, 3, 3)
    assert corpus.vocabulary.words == ("the", "a", "cat", "dog", "didn't", "mat", "on", "sat")
    assert corpus.vocabulary.counts.tolist() == [3, 2, 2, 2, 1, 1, 1, 1]
    (shard,) = corpus.shards()
    assert shard.offsets.tolist() == [0, 6, 9, 13]
    assert shard.ids.tolist() == [0, 2, 7, 6, 0, 5, 0, 3, 4, 1, 2, 1, 3]
    assert (shard.ids.dtype, shard.offsets.dtype) == (np.int32, np.int64)
    assert isinstance(shard.ids, np.memmap)


def test_the_recipe_tells_of_the_text_and_not_of_the_machine(text, tmp_path):
    tokenizer = text_pipeline(lowercase=False)
    corpus = Corpus.encode([text], tmp_path / "corpus", tokenizer=tokenizer)
    data = text.read_bytes()
    assert dict(corpus.recipe) == {
        "tokenizer": tokenizer.recipe(),
        "sources": [{"name": "text.txt", "bytes": len(data), "sha256": sha256(data).hexdigest()}],
        "encoding_errors": "strict",
        "replaced": 0,
    }
    assert corpus.tokenizer == tokenizer
    assert str(tmp_path) not in (corpus.path / "manifest.json").read_text()


@settings(max_examples=40)
@given(documents=TOKENS.filter(any), block=st.integers(1, 60))
def test_decoding_gives_the_documents_back(documents, block, tmp_path_factory):
    folder = tmp_path_factory.mktemp("round")
    (folder / "text.txt").write_text("\n".join(map(" ".join, documents)))
    encode_text(folder / "text.txt", folder / "encoded", tokenizer="whitespace", workers=1, block_bytes=block)
    encode_documents(documents, folder / "direct", shard_words=block)
    for name in ("encoded", "direct"):
        corpus = Corpus.open(folder / name)
        assert decoded(corpus) == [document for document in documents if document]
        assert corpus.documents == sum(map(bool, documents))
        assert len(list(corpus.checked_shards())) == len(corpus.shards())
        counts = sum(np.bincount(shard.ids, minlength=len(corpus.vocabulary)) for shard in corpus.shards())
        assert corpus.vocabulary.counts.tolist() == counts.tolist()
        assert corpus.words == counts.sum()


def test_the_bytes_do_not_depend_on_workers_or_place(tmp_path):
    tmp_path.joinpath("a").mkdir()
    for folder in (tmp_path, tmp_path / "a"):
        lines = [f"line {number} of {number % 7} naïve words" for number in range(500)]
        (folder / "text.txt").write_text("\n".join(lines))
        encode_text(folder / "text.txt", folder / "corpus", workers=1, block_bytes=1000)
    encode_text(tmp_path / "text.txt", tmp_path / "parallel", workers=2, block_bytes=1000)
    one, other, parallel = (files(tmp_path / name) for name in ("corpus", "a/corpus", "parallel"))
    assert one == other == parallel
    assert len(Corpus.open(tmp_path / "parallel").shards()) > 10


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("encoding_errors", ["strict", "replace"])
def test_compiled_code_gives_the_same_bytes(workers, encoding_errors, tmp_path, monkeypatch):
    lines = [f"\ufeffLine {number}, of {number % 7}\r\n\rnai\u0308ve ΑΣ words\n" for number in range(300)]
    text = "".join(lines).encode() + b" a long line of 5" * 200 + b"\xff." * (encoding_errors == "replace")
    tmp_path.joinpath("text.txt").write_bytes(text)
    for name, compiled_bytes in ("readable", 1 << 22), ("compiled", 0):
        monkeypatch.setattr(block_encoding, "COMPILED_BYTES", compiled_bytes)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            how = {"workers": workers, "block_bytes": 1000, "encoding_errors": encoding_errors}
            encode_text(tmp_path / "text.txt", tmp_path / name, **how)
    assert files(tmp_path / "readable") == files(tmp_path / "compiled")
    assert Corpus.open(tmp_path / "compiled").recipe["replaced"] == (encoding_errors == "replace")


@pytest.mark.parametrize("compiled_bytes", [1 << 22, 0])
def test_what_is_not_utf8_is_told_with_its_place(compiled_bytes, tmp_path, monkeypatch):
    monkeypatch.setattr(block_encoding, "COMPILED_BYTES", compiled_bytes)
    path = tmp_path / "text.txt"
    path.write_bytes(b"a word\n" * 1000 + "ä".encode("latin-1") + b" b\n")
    with pytest.raises(InputError, match=f"{path}: byte 0xe4 at offset 7000 is not UTF-8"):
        encode_text(path, tmp_path / "corpus", block_bytes=1500)


def test_the_fingerprint_is_that_of_the_content(text, tmp_path):
    texts = [tmp_path / "other-name.gz", tmp_path / "changed.txt", tmp_path / "parted.txt"]
    texts[0].write_bytes(gzip.compress(text.read_bytes()))
    texts[1].write_bytes(text.read_bytes().replace(b"mat", b"map"))
    texts[2].write_bytes(text.read_bytes().replace(b"sat ", b"sat\n"))
    corpora = [Corpus.encode(path, tmp_path / "corpus") for path in (text, *texts)]
    corpora.append(Corpus.from_documents(DOCUMENTS, tmp_path / "corpus"))
    same, compressed, changed, parted, direct = [corpus.fingerprint for corpus in corpora]
    assert same == compressed == direct
    assert len({same, changed, parted}) == 3


def test_shards_are_a_sequence(tmp_path):
    encode_documents([["a", "b"], [], ["c"], ["b"]], tmp_path / "corpus", shard_words=1)
    shards = Corpus.open(tmp_path / "corpus").shards()
    assert [shard.ids.tolist() for shard in shards] == [[1, 0], [2], [0]]
    assert shards[-1].ids.tolist() == [0]
    assert [shard.offsets.tolist() for shard in shards[:2]] == [[0, 2], [0, 1]]
    with pytest.raises(IndexError):
        shards[3]


def test_a_block_without_words_is_an_empty_shard(tmp_path):
    (tmp_path / "text.txt").write_text("one\n" + "\n" * 50 + "two\n")
    encode_text(tmp_path / "text.txt", tmp_path / "corpus", workers=1, block_bytes=10)
    corpus = Corpus.open(tmp_path / "corpus")
    assert decoded(corpus) == [["one"], ["two"]]
    assert 0 in [len(shard.ids) for shard in corpus.shards()]


def test_a_line_of_any_length_is_one_document(tmp_path):
    words = [f"w{number % 700}" for number in range(5000)]
    (tmp_path / "text.txt").write_text("before\n" + " ".join(words) + "\nafter")
    for workers in (1, 2):
        encode_text(tmp_path / "text.txt", tmp_path / str(workers), workers=workers, block_bytes=1000)
    corpus = Corpus.open(tmp_path / "1")
    assert files(tmp_path / "1") == files(tmp_path / "2")
    assert decoded(corpus) == [["before"], words, ["after"]]
    assert (corpus.documents, corpus.words) == (3, 5002)
    assert len(corpus.shards()) > 20


@pytest.mark.parametrize("before", ["", "one two\n"])
@pytest.mark.parametrize("line", ["a {} b {} c", "{} a {}", "a {}", "{} a b"])
def test_a_document_goes_on_beyond_parts_without_words(tmp_path, before, line):
    text = before + line.replace("{}", "... " * 50) + "\nend"
    (tmp_path / "text.txt").write_text(text)
    encode_text(tmp_path / "text.txt", tmp_path / "corpus", workers=1, block_bytes=20)
    corpus = Corpus.open(tmp_path / "corpus")
    assert decoded(corpus) == [line.replace(".", " ").split() for line in text.split("\n")]
    assert len(corpus) == len(decoded(corpus))


def test_a_document_in_two_shards_is_not_two_documents_in_two_shards(tmp_path):
    fingerprints = set()
    for blank in " \n":
        (tmp_path / "text.txt").write_text(f"aaaa{blank}bbbb")
        encode_text(tmp_path / "text.txt", tmp_path / "corpus", workers=1, block_bytes=4)
        fingerprints.add(Corpus.open(tmp_path / "corpus").fingerprint)
    assert len(fingerprints) == 2


def test_no_more_workers_than_cores(text, tmp_path, monkeypatch):
    class Recorder(ProcessPool):
        def __init__(self, workers):
            asked.append(workers)
            super().__init__(workers)

    asked = []
    monkeypatch.setattr(building, "ProcessPool", Recorder)
    monkeypatch.setattr(building, "available_cores", lambda: 2)
    encode_text(text, tmp_path / "corpus", workers=200, block_bytes=1)
    assert asked == [2]


@pytest.mark.parametrize("make", [ThreadPoolExecutor, ProcessPoolExecutor, ProcessPool])
def test_any_executor_makes_the_same_corpus(tmp_path, make):
    (tmp_path / "text.txt").write_text("\n".join(f"line {number} of naïve words" for number in range(300)))
    encode_text(tmp_path / "text.txt", tmp_path / "alone", workers=1, block_bytes=1000)
    with make(2) as executor:
        cluster = Cluster.over(executor, workers=2)
        encode_text(tmp_path / "text.txt", tmp_path / "corpus", cluster=cluster, block_bytes=1000)
        assert executor.submit(abs, -1).result() == 1  # it is left open
    assert files(tmp_path / "corpus") == files(tmp_path / "alone")
    assert len(Corpus.open(tmp_path / "corpus").shards()) > 4


LIMITED = """
    import resource, sys
    from pathlib import Path
    from embedkit.text.corpus.building import encode_text
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    encode_text(sys.argv[1], Path(sys.argv[2]), workers=int(sys.argv[3]), block_bytes=int(sys.argv[4]))
"""


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("block", [10_000, 1_000_000])  # too much for the vocabulary, or for the ids
def test_what_cannot_be_written_is_told(tmp_path, workers, block):
    (tmp_path / "text.txt").write_text("\n".join(f"word{number}" for number in range(10_000)))
    target, source = tmp_path / "corpus", tmp_path / "text.txt"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LIMITED), source, target, str(workers), str(block)],
        capture_output=True,
        text=True,
    )
    error = f"embedkit.errors.InputError: cannot write the corpus in {tmp_path}: File too large"
    assert done.stderr.splitlines()[-1] == error
    assert list(tmp_path.iterdir()) == [source]


def test_stdin(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a pipe")))
    corpus = Corpus.encode("-", tmp_path / "corpus")
    assert decoded(corpus) == [["from", "a", "pipe"]]
    assert corpus.recipe["sources"][0]["name"] == "-"


def test_progress(text, tmp_path):
    class Recorder(Progress):
        def start(self, task, total=None):
            told.append((task, total))

        def update(self, completed, figures=""):
            told.append((completed, figures.partition(" ")[2]))

        def finish(self, summary=""):
            told.append(summary)

        def note(self, message):
            told.append(message)

    told = []
    text.write_bytes(b"caf\xe9 au lait")
    with pytest.warns(UserWarning, match="1 undecodable"):
        Corpus.encode(text, tmp_path / "corpus", encoding_errors="replace", progress=Recorder())
    assert told[:3] == [("tokenizing", 12), (12, "M words/s"), "3 words"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"... !\n\n", {}, "there is no word in the text"),
        (b"", {}, "there is no word in the text"),
        (b"good\nb\xffd", {}, r"text.txt: byte 0xff at offset 6 is not UTF-8"),
        (b"good", {"tokenizer": "stemmer"}, "unknown tokenizer 'stemmer'"),
        (b"good", {"workers": 0}, "workers must be at least 1, got 0"),
        (b"good", {"encoding_errors": "ignore"}, "encoding_errors must be"),
    ],
)
def test_a_failure_leaves_nothing(text, tmp_path, content, options, message):
    text.write_bytes(content)
    with pytest.raises(InputError, match=message):
        Corpus.encode(text, tmp_path / "corpus", **options)
    assert list(tmp_path.iterdir()) == [text]


def test_an_undecodable_byte_found_by_a_worker(tmp_path):
    good = b"a line of words\n" * 200
    (tmp_path / "text.txt").write_bytes(good + b"ba\xffd\n" + good + b"\xfe")
    with pytest.raises(InputError, match=rf"text.txt: byte 0xff at offset {len(good) + 2}"):
        encode_text(tmp_path / "text.txt", tmp_path / "corpus", workers=2, block_bytes=500)
    assert [path.name for path in tmp_path.iterdir()] == ["text.txt"]


def test_a_tokenizer_that_no_recipe_makes(text, tmp_path):
    class Own(WordsTokenizer):
        def recipe(self):
            return {"tokenizer": "own"}

    with pytest.raises(InputError, match="'words' is not one of embedkit's tokenizers"):
        Corpus.encode(text, tmp_path / "corpus", tokenizer=Own())


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ("one long string", "documents must be lists of words, got one string"),
        (["a string", "another"], "got the string 'a string', which would be taken letter by letter"),
        ([["fine"], ["a", 3]], "a word must be a string, got 3 of type int"),
        ([[["nested"]]], "a word must be a string"),
        ([["a\tb"]], "a word may hold no tab"),
        ([], "there is no word"),
        ([[], []], "there is no word"),
    ],
)
def test_what_are_no_documents(documents, message, tmp_path):
    with pytest.raises(InputError, match=message):
        Corpus.from_documents(documents, tmp_path / "corpus")
    assert not list(tmp_path.iterdir())


def test_documents_have_no_tokenizer(tmp_path):
    corpus = Corpus.from_documents(iter([["New York", "is"], ["big"]]), tmp_path / "corpus")
    assert decoded(corpus) == [["New York", "is"], ["big"]]
    with pytest.raises(InputError, match="no tokenizer is known"):
        _ = corpus.tokenizer


def test_only_a_corpus_is_replaced(text, tmp_path):
    target = tmp_path / "corpus"
    Corpus.from_documents([["old"]], target)
    assert decoded(Corpus.encode(text, target)) == DOCUMENTS
    target.joinpath("manifest.json").unlink()
    with pytest.raises(InputError, match="holds something else"):
        Corpus.encode(text, target)


ENDLESS = """
    import signal
    import sys
    from pathlib import Path
    from embedkit.text.corpus.building import encode_text
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets jobs in the background ignore it
    encode_text("-", Path(sys.argv[1]), workers=2, block_bytes=2000)
"""


def test_ctrl_c_leaves_nothing_and_no_noise(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(ENDLESS), str(tmp_path / "corpus")],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a process group of its own, which a terminal would interrupt as a whole
    )
    process.stdin.write(b"some words in a line\n" * 20_000)
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob(".embedkit-*/shard-00009.local_ids.npy")) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.poll() is None
    assert time.monotonic() < deadline
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    assert errors.decode().count("Traceback") == 1  # that of the KeyboardInterrupt itself
    assert errors.decode().rstrip().endswith("KeyboardInterrupt")
    assert not list(tmp_path.iterdir())


def _change(name, change):
    def damage(folder):
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return damage


def _manifest(**changes):
    return _change("manifest.json", lambda data: json.dumps({**json.loads(data), **changes}).encode())


def _shard_entry(**changes):
    def change(data):
        content = json.loads(data)
        content["shards"][0].update(changes)
        return json.dumps(content).encode()

    return _change("manifest.json", change)


def _array(kind, change):
    def damage(folder):
        path = folder / f"shard-00000.{kind}.npy"
        np.save(path, change(np.load(path)))

    return damage


def _with(position, value):
    def change(array):
        array[position] = value
        return array

    return change


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "is no corpus: it has no manifest.json"),
        (_change("manifest.json", lambda data: data[:50]), "manifest.json is damaged"),
        (_change("manifest.json", lambda data: b"[]"), "not the manifest of an embedkit corpus"),
        (_manifest(format="other"), "not the manifest of an embedkit corpus"),
        (_manifest(version=2), "format version 2, this embedkit reads 1"),
        (_manifest(words=5), "its shards hold 13 words in 3 documents, it says 5 in 3"),
        (_manifest(documents=2), "its shards hold 13 words in 3 documents, it says 13 in 2"),
        (_manifest(documents=True), "a size in it is not a whole number"),
        (_shard_entry(continues=True), "shard 0 continues no document"),
        (_shard_entry(continues="no"), "shard 0 continues no document"),
        (_shard_entry(sha256="0" * 63 + "x"), "a sha256 in it is not 64 hexadecimal digits"),
        (_shard_entry(sha256=64), "a sha256 in it is not 64 hexadecimal digits"),
        (_manifest(words="13"), "a size in it is not a whole number"),
        (_manifest(recipe=[]), "of the wrong kind"),
        (_manifest(recipe={}), "its recipe names no sources or no tokenizer"),
        (_manifest(recipe={"sources": []}), "its recipe names no sources or no tokenizer"),
        (_manifest(recipe={"sources": 3, "tokenizer": None}), "its recipe names no sources or no tokenizer"),
        (
            _manifest(recipe={"sources": [], "tokenizer": "words"}),
            "damaged: not the recipe of a text pipeline",
        ),
        (_manifest(recipe={"sources": [], "tokenizer": {"name": "words"}}), "damaged: .* other options"),
        (_manifest(recipe={"sources": [], "tokenizer": {"name": "spacy:../x"}}), "a tokenizer that embedkit"),
        (_change("manifest.json", lambda data: b"[" * 200_000), "manifest.json is damaged"),
        (_manifest(shards=[{"words": 13}]), "manifest.json is damaged: TypeError"),
        (_manifest(vocabulary=3), "vocabulary.tsv does not belong"),
        (
            _change("vocabulary.tsv", lambda data: data.replace(b"\t3", b"\t4")),
            "vocabulary.tsv does not belong",
        ),
        (lambda folder: (folder / "shard-00000.ids.npy").unlink(), "incomplete: .*ids.npy is missing"),
        (_change("shard-00000.ids.npy", lambda data: data[:-1]), "expected 180 bytes, got 179"),
        (_change("shard-00000.offsets.npy", lambda data: data[:20]), "offsets.npy is damaged"),
        (
            _change("shard-00000.ids.npy", lambda data: data.replace(b"}", b"(")),
            "ids.npy is damaged: .*EOF",
        ),
        (_change("shard-00000.ids.npy", lambda data: data.replace(b"<i4", b"<f4")), "holds float32"),
    ],
)
def test_a_damaged_corpus(text, tmp_path, damage, message):
    corpus = Corpus.encode(text, tmp_path / "corpus")
    damage(corpus.path)
    with pytest.raises(InputError, match=message):
        _ = Corpus.open(corpus.path).vocabulary


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_array("ids", _with(4, -1)), "ids.npy is damaged: it holds the id -1, there are 8 words"),
        (_array("ids", _with(-1, 8)), "ids.npy is damaged: it holds the id 8, there are 8 words"),
        (
            _array("ids", lambda ids: ids[:-1]),
            r"ids.npy holds int32 \(12,\), its manifest says int32 \(13,\)",
        ),
        (_array("ids", lambda ids: ids.astype("i8")), "ids.npy holds int64"),
        (_array("offsets", _with(0, 1)), "offsets.npy is damaged: its offsets do not rise from 0 to 13"),
        (_array("offsets", _with(-1, 14)), "offsets.npy is damaged: its offsets do not rise"),
        (_array("offsets", _with(1, 9)), "offsets.npy is damaged: its offsets do not rise"),
        (_array("offsets", _with(1, 10)), "offsets.npy is damaged: its offsets do not rise"),
        (_array("offsets", lambda offsets: offsets[1:]), "offsets.npy holds int64"),
        (_change("shard-00000.ids.npy", lambda data: data[:9]), "ids.npy is damaged"),
        (lambda folder: (folder / "shard-00000.ids.npy").unlink(), "incomplete: .*ids.npy is missing"),
    ],
)
def test_damaged_shards(text, tmp_path, damage, message):
    corpus = Corpus.encode(text, tmp_path / "corpus")
    damage(corpus.path)
    with pytest.raises(FormatError, match=message):
        list(corpus.checked_shards())


def test_checked_shards_outlive_their_folder(tmp_path):
    encode_documents([["a", "b"], ["c"], ["b"]], tmp_path / "corpus", shard_words=1)
    checked = Corpus.open(tmp_path / "corpus").checked_shards()
    first = next(checked)
    Corpus.from_documents([["other"]], tmp_path / "corpus")
    shards = [shard for _, shard in (first, *checked)]
    assert [shard.ids.tolist() for shard in shards] == [[1, 0], [2], [0]]
    assert [shard.offsets.tolist() for shard in shards] == [[0, 2], [0, 1], [0, 1]]


def test_a_folder_that_is_no_corpus():
    with pytest.raises(InputError, match="is no corpus"):
        Corpus.open(Path("no/such/folder"))


def test_a_word_of_a_million_letters_is_none(tmp_path):
    (tmp_path / "a.txt").write_text("some words\n" + "ab" * 600_000 + "\n")
    told = "expected words of at most 1,048,576 characters, got one of 1,200,000, which begins with 'abab"
    with pytest.raises(InputError, match=told):
        Corpus.encode(tmp_path / "a.txt", tmp_path / "c")
    with pytest.raises(InputError, match=told):
        Corpus.from_documents([["a", "ab" * 600_000]], tmp_path / "c")


def test_a_corpus_is_no_text(text, tmp_path):
    corpus = Corpus.encode(text, tmp_path / "corpus")
    for sources in (corpus.path, [text, str(corpus.path)]):
        with pytest.raises(InputError, match="corpus is a corpus, which is tokenized already"):
            Corpus.encode(sources, tmp_path / "other")
