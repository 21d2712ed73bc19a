"""Going on from other vectors: known words, new ones, those that the text lacks, and how far words moved."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.hyperparameters import described, hyperparameter
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import UNKNOWN
from embedkit.vectors.metadata import summary
from embedkit.vectors.spaces.words import rows_of

KNOWN = "known"  # instead of a file of frozen words: all of the start
MOST = 10  # words that moved farthest, as they are told


@dataclass(frozen=True, kw_only=True)
class StartParameters:
    """Which vectors training goes on from, and what becomes of their words.

    Words of the text that the start knows begin with their vectors there, and their output vectors if it has
    such. Words that only the start has are not trained on.
    """

    start: str | Path | Embeddings | None = described(
        None, "vectors to go on from: a file, or the name of vectors; default: random ones"
    )
    new_words: Literal["random", "mean", "subwords"] = hyperparameter(
        "random",
        "what words begin with that the vectors to start from lack: small random numbers, the mean of all, "
        "or their subwords",
    )
    keep_absent: bool = hyperparameter(
        True, "keep words of the vectors to start from that the text lacks, as they are"
    )
    frozen: str | Path | Sequence[str] | None = described(
        None,
        "words of the vectors to start from whose vectors stay as they are: a file, one a line, or "
        f"{KNOWN} for all",
    )


@dataclass(frozen=True, eq=False)
class Start:
    """Vectors that training goes on from, beside the T words that are trained on.

    Attributes:
        vectors: the start.
        trained: the words that are trained on.
        rows: the row of each of them in the start, `UNKNOWN` for new ones, (T,).
        frozen: whether the vector of each stays as it is, (T,).
        absent: the rows in the start of words that are kept though the text lacks them, (A,).
        new_words: what new words begin with.
    """

    vectors: Embeddings
    trained: Vocabulary
    rows: Longs1d
    frozen: NDArray[np.bool_]
    absent: Longs1d
    new_words: Literal["random", "mean", "subwords"]

    @classmethod
    def of(cls, vectors: Embeddings, parameters: StartParameters, trained: Vocabulary) -> Start:
        """The start from `vectors`, which `start_vectors` gave, for the words that are trained on.

        Raises:
            InputError: the vectors have none of the words, or none of the frozen ones.
        """
        rows = rows_of(trained.words, vectors.vocabulary)
        if (rows == UNKNOWN).all():
            raise InputError(
                f"the vectors to start from have none of the {len(trained):,} words of the text, such as "
                f"{trained.words[0]!r}, but words such as {vectors.vocabulary.words[0]!r}"
            )
        absent = np.setdiff1d(np.arange(len(vectors) if parameters.keep_absent else 0), rows)
        frozen = _frozen(parameters.frozen, vectors, trained) & (rows != UNKNOWN)
        return cls(vectors, trained, rows, frozen, absent, parameters.new_words)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the start has each of the trained words, (T,)."""
        known: NDArray[np.bool_] = self.rows != UNKNOWN
        return known

    @property
    def checksum(self) -> int:
        """A CRC-32 of all its vectors, and of which words are frozen."""
        sum_of = zlib.crc32(self.frozen.tobytes())
        for matrix in (self.vectors.matrix, self.vectors.output_vectors):
            if matrix is not None:
                sum_of = zlib.crc32(np.ascontiguousarray(matrix).data, sum_of)
        return sum_of

    def begin(self, inputs: Floats2d, outputs: Floats2d | None) -> None:
        """Write what is known to the rows (T, D) of the words, which are random, and of their outputs."""
        known = self.known
        if self.new_words == "mean":
            inputs[~known] = self.vectors.matrix.mean(axis=0, dtype=np.float64)
        elif self.new_words == "subwords":
            new = [self.trained.words[row] for row in np.flatnonzero(~known).tolist()]
            inputs[~known] = self.vectors.rows(new) if new else 0
        inputs[known] = self.vectors.stored.take(self.rows[known])
        if outputs is not None and self.vectors.output_vectors is not None:
            outputs[known] = self.vectors.output_vectors[self.rows[known]]

    def merged(self, vectors: Floats2d, outputs: Floats2d | None) -> Embeddings:
        """The trained vectors (T, D) and those of the absent words, sorted by their counts.

        A count is that in the text and in the start together; a start without counts has seen each word 0
        times.
        """
        assert self.trained.counts is not None  # noqa: S101 - a corpus counts its words
        theirs = self.vectors.vocabulary.counts
        counts = np.concatenate([self.trained.counts, np.zeros(len(self.absent), np.int64)])
        if theirs is not None:
            counts[: len(self.trained)][self.known] += theirs[self.rows[self.known]]
            counts[len(self.trained) :] = theirs[self.absent]
        order = np.argsort(-counts, kind="stable")
        words = [*self.trained.words, *(self.vectors.vocabulary.words[row] for row in self.absent.tolist())]
        matrix = np.concatenate([vectors, self.vectors.stored.take(self.absent)])[order]
        if outputs is not None:
            before = self.vectors.output_vectors
            kept = np.zeros((len(self.absent), outputs.shape[1]), np.float32)
            outputs = np.concatenate([outputs, kept if before is None else before[self.absent]])[order]
        vocabulary = Vocabulary([words[row] for row in order.tolist()], counts[order])
        return Embeddings(matrix, vocabulary, output_vectors=outputs)

    def cosines(self, vectors: Floats2d) -> Floats1d:
        """The cosine of each known word's trained vector (T, D) with the one it began with."""
        after, before = vectors[self.known], self.vectors.stored.take(self.rows[self.known])
        dot = partial(np.einsum, "ij,ij->i", dtype=np.float64)  # float32 overflows
        dots, lengths = dot(after, before), np.sqrt(dot(after, after)) * np.sqrt(dot(before, before))
        cosines: Floats1d = np.divide(dots, lengths, out=np.ones(len(dots)), where=lengths > 0)
        return cosines

    def facts(self, vectors: Floats2d) -> dict[str, object]:
        """What the metadata tell: how many words were known, new, absent and frozen, and which moved most."""
        cosines, moving = self.cosines(vectors), ~self.frozen[self.known]
        words = np.flatnonzero(self.known)[moving]
        order = np.argsort(cosines[moving], kind="stable")[:MOST]
        return {
            "words": len(self.vectors),
            "known": int(self.known.sum()),
            "new": int((~self.known).sum()),
            "absent_kept": len(self.absent),
            "frozen": int(self.frozen.sum()),
            "mean_cosine": round(float(cosines[moving].mean()), 4) if moving.any() else None,
            "most_moved": [
                [self.trained.words[words[place]], round(float(cosines[moving][place]), 4)]
                for place in order.tolist()
            ],
            "made": summary(self.vectors.metadata),
        }


def told(facts: dict[str, object]) -> str:
    """What `Start.facts` tell, in a line."""
    counted = (
        f"going on from {facts['words']:,} words: {facts['known']:,} known, {facts['frozen']:,} of them "
        f"frozen, {facts['new']:,} new, {facts['absent_kept']:,} kept that the text lacks"
    )
    if facts["mean_cosine"] is None:
        return counted
    moved: list[tuple[str, float]] = facts["most_moved"]  # type: ignore[assignment]
    most = ", ".join(f"{word} {cosine:.2f}" for word, cosine in moved[:5])
    return (
        f"{counted}; the cosine of known words with what they were is {facts['mean_cosine']:.3f} on average, "
        f"lowest for {most}"
    )


def start_vectors(parameters: StartParameters, vector_size: int | None) -> Embeddings | None:
    """The vectors that the parameters name to go on from, of `vector_size` if that is given; None for none.

    Raises:
        InputError: no such file, vectors of another size, or vectors without subwords if new words are to
            begin with theirs.
        FormatError: a damaged file, or one of no known format.
    """
    start = parameters.start
    if start is None:
        return None
    if not isinstance(start, str | Path | Embeddings):
        raise InputError(f"start must be vectors, a file of them or their name, got {start!r:.80}")
    from embedkit.vectors.shipped import load

    vectors = start if isinstance(start, Embeddings) else load(start)
    if vector_size not in (None, vectors.vector_size):
        raise InputError(
            f"vector_size must be {vectors.vector_size}, as the vectors to start from have it, "
            f"got {vector_size}"
        )
    if parameters.new_words == "subwords" and vectors.subwords is None:
        raise InputError(
            'new_words="subwords" needs vectors to start from that have subwords, as those of fastText; use '
            '"random" or "mean"'
        )
    return vectors


def start_settings(parameters: StartParameters) -> dict[str, object]:
    """The start and the frozen words as metadata tell them: the names of files without their folders."""
    start, frozen = parameters.start, parameters.frozen
    return {
        "start": Path(start).name if isinstance(start, str | Path) else None if start is None else "vectors",
        "frozen": Path(frozen).name if isinstance(frozen, str | Path) else frozen and list(frozen),
    }


def _frozen(
    frozen: str | Path | Sequence[str] | None, vectors: Embeddings, trained: Vocabulary
) -> NDArray[np.bool_]:
    """Whether each of the trained words is one of the frozen ones."""
    from embedkit.vectors.word_selection import find_words, listed_words

    if frozen is None or frozen == KNOWN:
        return np.full(len(trained), frozen is not None)
    listed = listed_words(Path(frozen)) if isinstance(frozen, str | Path) else frozen
    if not listed:
        raise InputError(f"frozen names no word, got {frozen!s:.80}; leave it out to freeze none")
    chosen = set(find_words(vectors, listed))
    return np.fromiter((word in chosen for word in trained.words), np.bool_, len(trained))
