"""`tag`: raw texts or sentences with a tag for each token, their probabilities and their spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from embedkit.models.columns import checked_texts
from embedkit.tagging.assessment import tag_predictor
from embedkit.tagging.checks import checked_sentences
from embedkit.tagging.predictor import TagPredictor
from embedkit.tagging.spans import TagSpan, spans_of


class TaggedText(NamedTuple):
    """A text and what its tokens are.

    Args:
        text: as it was given; of a sentence its tokens with blanks between them.
        tokens: of it.
        tags: one for each token.
        probabilities: of each of these tags, the sum of those of all paths that have it.
        spans: what the tags mark; none of plain tags.

    Example:
        >>> from embedkit.tagging.tagging import TaggedText
        >>> TaggedText("Ada sings", ["Ada", "sings"], ["NOUN", "VERB"], [0.9, 0.8], []).tags
        ['NOUN', 'VERB']
    """

    text: str
    tokens: Sequence[str]
    tags: Sequence[str]
    probabilities: Sequence[float]
    spans: Sequence[TagSpan]


def tag(model: Any, texts: Iterable[str] | Iterable[Sequence[str]]) -> Iterator[TaggedText]:
    """Tags for texts, which the tokenizer of the model reads, or for sentences that are lists of tokens.

    Raises:
        InputError: a model of another kind, or something that is no text.

    Example:
        >>> from embedkit import SequenceTagger, tag
        >>> tagger = SequenceTagger(units=8, character_units=0, epochs=5, validation_fraction=0.0)
        >>> model = tagger.fit([["Ada", "sings"]] * 20, [["NOUN", "VERB"]] * 20)
        >>> [text.tags for text in tag(model, ["Ada sings"])]
        [['NOUN', 'VERB']]
    """
    predictor = tag_predictor(model)
    given = texts if isinstance(texts, str) else list(texts)
    if isinstance(given, str) or any(isinstance(own, str) for own in given):
        raw = checked_texts(given)
        return _tagged(predictor, raw, predictor.tokenize(raw))
    sentences = checked_sentences(given)
    return _tagged(predictor, list(map(" ".join, sentences)), sentences)


def _tagged(
    predictor: TagPredictor, texts: Sequence[str], sentences: Sequence[list[str]]
) -> Iterator[TaggedText]:
    answers = predictor.predict_with_proba(sentences)
    for text, tokens, (tags, own) in zip(texts, sentences, answers, strict=True):
        yield TaggedText(text, tokens, tags, own, spans_of(tags) if predictor.tags.given else [])
