"""`CorpusPlace`: where another process or machine finds a corpus that is open here, and knows it again."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from embedkit.errors import EmbedkitError, InputError
from embedkit.text.corpus.corpus import Corpus

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster


class CorpusPlace(NamedTuple):
    """The folder or the address of a corpus, and its fingerprint: a few bytes that travel instead of it."""

    place: Path | str
    fingerprint: str

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """That of a corpus."""
        return cls(corpus.address or corpus.path.resolve(), corpus.fingerprint)

    def open(self) -> Corpus:
        """The corpus; from an address each machine fetches it into its own cache.

        Raises:
            InputError: there is none, or another one.
        """
        corpus = Corpus.open(self.place)
        if corpus.fingerprint != self.fingerprint:
            raise InputError(
                f"{self.place} on {socket.gethostname()} is another corpus than the one that was named; use "
                "a folder that all machines share"
            )
        return corpus

    def check_on(self, cluster: Cluster) -> None:
        """Raise `InputError` if a machine does not see the corpus; each fetches one that is at an address."""
        if isinstance(self.place, Path):
            cluster.check_visible([self.place])
        else:
            cluster.each_machine(_fetch, self)


def _fetch(place: CorpusPlace) -> None:
    """On another machine: have the corpus in the cache before several workers ask for it."""
    try:
        place.open()
    except EmbedkitError as error:
        raise InputError(f"{socket.gethostname()} cannot read the corpus: {error}") from None
