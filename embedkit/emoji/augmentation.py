"""Contrastive (counterfactual) examples made of texts: "coffee, not pizza" of two other sentences.

A network that learns from a few thousand sentences learns which words ask for which emoji, and little of what
"not" or "used to" does to them. So it is given more texts: a piece of each of two texts, put into a pattern
of contrast that tells which of them decides (Andreas 2020, "Good-Enough Compositional Data Augmentation", in
the simplest form: pieces are not asked to be of one kind). Each is followed by the one in which the pieces
have changed places, so that words alone do not tell the answer. Pieces are also words that none of the texts
need hold, but that a simpler model takes to speak for an emoji. Patterns are English.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple, TypeVar

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.emoji.augmentation_patterns import DENIALS, LOSING, WHOLE, WINNING
from embedkit.models.inference.predictor import Predictor, SequencePredictor
from embedkit.progress import Progress
from embedkit.text.pipeline.pipeline import TextPipeline

CUES = frozenset(
    (
        *("no", "not", "never", "nor", "neither", "nobody", "nothing", "none", "without", "cannot", "but"),
        *("instead", "rather", "than", "longer", "more", "used", "now", "thought", "then", "first", "over"),
        *("gone", "turned"),
    )
)
NEGATED = "n't"  # ends words of negation, too
REACH = 2  # words on either side of the strongest that a piece may have
COMMON, TELLING = 10_000, 40  # words that a simpler model is asked about, and those kept of an emoji
TOLD, ALONE = 0.3, 0.2  # shares of pieces that are words of the simpler model, and the strongest word alone
OPPOSITES = {  # what denies a word of the first asks for the second
    "😄": "😞",
    "👍": "😞",
    "❤️": "😡",
    "😂": "😡",
    "😞": "😄",
    "😢": "😄",
    "😱": "😄",
    "😡": "😄",
}
Example = tuple[str, str]
Item = TypeVar("Item")


class ExampleCounts(NamedTuple):
    """How many examples to make of each text: contrastive examples, single words, and denied words."""

    contrasts: float = 7.0
    words: float = 1.0
    denials: float = 0.25


class EmojiSentences(NamedTuple):
    """Texts, the emoji of each, and how much each counts in training; None for 1."""

    texts: list[str]
    emoji: list[str]
    weights: Doubles1d | None


def augmented(
    sentences: EmojiSentences, model: SequencePredictor, seed: int, progress: Progress
) -> EmojiSentences:
    """The sentences, and behind them the contrastive examples made of those that count more than 0.

    An example counts as these do on average. `model` was fitted on the sentences; it tells which words speak
    for an emoji.
    """
    texts, emoji, weights = sentences
    progress.start("make contrastive examples")
    rows = range(len(texts)) if weights is None else np.flatnonzero(weights).tolist()
    more, their_emoji = contrastive_examples(
        [texts[row] for row in rows],
        [emoji[row] for row in rows],
        telling_words(model),
        model.tokenizer,
        seed,
    )
    progress.finish(f"{len(more):,}, in English")
    if weights is not None:
        weights = np.append(weights, np.full(len(more), weights[weights > 0].mean()))
    return EmojiSentences([*texts, *more], [*emoji, *their_emoji], weights)


def contrastive_examples(
    texts: Sequence[str],
    emoji: Sequence[str],
    words: Mapping[str, Sequence[str]],
    tokenizer: TextPipeline,
    seed: int,
    counts: ExampleCounts = ExampleCounts(),  # noqa: B008
) -> tuple[list[str], list[str]]:
    """Texts of words as the tokenizer gives them, and the emoji of each; none of too little to make them of.

    Args:
        texts: n texts.
        emoji: of each.
        words: that speak for an emoji, by emoji.
        tokenizer: which finds the words of texts.
        seed: the random seed.
        counts: how many to make of each kind.
    """
    pieces = _Pieces(texts, emoji, words, tokenizer, np.random.default_rng(seed))
    if len({sign for _, sign in pieces.plain}) < 2:
        return [], []
    parts = (
        (pieces.contrasts(), counts.contrasts),
        (pieces.words(), counts.words),
        (pieces.denials(), counts.denials),
    )
    made = [*chain.from_iterable(islice(part, int(many * len(texts))) for part, many in parts)]
    return [text for text, _ in made], [sign for _, sign in made]


def telling_words(model: Predictor) -> dict[str, list[str]]:
    """The words that alone speak most for each class of a trained model, of its `COMMON` first."""
    words = [word for word in islice(model.words, COMMON) if not _is_cue(word)]
    probabilities = model.predict_proba(words)
    best = probabilities.argmax(axis=1)
    order = np.argsort(-probabilities.max(axis=1), kind="stable")
    return {
        str(name): [words[place] for place in order[best[order] == number][:TELLING]]
        for number, name in enumerate(model.classes)
    }


class _Pieces:
    """Draws pieces of texts, and puts them into patterns without end."""

    def __init__(
        self,
        texts: Sequence[str],
        emoji: Sequence[str],
        words: Mapping[str, Sequence[str]],
        tokenizer: TextPipeline,
        generator: np.random.Generator,
    ) -> None:
        documents = list(tokenizer.tokenize_all(texts))
        pairs = list(zip(documents, emoji, strict=True))
        self.plain = [
            (document, sign) for document, sign in pairs if document and not any(map(_is_cue, document))
        ]
        self._told = {sign: [*entries] for sign, entries in words.items() if entries}
        self._strengths = _strengths(documents, emoji)
        self._generator = generator

    def contrasts(self) -> Iterator[Example]:
        """A contrastive example, and the one in which its pieces have changed places."""
        while True:
            (first, sign), (second, other) = self._one_of(self.plain), self._one_of(self.plain)
            if sign != other:
                pattern = self._pattern()
                winner, loser = self._piece(first, sign), self._piece(second, other)
                yield pattern.format(w=winner, l=loser), sign
                yield pattern.format(w=loser, l=winner), other

    def words(self) -> Iterator[Example]:
        """A word that speaks for an emoji."""
        while self._told:
            sign = self._one_of([*self._told])
            yield self._one_of(self._told[sign]), sign

    def denials(self) -> Iterator[Example]:
        """What is denied of an emoji that has an opposite."""
        signs = {sign for _, sign in self.plain}
        deniable = [(document, sign) for document, sign in self.plain if OPPOSITES.get(sign) in signs]
        while deniable:
            document, sign = self._one_of(deniable)
            told = self._told.get(sign)
            piece = self._one_of(told) if told and self._happens(TOLD) else self._strongest(document, sign)
            yield self._one_of(DENIALS).format(l=piece), OPPOSITES[sign]

    def _pattern(self) -> str:
        if self._happens(0.5):
            return self._one_of(WHOLE)
        halves = self._one_of(LOSING), self._one_of(WINNING)
        return " ".join(halves if self._happens(0.5) else halves[::-1])

    def _piece(self, words: Sequence[str], sign: str) -> str:
        """A word that speaks for the emoji, or a few words of the text with the strongest among them."""
        told, draw = self._told.get(sign), self._generator.random()
        if told and draw < TOLD:
            return self._one_of(told)
        before, after = (0, 0) if draw < TOLD + ALONE else self._generator.integers(REACH + 1, size=2)
        return self._strongest(words, sign, before, after)

    def _strongest(self, words: Sequence[str], sign: str, before: int = 0, after: int = 0) -> str:
        """The word that speaks most for the emoji of its text, with so many words before and after it."""
        place = max(range(len(words)), key=lambda number: self._strengths[words[number], sign])
        return " ".join(words[max(place - before, 0) : place + after + 1])

    def _happens(self, probability: float) -> bool:
        return bool(self._generator.random() < probability)

    def _one_of(self, items: Sequence[Item]) -> Item:
        return items[int(self._generator.integers(len(items)))]


def _is_cue(word: str) -> bool:
    return word in CUES or word.endswith(NEGATED)


def _strengths(documents: Sequence[Sequence[str]], emoji: Sequence[str]) -> dict[tuple[str, str], float]:
    """How much more often a word occurs with an emoji than without: (k + 1/2) / (n + 1) of its n texts."""
    pairs = [(word, sign) for words, sign in zip(documents, emoji, strict=True) for word in {*words}]
    total = Counter(word for word, _ in pairs)
    return {(word, sign): (count + 0.5) / (total[word] + 1) for (word, sign), count in Counter(pairs).items()}
