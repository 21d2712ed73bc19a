import subprocess
import sys

import pytest

from embedkit import InputError
from embedkit.downloads import CACHE_VARIABLE, cache_folder, remote_files
from embedkit.evaluation import catalogue
from embedkit.evaluation.catalogue import DATA_VARIABLE, PUBLIC, find_benchmark, locate
from embedkit.evaluation.shipped import DEFAULTS, SHIPPED

MEN = next(known for known in PUBLIC if known.name == "men")


@pytest.fixture(autouse=True)
def no_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data" / "wordsim"
    folder.mkdir(parents=True)
    (folder / "en-men-tr-3k.txt").write_text("sun sunlight 50\n")
    return tmp_path / "data"


def test_a_public_set_in_a_data_folder(data, monkeypatch):
    found = find_benchmark("men", data)
    assert (found.name, len(found)) == ("men", 1)
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    assert find_benchmark("men").pairs == found.pairs
    assert locate(MEN) == data / "wordsim" / "en-men-tr-3k.txt"


def test_sets_in_the_package_of_gensim():
    google, wordsim = find_benchmark("google"), find_benchmark("wordsim-353")
    assert (len(google), len(google.categories)) == (19_544, 14)
    assert (len(wordsim), wordsim.pairs[1]) == (353, ("tiger", "cat", 7.35))


def test_gensim_is_looked_for_without_being_imported():
    code = (
        "import sys; from embedkit.evaluation.catalogue import find_benchmark; find_benchmark('google'); "
        "assert not {'gensim', 'scipy', 'numba'} & {name.partition('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_ships():
    atlas = find_benchmark("atlas")
    assert len(atlas) > 5000
    assert atlas.questions[0][0] == "country-capital"
    assert set(SHIPPED) == {*DEFAULTS, "atlas"}


def test_a_file_by_its_path(data):
    assert find_benchmark(str(data / "wordsim" / "en-men-tr-3k.txt")).name == "en-men-tr-3k"


def test_what_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"men is not on this machine: .*EN-MEN-TR-3k.txt"):
        find_benchmark("men", tmp_path)
    with pytest.raises(InputError, match=r"names .*, google, .*; got 'gogle'"):
        find_benchmark("gogle")
    with pytest.raises(InputError, match="expected a folder of benchmarks"):
        find_benchmark("men", tmp_path / "nowhere")


def test_names_are_unique():
    names = [*SHIPPED, *(known.name for known in PUBLIC)]
    assert len(set(names)) == len(names)


def test_a_public_set_is_fetched_when_asked_and_found_from_then_on(monkeypatch):
    def arrives(remote, progress):
        cache_folder().mkdir()
        path = cache_folder() / remote.file
        path.write_text("sun sunlight 50\n")
        return path

    with pytest.raises(InputError, match=r"or fetch it \(--fetch\)"):
        find_benchmark("men")
    monkeypatch.setattr(catalogue, "fetch_file", arrives)
    assert find_benchmark("men", fetch=True).pairs == find_benchmark("men").pairs


def test_a_set_without_a_known_checksum_is_not_fetched():
    with pytest.raises(InputError, match=r"rw is not on this machine: .*; it cannot be fetched by name"):
        find_benchmark("rw", fetch=True)


def test_what_can_be_fetched_has_a_name_here_and_is_found_by_its_file():
    public = {known.name: known.files for known in PUBLIC}
    assert all(remote.file in public[name] for name, remote in remote_files().items())
