"""`TextClassifier`: recurrent and convolutional networks on word vectors, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from embedkit.errors import InputError
from embedkit.models.class_weights import ClassWeight
from embedkit.models.estimator import SequenceEstimator, TextEstimator, checked_pairs, checked_texts
from embedkit.models.files.state import Saved, constructor_parameters, file_name, json_parameters
from embedkit.models.inference.forward import TABLE, pooled_texts, score_texts, weight_shapes
from embedkit.models.linear.self_training import Unlabelled, read_unlabelled, soft_targets
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.models.networks.config import Architecture, Reading, Schedule, group
from embedkit.models.networks.embedding_init import CORPUS, is_corpus, start_from
from embedkit.models.networks.examples import Watched, make_examples, split_rows, watched_examples
from embedkit.models.networks.keras_network import build, table_of
from embedkit.models.networks.soft_labels import softened
from embedkit.models.networks.trainer import Epoch, Learning, chosen_precision
from embedkit.models.sequences import FIRST_WORD, Sequences, WordIds, encode
from embedkit.models.targets import Targets, read_targets
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings

UNNAMED = "(what was in memory)"  # what a file calls vectors and texts that had no name; nobody can load them


@dataclass(eq=False, repr=False, kw_only=True)
class TextClassifier(Architecture, Schedule, Reading, SequenceEstimator):
    """A network that reads the vectors of a text's words in order.

    The words it knows are those of the vectors, and if these are trained too, or drawn at random, those that
    occur `min_count` times in the texts. The same seed gives the same network on the same machine, but for
    vectors from a large corpus, which several threads train. Its other parameters are described in
    `embedkit.models.networks.config`.

    Args:
        embeddings: where the vectors come from: "corpus" for word2vec on the texts of `fit` and the
            unlabelled ones, "english" for those that ship, a file, `Embeddings`, or None for random numbers.
        unlabelled: more texts, or a file of them, for "corpus" and `pseudo_labels`.
        pseudo_labels: learn from unlabelled texts, if there are any, with the probabilities that
            `TfidfClassifier` gives them once it has learnt from all (Hinton et al. 2015, section 2).
        vector_size: dimensions of vectors that are not given.
        fine_tune: train given vectors too: True, False, or N to begin with epoch N + 1, and gently.
        class_weight: None, "balanced" or a weight a class.
        seed: of everything drawn at random.
    """

    kind: ClassVar[str] = "recurrent"

    embeddings: Embeddings | str | Path | None = CORPUS
    unlabelled: Unlabelled = None
    pseudo_labels: bool = True
    vector_size: int = 128
    fine_tune: bool | int = True
    class_weight: ClassWeight = None
    seed: int = 1

    def fit(
        self,
        X: Any,  # noqa: N803
        y: Any,
        progress: Progress = SILENT,
        teacher: TextEstimator | None = None,
        watched: Watched | None = None,
        likely: Any = None,
    ) -> Self:
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            progress: where it is reported.
            teacher: who labels the unlabelled texts: n-grams to be fitted on the texts that are not held out
                to judge epochs by; or a classifier fitted on labels of the same classes, which had better not
                know the texts that are held out. None for n-grams that read as the network does.
            watched: texts and their labels that `history_` judges each epoch by, and nothing else is done
                with; it judges by them in place of texts held out, so `validation_fraction` is to be 0.
            likely: probabilities of the classes of each text, (n, K), that soften its label: see
                `embedkit.models.networks.soft_labels`. They should come from classifiers that did not learn
                from this text, as those of `sklearn.model_selection.cross_val_predict` do.

        Raises:
            InputError: labels or texts that cannot be learnt from, a parameter out of range, or training
                that diverged.
            DependencyError: TensorFlow is not installed.
        """
        architecture, schedule, reading = self._checked()
        if watched and schedule.validation_fraction:
            raise InputError(
                "epochs are judged by texts held out or by those watched; set validation_fraction to 0"
            )
        targets = read_targets(y)
        texts, more = checked_pairs(X, targets), self._unlabelled()
        start = start_from(
            self.embeddings,
            texts,
            more,
            reading,
            self.fine_tune is not False,
            self.vector_size,
            self.seed,
            progress,
        )
        kept, held = split_rows(targets, schedule.validation_fraction, self.seed)
        words, soft = WordIds(start.words), None
        if more and self.pseudo_labels:
            labelled = [texts[row] for row in kept]
            soft = self._guessed(teacher, labelled, targets.only(kept), more, progress)
            texts = texts + more
        sequences = self._read(encode(start.tokenizer.tokenize_all(texts), words))
        training, judged = make_examples(sequences, targets, soft, self.class_weight, kept, held)
        if likely is not None:
            training = softened(training, likely, targets)
        if watched:
            watched_ids = encode(start.tokenizer.tokenize_all(checked_texts(watched[0])), words)
            judged = watched_examples(self._read(watched_ids), watched[1], targets)
        network = build(
            architecture,
            table_of(start.vectors),
            targets.columns,
            seed=self.seed,
            precision=chosen_precision(schedule.precision),
        )
        frozen = 0 if start.learned else self._frozen_epochs()
        learning = Learning(network, targets.task, schedule, frozen, self.seed, progress)
        try:
            self.history_ = learning.run(training, judged, choose=not watched)
            self.weights_, self.words_, self.story_ = network.weights(), words, start.story
        finally:
            network.release()
        self.tokenizer_, self.targets_, self.metadata_ = start.tokenizer, targets.forget(), {}
        return self

    def transform(self, X: Sequence[str]) -> NDArray[np.float32]:  # noqa: N803
        """What the network makes of each text before the scores of classes: its pooled states.

        Of a single word it is a vector that knows what the labels ask for.

        Returns:
            float32 (n, units), or twice as many of a bidirectional network.
        """
        check_is_fitted(self, "targets_")
        sequences = self._read(self._sequences(checked_texts(X)))
        return pooled_texts(group(Architecture, self), self.weights_, sequences)

    @property
    def vectors_(self) -> Embeddings:
        """The vectors of the words as the network has them now, after any fine-tuning."""
        check_is_fitted(self, "targets_")
        from embedkit.text.vocabulary import Vocabulary

        matrix = self.weights_[TABLE][FIRST_WORD:]
        return Embeddings(matrix, Vocabulary(list(self.words_)), {"tokenizer": self.tokenizer_.recipe()})

    def _checked(self) -> tuple[Architecture, Schedule, Reading]:
        """The parameters in their groups; `InputError` for one that cannot be."""
        if not isinstance(self.fine_tune, bool | int) or self.fine_tune < 0:
            raise InputError(f"fine_tune must be True, False or a number of epochs, got {self.fine_tune!r}")
        for name, least in (("vector_size", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise InputError(f"{name} must be a whole number of at least {least}, got {value!r}")
        return group(Architecture, self), group(Schedule, self), group(Reading, self)

    def _frozen_epochs(self) -> int | None:
        """For how many epochs given vectors stay as they are; None for all."""
        if isinstance(self.fine_tune, bool):
            return 0 if self.fine_tune else None
        return self.fine_tune

    def _unlabelled(self) -> list[str]:
        more = read_unlabelled(self.unlabelled)
        if self.unlabelled is not None and not self.pseudo_labels and not is_corpus(self.embeddings):
            raise InputError('unlabelled texts are for embeddings="corpus" or pseudo_labels; leave them out')
        return more

    def _guessed(
        self,
        teacher: TextEstimator | None,
        texts: list[str],
        targets: Targets,
        more: list[str],
        progress: Progress,
    ) -> NDArray[np.float64]:
        """The probabilities of classes, (n, columns), that the teacher gives to texts without labels."""
        progress.start("label the unlabelled texts")
        if teacher is None or not hasattr(teacher, "targets_"):
            ngrams: TfidfClassifier = ngrams_like(self) if teacher is None else clone(teacher)
            teacher = ngrams.set_params(unlabelled=more).fit_targets(texts, targets)
        found = soft_targets(teacher.predict_proba(more), targets)
        progress.finish(f"{len(more):,} texts")
        return found

    def _scores(self, sequences: Sequences) -> NDArray[np.float64]:
        return score_texts(group(Architecture, self), self.weights_, self._read(sequences))

    def _read(self, sequences: Sequences) -> Sequences:
        """What of texts is read."""
        return sequences.truncated(self.first_tokens, self.last_tokens)

    def _saved(self) -> Saved:
        return Saved(
            kind=self.kind,
            parameters=json_parameters(
                self,
                embeddings=file_name(self.embeddings, UNNAMED),
                unlabelled=file_name(self.unlabelled, UNNAMED),
            ),
            targets=self.targets_,
            tokenizer=self.tokenizer_.recipe(),
            words=list(self.words_),
            tensors=dict(self.weights_),
            facts={
                "vectors": self.story_,
                "history": [list(epoch) for epoch in self.history_],
            },
        )

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        model = cls(**constructor_parameters(saved))
        architecture, *_ = model._checked()
        table = saved.tensor(TABLE, np.float32, (len(saved.words) + FIRST_WORD, None))
        shapes = weight_shapes(architecture, table.shape[1], saved.targets.columns)
        weights = {name: saved.tensor(name, np.float32, shape) for name, shape in shapes.items()}
        model.weights_ = {TABLE: table, **weights}
        model.history_ = [Epoch(*entry) for entry in saved.facts["history"]]
        model.words_, model.story_ = WordIds(saved.words), saved.facts["vectors"]
        return model


def ngrams_like(network: TextClassifier) -> TfidfClassifier:
    """N-grams that read and weigh texts as a network does."""
    return TfidfClassifier(
        class_weight=network.class_weight,
        tokenizer=network.tokenizer,
        lowercase=network.lowercase,
        punctuation=network.punctuation,
        unlabelled=network.unlabelled if network.pseudo_labels else None,
    )
