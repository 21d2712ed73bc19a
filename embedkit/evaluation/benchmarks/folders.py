"""Benchmarks that are folders: one file per topic of outliers, or per category with a word per line."""

from __future__ import annotations

from pathlib import Path

from embedkit.errors import FormatError
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark, CategorizedWord
from embedkit.evaluation.benchmarks.file import BenchmarkFile, items, read_file
from embedkit.evaluation.benchmarks.outlier_items import OutlierBenchmark, fits_outliers, parse_outliers


def read_folder(path: str | Path, name: str | None = None) -> OutlierBenchmark | CategorizationBenchmark:
    """The benchmark in the files of a folder, in the order of their names; `name` is by default the folder's.

    The first file decides: two blocks with an empty line between them are a topic, anything else a category.

    Raises:
        InputError: a file cannot be read.
        FormatError: there is no file, or one is not of the form of the first.
    """
    folder = Path(path)
    paths = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    files = [file for file in map(read_file, paths) if file.filled]
    if not files:
        raise FormatError(f"{folder}: expected a folder with a file a topic or a category, got none")
    name = name or folder.resolve().name
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


def _category(file: BenchmarkFile) -> list[CategorizedWord]:
    """The words of a file that is named for their category."""
    words = items(file.path, file.filled, _word, "one word")
    return [CategorizedWord(word, file.name) for word in words]


def _word(text: str) -> str | None:
    return text if len(text.split()) == 1 else None
