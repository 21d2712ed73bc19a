import pytest

from embedkit import FormatError
from embedkit.evaluation.benchmarks.analogy_items import is_syntactic
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark, CategorizedWord
from embedkit.evaluation.benchmarks.detection import read_benchmark
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


def test_a_file_a_relation_as_in_bats(tmp_path):
    for folder, name, text in (
        ("1_Inflectional", "I01 [noun - plural]", "cat\tcats\ndog\tdogs\nox  oxen\n"),
        ("3_Encyclopedic", "E01 [country - capital]", "italy\trome/roma\nspain\tmadrid\ncat\tcat\n"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.txt").write_text(text)
    found = read_benchmark(tmp_path)
    plural, capital = found.categories
    assert (plural, capital) == ("I01 [noun - plural]", "E01 [country - capital]")
    assert (is_syntactic(plural), is_syntactic(capital)) == (True, False)
    assert len(found) == 6 + 2
    assert found.questions[0] == (plural, "cat", "cats", "dog", "dogs")
    assert found.questions[6:] == (
        (capital, "italy", "rome", "spain", "madrid"),
        (capital, "spain", "madrid", "italy", "rome"),
    )
    assert len(read_folder(tmp_path / "1_Inflectional")) == 6


def test_a_line_that_is_no_pair_of_a_relation(tmp_path):
    with pytest.raises(FormatError, match=r"a word and its answer on each line, got line 2 'dog'"):
        read_folder(write(tmp_path, plural="cat\tcats\ndog\nox\toxen\n"))


def test_an_empty_folder(tmp_path):
    with pytest.raises(FormatError, match="got none"):
        read_folder(tmp_path)
