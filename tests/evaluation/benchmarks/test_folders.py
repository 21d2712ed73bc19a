import pytest

from embedkit import FormatError
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark, CategorizedWord
from embedkit.evaluation.benchmarks.folders import read_folder
from embedkit.evaluation.benchmarks.outlier_items import OutlierBenchmark, OutlierTopic


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def test_a_file_a_topic(tmp_path):
    folder = write(tmp_path, pets="cat\ndog\n\nfig\n", fruits="fig\nplum\n\ncat\n")
    topics = (
        OutlierTopic("fruits", ("fig", "plum"), ("cat",)),
        OutlierTopic("pets", ("cat", "dog"), ("fig",)),
    )
    assert read_folder(folder) == OutlierBenchmark(tmp_path.name, topics)
    assert read_folder(folder, "mine").name == "mine"


def test_a_file_a_category(tmp_path):
    members = CategorizedWord("fig", "fruit"), CategorizedWord("cat", "pet"), CategorizedWord("dog", "pet")
    assert read_folder(write(tmp_path, pet="cat\ndog\n", fruit="fig\n"), "mine") == CategorizationBenchmark(
        "mine", members
    )


def test_files_that_do_not_belong_together(tmp_path):
    with pytest.raises(FormatError, match="expected for pets"):
        read_folder(write(tmp_path, fruits="fig\nplum\n\ncat\n", pets="cat\ndog\n"))


def test_a_category_of_other_lines(tmp_path):
    with pytest.raises(FormatError, match="expected one word on each line, got line 2 'the dog'"):
        read_folder(write(tmp_path, pet="cat\nthe dog\n"))


def test_a_folder_of_benchmarks_is_no_benchmark(tmp_path):
    with pytest.raises(FormatError, match=r"got lines as in rg\.txt, 'gem jewel 4'; name .* one by one"):
        read_folder(write(tmp_path, rg="gem jewel 4\n", ws="cat dog 3\n"))


def test_an_empty_folder(tmp_path):
    with pytest.raises(FormatError, match="got none"):
        read_folder(tmp_path)
