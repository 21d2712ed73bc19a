"""Benchmarks by name: what ships with embedkit, and public sets wherever they lie on this machine.

The text of public sets is not part of embedkit. They are looked for, by the names their files go by, in the
data folder (an argument, or the environment variable EMBEDKIT_DATA), in the package of gensim, which has some
of them, and among what was fetched before. They are fetched only when asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from embedkit.downloads import cache_folder, fetch_file, remote_files
from embedkit.errors import InputError
from embedkit.evaluation.reading import Benchmark, read_benchmark
from embedkit.evaluation.shipped import SHIPPED
from embedkit.progress import SILENT, Progress
from embedkit.text.compression import SUFFIXES

DATA_VARIABLE = "EMBEDKIT_DATA"


class PublicSet(NamedTuple):
    """A published benchmark: its name here, its kind, its paper, and what its file may be called."""

    name: str
    kind: str
    citation: str
    files: tuple[str, ...]


PUBLIC = (
    PublicSet(
        "google",
        "analogies",
        "Mikolov, Chen, Corrado and Dean 2013",
        ("questions-words.txt", "EN-GOOGLE.txt"),
    ),
    PublicSet(
        "msr",
        "analogies",
        "Mikolov, Yih and Zweig 2013",
        ("word_relationship.questions", "EN-MSR.txt"),
    ),
    PublicSet(
        "wordsim-353",
        "similarity",
        "Finkelstein et al. 2002",
        ("EN-WS-353-ALL.txt", "wordsim353.tsv", "EN-WS353.txt"),
    ),
    PublicSet(
        "wordsim-353-similarity",
        "similarity",
        "Agirre et al. 2009",
        ("EN-WS-353-SIM.txt", "wordsim_similarity_goldstandard.txt", "EN-WSS353.txt"),
    ),
    PublicSet(
        "wordsim-353-relatedness",
        "similarity",
        "Agirre et al. 2009",
        ("EN-WS-353-REL.txt", "wordsim_relatedness_goldstandard.txt", "EN-WSR353.txt"),
    ),
    PublicSet(
        "simlex-999",
        "similarity",
        "Hill, Reichart and Korhonen 2015",
        ("EN-SIMLEX-999.txt", "SimLex-999.txt", "simlex999.txt"),
    ),
    PublicSet(
        "men",
        "similarity",
        "Bruni, Tran and Baroni 2014",
        ("EN-MEN-TR-3k.txt", "MEN_dataset_natural_form_full"),
    ),
    PublicSet("mturk-287", "similarity", "Radinsky et al. 2011", ("EN-MTurk-287.txt", "Mtruk.csv")),
    PublicSet("mturk-771", "similarity", "Halawi et al. 2012", ("EN-MTurk-771.txt", "MTURK-771.csv")),
    PublicSet("rg-65", "similarity", "Rubenstein and Goodenough 1965", ("EN-RG-65.txt",)),
    PublicSet("mc-30", "similarity", "Miller and Charles 1991", ("EN-MC-30.txt",)),
    PublicSet(
        "rw",
        "similarity",
        "Luong, Socher and Manning 2013",
        ("EN-RW-STANFORD.txt", "EN-RW.txt", "rw.txt"),
    ),
    PublicSet(
        "simverb-3500",
        "similarity",
        "Gerz et al. 2016",
        ("EN-SIMVERB-3500.txt", "SimVerb-3500.txt"),
    ),
)


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
    """
    if name in SHIPPED:
        return SHIPPED[name]()
    public = next((known for known in PUBLIC if known.name == name), None)
    if public is None and not Path(name).exists():
        names = ", ".join([*SHIPPED, *(known.name for known in PUBLIC)])
        raise InputError(f"expected a file or one of the names {names}; got {name!r}")
    if public is None:
        return read_benchmark(name)
    path = locate(public, data) or _fetched(public, fetch, progress)
    return read_benchmark(path, name)


def _fetched(public: PublicSet, allowed: bool, progress: Progress) -> Path:
    """The file of a public set, downloaded if that is allowed; if not, the error says how to come by it."""
    remote = remote_files().get(public.name)
    if remote and allowed:
        return fetch_file(remote, progress)
    other = "or fetch it (--fetch)" if remote else "it cannot be fetched by name"
    raise InputError(
        f"{public.name} is not on this machine: name a folder with {' or '.join(public.files)} "
        f"(--data, or ${DATA_VARIABLE}); {other}"
    )


def locate(public: PublicSet, data: str | Path | None = None) -> Path | None:
    """The file of a public set: the first of its names that the first place with any of them has."""
    for folder in _places(data):
        files = {path.name.lower(): path for path in sorted(folder.rglob("*"), reverse=True)}
        for name in public.files:
            for suffix in ("", *SUFFIXES):
                path = files.get(f"{name}{suffix}".lower())
                if path and path.is_file():
                    return path
    return None


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
    if find_spec("pooch") and cache_folder().is_dir():
        yield cache_folder()
