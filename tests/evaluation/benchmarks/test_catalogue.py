import subprocess
import sys

import pytest

from embedkit import InputError
from embedkit.downloads.cache import CACHE_VARIABLE, cache_folder
from embedkit.downloads.catalogue import benchmark_files
from embedkit.evaluation.benchmarks import catalogue
from embedkit.evaluation.benchmarks.catalogue import DATA_VARIABLE, find_benchmark, found_sets
from embedkit.evaluation.benchmarks.public_sets import PUBLIC
from embedkit.evaluation.benchmarks.shipped import DEFAULTS, SHIPPED

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
    assert found_sets()[MEN] == data / "wordsim" / "en-men-tr-3k.txt"


def test_a_folder_is_searched_once_for_all_sets(data, monkeypatch):
    (data / "EN-RG-65.txt").write_text("gem jewel 4\n")
    walked = []
    monkeypatch.setattr(catalogue, "_places", lambda named: walked.append(named) or iter([data]))
    assert {public.name for public in found_sets(data)} == {"men", "rg-65"}
    assert walked == [data]


def test_files_and_folders_are_told_apart(tmp_path):
    (tmp_path / "rw.txt").mkdir()
    (tmp_path / "EN-AP").write_text("no folder")
    (tmp_path / "deep" / "8-8-8_dataset").mkdir(parents=True)
    assert {
        public.name: path.name
        for public, path in found_sets(tmp_path).items()
        if path.is_relative_to(tmp_path)
    } == {"8-8-8": "8-8-8_dataset"}


def test_sets_that_are_a_file_a_category_or_topic(tmp_path):
    for path, text in {
        "EN-AP/animal.txt": "cat\ndog\n",
        "EN-AP/fruit.txt": "fig\nplum\n",
        "8-8-8_Dataset/pets.txt": "cat\ndog\n\nfig\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    assert find_benchmark("ap", tmp_path).categories == ("animal", "fruit")
    assert find_benchmark("8-8-8", tmp_path).topics == (("pets", ("cat", "dog"), ("fig",)),)


def test_the_gold_ratings_of_semeval(tmp_path):
    package, ratings = tmp_path / "Complete-Data-Package", tmp_path / "Gold-Ratings" / "Testing"
    package.mkdir()
    ratings.mkdir(parents=True)
    paradigms = "1, a, CLASS-INCLUSION, Taxonomic, flower:tulip, emotion:rage\n1, b, X, Y, ladle:spoon\n"
    (package / "subcategories-paradigms.txt").write_text(paradigms)
    far = tmp_path / "a/b/c/d"
    far.mkdir(parents=True)
    (far / "GoldRatings-1b.txt").write_text('1.0 "a:b"\n')
    with pytest.raises(InputError, match=r"expected files GoldRatings-1a.txt .* got none"):
        find_benchmark("semeval-2012-2", tmp_path)
    (ratings / "GoldRatings-1a.txt").write_text('# comments\n50.0 "bird:crow"\n-12.5 "crow:bird"\n')
    [relation] = find_benchmark("semeval-2012-2", tmp_path).relations
    assert relation.name == "1a"
    assert relation.prototypes == (("flower", "tulip"), ("emotion", "rage"))
    assert relation.pairs == (("bird", "crow", 50.0), ("crow", "bird", -12.5))


def test_sets_in_the_package_of_gensim():
    google, wordsim = find_benchmark("google"), find_benchmark("wordsim-353")
    assert (len(google), len(google.categories)) == (19_544, 14)
    assert (len(wordsim), wordsim.pairs[1]) == (353, ("tiger", "cat", 7.35))


def test_gensim_is_looked_for_without_being_imported():
    code = (
        "import sys; from embedkit.evaluation.benchmarks.catalogue import find_benchmark\n"
        "find_benchmark('google')\n"
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
    with pytest.raises(
        InputError, match=r"men \(Bruni.* 2014\) is not on this machine: put EN-MEN-TR-3k.txt or"
    ):
        find_benchmark("men", tmp_path)
    with pytest.raises(InputError, match=r"expected a file or one of the names .*; got ''"):
        find_benchmark("")
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
    with pytest.raises(InputError, match=r"rw .* is not on this machine: .*; it cannot be fetched by name"):
        find_benchmark("rw", fetch=True)


def test_what_can_be_fetched_has_a_name_here_and_is_found_by_its_file():
    public = {known.name: known.files for known in PUBLIC}
    assert all(remote.file in public[name] for name, remote in benchmark_files().items())
