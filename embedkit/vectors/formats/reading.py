"""Reading vectors of any format: from files, folders, archives and pipes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from embedkit.errors import FormatError
from embedkit.hyperparameters import check_count
from embedkit.vectors.formats import native
from embedkit.vectors.formats.contents import VectorContents, finite_rows, in_memory
from embedkit.vectors.formats.detection import NATIVE, detect, holds_vectors, is_native
from embedkit.vectors.formats.pipes import as_file, as_plain_file


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, str]]:
    """A file that can be read as vectors, `path` or a copy that lasts as long as the block; and its format.

    Pipes are copied, "-" for stdin too; archives give the one file of vectors in them; and compressed files
    whose format has a signature of its own are decompressed, as they are not read as streams.
    """
    with as_file(path) as file:
        if not file.is_file() or is_native(file):
            yield file, detect(file)
            return
        from embedkit.vectors.formats.archives import unpacked
        from embedkit.vectors.formats.table import FORMATS

        if any(kind.matches_path(file) for kind in FORMATS.values()):
            yield file, detect(file)
            return
        with unpacked(file, holds_vectors) as content:
            name = detect(content)
            with _plain(content, name) as plain:
                yield plain, name


def read(
    path: Path,
    limit: int | None = None,
    skip_bad_rows: bool = False,
    verify: bool = False,
    trust_pickle: bool = False,
) -> VectorContents:
    """Read the first `limit` rows of a file of any known format; "-" is stdin.

    With `verify`, mapped vectors are read, too, and compared with their checksum if there is one.

    With `skip_bad_rows`, lines of text that are no row, and rows that hold NaN or infinity, are left out,
    counted and named in a warning. Pickles are read only with `trust_pickle`.
    """
    if limit is not None:
        check_count("limit", limit)
    with opened(path) as (file, name):
        if name == NATIVE:
            if verify:
                native.verify_checksums(file)
            contents = native.read(file, limit, skip_bad_rows)
        else:
            contents = _read_other(file, name, limit, skip_bad_rows, trust_pickle)
        if file is not path:
            contents = in_memory(contents)
        return finite_rows(contents, str(file)) if skip_bad_rows else contents


def _read_other(
    path: Path, name: str, limit: int | None, skip_bad_rows: bool, trust_pickle: bool
) -> VectorContents:
    """Read a file that is not of the native format."""
    from embedkit.vectors.formats.gensim_pickle import NOT_TRUSTED
    from embedkit.vectors.formats.table import FORMATS

    if FORMATS[name].pickled and not trust_pickle:
        raise FormatError(f"{path}: expected a file that holds no code, got {NOT_TRUSTED}")
    return FORMATS[name].read(path, limit, skip_bad_rows)


def stored_numbers(path: Path) -> str:
    """How a file or folder of vectors stores its numbers."""
    from embedkit.vectors.formats.table import FORMATS

    with opened(path) as (file, name):
        return FORMATS[name].numbers(file)


def stored_bytes(path: Path) -> int:
    """The bytes of a file, or of all files of a folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def _plain(path: Path, name: str) -> AbstractContextManager[Path]:
    """What is read as this format: one with a signature of its own is not read as a stream."""
    from embedkit.vectors.formats.table import FORMATS

    kind = FORMATS[name]
    return as_plain_file(path) if kind.signed and not kind.matches_path(path) else nullcontext(path)
