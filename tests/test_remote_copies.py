"""Files at addresses: put there whole, fetched once, and no longer kept than they are used."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from embedkit import Cooccurrences, Corpus, Embeddings, Texts, remote_copies, remote_files
from embedkit.errors import InputError
from embedkit.remote_copies import here, written
from tests.places import NO_S3, put

VECTORS = Embeddings(np.eye(3, dtype=np.float32), ["a", "b", "c"])


def write(target, content):
    with written(target) as path:
        path.write_bytes(content)


def test_a_path_is_itself(tmp_path):
    assert here(tmp_path) == tmp_path
    write(tmp_path / "file", b"one")
    assert (tmp_path / "file").read_bytes() == b"one"


def test_vectors_and_counts_at_addresses_are_those_that_were_written(place, tmp_path):
    VECTORS.save(f"{place}/a.safetensors")
    VECTORS.save(tmp_path / "a.safetensors")
    assert here(f"{place}/a.safetensors").read_bytes() == (tmp_path / "a.safetensors").read_bytes()
    assert Embeddings.load(f"{place}/a.safetensors").matrix.tolist() == np.eye(3).tolist()
    VECTORS.save(f"{place}/vectors.txt.gz")
    assert Embeddings.load(f"{place}/vectors.txt.gz").vocabulary.words == ("a", "b", "c")
    documents = [["a", "b", "c"], ["b", "a"]] * 3
    Cooccurrences.count(documents, f"{place}/made.counts", min_count=1)
    counted = Cooccurrences.count(documents, min_count=1)
    assert Cooccurrences.open(f"{place}/made.counts").counts.tolist() == counted.counts.tolist()


def test_a_file_is_fetched_once_and_again_if_it_was_changed(place, monkeypatch):
    put(f"{place}/file", b"one")
    first = here(f"{place}/file")
    monkeypatch.setattr(remote_files, "fetch", None)
    assert here(f"{place}/file") == first
    monkeypatch.undo()
    put(f"{place}/file", b"other")
    assert here(f"{place}/file").read_bytes() == b"other"


def test_what_another_machine_puts_at_the_same_time_is_not_taken_for_ours(place, monkeypatch):
    send = remote_files.put

    def put_twice(folder, names, address):
        send(folder, names, address)
        put(f"{address}/file", b"theirs")

    monkeypatch.setattr(remote_files, "put", put_twice)
    write(f"{place}/file", b"ours")
    assert here(f"{place}/file").read_bytes() == b"theirs"


def fail_to_write(target):
    with written(target) as path:
        path.write_bytes(b"half")
        raise KeyError


def test_what_fails_leaves_what_was_there(place):
    put(f"{place}/file", b"old")
    with pytest.raises(KeyError):
        fail_to_write(f"{place}/file")
    assert here(f"{place}/file").read_bytes() == b"old"


def test_what_cannot_be_put_is_kept_here(place, monkeypatch):
    def refuse(*_):
        raise InputError(f"cannot reach {place}/file: it is full")

    monkeypatch.setattr(remote_files, "put", refuse)
    with pytest.raises(InputError, match="it is full; what was to be put there is ") as error:
        write(f"{place}/file", b"precious")
    assert Path(str(error.value).rpartition(" ")[2]).read_bytes() == b"precious"


def test_of_two_runs_that_write_to_an_address_at_once_the_second_hears_of_the_first(place):
    def write_twice():
        with written(f"{place}/file") as path:
            write(f"{place}/file", b"first")
            assert path.parent.is_dir()

    with pytest.raises(InputError, match=f"another run on this machine wrote {place}/file at the same time"):
        write_twice()
    assert here(f"{place}/file").read_bytes() == b"first"


@pytest.mark.parametrize("address", ["s3://", "memory:///"])
def test_an_address_of_nothing_is_refused(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=f"{address} names nothing; name a file or a folder"):
        write(address, b"x")
    with pytest.raises(InputError, match=f"{address} names nothing"):
        here(address)
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_not_replaced(place):
    put(f"{place}/folder/file", b"precious")
    with pytest.raises(InputError, match="holds something else"):
        write(f"{place}/folder", b"x")
    with pytest.raises(InputError, match="is a folder or a glob; name one file"):
        here(f"{place}/folder")
    with pytest.raises(InputError, match="no such file"):
        here(f"{place}/nothing")


def test_a_file_of_a_file_system_appears_whole(tmp_path, monkeypatch):
    """Unlike object stores, others show what is being written."""
    pytest.importorskip("fsspec")
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))
    write(f"file://{tmp_path}/new/file", b"one")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]
    assert here(f"file://{tmp_path}/new/file").read_bytes() == b"one"


def test_where_nothing_can_be_written_nothing_is_made(tmp_path, monkeypatch):
    pytest.importorskip("fsspec")
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"cannot reach file://.*/file/below:"):
        fail_to_write(f"file://{tmp_path}/file/below")


@NO_S3
@pytest.mark.slow
def test_a_bucket_that_does_not_exist_is_told(s3, tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))
    with pytest.raises(
        InputError, match="cannot write s3://none/file: there is no such bucket; make it first"
    ):
        fail_to_write("s3://none/file")


@pytest.mark.parametrize(
    ("address", "setting"), [("hdfs://none/file", "CLASSPATH"), ("s3://b/file", "AWS_E")]
)
def test_what_cannot_be_reached_is_told_in_a_line_with_its_settings(address, setting, monkeypatch):
    """As of hdfs, where no Java is found."""
    core = pytest.importorskip("fsspec.core")

    def fail(*_, **__):
        raise OSError("no libjvm\ntried this\ntried that")

    monkeypatch.setattr(core, "url_to_fs", fail)
    with pytest.raises(
        InputError, match=rf"^cannot reach {address}: OSError: no libjvm; are .*{setting}.* set"
    ):
        remote_files.exists(address)


def test_copies_that_nobody_uses_are_removed_in_time(place, tmp_path):
    for name in "abc":
        put(f"{place}/{name}", name.encode())
    old, used = here(f"{place}/a").parent, here(f"{place}/b").parent
    month = remote_copies.KEPT * 24 * 3600 + 60
    for folder in old, used:
        os.utime(folder, (time.time() - month,) * 2)
    here(f"{place}/b")
    assert used.exists()
    here(f"{place}/c")
    assert not old.exists()


def test_what_belongs_to_a_file_is_put_with_it(place, tmp_path):
    for name in "v.npy", "v.tsv":
        VECTORS.save(f"{place}/{name}")
        VECTORS.save(tmp_path / name)
    for file in tmp_path.iterdir():
        if file.is_file():
            assert here(f"{place}/{file.name}").read_bytes() == file.read_bytes()
    made = tmp_path / "cache" / "made"
    assert not [path for path in made.rglob("*") if path.is_file()]


def test_neither_a_file_nor_a_folder_takes_the_place_of_the_other(place):
    VECTORS.save(f"{place}/a.safetensors")
    Corpus.encode(Texts(["a b"]), f"{place}/b.safetensors")
    with pytest.raises(InputError, match=r"cannot write .*: it exists and holds something else"):
        Corpus.encode(Texts(["a b"]), f"{place}/a.safetensors")
    with pytest.raises(InputError, match=r"cannot write .*: it exists and holds something else"):
        VECTORS.save(f"{place}/b.safetensors")


def test_a_bucket_is_no_place_for_a_file():
    with pytest.raises(InputError, match="s3://bucket: it is a bucket; name a file in it"):
        remote_files.check_writable("s3://bucket")
