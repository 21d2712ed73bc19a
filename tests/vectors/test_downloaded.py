"""Public vectors by name: what a local server has is downloaded, kept, and found by its name."""

import gzip
import hashlib
import json

import pytest
from click.testing import CliRunner

import embedkit
from embedkit import FormatError, InputError
from embedkit.downloads.catalogue import PublicVectors
from embedkit.downloads.remote_file import RemoteFile
from embedkit.vectors import downloaded
from embedkit_cli.main import main

TEXT = b"3 2\ncat 1 0\ndog 0.8 0.6\ncar 0 1\n"
NAME = "tiny-vectors-2"


@pytest.fixture
def catalogue(file_server, tmp_path, monkeypatch):
    """Lets a name stand for a file of the server, and the cache be a folder of the test's."""
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))

    def listed(data=None, *, checksum="md5"):
        packed = gzip.compress(TEXT) if data is None else data
        told = f"{checksum}:{hashlib.new(checksum, packed).hexdigest()}" if checksum else None
        remote = RemoteFile(
            url=file_server(f"{NAME}.gz", packed), checksum=told, size=len(packed), license="ours"
        )
        public = PublicVectors(NAME, remote, 2, "three sentences", 3)
        find = {NAME: public}.get
        monkeypatch.setattr(downloaded, "find_public_vectors", find)
        monkeypatch.setattr(downloaded, "public_vectors", lambda: (public,))
        return tmp_path / "cache"

    return listed


def test_downloaded_vectors_are_found_by_their_name(catalogue):
    cache = catalogue()
    kept = embedkit.download_vectors(NAME)
    assert kept == cache / "vectors" / f"{NAME}.safetensors"
    assert [path.name for path in cache.rglob("*") if path.is_file()] == [kept.name]
    vectors = embedkit.load(NAME)
    assert vectors.vocabulary.words[0] == "cat"
    assert vectors.similarity("cat", "dog") == pytest.approx(0.8)
    source = vectors.metadata["source"]
    assert (source["license"], source["made_from"], source["name"]) == ("ours", "three sentences", NAME)
    assert embedkit.download_vectors(NAME) == kept


def test_a_file_in_the_way_of_a_name_is_the_file(catalogue, tmp_path, monkeypatch):
    catalogue()
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_bytes(b"bird 1 2 3\nfish 3 2 1\n")
    assert embedkit.load(NAME).vocabulary.words == ("bird", "fish")


def test_what_is_not_downloaded_says_how_it_is(catalogue):
    catalogue()
    with pytest.raises(InputError, match=f"{NAME} is not downloaded; `embedkit download {NAME}` does it"):
        embedkit.load(NAME)


def test_without_a_published_checksum_that_of_the_file_is_kept(catalogue):
    packed = gzip.compress(TEXT, mtime=1)
    catalogue(packed, checksum=None)
    embedkit.download_vectors(NAME)
    told = embedkit.load(NAME).metadata["source"]["checksum"]
    assert told == f"sha256:{hashlib.sha256(packed).hexdigest()}"


def test_a_damaged_archive_without_a_checksum_is_refused(catalogue):
    packed = bytearray(gzip.compress(TEXT * 100))
    packed[len(packed) // 2] ^= 0xFF
    cache = catalogue(bytes(packed), checksum=None)
    with pytest.raises(FormatError):
        embedkit.download_vectors(NAME)
    assert not list(cache.rglob("*.safetensors"))


def test_a_pickle_is_never_read(catalogue):
    catalogue(b"\x80\x04cos\nsystem\n.")
    with pytest.raises(FormatError, match="pickle"):
        embedkit.download_vectors(NAME)


def test_a_name_that_nothing_has_gets_close_ones():
    with pytest.raises(InputError, match="did you mean glove-twitter-25"):
        embedkit.download_vectors("glove-twiter-25")
    with pytest.raises(InputError, match="did you mean glove-twitter-25 "):
        embedkit.load("glove-twiter-25")
    with pytest.raises(
        InputError, match="there is no file or name 'fastext-fr-300'; did you mean fasttext-fr-300"
    ):
        embedkit.load("fastext-fr-300")
    with pytest.raises(InputError, match="did you mean english"):
        embedkit.load("englsh")


@pytest.mark.parametrize("path", ["./glove-twiter-25", "glove-twiter-25.txt", "vectors-of-mine"])
def test_what_is_no_name_is_a_missing_file(path):
    with pytest.raises(InputError, match="there is no such file"):
        embedkit.load(path)


def test_the_list_tells_the_languages_that_are_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path))
    (tmp_path / "vectors").mkdir()
    for language in ("de", "fr"):
        embedkit.Embeddings([[1, 0]], ["a"]).save(tmp_path / f"vectors/fasttext-{language}-300.safetensors")
    listed = {
        style: CliRunner().invoke(main, ["download", "--list", "--format", style]).stdout
        for style in ("text", "json", "tsv")
    }
    [line] = [line for line in listed["text"].splitlines() if line.startswith("fasttext-LANGUAGE-300 ")]
    assert " de, fr " in line
    entries = {entry["name"]: entry for entry in json.loads(listed["json"])["entries"]}
    assert entries["fasttext-LANGUAGE-300"]["downloaded"] == ["de", "fr"]
    assert entries["glove-twitter-25"]["downloaded"] is False
    assert "\tde fr\t" in listed["tsv"]


def test_the_command_prints_the_file_and_lists_what_there_is(catalogue):
    cache = catalogue()
    result = CliRunner().invoke(main, ["download", NAME, "-q"])
    assert (result.exit_code, result.stdout) == (0, f"{cache / 'vectors' / NAME}.safetensors\n")
    result = CliRunner().invoke(main, ["download", "--list"])
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["name", "words", "dimensions", "MB", "downloaded", "made", "from"]
    assert any(line.startswith("glove-wiki-gigaword-100") for line in lines)
    assert CliRunner().invoke(main, ["download"]).exit_code == 2
