"""Public vectors by name: downloaded when asked for, kept in the native format, found by their name."""

from __future__ import annotations

from pathlib import Path

from embedkit.downloads.cache import cache_folder
from embedkit.downloads.catalogue import PublicVectors, find_public_vectors, public_vectors
from embedkit.downloads.remote_file import checksum_of
from embedkit.errors import DependencyError, InputError
from embedkit.progress import SILENT, Progress
from embedkit.remote_copies import here
from embedkit.remote_files import is_address
from embedkit.shipped_files import NAMES, named_path
from embedkit.text.close_spellings import close_spellings
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.formats.pipes import is_pipe

FOLDER = "vectors"  # in the cache


def download_vectors(name: str, progress: Progress = SILENT) -> Path:
    """The file of public vectors, downloaded unless it is in the cache, and then found by its name.

    What arrives is compared with its published checksum, read, and kept as .safetensors, which says where it
    came from; nothing but words and numbers is ever taken from it. An interrupted download goes on where it
    was. Of a file without a published checksum, the metadata keep the sha256 of what came.

    Args:
        name: a name of `embedkit download --list`, such as "glove-wiki-gigaword-100" or "fasttext-fr-300".
        progress: told about the download.

    Raises:
        DependencyError: requests is not installed.
        InputError: no such name, or the file cannot be had.
        FormatError: the server has something else than what was published.

    Example:
        >>> from embedkit.errors import InputError
        >>> try:
        ...     download_vectors("glove-twiter-25")
        ... except InputError as error:
        ...     print(str(error).partition(" or ")[0])
        there are no public vectors 'glove-twiter-25'; did you mean glove-twitter-25
    """
    public = find_public_vectors(name)
    if public is None:
        raise InputError(_unknown(name))
    kept = _kept(public)
    if not kept.is_file():
        from embedkit.downloads.fetching import fetch_file

        original = fetch_file(public.remote, progress)
        kept.parent.mkdir(parents=True, exist_ok=True)
        progress.start(f"reading {original.name}")
        Embeddings.load(original).with_metadata(source=_source(public, original)).save(kept)
        progress.finish(f"kept as {kept}")
        original.unlink(missing_ok=True)  # another process may have been as far
    return kept


def is_downloaded(public: PublicVectors) -> bool:
    """Whether vectors of a single file are in the cache."""
    try:
        return _kept(public).is_file()
    except DependencyError:
        return False


def downloaded_languages(family: PublicVectors) -> list[str]:
    """The languages of a family whose vectors are in the cache."""
    return [language for language in family.languages if is_downloaded(family.of(language))]


def vectors_path(path: str | Path) -> Path:
    """The file of vectors that a path, an address, or the name of bundled or downloaded ones stands for.

    Raises:
        InputError: public vectors that are not downloaded, of which the message says how they are; or what is
            spelled like a name.
    """
    given = here(path) if is_address(path) else named_path(path)
    if is_pipe(given) or given.exists():
        return given
    public = find_public_vectors(str(path))
    if public is None:
        close = () if given.suffix or str(path) != given.name else _close_names(str(path), *NAMES)
        if close:
            raise InputError(f"there is no file or name {str(path)!r}; did you mean {' or '.join(close)}?")
        return given
    if not is_downloaded(public):
        size = f" ({public.remote.size / 1e6:,.0f} MB)" if public.remote.size else ""
        raise InputError(f"{path} is not downloaded; `embedkit download {path}` does it{size}")
    return _kept(public)


def _kept(public: PublicVectors) -> Path:
    return cache_folder() / FOLDER / f"{public.name}.safetensors"


def _source(public: PublicVectors, original: Path) -> dict[str, str]:
    """Where vectors came from, for their metadata."""
    checksum = public.remote.checksum
    if checksum is None:
        with original.open("rb") as stream:
            checksum = checksum_of(stream, "sha256")
    return {
        "name": public.name,
        "url": public.remote.url,
        "checksum": checksum,
        "made_from": public.made_from,
        "license": public.remote.license,
    }


def _unknown(name: str) -> str:
    """What is said of a name that no public vectors have."""
    names = [vectors.name for vectors in public_vectors()]
    close = _close_names(name)
    told = f"did you mean {' or '.join(close)}?" if close else f"the names are {', '.join(names)};"
    return f"there are no public vectors {name!r}; {told} `embedkit download --list` tells more of them"


def _close_names(name: str, *others: str) -> tuple[str, ...]:
    """Names that are spelled like `name`, among those of public vectors, in all languages, and `others`."""
    names = list(others)
    for public in public_vectors():
        names += [public.of(language).name for language in public.languages] or [public.name]
    return close_spellings(name, names, names)
