"""`TextClassifier`: recurrent and convolutional networks on word vectors, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.errors import InputError
from embedkit.models.estimator import TextEstimator, checked_pairs
from embedkit.models.examples import make_examples
from embedkit.models.inference import TABLE, score_texts, weight_shapes
from embedkit.models.learning import Epoch, Learning, chosen_precision
from embedkit.models.linear import ClassWeight, constructor_parameters, json_parameters
from embedkit.models.network import build, table_of
from embedkit.models.saving import Saved, save_model
from embedkit.models.settings import Architecture, Reading, Schedule, group
from embedkit.models.starting_vectors import CORPUS, Unlabelled, start_from
from embedkit.models.targets import read_targets
from embedkit.progress import SILENT, Progress
from embedkit.text.sequences import FIRST_WORD, Sequences, WordIds, encode
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.formats.quantization import dequantize, quantize

UNNAMED = "(what was in memory)"  # what a file calls vectors and texts that had no name; nobody can load them
SCALES = "vectors.scales"
Quantize = Literal["int8"] | None


@dataclass(eq=False, repr=False, kw_only=True)
class TextClassifier(Architecture, Schedule, Reading, TextEstimator):
    """A network that reads the vectors of a text's words in order.

    The words it knows are those of the vectors, or if these are drawn at random those of the texts. The same
    seed gives the same network on the same machine, but for vectors from a large corpus, which several
    threads train. Its other parameters are described in `embedkit.models.settings`.

    Args:
        embeddings: where the vectors come from: "corpus" for word2vec on the texts of `fit` and the
            unlabelled ones, a file, `Embeddings`, or None for random numbers.
        unlabelled: more texts for "corpus", or a file of them.
        vector_size: dimensions of vectors that are not given.
        fine_tune: train given vectors too: True, False, or N to begin with epoch N + 1, and gently.
        class_weight: None, "balanced" or a weight a class.
        seed: of everything drawn at random.
    """

    kind: ClassVar[str] = "recurrent"

    embeddings: Embeddings | str | Path | None = CORPUS
    unlabelled: Unlabelled = None
    vector_size: int = 128
    fine_tune: bool | int = True
    class_weight: ClassWeight = None
    seed: int = 1

    def fit(self, X: Any, y: Any, progress: Progress = SILENT) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Raises:
            InputError: labels or texts that cannot be learnt from, a parameter out of range, or training
                that diverged.
            DependencyError: TensorFlow is not installed.
        """
        architecture, schedule, reading = self._checked()
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        start = start_from(
            self.embeddings, texts, self.unlabelled, reading, self.vector_size, self.seed, progress
        )
        words = WordIds(start.words)
        sequences = encode(start.tokenizer.tokenize_all(texts), words)
        sequences = sequences.truncated(self.first_tokens, self.last_tokens)
        examples = make_examples(
            sequences, targets, self.class_weight, schedule.validation_fraction, self.seed
        )
        network = build(
            architecture,
            table_of(start.vectors),
            1 if targets.task == "binary" else len(targets.classes),
            seed=self.seed,
            precision=chosen_precision(schedule.precision),
        )
        frozen = 0 if start.learned or self.fine_tune is True else self.fine_tune or None
        learning = Learning(network, targets.task, schedule, frozen, self.seed, progress)
        self.history_ = learning.run(*examples)
        self.weights_, self.words_, self.story_ = network.weights(), words, start.story
        self.tokenizer_, self.targets_, self.metadata_ = start.tokenizer, targets.forget(), {}
        return self

    @property
    def vectors_(self) -> Embeddings:
        """The vectors of the words as the network has them now, after any fine-tuning."""
        check_is_fitted(self, "targets_")
        from embedkit.text.vocabulary import Vocabulary

        matrix = self.weights_[TABLE][FIRST_WORD:]
        return Embeddings(matrix, Vocabulary(list(self.words_)), {"tokenizer": self.tokenizer_.recipe()})

    def save(
        self, path: str | Path, metadata: Mapping[str, Any] | None = None, quantize: Quantize = None
    ) -> None:
        """Write the fitted model to one file, which is replaced only once everything is written.

        Args:
            path: the file; its name had better end with .safetensors.
            metadata: what is known of the model, such as metrics and training data; anything JSON holds.
            quantize: "int8" stores a byte for each number of the vectors, which are then a little different.
        """
        check_is_fitted(self, "targets_")
        if quantize not in (None, "int8"):
            raise InputError(f"quantize must be None or 'int8', got {quantize!r}")
        save_model(Path(path), self._saved(quantize), self.metadata_ if metadata is None else metadata)

    def _checked(self) -> tuple[Architecture, Schedule, Reading]:
        """The parameters in their groups; `InputError` for one that cannot be."""
        if not isinstance(self.fine_tune, bool | int) or self.fine_tune < 0:
            raise InputError(f"fine_tune must be True, False or a number of epochs, got {self.fine_tune!r}")
        for name, least in (("vector_size", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise InputError(f"{name} must be a whole number of at least {least}, got {value!r}")
        return group(Architecture, self), group(Schedule, self), group(Reading, self)

    def _scores(self, texts: list[str]) -> NDArray[np.float64]:
        return score_texts(group(Architecture, self), self.weights_, self._sequences(texts))

    def _sequences(self, texts: list[str]) -> Sequences:
        found = encode(self.tokenizer_.tokenize_all(texts), self.words_)
        return found.truncated(self.first_tokens, self.last_tokens)

    def _saved(self, quantized: Quantize = None) -> Saved:
        tensors: dict[str, NDArray[Any]] = dict(self.weights_)
        if quantized:
            tensors[TABLE], tensors[SCALES] = quantize(tensors[TABLE])
        return Saved(
            kind=self.kind,
            parameters=json_parameters(
                self, embeddings=_name(self.embeddings), unlabelled=_name(self.unlabelled)
            ),
            targets=self.targets_,
            tokenizer=self.tokenizer_.recipe(),
            words=list(self.words_),
            tensors=tensors,
            facts={
                "vectors": self.story_,
                "history": [list(epoch) for epoch in self.history_],
            },
        )

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        model = cls(**constructor_parameters(saved))
        architecture, *_ = model._checked()
        table = _table(saved)
        shapes = weight_shapes(architecture, table.shape[1], saved.columns)
        weights = {name: saved.tensor(name, np.float32, shape) for name, shape in shapes.items()}
        model.weights_ = {TABLE: table, **weights}
        model.history_ = [Epoch(*entry) for entry in saved.facts["history"]]
        model.words_, model.story_ = WordIds(saved.words), saved.facts["vectors"]
        return model


def _table(saved: Saved) -> NDArray[np.float32]:
    """The table of vectors in a file, whichever way it is stored."""
    rows = len(saved.words) + FIRST_WORD
    if SCALES not in saved.tensors:
        return saved.tensor(TABLE, np.float32, (rows, None))
    return dequantize(saved.tensor(TABLE, np.int8, (rows, None)), saved.tensor(SCALES, np.float32, (rows,)))


def _name(given: Embeddings | Sequence[str] | str | Path | None) -> str | None:
    """What a file keeps of vectors or texts: the name of their file."""
    if isinstance(given, str | Path):
        return Path(given).name
    return None if given is None else UNNAMED
