"""`CorpusPlace`: where another process or machine finds a corpus that is open here, and knows it again."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NamedTuple, Self

from embedkit.errors import InputError
from embedkit.text.corpus.corpus import Corpus


class CorpusPlace(NamedTuple):
    """The folder of a corpus, and its fingerprint: a few bytes that travel instead of it."""

    path: Path
    fingerprint: str

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """That of a corpus."""
        return cls(corpus.path.resolve(), corpus.fingerprint)

    def open(self) -> Corpus:
        """The corpus.

        Raises:
            InputError: there is none, or another one.
        """
        corpus = Corpus.open(self.path)
        if corpus.fingerprint != self.fingerprint:
            raise InputError(
                f"{self.path} on {socket.gethostname()} is another corpus than the one that was named; use a "
                "folder that all machines share"
            )
        return corpus
