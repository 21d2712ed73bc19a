"""`explore_texts`: a page about texts, with labels and what a classifier makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedkit.errors import InputError
from embedkit.explorer.classified_texts import EXPLAINED, text_labels
from embedkit.explorer.emoji_font import emoji_parts
from embedkit.explorer.exploration import Exploration, fitting_dimensions
from embedkit.explorer.parts import PageParts
from embedkit.explorer.shown_texts import ShownTexts
from embedkit.text.datasets.labels import Label
from embedkit.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    from embedkit.models.inference.predictor import Predictor

MOST_TEXTS = 50_000
EFFECT_BYTES = 20  # of a word of an explanation, as JSON


def explore_texts(
    texts: Sequence[str],
    vectors: Embeddings,
    labels: Sequence[Label] | None = None,
    predictor: Predictor | None = None,
    *,
    name: str = "texts",
    most: int = MOST_TEXTS,
    seed: int = 1,
    largest: int | None = None,
) -> Exploration:
    """A page about texts: points by their vectors, labels, and the mistakes of a classifier.

    Args:
        texts: as many as there are.
        vectors: of words, of which those of texts are made.
        labels: of each text, a label or a tuple of some; None without labels.
        predictor: a trained classifier, as `embedkit.load_predictor` reads it.
        name: what the page calls them.
        most: how many texts are shown, drawn at random from more.
        seed: random seed of that.
        largest: how many bytes the page may have with all within; None for any number.

    Raises:
        InputError: no texts, none with a word that the vectors know, a model of numbers, or too little room.

    Example:
        >>> import embedkit
        >>> texts = ["a wonderful film", "a terrible bore"]
        >>> shown = embedkit.explore_texts(texts, embedkit.load(), ["good", "bad"])
        >>> shown.parts.facts["labels"]["names"]
        ['bad', 'good']
    """
    if not len(texts):
        raise InputError(f"{name}: expected texts, got none")
    total = len(texts)
    if total > most:
        rows = np.sort(np.random.default_rng(seed).choice(total, most, replace=False)).tolist()
        texts = [texts[row] for row in rows]
        labels = None if labels is None else [labels[row] for row in rows]
    shown = ShownTexts(texts, vectors, name)
    told = text_labels(texts, labels, predictor)
    facts = {"title": name, "kind": "texts", "total": total, "model": predictor is not None}
    parts = PageParts(facts).merged(told.parts()).merged(shown.text_parts)
    parts = parts.merged(emoji_parts(shown.excerpts))
    dimensions = None
    if largest is not None:
        later = 0 if predictor is None else EXPLAINED * EFFECT_BYTES
        dimensions = fitting_dimensions(largest, parts, len(texts), later=later)
    return Exploration((shown,), parts.merged(shown.parts("a", dimensions)), labels=told)
