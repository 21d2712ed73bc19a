"""`TagPredictor`: a trained tagger, which predicts without scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.errors import FormatError
from embedkit.hyperparameters import check
from embedkit.models.files.state import ModelState
from embedkit.tagging.checks import checked_sentences, checked_tags
from embedkit.tagging.clitics import Clitics
from embedkit.tagging.decoding import best_tags, tag_probabilities, tags_with_probabilities, transitions_of
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
from embedkit.text.sequences.sequences import joined

BATCH = 64  # sentences read together
SENTENCES = 4096  # sentences whose words are read once for all
WORDS_AT_ONCE = 4096
Decoded = TypeVar("Decoded")


class TagPredictor:
    """A trained tagger.

    Args:
        tags: those it knows.
        tokenizer: how raw texts are read.
        clitics: which are parted from their words in these.
        reader: the words and characters that it knows.
        weights: of its network.

    Attributes:
        metadata: what a file says of how the model was made, else empty.
    """

    kind: ClassVar[str] = "tagger"
    metadata: Mapping[str, Any]

    def __init__(
        self,
        tags: TagSet,
        tokenizer: TextPipeline,
        clitics: Clitics,
        reader: WordReader,
        weights: TaggerWeights,
    ) -> None:
        self.tags, self.tokenizer, self.clitics = tags, tokenizer, clitics
        self.reader, self.weights = reader, weights
        self.metadata = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.classes)} tags, {len(self.reader.words):,} words>"

    @property
    def classes(self) -> NDArray[Any]:
        """The tags that it predicts, sorted, (K,)."""
        return np.array(self.tags.predicted)

    def tokenize(self, texts: Iterable[str]) -> list[list[str]]:
        """The tokens of raw texts."""
        return list(map(self.clitics.split, self.tokenizer.tokenize_all(texts)))

    def predict(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """A tag for each token of sentences, which are lists of tokens; an empty one has no tags.

        Raises:
            InputError: a sentence that is a string, or a token that is none.
        """
        answers = self._answers(sentences, best_tags)
        names = np.array(self.tags.predicted, object)[self.tags.places]
        return [names[best].tolist() for best in answers]

    def predict_proba(self, sentences: Iterable[Sequence[str]]) -> list[Doubles2d]:
        """The marginal probability of each tag of each token: float64 (T, K) for each sentence.

        It is the sum of the probabilities of all paths of tags with this one (the forward-backward
        algorithm). The most likely path may have another tag than the most likely one of a token.
        """
        return [self.tags.probabilities(own) for own in self._answers(sentences, tag_probabilities)]

    def predict_with_proba(self, sentences: Iterable[Sequence[str]]) -> list[tuple[list[str], list[float]]]:
        """What `predict` gives, and the marginal probability of each of these tags."""
        both = self._answers(sentences, tags_with_probabilities)
        places, names = self.tags.places, np.array(self.tags.predicted, object)
        answers = []
        for best, marginals in both:
            chosen = places[best]
            own = self.tags.probabilities(marginals)[np.arange(len(chosen)), chosen]
            answers.append((names[chosen].tolist(), own.tolist()))
        return answers

    def score(self, sentences: Iterable[Sequence[str]], tags: Iterable[Sequence[str]]) -> float:
        """F1 of spans as the CoNLL script counts it, or of plain tags the share of tokens that are right."""
        checked = checked_sentences(sentences)
        truth, predicted = self.tags.as_predicted(checked_tags(checked, tags)), self.predict(checked)
        return entity_f1(truth, predicted) if self.tags.given else token_accuracy(truth, predicted)

    def _answers(
        self, sentences: Iterable[Sequence[str]], decode: Callable[..., list[Decoded]]
    ) -> list[Decoded]:
        """What `decode` makes of the scores of each sentence, some thousand sentences after the other."""
        checked = checked_sentences(sentences)
        compiled = sum(map(len, checked)) >= COMPILED_FROM
        transitions = transitions_of(self.weights, self.tags.allowed)
        answers: list[Decoded] = []
        for start in range(0, len(checked), SENTENCES):
            some = checked[start : start + SENTENCES]
            lengths = np.array(list(map(len, some)), np.int64)
            answers += decode(self.scores(some, compiled), lengths, transitions, compiled)
        return answers

    def scores(self, sentences: Sequence[Sequence[str]], compiled: bool) -> Floats2d:
        """The scores of the learned tags, float32 (N, K), of all tokens, sentence by sentence."""
        words, numbered = number_words(sentences)
        ids, weights = joined(numbered), self.weights
        scores = np.empty((len(ids.ids), len(self.tags.learned)), np.float32)
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
            layers, len(state.words) + 1, size, len(reader.characters) + 1, len(tags.learned)
        )
        weights = {name: state.tensor(name, np.float32, shape) for name, shape in shapes.items()}
        clitics = Clitics(*map(tuple, facts["clitics"]))
        return cls(tags, pipeline_from_recipe(state.tokenizer), clitics, reader, weights)
