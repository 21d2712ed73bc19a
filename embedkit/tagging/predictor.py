"""`TagPredictor`: a trained tagger, which predicts without scikit-learn."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.errors import FormatError
from embedkit.hyperparameters import check
from embedkit.models.files.state import ModelState
from embedkit.tagging.checks import checked_sentences, checked_tags
from embedkit.tagging.decoding import best_tags, tag_probabilities
from embedkit.tagging.forward import first_rows, tag_scores
from embedkit.tagging.parameters import TaggerLayers
from embedkit.tagging.recurrent import COMPILED_FROM
from embedkit.tagging.scores import entity_f1, token_accuracy
from embedkit.tagging.tag_set import TagSet, stored_tag_set
from embedkit.tagging.weights import WORDS, TaggerWeights, weight_shapes
from embedkit.tagging.word_reader import WordReader, number_words
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import pipeline_from_recipe
from embedkit.text.sequences.buckets import length_buckets
from embedkit.text.sequences.sequences import joined, offsets_of

BATCH = 64  # sentences read together
SENTENCES = 4096  # sentences whose words are read once for all
WORDS_AT_ONCE = 4096


class TagPredictor:
    """A trained tagger.

    Args:
        tags: those it knows.
        tokenizer: how raw texts are read.
        reader: the words and characters that it knows.
        weights: of its network.

    Attributes:
        metadata: what a file says of how the model was made, else empty.
    """

    kind: ClassVar[str] = "tagger"
    metadata: Mapping[str, Any]

    def __init__(
        self, tags: TagSet, tokenizer: TextPipeline, reader: WordReader, weights: TaggerWeights
    ) -> None:
        self.tags, self.tokenizer, self.reader, self.weights = tags, tokenizer, reader, weights
        self.metadata = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.classes)} tags, {len(self.reader.words):,} words>"

    @property
    def classes(self) -> NDArray[Any]:
        """The tags that it predicts, sorted, (K,)."""
        return np.array(self.tags.predicted)

    def predict(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """A tag for each token of sentences, which are lists of tokens; an empty one has no tags.

        Raises:
            InputError: a sentence that is a string, or a token that is none.
        """
        answers: list[list[str]] = []
        checked = checked_sentences(sentences)
        compiled = is_worth_compiling(checked)
        for scores, lengths in self._scores(checked, compiled):
            best = best_tags(scores, self.weights, self.tags.allowed, lengths, compiled)
            names = np.array(self.tags.predicted, object)[self.tags.places[best]].tolist()
            offsets = offsets_of(np.array(lengths))
            answers += [names[begin:end] for begin, end in itertools.pairwise(offsets)]
        return answers

    def predict_proba(self, sentences: Iterable[Sequence[str]]) -> list[Doubles2d]:
        """The marginal probability of each tag of each token: float64 (T, K) for each sentence.

        It is the sum of the probabilities of all paths of tags with this one (the forward-backward
        algorithm). The most likely path may have another tag than the most likely one of a token.
        """
        answers: list[Doubles2d] = []
        checked = checked_sentences(sentences)
        compiled = is_worth_compiling(checked)
        for scores, lengths in self._scores(checked, compiled):
            marginals = tag_probabilities(scores, self.weights, self.tags.allowed, lengths, compiled)
            answers += np.split(self.tags.probabilities(marginals), np.cumsum(lengths)[:-1])
        return answers

    def score(self, sentences: Iterable[Sequence[str]], tags: Iterable[Sequence[str]]) -> float:
        """F1 of spans as the CoNLL script counts it, or of plain tags the share of tokens that are right."""
        checked = checked_sentences(sentences)
        truth, predicted = checked_tags(checked, tags), self.predict(checked)
        return entity_f1(truth, predicted) if self.tags.given else token_accuracy(truth, predicted)

    def unknown_shares(self, sentences: Sequence[Sequence[str]]) -> list[float]:
        """Which share of the tokens of each sentence has no vector; 0 of an empty one."""
        number = self.reader.number
        return [sum(not number(token) for token in own) / max(1, len(own)) for own in sentences]

    def _scores(self, sentences: list[list[str]], compiled: bool) -> Iterator[tuple[Floats2d, list[int]]]:
        """The scores of tags (N, K), and the lengths, of some thousand sentences after the other."""
        for start in range(0, len(sentences), SENTENCES):
            some = sentences[start : start + SENTENCES]
            yield self.scores(some, compiled), list(map(len, some))

    def scores(self, sentences: Sequence[Sequence[str]], compiled: bool) -> Floats2d:
        """The scores of the learnt tags, float32 (N, K), of all tokens, sentence by sentence."""
        words, numbered = number_words(sentences)
        ids, weights = joined(numbered), self.weights
        scores = np.empty((len(ids.ids), len(self.tags.learnt)), np.float32)
        if not words:
            return scores
        rows = np.concatenate(
            [
                first_rows(weights, self.reader.read(words[at : at + WORDS_AT_ONCE]), compiled)
                for at in range(0, len(words), WORDS_AT_ONCE)
            ]
        )
        for batch in length_buckets(ids.lengths, BATCH):
            batch = batch[ids.lengths[batch] > 0]
            if len(batch):
                lengths = ids.lengths[batch].astype(np.int32)
                tokens = np.concatenate([np.arange(*ids.offsets[[row, row + 1]]) for row in batch])
                scores[tokens] = tag_scores(weights, rows, ids.padded(batch), lengths, compiled)
        return scores

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of what a file keeps; content that cannot be raises `FormatError`."""
        facts = state.facts
        tags = stored_tag_set(facts["tags"], facts["scheme"], facts["given_scheme"])
        if list(tags.predicted) != state.targets.classes.tolist():
            raise FormatError(f"expected the tags {tags.predicted}, got {state.targets.classes.tolist()}")
        layers = TaggerLayers(**{name: state.parameters[name] for name in vars(TaggerLayers())})
        check(layers)
        reader = WordReader(state.words, facts["characters"])
        size = state.tensor(WORDS, np.float32, (len(state.words) + 1, None)).shape[1]
        shapes = weight_shapes(
            layers, len(state.words) + 1, size, len(reader.characters) + 1, len(tags.learnt)
        )
        weights = {name: state.tensor(name, np.float32, shape) for name, shape in shapes.items()}
        return cls(tags, pipeline_from_recipe(state.tokenizer), reader, weights)


def is_worth_compiling(sentences: Sequence[Sequence[str]]) -> bool:
    """Whether there are so many tokens that compiled code is worth loading."""
    return sum(map(len, sentences)) >= COMPILED_FROM
