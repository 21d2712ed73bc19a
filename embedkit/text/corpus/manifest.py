"""The manifest of a corpus: what its folder holds and how it was made, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from embedkit import remote_files
from embedkit.errors import FormatError, InputError
from embedkit.text.pipeline.recipes import NewerRecipeError, check_recipe

MANIFEST = "manifest.json"
FORMAT = "embedkit-corpus"
VERSION = 1
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class ShardEntry:
    """One shard: its size, and the sha256 of its ids and offsets.

    A document that is longer than a shard has a part in several. Each part counts as one of `documents` here;
    `continues` says that the first one belongs to the last document of the shards before.
    """

    words: int
    documents: int
    sha256: str
    continues: bool = False


@dataclass(frozen=True)
class Manifest:
    """All there is to know of a corpus without opening its arrays; nothing in it depends on the machine."""

    words: int
    documents: int
    vocabulary: int
    fingerprint: str
    recipe: dict[str, Any]
    shards: tuple[ShardEntry, ...]

    def save(self, folder: Path) -> None:
        """Write the manifest into the folder of the corpus."""
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        text = json.dumps(content, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read the manifest of the corpus in `folder`."""
        path = folder / MANIFEST
        if not path.is_file():
            raise InputError(f"{folder} is no corpus: it has no {MANIFEST}; `embedkit tokenize` makes one")
        content = _content(path)
        try:
            values: dict[str, Any] = {field.name: content[field.name] for field in fields(cls)}
            shards = tuple(ShardEntry(**entry) for entry in values.pop("shards"))
            manifest = cls(**values, shards=shards)
        except (KeyError, TypeError, AttributeError) as error:
            raise FormatError(f"{path} is damaged: {type(error).__name__}: {error}") from None
        manifest.check(path)
        return manifest

    def check(self, path: Path) -> None:
        """Raise `FormatError` unless the parts add up to the whole and the recipe can be followed."""
        numbers = [self.words, self.documents, self.vocabulary]
        numbers += [number for shard in self.shards for number in (shard.words, shard.documents)]
        if not all(type(number) is int and number >= 0 for number in numbers):
            raise FormatError(f"{path} is damaged: a size in it is not a whole number")
        if not (isinstance(self.fingerprint, str) and isinstance(self.recipe, dict)):
            raise FormatError(f"{path} is damaged: its fingerprint or its recipe is of the wrong kind")
        if not all(isinstance(shard.sha256, str) and SHA256.fullmatch(shard.sha256) for shard in self.shards):
            raise FormatError(f"{path} is damaged: a sha256 in it is not 64 hexadecimal digits")
        _check_recipe(self.recipe, path)
        _check_continuations(self.shards, path)
        told = (sum(shard.words for shard in self.shards), documents_in(self.shards))
        if told != (self.words, self.documents):
            raise FormatError(
                f"{path} is damaged: its shards hold {told[0]} words in {told[1]} documents, "
                f"it says {self.words} in {self.documents}"
            )


def documents_in(shards: Iterable[ShardEntry]) -> int:
    """The number of documents in the shards, each counted once however many it has parts in."""
    return sum(shard.documents - shard.continues for shard in shards)


def _check_continuations(shards: Iterable[ShardEntry], path: Path) -> None:
    """Raise `FormatError` unless a shard continues a document only where there is one before it and in it."""
    before = 0
    for number, shard in enumerate(shards):
        if not isinstance(shard.continues, bool) or (shard.continues and not (before and shard.documents)):
            raise FormatError(f"{path} is damaged: shard {number} continues no document")
        before += shard.documents


def _check_recipe(recipe: dict[str, Any], path: Path) -> None:
    """Raise `FormatError` unless the recipe names its sources and its tokenizer, or None for the latter."""
    if not isinstance(recipe.get("sources"), list) or "tokenizer" not in recipe:
        raise FormatError(f"{path} is damaged: its recipe names no sources or no tokenizer")
    if recipe["tokenizer"] is not None:
        try:
            check_recipe(recipe["tokenizer"])
        except NewerRecipeError:
            pass  # the ids are of use without it; whoever needs the recipe is told
        except FormatError as error:
            raise FormatError(f"{path} is damaged: {error}") from None


def _content(path: Path) -> dict[str, Any]:
    """The JSON object in the file, of a format and a version that this embedkit reads."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FormatError(f"{path} is not the manifest of an embedkit corpus")
    if content.get("version") != VERSION:
        raise FormatError(f"{path}: format version {content.get('version')!r}, this embedkit reads {VERSION}")
    return content


def is_corpus(path: str | Path) -> bool:
    """Whether there is a corpus in the folder or at the address `path`, which may be any string."""
    if remote_files.is_address(path):
        return remote_files.exists(remote_files.join(str(path), MANIFEST))
    try:
        return (Path(path) / MANIFEST).is_file()
    except OSError:  # a text instead of a path can be too long for a name
        return False
