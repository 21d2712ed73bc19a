"""`EmojiVectors`: vectors of emoji among those of words, from their names and from texts that hold them.

By name, after Eisner et al. 2016, "emoji2vec: Learning Emoji Representations from their Description": an
emoji is the sum of the vectors of the words that describe it, here those of its English name and aliases.
The paper goes on to train on such sums; that is left out. In place of plain sums stand weighted ones (Arora
et al. 2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", Algorithm 1): a word of share p
has the weight a / (a + p). Here p is the share of the word in the text behind the vectors or among the names
of all emoji, whichever is greater: "face" is no frequent word, but it stands in so many names that it says
little of any of them.

By use: the mean of the texts that hold the emoji, each the weighted mean of its words, with p the share of a
word in the text behind the vectors or in these texts. What texts have in common is taken off, as a mean where
Algorithm 1 takes off the first singular vector. An emoji that n texts hold is n / (n + k) its use and
k / (n + k) its name, both at length 1: a few texts are trusted little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.emoji.names import emoji_names, named
from embedkit.emoji.usage import Use, used
from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter
from embedkit.progress import SILENT, Progress
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import KnownWords, emoji_word
from embedkit.vectors.norms import frozen, unit_vectors


@dataclass(frozen=True, kw_only=True)
class EmojiVectors:
    """How vectors of emoji are made; `add_to` makes them.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.EmojiVectors().add_to(embedkit.load(limit=5000))
        >>> vectors.neighbors("👑", top=1)[0].word
        'crown'
    """

    smoothing: float = hyperparameter(
        1e-3, "smooth inverse frequency: weight words of frequency p by a / (a + p), with this a", above=0
    )
    min_coverage: float = hyperparameter(
        0.2, "minimum fraction of a name, by weight, that must be in the vocabulary", minimum=0, maximum=1
    )
    min_count: int = hyperparameter(5, "ignore the usage of emoji that occur in fewer texts", minimum=1)
    shrinkage: float = hyperparameter(
        25.0, "weight of the name, as a number of texts with the emoji", minimum=0
    )

    def __post_init__(self) -> None:
        check(self)

    def add_to(
        self, vectors: Embeddings, texts: Iterable[str] | None = None, *, progress: Progress = SILENT
    ) -> Embeddings:
        """The same words, and after them all emoji of which there was no vector and enough is known.

        Args:
            vectors: of English words.
            texts: some that hold emoji, to learn their use from.
            progress: where progress is reported.

        Returns:
            The rows of `vectors` as they are, then those of emoji in their normal form without skin tone, at
            the median length of the words. If words have counts, those of emoji are 0: the text behind the
            vectors held none. The metadata tell in "transforms" how they were made, and how many there are.

        Raises:
            InputError: there is no emoji to add, or none in the texts.
        """
        from importlib.metadata import version

        progress.start("emoji")
        known = KnownWords(vectors)
        names = emoji_names(known)
        by_name = named(vectors, names, self.smoothing, self.min_coverage)
        by_use = {} if texts is None else self._used(vectors, known, texts, progress)
        directions = combined(by_name, by_use, self.shrinkage)
        absent = [sign for sign in names if emoji_word(vectors.vocabulary, sign) is None]
        added = [sign for sign in absent if sign in directions]
        if not added:
            raise InputError(
                f"of {len(names):,} emoji, {len(names) - len(absent):,} have vectors already, and too "
                "little is known of the names of the others; expected vectors of English words"
            )
        summary = {
            "added": len(added),
            "by_name": sum(sign in by_name for sign in added),
            "by_use": sum(sign in by_use for sign in added),
            "left_out": len(absent) - len(added),
        }
        progress.finish(_summary(**summary))
        told = {"parameters": asdict(self), **summary, "versions": {"emoji": version("emoji")}}
        return _extended(vectors, added, np.stack([directions[sign] for sign in added]), told)

    def _used(
        self, vectors: Embeddings, known: KnownWords, texts: Iterable[str], progress: Progress
    ) -> dict[str, Use]:
        usages = used(vectors, known, texts, self.smoothing, progress)
        if not usages:
            raise InputError("no text has an emoji beside words that are known, as in: i love pizza 🍕")
        return {sign: use for sign, use in usages.items() if use.texts >= self.min_count}


def combined(
    names: Mapping[str, Doubles1d], uses: Mapping[str, Use], shrinkage: float
) -> dict[str, Doubles1d]:
    """The direction of each emoji, float64 (D,): of its name, its use, or n / (n + k) of its use.

    `shrinkage` is k, and n the number of texts; before they are added up, both are brought to length 1.
    """
    directions = dict(names)
    for sign, use in uses.items():
        if sign not in names:
            directions[sign] = use.vector
            continue
        trust = use.texts / (use.texts + shrinkage)
        name, learned = unit_vectors(np.stack([names[sign], use.vector]))
        directions[sign] = (trust * learned + (1 - trust) * name).astype(np.float64)
    return directions


def _extended(
    vectors: Embeddings, words: list[str], rows: Doubles2d, told: Mapping[str, object]
) -> Embeddings:
    """`vectors` with more words, whose rows (n, D) are brought to the median length of the others."""
    matrix = np.concatenate([vectors.matrix, unit_vectors(rows) * np.median(vectors.norms)])
    before = vectors.vocabulary
    counts = None if before.counts is None else np.append(before.counts, np.zeros(len(words), np.int64))
    metadata = vectors.transformed(vectors.matrix, "emoji", **told).metadata
    return Embeddings(frozen(matrix), Vocabulary([*before.words, *words], counts), metadata)


def _summary(added: int, by_name: int, by_use: int, left_out: int) -> str:
    return (
        f"{added:,} added, {by_name:,} by their names and {by_use:,} by their use; {left_out:,} left out, "
        "of whose names too little is known"
    )
