"""The file of counts: what was written is read, and nothing else is."""

import json
import os
import resource
import signal
import subprocess
import sys
import zlib
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file

from embedkit import Cooccurrences, Corpus, Embeddings, FormatError, InputError, Vocabulary
from embedkit.container.checked import SUMS
from embedkit.training.counts.file_layout import KEY

DOCUMENTS = [["one", "two\\", "café", "one"], ["two\\", "one", "three"]] * 3


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The path of a file of counts."""
    folder = tmp_path_factory.mktemp("written")
    corpus = Corpus.from_documents(DOCUMENTS, folder / "corpus")
    Cooccurrences.count(corpus, folder / "counts", min_count=1, window=2)
    return folder / "counts"


def test_a_file_holds_what_was_counted(written):
    counts = Cooccurrences.open(written)
    fresh = Cooccurrences.count(Corpus.open(written.parent / "corpus"), min_count=1, window=2)
    for one in (counts, fresh):
        assert one.vocabulary.words == ("one", "two\\", "café", "three")
        assert one.vocabulary.counts.tolist() == [9, 6, 3, 3]
        assert one.offsets.tolist() == [0, 3, 6, 8, 10]
        assert one.columns.tolist() == [1, 2, 3, 0, 2, 3, 0, 1, 0, 1]
        assert one.counts.tolist() == [7.5, 4.5, 3, 7.5, 3, 1.5, 4.5, 3, 3, 1.5]
        assert isinstance(one.columns.base, np.memmap)
        assert one.nonzeros == 10
    assert counts.recipe == fresh.recipe
    assert counts.recipe["corpus"]["words"] == 21
    with pytest.raises(ValueError, match="read-only"):
        counts.counts[0] = 1


def test_any_reader_of_safetensors_reads_it(written):
    tensors = load_file(written)
    counts = Cooccurrences.open(written)
    for name in ("offsets", "columns", "counts"):
        np.testing.assert_array_equal(tensors[name], getattr(counts, name))
    assert bytes(tensors["words"]).decode() == "one\ntwo\\\\\ncafé\nthree"


def test_a_long_row_of_one_document(tmp_path):
    words = [f"w{i}" for i in range(3000)]
    counts = Cooccurrences.count([words], tmp_path / "counts", min_count=1, window=10_000)
    assert counts.nonzeros == 3000 * 2999
    np.testing.assert_array_equal(Cooccurrences.open(tmp_path / "counts").counts, counts.counts)


@given(data=st.data())
def test_every_changed_byte_is_found(written, data, tmp_path_factory):
    content = bytearray(written.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("changed") / "counts"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=str(path)):
        Cooccurrences.open(path)


@pytest.mark.parametrize("length", [0, 7, 100, 700, -41, -1])
def test_a_file_that_is_cut_off_is_refused(written, tmp_path, length):
    path = tmp_path / "counts"
    path.write_bytes(written.read_bytes()[:length])
    with pytest.raises(FormatError, match=r"damaged or cut off|got a file of another kind"):
        Cooccurrences.open(path)


def test_a_file_that_is_too_long_is_refused(written, tmp_path):
    path = tmp_path / "counts"
    size = written.stat().st_size
    path.write_bytes(written.read_bytes() + b"more")
    with pytest.raises(FormatError, match=f"expected {size:,} bytes, got {size + 4:,}; make it again"):
        Cooccurrences.open(path)


def with_header(content, change):
    """The file with its header changed, at the same length."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    change(header)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode().ljust(length)
    assert len(text) == length
    return content[:8] + text + content[8 + length :]


def change_version(header):
    header["__metadata__"][KEY] = header["__metadata__"][KEY].replace('"version": 1', '"version": 2')


def change_recipe(header):
    header["__metadata__"][KEY] = header["__metadata__"][KEY].replace('"window": 2', '"window": 3')


def change_shape(header):
    header["columns"]["shape"] = [9]


def swap_tensors(header):
    header["columns"], header["counts"] = header["counts"], header["columns"]


def empty_recipe(header):
    text = json.dumps({"version": 1, "recipe": {}})
    sums = json.loads(header["__metadata__"][SUMS]) | {"recipe": f"{zlib.crc32(text.encode()):08x}"}
    header["__metadata__"] |= {KEY: text, SUMS: json.dumps(sums)}


def drop_sums(header):
    del header["__metadata__"][SUMS]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (change_version, "expected version 1 of the format, got 2; update embedkit"),
        (change_recipe, "the checksum of its recipe is"),
        (empty_recipe, "its recipe does not tell corpus, max_vocabulary, min_count, tokenizer, window"),
        (change_shape, "its header describes other tensors"),
        (swap_tensors, "its header describes other tensors"),
        (drop_sums, "damaged or cut off: 'crc32'"),
    ],
)
def test_a_header_that_says_something_else(written, tmp_path, change, message):
    path = tmp_path / "counts"
    path.write_bytes(with_header(written.read_bytes(), change))
    with pytest.raises(FormatError, match=message):
        Cooccurrences.open(path)


def test_a_file_of_another_kind_is_refused(tmp_path):
    space = Embeddings(np.eye(2), Vocabulary(["a", "b"]))
    space.save(tmp_path / "v.safetensors")
    space.save(tmp_path / "v.txt", format="word2vec")
    (tmp_path / "text").write_text("hello\n")
    for name, kind in [
        ("v.safetensors", "word vectors of embedkit"),
        ("v.txt", "vectors as word2vec text"),
        ("text", "a file of another kind"),
        ("", "a folder"),
    ]:
        with pytest.raises(FormatError, match=f"expected co-occurrence counts, .*, got {kind}$"):
            Cooccurrences.open(tmp_path / name)
    with pytest.raises(InputError, match="there is no such file"):
        Cooccurrences.open(tmp_path / "none")


@contextmanager
def full_disk(size):
    """No file may grow beyond so many bytes, which the system reports as it does a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("memory", ["1GB", "45KB"])
def test_a_full_disk_names_the_target_and_leaves_nothing(tmp_path, memory):
    words = np.random.default_rng(1).integers(0, 100, (500, 20))
    corpus = Corpus.from_documents([[f"w{word}" for word in line] for line in words], tmp_path / "corpus")
    target = tmp_path / "counts"
    target.write_text("old")
    with full_disk(20_000), pytest.raises(InputError, match=f"cannot write {target}: .*needs room"):
        Cooccurrences.count(corpus, target, memory=memory, workers=1)
    with full_disk(20_000), pytest.raises(InputError, match=r"cannot write .*: .*needs room"):
        Cooccurrences.count(corpus, memory=memory, workers=1)
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "counts"]


INTERRUPTED = """
import os, signal, sys
from embedkit import Cooccurrences
from embedkit.progress import Progress

class Interrupting(Progress):
    def update(self, completed, figures=""):
        os.kill(os.getpid(), signal.SIGINT)

words = [f"w{i * i % 211 % 97}" for i in range(20000)]
documents = [words[start : start + 20] for start in range(0, len(words), 20)]
Cooccurrences.count(documents, "counts", memory=sys.argv[1], workers=1, progress=Interrupting())
"""


@pytest.mark.parametrize("memory", ["1GB", "45KB"])
def test_an_interrupt_leaves_nothing(tmp_path, memory):
    ran = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, memory],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert ran.stderr.endswith("KeyboardInterrupt\n")
    assert list(tmp_path.iterdir()) == []
