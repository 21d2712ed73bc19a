"""`evaluate_tagger`: a trained tagger assessed on tagged sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.progress import SILENT, Progress
from embedkit.statistics.intervals import Estimate, wilson
from embedkit.tagging.checks import checked_sentences, checked_tags
from embedkit.tagging.predictor import TagPredictor
from embedkit.tagging.schemes import SCHEMES
from embedkit.tagging.scores import TagScore, accuracy, plain_scores, span_scores
from embedkit.text.datasets.tagged import TaggedTexts


@dataclass(frozen=True, repr=False)
class TaggingAssessment:
    """The scores of a tagger on tagged sentences.

    Args:
        sentences: how many there are.
        tokens: in all of them.
        unknown_tag_tokens: those whose tag the tagger does not know, and which count as wrong.
        scheme: of the tags the tagger predicts, "plain" for those that are no spans.
        accuracy: the share of tokens whose tag is right.
        unknown_word_accuracy: the same of tokens that have no vector; no value if there are none.
        unknown_words: the share of such tokens.
        sentence_accuracy: the share of sentences of which all tags are right.
        by_type: of all spans and of those of each type, or of each plain tag.
    """

    sentences: int
    tokens: int
    unknown_tag_tokens: int
    scheme: str
    accuracy: Estimate
    unknown_word_accuracy: Estimate
    unknown_words: float
    sentence_accuracy: Estimate
    by_type: Sequence[TagScore]

    def __repr__(self) -> str:
        shown = f"accuracy {self.accuracy.value or 0:.4f}"
        if self.scheme in SCHEMES:
            shown += f", F1 {self.by_type[0].f1 or 0:.4f}"
        return f"<{type(self).__name__} of {self.sentences:,} sentences: {shown}>"


def evaluate_tagger(model: Any, data: TaggedTexts, *, progress: Progress = SILENT) -> TaggingAssessment:
    """A trained tagger's scores on tagged sentences; tags that it does not know are told to `progress`.

    Args:
        model: a `SequenceTagger`, or a tagger that `load_model` or `load_predictor` gave.
        data: sentences with their tags, as `read_tagged` gives them.
        progress: where it is reported.

    Raises:
        InputError: a model or data of another kind, another number of tags than of tokens, or tags of which
            the model knows none.

    Example:
        >>> from embedkit import SequenceTagger, TaggedTexts, evaluate_tagger
        >>> data = TaggedTexts("x", [["Ada", "sings"]] * 20, [["NOUN", "VERB"]] * 20, range(20))
        >>> tagger = SequenceTagger(units=8, character_units=0, epochs=5, validation_fraction=0.0)
        >>> evaluate_tagger(tagger.fit(data.sentences, data.tags), data)
        <TaggingAssessment of 20 sentences: accuracy 1.0000>
    """
    predictor = tag_predictor(model)
    if not isinstance(data, TaggedTexts):
        raise InputError(f"expected TaggedTexts, as read_tagged gives them, got {data!r:.80}")
    progress.start(f"tag {Path(data.name).name}")
    sentences = checked_sentences(data.sentences)
    truth = predictor.tags.as_predicted(checked_tags(sentences, data.tags))
    predicted = predictor.predict(sentences)
    return _assessment(predictor, sentences, truth, predicted, data, progress)


def _assessment(
    predictor: TagPredictor,
    sentences: list[list[str]],
    truth: list[list[str]],
    predicted: list[list[str]],
    data: TaggedTexts,
    progress: Progress,
) -> TaggingAssessment:
    tokens = sum(map(len, sentences))
    known = set(predictor.tags.predicted)
    new = [(place, tag) for place, own in enumerate(truth) for tag in own if tag not in known]
    progress.finish(f"{len(sentences):,} sentences, {tokens:,} tokens")
    if new:
        place, tag = new[0]
        where = f"{data.name}, line {data.lines[place]}" if data.lines[place] else data.name
        if len(new) == tokens:
            raise InputError(
                f"{where}: expected some tags that the model knows, such as {predictor.tags.predicted[0]!r}, "
                f"got none, but {tag!r}; is that the column of tags (--tag-column)?"
            )
        progress.note(
            f"Warning: {len(new):,} tokens have tags unknown to the model, which count as wrong ({where}: "
            f"{tag})"
        )
    number = predictor.reader.number
    unknown = [[not number(token) for token in own] for own in sentences]
    whole = sum(own == said for own, said in zip(truth, predicted, strict=True))
    given = predictor.tags.given
    return TaggingAssessment(
        sentences=len(sentences),
        tokens=tokens,
        unknown_tag_tokens=len(new),
        scheme=given.name if given else "plain",
        accuracy=accuracy(truth, predicted),
        unknown_word_accuracy=accuracy(_only(truth, unknown), _only(predicted, unknown)),
        unknown_words=sum(map(sum, unknown)) / max(1, tokens),
        sentence_accuracy=Estimate(
            whole / len(sentences) if sentences else None, wilson(whole, len(sentences))
        ),
        by_type=(span_scores if given else plain_scores)(truth, predicted),
    )


def _only(tags: list[list[str]], kept: list[list[bool]]) -> list[list[str]]:
    """The tags at the places that are kept."""
    return [[tag for tag, keep in zip(*pair, strict=True) if keep] for pair in zip(tags, kept, strict=True)]


def tag_predictor(model: Any) -> TagPredictor:
    """What a trained tagger predicts with; `InputError` for a model of another kind."""
    predictor = getattr(model, "predictor_", model)
    if not isinstance(predictor, TagPredictor):
        raise InputError(
            "expected a trained tagger, as embedkit train-tagger and SequenceTagger make, got "
            f"{model!r:.80}; a classifier answers embedkit classify"
        )
    return predictor
