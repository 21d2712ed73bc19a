"""Emoji vectors from names: weighted sums of the vectors of their words."""

from __future__ import annotations

from collections import Counter

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.text.emoji import TONES
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.frequencies import inverse_frequency, word_shares
from embedkit.vectors.lookup import KnownWords

Names = dict[str, list[str]]


def emoji_names(known: KnownWords) -> Names:
    """All emoji, in their normal form without skin tone, and the words of their English names.

    The names of "❤️", :red_heart: and :heart:, give ["red", "heart", "heart"].
    """
    from emoji import EMOJI_DATA, STATUS

    return {
        sign: known.words(_plain(" ".join([facts["en"], *facts.get("alias", ())])))
        for sign, facts in EMOJI_DATA.items()
        if facts["status"] == STATUS["fully_qualified"] and not TONES.search(sign)
    }


def _plain(names: str) -> str:
    return names.replace("_", " ").replace(":", " ")


def named(vectors: Embeddings, names: Names, smoothing: float, coverage: float) -> dict[str, Doubles1d]:
    """The weighted sum of the words of the names of each emoji, float64 (D,).

    Args:
        vectors: of words.
        names: the words of the names of emoji.
        smoothing: a in the weight a / (a + p). The share p of a word is that in the text behind the vectors
            or that in the names, where it counts once an emoji, whichever is greater.
        coverage: emoji are left out if known words have less than this part of the weight of their names.
    """
    vocabulary = vectors.vocabulary
    said = Counter(word for words in names.values() for word in set(words))
    total, text = said.total(), word_shares(vocabulary)
    share = {
        word: max(count / total, text[vocabulary[word]] if word in vocabulary else 0)
        for word, count in said.items()
    }
    weights = {word: inverse_frequency(part, smoothing) for word, part in share.items()}
    sums = {}
    for sign, words in names.items():
        known = [word for word in words if word in vocabulary]
        known_weights = np.array([weights[word] for word in known], np.float64)
        if known and known_weights.sum() >= coverage * sum(weights[word] for word in words):
            sums[sign] = known_weights @ vectors.rows(known)
    return sums
