"""Files in the cache: fetched once, verified, and taken out of archives."""

import io
import sys
import zipfile

import pytest

from embedkit.downloads.cache import CACHE_VARIABLE, cache_folder
from embedkit.downloads.catalogue import benchmark_files, find_public_vectors, public_vectors
from embedkit.downloads.fetching import fetch_file
from embedkit.downloads.transfer import CHUNK
from embedkit.errors import DependencyError, FormatError, InputError


def left(folder):
    return sorted(path.name for path in folder.rglob("*"))


def packed(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.mark.parametrize("checksum", ["sha256", "md5"])
def test_a_file_is_downloaded_once(server, folder, remote, data, checksum, capfd):
    wanted = remote(server.serve("pairs.txt"), checksum=checksum)
    first, again = fetch_file(wanted), fetch_file(wanted)
    assert first == again == folder / "pairs.txt"
    assert first.read_bytes() == data
    assert server.asked == [("/pairs.txt", 0)]
    assert left(folder) == ["pairs.txt"]
    assert capfd.readouterr() == ("", "")


def test_progress_is_reported(server, remote, recorder):
    fetch_file(remote(server.serve("pairs.txt")), recorder)
    task, *counts, summary = recorder.reports
    assert task == ("fetching pairs.txt", 260_000)
    assert counts == sorted(counts)
    assert 0 < counts[0] <= CHUNK
    assert counts[-1] == 260_000
    assert summary == "260,000 bytes"


def test_a_file_put_there_by_hand_is_used_and_a_wrong_one_replaced(server, folder, remote, data):
    wanted = remote(server.serve("pairs.txt"))
    folder.mkdir()
    (folder / "pairs.txt").write_bytes(data)
    fetch_file(wanted)
    assert server.asked == []
    (folder / "pairs.txt").write_bytes(b"damaged")
    assert fetch_file(wanted).read_bytes() == data


def test_what_cannot_be_had_says_where_to_put_it(server, folder, remote):
    url = server.serve("pairs.txt")
    server.files.clear()
    with pytest.raises(InputError, match=rf"cannot fetch {url}: .*put it at {folder}/pairs.txt; .*404"):
        fetch_file(remote(url))
    assert left(folder) == []


def test_a_server_that_is_gone(stopped_server, folder, remote):
    with pytest.raises(InputError, match="cannot fetch"):
        fetch_file(remote(f"{stopped_server}/pairs.txt"))
    assert left(folder) == []


def test_a_cache_that_is_no_folder(server, folder, remote):
    folder.write_text("a file")
    with pytest.raises(InputError, match="cannot fetch"):
        fetch_file(remote(server.serve("pairs.txt")))


def test_one_member_of_an_archive(server, folder, remote):
    data = packed(**{"set/pairs.txt": "tea coffee 3", "../../evil.txt": "no", "set/readme": "other"})
    wanted = remote(server.serve("set.zip", data), data, "set/pairs.txt")
    assert fetch_file(wanted).read_text() == "tea coffee 3"
    (folder / "pairs.txt").write_text("cut")
    assert fetch_file(wanted).read_text() == "tea coffee 3"
    assert left(folder) == ["pairs.txt", "set.zip"]


def test_a_member_that_points_elsewhere_lands_in_the_cache(server, folder, tmp_path, remote):
    data = packed(**{"../../evil.txt": "harmless here"})
    assert fetch_file(remote(server.serve("set.zip", data), data, "../../evil.txt")) == folder / "evil.txt"
    assert left(tmp_path) == ["cache", "evil.txt", "set.zip"]


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"no archive", "File is not a zip file"), (packed(other="text"), "no item named 'pairs'")],
)
def test_an_archive_that_is_none_or_lacks_the_member(server, folder, remote, data, told):
    with pytest.raises(FormatError, match=rf"set.zip: expected a zip archive that holds 'pairs': .*{told}"):
        fetch_file(remote(server.serve("set.zip", data), data, "pairs"))
    assert left(folder) == ["set.zip"]


def test_without_requests_the_extra_is_named(monkeypatch, folder, remote):
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[download\]'"):
        fetch_file(remote("http://127.0.0.1/pairs.txt"))


def test_the_cache_is_the_platforms_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder().name == "embedkit"


def test_the_list_of_benchmarks():
    entries = benchmark_files()
    assert entries["google"].checksum.startswith("sha256:8c29b333")
    assert len({entry.file for entry in entries.values()}) == len(entries) == 10
    for entry in entries.values():
        assert entry.url.startswith("https://")
        assert len(bytes.fromhex(entry.checksum.removeprefix("sha256:"))) == 32
        assert entry.size > 0


def test_the_list_of_vectors():
    single = [vectors for vectors in public_vectors() if not vectors.languages]
    families = [vectors for vectors in public_vectors() if vectors.languages]
    assert {"glove-wiki-gigaword-100", "word2vec-google-news-300"} < {vectors.name for vectors in single}
    for vectors in single:
        assert vectors.remote.url.startswith("https://")
        assert len(bytes.fromhex(vectors.remote.checksum.removeprefix("md5:"))) == 16
        assert min(vectors.remote.size, vectors.words, vectors.dimensions) > 0
    assert [len(vectors.languages) >= 157 for vectors in families] == [True, True]


def test_vectors_by_name():
    assert find_public_vectors("glove-twitter-25").words == 1_193_514
    german = find_public_vectors("fasttext-de-300-subwords")
    assert german.remote.url == "https://dl.fbaipublicfiles.com/fasttext/vectors-crawl/cc.de.300.bin.gz"
    assert german.name == "fasttext-de-300-subwords"
    assert find_public_vectors("fasttext-LANGUAGE-300") is None
    assert find_public_vectors("fasttext-klingon-300") is None
