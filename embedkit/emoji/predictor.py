"""`EmojiPredictor`: predicts the emoji of a sentence without scikit-learn and TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.emoji.labels import Labels, emoji_of_labels
from embedkit.errors import FormatError, InputError
from embedkit.models.files.state import ModelState
from embedkit.models.inference.network import NETWORK, NetworkPredictor
from embedkit.models.inference.predictor import Predictor, Scored, TextSequence
from embedkit.models.inference.weighted import WeightedPart, WeightedPredictor
from embedkit.models.linear.predictors import MEAN_VECTORS, MeanVectorPredictor
from embedkit.models.targets import Targets
from embedkit.text.emoji import without_emoji

MIN_SHARE = np.finfo(np.float64).tiny  # a share of 0 has no logarithm


class EmojiGuess(NamedTuple):
    """An emoji and its probability."""

    emoji: str
    probability: float


class EmojiPredictor(WeightedPredictor):
    """The weighted sum of the scores of networks and means of vectors; emoji in texts are not read.

    Args:
        targets: the emoji.
        parts: what reads the texts.
        shares: of the emoji in the texts of training, (K,): the answer to a text without a known word.
        labels: what stands for the emoji, see `Emojifier`.
    """

    kind: ClassVar[str] = "emojify"
    part_classes: ClassVar[Mapping[str, type[Predictor]]] = {
        MEAN_VECTORS: MeanVectorPredictor,
        NETWORK: NetworkPredictor,
    }

    def __init__(
        self, targets: Targets, parts: Sequence[WeightedPart], shares: Doubles1d, labels: Labels = None
    ) -> None:
        super().__init__(targets, parts)
        self.shares, self.labels = shares, labels

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of an emojifier in a file."""
        shares = np.array(state.facts["shares"], np.float64).reshape(len(state.targets.classes))
        if not (np.isfinite(shares) & (shares > 0)).all():
            raise FormatError(f"expected a share of the texts for each emoji, got {shares.tolist()!r:.80}")
        labels = labels_in(state.parameters)
        return cls(state.targets, cls.parts_in(state), shares, labels)

    def predict_top(self, texts: TextSequence, top: int = 3) -> list[list[EmojiGuess]]:
        """The `top` likeliest emoji of each text, or all if there are fewer, the likeliest first."""
        return self.guess(texts, top)[0]

    def guess(self, texts: TextSequence, top: int) -> tuple[list[list[EmojiGuess]], list[float]]:
        """What `predict_top` and `unknown_shares` give, of texts that are tokenized only once."""
        if top < 1:
            raise InputError(f"expected to ask for at least 1 emoji a text, got {top}")
        probabilities, unknown = self.proba_and_unknown(texts)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :top]
        names = self.classes.tolist()
        guesses = [
            [EmojiGuess(names[place], float(row[place])) for place in places]
            for row, places in zip(probabilities, order, strict=True)
        ]
        return guesses, unknown.tolist()

    def read_labels(self, labels: Iterable[Any]) -> list[str]:
        """The emoji in normal form that labels stand for."""
        return emoji_of_labels(labels, self.labels)

    def score_texts(self, texts: list[str]) -> Scored:
        """The scores of the emoji, and of each text its share of unknown words."""
        scores, unknown = super().score_texts(readable(texts))
        odds = np.log(np.maximum(self.shares, MIN_SHARE))
        scores[unknown == 1] = odds if len(odds) > 2 else odds[1] - odds[0]
        return scores, unknown

    def unknown_words(self, texts: list[str]) -> Doubles1d:
        """Of each text its share of unknown words (n,)."""
        return super().unknown_words(readable(texts))


def readable(texts: Sequence[str]) -> list[str]:
    """What of texts is read: not their emoji."""
    return [without_emoji(text) for text in texts]


def labels_in(parameters: Mapping[str, Any]) -> Labels:
    """What stands for emoji, as the parameters in a file say: JSON has no keys but strings.

    Raises:
        FormatError: neither nothing, nor texts, nor pairs of a label and a text.
    """
    labels: Any = parameters["labels"]
    entries = labels if isinstance(labels, list) else []
    pairs = [entry for entry in entries if isinstance(entry, list) and len(entry) == 2]
    texts = [pair[1] for pair in pairs] if len(pairs) == len(entries) else entries
    if not isinstance(labels, list | None) or not all(isinstance(text, str) for text in texts):
        raise FormatError(f"its content is malformed: expected labels of emoji, got {labels!r:.80}")
    return dict(map(tuple, pairs)) if pairs else labels
