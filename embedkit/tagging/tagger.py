"""`SequenceTagger`: a tag for each token by a BiLSTM with a CRF on top, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Doubles2d, Floats2d
from embedkit.checkpoints import Checkpoint
from embedkit.errors import InputError
from embedkit.hyperparameters import Seeded, check, group_of
from embedkit.models.files.saved_estimator import SavedEstimator
from embedkit.models.files.state import ModelState
from embedkit.models.given_vectors import EVERYDAY, check_vectors, check_vectors_file
from embedkit.models.stored_parameters import file_name
from embedkit.models.targets import Targets, Task
from embedkit.neural.epochs import saved_epoch
from embedkit.neural.network_position import network_job
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.tagging.checks import check_known, checked_scheme, checked_sentences, checked_tags
from embedkit.tagging.clitics import clitics_of
from embedkit.tagging.initial_words import initial_words
from embedkit.tagging.parameters import TaggerLayers, TaggerText, TaggerTraining, TaggerWords
from embedkit.tagging.predictor import TagPredictor
from embedkit.tagging.tag_set import TagSet, tag_set
from embedkit.tagging.trainer import CRF_WEIGHTS, TaggedSentences, TaggerTrainer, TaggingEpoch
from embedkit.tagging.weights import WORDS, initial_weights, weight_shapes
from embedkit.tagging.word_reader import WordReader, number_words
from embedkit.text.datasets.tagged import TaggedTexts
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.recipes import savable_recipe
from embedkit.text.sequences.sequences import joined
from embedkit.vectors.embeddings import Embeddings

TagLists = Sequence[Sequence[str]]


@dataclass(eq=False, repr=False, kw_only=True)
class SequenceTagger(TaggerLayers, TaggerTraining, TaggerWords, TaggerText, Seeded, SavedEstimator):
    """A network that gives each token of a sentence a tag, such as its part of speech or part of a name.

    Word vectors, shapes and characters, read by a small LSTM, go through an LSTM in both directions; a
    conditional random field chooses the tags of a sentence together (Lample et al. 2016). Tags of spans, in
    BIO, BIOES or BILOU, are told by their form; forbidden ones never follow one another. The same seed gives
    the same tagger on the same machine. Training needs no TensorFlow. Its other parameters are described in
    `embedkit.tagging.parameters`.

    Args:
        embeddings: where the word vectors come from: "everyday" or "english" for those that ship, "corpus"
            for word2vec on the sentences of `fit`, "random", a file, or `Embeddings`. A word is looked up as
            it is spelled, else in lower case.
        tokenizer: how raw texts become tokens, for the command line; tokens keep case and punctuation.
        seed: the random seed.

    Attributes:
        predictor_: the trained tagger, which predicts without scikit-learn.
        classes_: the tags, sorted, (K,).
        history_: a `TaggingEpoch` each: loss, score on what was held out, learning rate, seconds.
        metadata_: what a file says of how the model was made, else empty.

    Example:
        >>> from embedkit import SequenceTagger
        >>> sentences = [["Ada", "sings"], ["Bob", "sleeps"]] * 10
        >>> tags = [["NOUN", "VERB"], ["NOUN", "VERB"]] * 10
        >>> tagger = SequenceTagger(units=8, character_units=0, epochs=5, validation_fraction=0.0)
        >>> tagger.fit(sentences, tags).predict([["Ada", "sleeps"]])
        [['NOUN', 'VERB']]
    """

    predictor_class: ClassVar[type[TagPredictor]] = TagPredictor
    embeddings: Embeddings | str | Path = EVERYDAY

    def fit(
        self,
        X: TagLists,  # noqa: N803
        y: TagLists,
        *,
        validation_data: tuple[TagLists, TagLists] | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> Self:
        """Learn from sentences and the tags of their tokens.

        Args:
            X: n sentences, each a list of tokens; empty ones are left out.
            y: a list of tags for each, as long.
            validation_data: sentences and tags that choose the best epoch, in the place of a part of X.
            progress: where it is reported.
            checkpoint: where training is saved, and goes on after an interruption.

        Raises:
            InputError: another number of tags than of tokens, tags of several schemes, unknown tags in the
                validation data, a parameter out of range, or training that diverged.
        """
        self.check_parameters()
        training, held, tags = self._data(X, y, validation_data)
        start = initial_words(self.embeddings, training.sentences, self, self.seed, progress)
        used = start.used([*training.sentences, *(held.sentences if held else [])])
        characters = sorted({character for own in training.sentences for token in own for character in token})
        reader = WordReader([start.words[row] for row in used.tolist()], characters)
        vectors = start.vectors[used]
        shapes = weight_shapes(
            self, len(vectors) + 1, vectors.shape[1], len(characters) + 1, len(tags.learned)
        )
        weights = initial_weights(shapes, self.seed)
        weights[WORDS] = with_unknown(vectors)
        tokenizer = text_pipeline(self.tokenizer, punctuation=True, lowercase=False)
        clitics = clitics_of(training.sentences)
        predictor = TagPredictor(tags, tokenizer, clitics, reader, weights)
        config, learned = group_of(TaggerTraining, self), examples(training, reader, tags)
        texts = repr((held and (held.sentences, held.tags), self.seed, characters)).encode()
        data = learned.sentences.ids, learned.sentences.offsets, learned.tags, texts
        validate = (lambda: predictor.score(held.sentences, held.tags)) if held else None
        with Saver(checkpoint, network_job("tagger", asdict(config), weights, *data), progress) as saver:
            trainer = TaggerTrainer(
                weights, tags.allowed, self._frozen(start.learned), config, self.seed, progress, saver
            )
            self.history_ = trainer.run(learned, validate)
        table = with_unknown(start.vectors)
        table[0], table[used + 1] = weights[WORDS][0], weights[WORDS][1:]
        everything = WordReader(start.words, characters)
        self.predictor_ = TagPredictor(tags, tokenizer, clitics, everything, {**weights, WORDS: table})
        self.provenance_: Mapping[str, Any] = start.provenance
        self.metadata_: Mapping[str, Any] = {}
        return self

    def _data(
        self, sentences: TagLists, tags: TagLists, validation: tuple[TagLists, TagLists] | None
    ) -> tuple[TaggedTexts, TaggedTexts | None, TagSet]:
        """The sentences to learn from, those that choose the epoch, and the tags."""
        data = checked_data(sentences, tags)
        known = tag_set(data.tags, checked_scheme(data.tags), self.bioes)
        if validation is None:
            if not self.validation_fraction:
                return data, None, known
            return *data.split(self.validation_fraction, self.seed), known
        held = checked_data(*validation)
        check_known(known.as_predicted(held.tags), known.predicted)
        return data, held, known

    def _frozen(self, learned: bool) -> list[str]:
        """The names of weights that stay as they are."""
        words = [] if self.fine_tune or learned else [WORDS]
        return [*words, *(() if self.crf else CRF_WEIGHTS)]

    def check_parameters(self) -> None:
        """Raise an error for a parameter of a wrong type or range, or a file that holds no vectors."""
        check(self)
        check_vectors(self.embeddings, network=True)
        check_vectors_file(self.embeddings)

    @property
    def classes_(self) -> NDArray[Any]:
        """The tags, sorted, (K,)."""
        check_is_fitted(self)
        return self.predictor_.classes

    def predict(self, X: TagLists) -> list[list[str]]:  # noqa: N803
        """A tag for each token of each sentence."""
        check_is_fitted(self)
        return self.predictor_.predict(X)

    def predict_proba(self, X: TagLists) -> list[Doubles2d]:  # noqa: N803
        """The marginal probability of each tag of each token, float64 (T, K) for each sentence."""
        check_is_fitted(self)
        return self.predictor_.predict_proba(X)

    def score(self, X: TagLists, y: TagLists) -> float:  # noqa: N803
        """F1 of spans as the CoNLL script counts it, or of plain tags the share of tokens that are right."""
        check_is_fitted(self)
        return self.predictor_.score(X, y)

    def state(self) -> ModelState:
        """What a file keeps of the fitted tagger."""
        check_is_fitted(self)
        predictor, tags = self.predictor_, self.predictor_.tags
        return ModelState(
            kind=predictor.kind,
            parameters=self._stored_parameters(),
            targets=targets_of(tags.predicted),
            tokenizer=savable_recipe(predictor.tokenizer),
            words=predictor.reader.words,
            tensors=predictor.weights,
            facts={
                "tags": list(tags.learned),
                "scheme": tags.scheme and tags.scheme.name,
                "given_scheme": tags.given and tags.given.name,
                "clitics": [predictor.clitics.beginnings, predictor.clitics.endings],
                "characters": predictor.reader.characters,
                "vectors": self.provenance_,
                "history": [saved_epoch(epoch) for epoch in self.history_],
            },
        )

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The fitted tagger of what a file keeps; content that cannot be raises `FormatError`."""
        model = cls(**state.parameters)
        check(model)
        model.predictor_ = TagPredictor.from_state(state)
        model.history_ = [TaggingEpoch(**epoch) for epoch in state.facts["history"]]
        model.provenance_, model.metadata_ = state.facts["vectors"], {}
        return model

    def _stored_parameters(self) -> dict[str, Any]:
        """The parameters of the constructor, ready for JSON; vectors by the name of their file."""
        given = self.get_params(deep=False)
        return {**given, "embeddings": file_name(given["embeddings"])}


def targets_of(tags: Sequence[str]) -> Targets:
    """The tags as the classes that a model file keeps."""
    task: Task = "binary" if len(tags) == 2 else "multiclass"
    return Targets(np.array(tags), task, "labels", np.zeros(0, np.int64))


def checked_data(sentences: TagLists, tags: TagLists) -> TaggedTexts:
    """Sentences and their tags, checked; empty ones are left out."""
    sentences = checked_sentences(sentences)
    pairs = [pair for pair in zip(sentences, checked_tags(sentences, tags), strict=True) if pair[0]]
    if not pairs:
        raise InputError("expected tokens to learn from, got none")
    return TaggedTexts("", [own for own, _ in pairs], [own for _, own in pairs], list(range(len(pairs))))


def examples(data: TaggedTexts, reader: WordReader, tags: TagSet) -> TaggedSentences:
    """Sentences as numbers, to be learned from."""
    words, numbered = number_words(data.sentences)
    ids = joined(numbered)
    return TaggedSentences(reader.read(words), np.bincount(ids.ids), ids, tags.encode(data.tags))


def with_unknown(vectors: Floats2d) -> Floats2d:
    """A table of vectors with zeros before them, for unknown words."""
    return np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors])
