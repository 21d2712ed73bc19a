"""Benchmarks that are folders: a file a topic of outliers, a category of words, or a relation of pairs.

Pairs of a relation are those of BATS (Gladkova, Drozd and Matsuoka 2016): a word and its answer. Each two of
them are a question. Of several answers, `sea/water`, the first is asked for, so that scores are lower than
those for which any of them counts. BATS parts its files among four folders.
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from embedkit.errors import FormatError
from embedkit.evaluation.benchmarks.analogy_items import AnalogyBenchmark, Question
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark, CategorizedWord
from embedkit.evaluation.benchmarks.file import BenchmarkFile, items, mostly, read_file
from embedkit.evaluation.benchmarks.outlier_items import OutlierBenchmark, fits_outliers, parse_outliers


def read_folder(
    path: str | Path, name: str | None = None
) -> OutlierBenchmark | CategorizationBenchmark | AnalogyBenchmark:
    """The benchmark in the files of a folder, in the order of their names; `name` is by default the folder's.

    A folder that only holds folders has the files in these. The first file decides: two blocks with an empty
    line between them are a topic, pairs of words a relation, single words a category.

    Raises:
        InputError: a file cannot be read.
        FormatError: there is no file, or one is not of the form of the first.
    """
    folder = Path(path)
    paths = _files(folder) or [file for inner in sorted(folder.iterdir()) for file in _files(inner)]
    files = [file for file in map(read_file, paths) if file.filled]
    if not files:
        raise FormatError(f"{folder}: expected a folder with a file a topic or a category, got none")
    name = name or folder.resolve().name
    if mostly(files[0].filled, _answered):
        return AnalogyBenchmark(name, tuple(question for file in files for question in _questions(file)))
    if fits_outliers(files[0]):
        topics = [topic for file in files for topic in parse_outliers(file).topics]
        return OutlierBenchmark(name, tuple(topics))
    if not any(_word(line.text) for line in files[0].filled):
        raise FormatError(
            f"{folder}: expected a folder with a file a topic or a file a category, got lines as in "
            f"{files[0].path.name}, {files[0].filled[0].text[:60]!r}; name benchmarks that are files one by "
            "one, or give the folder as that of the data (--data)"
        )
    return CategorizationBenchmark(name, tuple(member for file in files for member in _category(file)))


def _files(folder: Path) -> list[Path]:
    """The files directly in a folder, but for hidden ones; none of a file."""
    inside = folder.iterdir() if folder.is_dir() else ()
    return sorted(file for file in inside if file.is_file() and not file.name.startswith("."))


def _questions(file: BenchmarkFile) -> list[Question]:
    """A question for each two pairs of a file, in both orders, without those that ask for a word in them."""
    pairs = items(file.path, file.filled, _answered, "a word and its answer")
    return [
        Question(file.name, a, b, c, d) for (a, b), (c, d) in permutations(pairs, 2) if len({a, b, c, d}) == 4
    ]


def _answered(text: str) -> tuple[str, str] | None:
    """A word and its answer, the first of several: "ocean sea/water" -> ("ocean", "sea")."""
    words = text.split("\t") if "\t" in text else text.split()
    if len(words) != 2:
        return None
    word, answer = words[0].strip(), words[1].strip().split("/")[0]
    return (word, answer) if len(word.split()) == len(answer.split()) == 1 else None


def _category(file: BenchmarkFile) -> list[CategorizedWord]:
    """The words of a file that is named for their category."""
    words = items(file.path, file.filled, _word, "one word")
    return [CategorizedWord(word, file.name) for word in words]


def _word(text: str) -> str | None:
    return text if len(text.split()) == 1 else None
