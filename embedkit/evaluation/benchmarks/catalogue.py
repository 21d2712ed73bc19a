"""Benchmarks by name: the bundled ones, and public sets wherever they are on this machine.

The text of public sets is not part of embedkit. They are looked for, by the names their files go by, in the
data folder (an argument, or the environment variable EMBEDKIT_DATA), in the package of gensim, which has some
of them, and among what was fetched before. They are fetched only when asked for.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from embedkit.downloads.cache import cache_folder
from embedkit.downloads.catalogue import benchmark_files
from embedkit.downloads.fetching import fetch_file
from embedkit.errors import DependencyError, InputError
from embedkit.evaluation.benchmarks.detection import Benchmark, read_benchmark
from embedkit.evaluation.benchmarks.public_sets import PUBLIC, PublicSet
from embedkit.evaluation.benchmarks.shipped import DEFAULTS, SHIPPED
from embedkit.progress import SILENT, Progress
from embedkit.text.formats.compression import SUFFIXES

DATA_VARIABLE = "EMBEDKIT_DATA"


def find_benchmark(
    name: str, data: str | Path | None = None, *, fetch: bool = False, progress: Progress = SILENT
) -> Benchmark:
    """A benchmark by its name here or, if it has none, by the path of its file.

    Args:
        name: a name in `SHIPPED` or `PUBLIC`, or a path.
        data: the folder searched for public sets, at any depth; by default $EMBEDKIT_DATA.
        fetch: download a public set that is nowhere, see `embedkit.downloads`.
        progress: told about the download.

    Raises:
        InputError: neither a name nor a file, a public set that is nowhere, or no such data folder.
        FormatError: a file that cannot be understood.

    Example:
        >>> import embedkit
        >>> benchmark = embedkit.find_benchmark("english-similarity")
        >>> benchmark.name, len(benchmark), benchmark.pairs[0]
        ('english-similarity', 166, ScoredPair(first='infant', second='baby', score=3.0))
    """
    if name in SHIPPED:
        return SHIPPED[name].read()
    public = next((known for known in PUBLIC if known.name == name), None)
    if public is None and not (name and Path(name).exists()):
        names = ", ".join([*SHIPPED, *(known.name for known in PUBLIC)])
        raise InputError(f"expected a file or one of the names {names}; got {name!r}")
    if public is None:
        return read_benchmark(name)
    path = found_sets(data).get(public) or _fetched(public, fetch, progress)
    return read_benchmark(path, name)


def find_benchmarks(
    names: Sequence[str] = (),
    data: str | Path | None = None,
    *,
    fetch: bool = False,
    progress: Progress = SILENT,
) -> list[Benchmark]:
    """Several benchmarks, or all default ones and public sets that are on this machine if none is named.

    Those that would have the same name in tables are numbered: "pairs (1)", "pairs (2)". Arguments and
    errors are those of `find_benchmark`.
    """
    if not names:
        shipped = [SHIPPED[name].read() for name in DEFAULTS]
        return shipped + [read_benchmark(path, public.name) for public, path in found_sets(data).items()]
    return _numbered([find_benchmark(name, data, fetch=fetch, progress=progress) for name in names])


def found_sets(data: str | Path | None = None) -> dict[PublicSet, Path]:
    """The public sets on this machine, each by the first of its names in the first place with any of them."""
    paths: dict[PublicSet, Path] = {}
    for place in _places(data):
        files, folders = _contents(place)
        for public in PUBLIC:
            if public not in paths and (path := _path(public, files, folders)):
                paths[public] = path
    return paths


def _numbered(benchmarks: Sequence[Any]) -> list[Benchmark]:
    """Benchmarks of different names."""
    counts, seen = Counter(benchmark.name for benchmark in benchmarks), Counter[str]()
    renamed = []
    for benchmark in benchmarks:
        name = benchmark.name
        seen[name] += 1
        renamed.append(replace(benchmark, name=f"{name} ({seen[name]})") if counts[name] > 1 else benchmark)
    return renamed


def _fetched(public: PublicSet, allowed: bool, progress: Progress) -> Path:
    """The file of a public set, downloaded if that is allowed; if not, the error says how to come by it."""
    remote = benchmark_files().get(public.name)
    if remote and allowed:
        return fetch_file(remote, progress)
    other = "or fetch it (--fetch)" if remote else "it cannot be fetched by name, ask its authors"
    raise InputError(
        f"{public.name} ({public.citation}) is not on this machine: put {public.looked_for} in the data "
        f"folder (--data, or ${DATA_VARIABLE}); {other}"
    )


def _path(public: PublicSet, files: dict[str, Path], folders: dict[str, Path]) -> Path | None:
    """The file or the folder of a public set among those of a place."""
    named = [f"{name}{suffix}".lower() for name in public.files for suffix in ("", *SUFFIXES)]
    path = next((files[name] for name in named if name in files), None)
    return path or next((folders[name.lower()] for name in public.folders if name.lower() in folders), None)


def _contents(place: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """The files and the folders below a place by their names in lower case; of several, the first path."""
    files: dict[str, Path] = {}
    folders: dict[str, Path] = {}
    for folder, inner, names in os.walk(place):
        inner.sort()
        for entries, kept in ((names, files), (inner, folders)):
            for name in sorted(entries):
                kept.setdefault(name.lower(), Path(folder, name))
    return files, folders


def _places(data: str | Path | None) -> Iterator[Path]:
    """The folders searched, in their order."""
    named = data or os.environ.get(DATA_VARIABLE)
    if named:
        if not Path(named).is_dir():
            raise InputError(
                f"expected a folder of benchmarks, got {str(named)!r}; create it, or name another"
            )
        yield Path(named)
    gensim = find_spec("gensim")
    if gensim and gensim.submodule_search_locations:
        yield Path(gensim.submodule_search_locations[0], "test", "test_data")
    with suppress(DependencyError):  # nothing was downloaded
        if (cache := cache_folder()).is_dir():
            yield cache
