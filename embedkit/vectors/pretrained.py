"""Vectors in folders and repositories, in the manner of the Hugging Face hub: data and a model card.

Of a repository only the files of vectors are fetched: no code, no pickles.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from embedkit.downloads.cache import cache_folder
from embedkit.errors import DependencyError, InputError

REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
FILE, CARD = "vectors.safetensors", "README.md"  # as we write them
SUFFIXES = (".safetensors", ".fifu", ".npz", ".parquet", ".vec", ".bin", ".ftz", ".txt", ".gz", ".zip")
STATIC_MODEL = ("model.safetensors", "tokenizer.json", "config.json")  # as model2vec has them
NO_VECTORS = {"requirements.txt", "vocab.txt", "merges.txt", "license.txt"}  # in small letters
ENDPOINT = "HF_ENDPOINT"  # the environment variable that names another hub


def pretrained_path(repository: str | Path, file: str | None = None, revision: str | None = None) -> Path:
    """Where the vectors of a folder, or of a repository of the hub, lie: a file or a folder to load.

    Args:
        repository: a folder, or the name of a repository, ORGANIZATION/NAME, which is fetched into the cache.
        file: the file of vectors, if there are several.
        revision: a branch, tag or commit of the repository; None for the newest.

    Raises:
        DependencyError: huggingface_hub is not installed.
        InputError: no such folder or repository, no vectors in it, or several that may be meant.
    """
    folder = Path(repository)
    if folder.is_dir():
        return _in_folder(folder, file)
    if not REPOSITORY.fullmatch(str(repository)):
        raise InputError(
            f"expected a folder, or a repository such as ORGANIZATION/NAME, got {str(repository)!r}"
        )
    return _fetched(str(repository), file, revision)


def _in_folder(folder: Path, file: str | None) -> Path:
    """The vectors of a folder: the file named, the only one that there is, or a static model."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    if set(STATIC_MODEL[:2]) <= set(names) and file is None:
        return folder
    return folder / _chosen(names, file, str(folder))


def _chosen(names: Sequence[str], file: str | None, place: str) -> str:
    """The file of vectors among `names`: that which was named, that which we write, or the only one."""
    if file is not None:
        if file not in names:
            raise InputError(f"{place} has no file {file!r}; it has {', '.join(names) or 'none'}")
        return file
    if FILE in names:
        return FILE
    candidates = [name for name in names if _may_be_vectors(name)]
    if len(candidates) != 1:
        told = f"several files that may be vectors ({', '.join(candidates)})" if candidates else "none"
        raise InputError(f"expected a file of vectors in {place}, got {told}; name one by file=")
    return candidates[0]


def _may_be_vectors(name: str) -> bool:
    return name.lower() not in NO_VECTORS and PurePosixPath(name).suffix.lower() in SUFFIXES


def _fetched(repository: str, file: str | None, revision: str | None) -> Path:
    """The vectors of a repository, in the cache."""
    hub = _hub()
    endpoint = os.environ.get(ENDPOINT) or None
    cache = cache_folder() / "hub"
    try:
        listed = hub.HfApi(endpoint=endpoint).model_info(repository, revision=revision).siblings
        names = [each.rfilename for each in listed or ()]
        static = file is None and FILE not in names and set(STATIC_MODEL[:2]) <= set(names)
        wanted = [name for name in STATIC_MODEL if name in names] if static else []
        places = {"revision": revision, "cache_dir": cache, "endpoint": endpoint}
        paths = [
            Path(hub.hf_hub_download(repository, name, **places))
            for name in wanted or [_chosen(names, file, repository)]
        ]
    except (hub.errors.HfHubHTTPError, OSError, ValueError) as error:
        cause = str(error).strip().partition("\n")[0] or type(error).__name__
        raise InputError(
            f"cannot fetch {repository}: {cause}; is it spelled as on the hub, is it public, is there a "
            "network?"
        ) from error
    return paths[0].parent if static else paths[0]


def _hub() -> Any:
    try:
        return import_module("huggingface_hub")
    except ImportError:
        raise DependencyError(
            "repositories of the hub need huggingface_hub: pip install 'embedkit[hub]'; a folder needs "
            "nothing"
        ) from None
