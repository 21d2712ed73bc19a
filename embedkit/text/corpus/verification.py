"""Verification of a corpus: every byte is read and compared with its checksums."""

from __future__ import annotations

from pathlib import Path

from embedkit.errors import FormatError
from embedkit.text.corpus.building import fingerprint_of
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.manifest import MANIFEST, Manifest
from embedkit.text.corpus.shards import shard_file, shard_sha256


def verify_corpus(path: str | Path) -> None:
    """Compare every shard and the vocabulary of a corpus with the sha256 that its manifest keeps of them.

    Raises:
        InputError: there is no corpus.
        FormatError: it is damaged; the file is named.

    Example:
        >>> import tempfile
        >>> from embedkit import Corpus
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     corpus = Corpus.from_documents([["a", "word"]], folder + "/corpus")
        ...     verify_corpus(corpus.path)
    """
    folder = Path(path)
    corpus = Corpus.open(folder)
    manifest = Manifest.load(folder)
    for number, (entry, shard) in enumerate(zip(manifest.shards, corpus.checked_shards(), strict=True)):
        if shard_sha256(shard.ids, shard.offsets) != entry.sha256:
            files = " or ".join(shard_file(folder, number, kind).name for kind in ("ids", "offsets"))
            raise FormatError(f"{folder} is damaged: {files} is not what its sha256 says; make it again")
    if fingerprint_of(folder, manifest.shards) != manifest.fingerprint:
        raise FormatError(
            f"{folder} is damaged: its vocabulary or its {MANIFEST} is not what the fingerprint says; "
            "make it again"
        )
