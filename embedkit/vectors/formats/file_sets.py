"""Vectors that are several files, told by names alone, as of the members of an archive: folders and pairs.

All files of a set lie in the same folder, and none of them is read here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from embedkit.vectors.formats import floret_table, projector_tsv, spacy_folder, static_model
from embedkit.vectors.formats.word_lists import list_names

SPACY = ((spacy_folder.MATRIX, spacy_folder.ROWS), (spacy_folder.STRINGS, spacy_folder.SETTINGS))
STATIC = tuple(((static_model.TENSORS, name), (static_model.CONFIG,)) for name in static_model.TOKENIZERS)
FOLDERS = (SPACY, *STATIC)  # names of the files that there must be, and of those that there may be
MATRIX, FLORET, TABLE = ".npy", ".floret", ".tsv"
MAX_NAME = 255  # bytes of a file's name that a disk can hold
UNSAFE = frozenset("\\:\0")  # what parts paths on some system, or ends them


class FileSet(NamedTuple):
    """Files that are read together: what is read of them, and the names of all, as they were given."""

    main: Path  # the folder, or one of the files
    files: frozenset[str]


def file_sets(names: Iterable[str]) -> list[FileSet]:
    """The sets of files among these; a name that no file can safely have is in none.

    Example:
        >>> file_sets(["a/v.npy", "a/v.words.txt", "b/other.txt"])[0].main.as_posix()
        'a/v.npy'
    """
    files = {Path(name): name for name in names if is_safe(Path(name).name)}
    arrays: dict[Path, list[Path]] = {}
    for path in files:
        for owner in _owners(path):
            arrays.setdefault(owner, []).append(path)
    alone = [path for path in files if not any(owner in files for owner in _owners(path))]
    found = [(path, parts) for path in alone if (parts := _beside(path, files, arrays.get(path, [])))]
    for folder in dict.fromkeys(path.parent for path in files):
        for needed, optional in FOLDERS:
            if all(folder / name in files for name in needed):
                parts = [folder / name for name in (*needed, *optional) if folder / name in files]
                found.append((folder, parts))
    return [FileSet(main, frozenset(files[part] for part in parts)) for main, parts in found]


def _beside(path: Path, files: Container[Path], arrays: list[Path]) -> list[Path]:
    """A file and what is read with it; none if it is read alone."""
    second = next((other for other in _partners(path) if other in files and other != path), None)
    together = arrays if second is None else [second]
    return [path, *together] if together else []


def _partners(path: Path) -> Iterator[Path]:
    """Where the words of a file of vectors may be, as the formats look for them."""
    kind = path.suffix.lower()
    if kind == FLORET:
        yield path.with_suffix(floret_table.WORDS)
    if kind in (MATRIX, FLORET):
        yield from (path.with_name(name) for name in list_names(path))
    if kind == TABLE and path.name != projector_tsv.METADATA:
        yield from projector_tsv.metadata_places(path)


def _owners(path: Path) -> Iterator[Path]:
    """What pickle an array may belong to, as gensim names them: NAME of `NAME.vectors.npy`."""
    if path.suffix == MATRIX:
        parts = path.stem.split(".")
        yield from (path.with_name(".".join(parts[:count])) for count in range(1, len(parts)) if parts[0])


def is_safe(name: str) -> bool:
    """Whether a file of this name can be made in a folder, and nowhere else."""
    plain = name not in ("", ".", "..") and not UNSAFE & set(name)
    return plain and len(name.encode(errors="surrogateescape")) <= MAX_NAME
