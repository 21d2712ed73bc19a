"""Texts and corpora at addresses, in memory and on a server of S3 on this machine."""

import gzip
import importlib
from importlib.util import find_spec
from itertools import count

import pytest

from embedkit import Corpus
from embedkit.errors import FormatError, InputError
from embedkit.text.formats.sources import expand

fsspec = pytest.importorskip("fsspec")
NO_S3 = pytest.mark.skipif(not (find_spec("moto") and find_spec("s3fs")), reason="moto or s3fs is missing")
NUMBERS = count()


@pytest.fixture(scope="module")
def s3():
    """The endpoint of a server of S3 with a bucket, which s3fs finds by the environment."""
    server = importlib.import_module("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "testing")
    patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    fsspec.filesystem("s3").mkdir("bucket")
    yield "s3://bucket"
    patch.undo()
    server.stop()


@pytest.fixture(params=["memory", pytest.param("s3", marks=[pytest.mark.slow, NO_S3])])
def place(request, tmp_path, monkeypatch):
    """The address of a folder that is used by no other test."""
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))
    root = request.getfixturevalue("s3") if request.param == "s3" else "memory://root"
    return f"{root}/{next(NUMBERS)}"


def put(address, content):
    with fsspec.open(address, "wb") as stream:
        stream.write(content)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_corpus_of_texts_elsewhere_is_that_of_texts_here(place, tmp_path):
    texts = {
        "a.txt": b"the cat sat\non a mat\n",
        "b.txt.gz": gzip.compress(b"the dog"),
        "c.csv": b"text\na b\n",
    }
    (tmp_path / "texts").mkdir()
    for name, content in texts.items():
        put(f"{place}/texts/{name}", content)
        (tmp_path / "texts" / name).write_bytes(content)
    put(f"{place}/texts/.hidden/d.txt", b"unseen")
    Corpus.encode(tmp_path / "texts", tmp_path / "here")
    Corpus.encode(f"{place}/texts", tmp_path / "fetched")
    assert contents(tmp_path / "fetched") == contents(tmp_path / "here")
    (only,) = expand(f"{place}/texts/*.csv")
    assert only.stored_name == "c.csv"


def test_a_corpus_is_put_elsewhere_and_opened_from_there(place, tmp_path):
    (tmp_path / "a.txt").write_text("the cat sat\n")
    made = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    assert [made.vocabulary.words[number] for number in next(iter(made))] == ["the", "cat", "sat"]
    here = Corpus.encode(tmp_path / "a.txt", tmp_path / "here")
    for path in (tmp_path / "cache" / "corpora").iterdir():
        path.rename(tmp_path / "moved")  # so that it is fetched
    fetched = Corpus.open(f"{place}/corpus")
    assert contents(fetched.path) == contents(here.path)
    assert fetched.fingerprint == here.fingerprint


def test_a_corpus_that_was_damaged_elsewhere_is_not_kept(place, tmp_path):
    (tmp_path / "a.txt").write_text("the cat sat\n")
    made = Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    content = bytearray((made.path / "shard-00000.ids.npy").read_bytes())
    made.path.rename(tmp_path / "moved")
    content[-4:] = b"\0\0\0\0"
    put(f"{place}/corpus/shard-00000.ids.npy", bytes(content))
    with pytest.raises(FormatError, match="is damaged"):
        Corpus.open(f"{place}/corpus")
    assert list((tmp_path / "cache" / "corpora").iterdir()) == []


def test_only_a_corpus_is_replaced(place, tmp_path):
    (tmp_path / "a.txt").write_text("a cat\n")
    (tmp_path / "b.txt").write_text("a dog\n")
    Corpus.encode(tmp_path / "a.txt", f"{place}/corpus")
    assert Corpus.encode(tmp_path / "b.txt", f"{place}/corpus").vocabulary.words == ("a", "dog")
    put(f"{place}/other/thing", b"precious")
    with pytest.raises(InputError, match="holds something else"):
        Corpus.encode(tmp_path / "a.txt", f"{place}/other")


def test_what_is_not_there_is_said(place):
    for name in ("nothing.txt", "nothing/*.txt"):
        with pytest.raises(InputError, match=rf"{place}/nothing"):
            expand(f"{place}/{name}")
    with pytest.raises(InputError, match="is no corpus"):
        Corpus.open(f"{place}/corpus")
