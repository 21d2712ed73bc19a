"""The catalogue of public files: benchmarks, and vectors of others, by name.

`corpora/downloads.json` lists them. The checksums of benchmarks were taken from copies in hand, those of
vectors are as published; a family of vectors, one file a language, has none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from embedkit.downloads.remote_file import RemoteFile
from embedkit.shipped_files import shipped_path

REGISTRY = "downloads.json"
PLACE = "LANGUAGE"  # in the name and the url of a family


@dataclass(frozen=True)
class PublicVectors:
    """Vectors that others have published.

    Attributes:
        name: by which they are downloaded; that of a family has the place of a language in it.
        remote: where they lie.
        dimensions: of a vector.
        made_from: the text that they were trained on.
        words: how many; None if that is not known.
        languages: the codes of a family; of a single file none.
    """

    name: str
    remote: RemoteFile
    dimensions: int
    made_from: str
    words: int | None = None
    languages: tuple[str, ...] = ()

    def of(self, language: str) -> PublicVectors:
        """The member of a family for a language."""
        url = self.remote.url.replace(PLACE, language)
        remote = RemoteFile(url=url, checksum=None, size=None, license=self.remote.license)
        return PublicVectors(self.name.replace(PLACE, language), remote, self.dimensions, self.made_from)


@cache
def benchmark_files() -> dict[str, RemoteFile]:
    """The benchmarks that can be fetched, by name."""
    return {name: RemoteFile(**entry) for name, entry in _catalogue()["benchmarks"].items()}


@cache
def public_vectors() -> tuple[PublicVectors, ...]:
    """Vectors that can be downloaded: single files, then families.

    Example:
        >>> [vectors.name for vectors in public_vectors()][:2]
        ['fasttext-wiki-news-subwords-300', 'conceptnet-numberbatch-17-06-300']
    """
    content = _catalogue()
    return tuple(
        PublicVectors(
            name,
            RemoteFile(
                url=entry["url"],
                checksum=entry.get("checksum"),
                size=entry.get("size"),
                license=entry["license"],
            ),
            entry["dimensions"],
            entry["made_from"],
            entry.get("words"),
            tuple(entry.get("languages", "").split()),
        )
        for name, entry in (content["vectors"] | content["families"]).items()
    )


def find_public_vectors(name: str) -> PublicVectors | None:
    """The vectors of this name, or of a family with a language in its place; None if there are none.

    Example:
        >>> find_public_vectors("fasttext-fr-300").remote.file
        'cc.fr.300.vec.gz'
    """
    for vectors in public_vectors():
        if not vectors.languages and name == vectors.name:
            return vectors
        for language in vectors.languages:
            if name == vectors.name.replace(PLACE, language):
                return vectors.of(language)
    return None


def _catalogue() -> Any:
    return json.loads(shipped_path(REGISTRY).read_text(encoding="utf-8"))
