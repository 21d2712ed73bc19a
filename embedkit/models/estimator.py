"""What all classifiers of texts share: raw texts in, labels out, in the manner of scikit-learn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from embedkit.errors import InputError
from embedkit.models.files.model_file import save_model
from embedkit.models.files.quantization import in_eight_bits
from embedkit.models.files.state import Saved
from embedkit.models.sequences import UNKNOWN, Sequences, WordIds, encode
from embedkit.models.targets import Targets, encode_labels, strange_texts
from embedkit.text.tokenization.factory import Tokenizer

Texts = Sequence[str]
Quantize = Literal["int8"] | None
Probabilities = NDArray[np.float64]  # (n, K)


class TextEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The base of classifiers of raw texts.

    A subclass fits itself, gives scores, and says how it is saved. `fit` sets `targets_`, `tokenizer_`,
    `words_` and an empty `metadata_`; a model read from a file has them too.
    """

    kind: ClassVar[str]  # what saved models of the class are called
    targets_: Targets
    tokenizer_: Tokenizer
    words_: WordIds  # what the model knows
    metadata_: Mapping[str, Any]  # metrics, training data and so on of a model that was read, else empty

    @abstractmethod
    def fit(self, X: Texts, y: Any) -> Self:  # noqa: N803
        """Learn from texts and their labels (see `embedkit.models.targets.read_targets`)."""

    @abstractmethod
    def _scored(self, texts: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The scores of texts, and of each its share of unknown words (n,).

        Scores are log-odds (n, 1) of the second of two classes, of each label (n, K), or logits (n, K).
        """

    @abstractmethod
    def _unknown(self, texts: list[str]) -> NDArray[np.float64]:
        """Of each text its share of unknown words (n,), as `_scored` gives it."""

    @abstractmethod
    def _saved(self) -> Saved:
        """What a file keeps of the fitted model."""

    @classmethod
    @abstractmethod
    def _from_saved(cls, saved: Saved) -> Self:
        """The fitted model of a file; content that cannot be raises `FormatError`."""

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes, sorted, (K,)."""
        check_is_fitted(self, "targets_")
        return self.targets_.classes

    def decision_function(self, X: Texts) -> NDArray[np.float64]:  # noqa: N803
        """Log-odds of the second of two classes (n,); of more classes logits, of labels log-odds (n, K)."""
        check_is_fitted(self, "targets_")
        scores, _ = self._scored(checked_texts(X))
        return scores[:, 0] if self.targets_.task == "binary" else scores

    def predict_proba(self, X: Texts) -> Probabilities:  # noqa: N803
        """The probability of each class, (n, K); of several labels each for itself."""
        return self.proba_and_unknown(X)[0]

    def proba_and_unknown(self, X: Texts) -> tuple[Probabilities, NDArray[np.float64]]:  # noqa: N803
        """What `predict_proba` and `unknown_shares` give, of texts that are tokenized only once."""
        check_is_fitted(self, "targets_")
        scores, unknown = self._scored(checked_texts(X))
        return probabilities(scores, self.targets_), unknown

    def predict(self, X: Texts) -> Any:  # noqa: N803
        """The most likely class of each text; of several labels those that are likelier than not.

        Several labels come back as they were given to `fit`: as a matrix of 0 and 1, or as tuples.
        """
        return decided(self.predict_proba(X), self.targets_)

    def score(self, X: Texts, y: Any, sample_weight: Any = None) -> float:  # noqa: N803
        """The share of texts whose class, or whose labels without exception, are predicted."""
        check_is_fitted(self, "targets_")
        predicted = encode_labels(self.predict(X), self.targets_)
        truth = encode_labels(y, self.targets_)
        right = (predicted == truth).all(axis=1) & ~strange_texts(y, self.targets_)
        return float(np.average(right, weights=sample_weight))

    def unknown_shares(self, X: Texts) -> NDArray[np.float64]:  # noqa: N803
        """Which share of the words of each text the model does not know, (n,); 1 of a text without words."""
        check_is_fitted(self, "targets_")
        return self._unknown(checked_texts(X))

    def save(
        self, path: str | Path, metadata: Mapping[str, Any] | None = None, quantize: Quantize = None
    ) -> None:
        """Write the fitted model to one file, which is replaced only once everything is written.

        Args:
            path: the file; its name had better end with .safetensors.
            metadata: what is known of the model, such as metrics and training data; anything JSON holds.
            quantize: "int8" stores a byte for each number of a matrix, such as the vectors of words; answers
                change a little. n-grams and rows of up to four numbers stay as they are.
        """
        check_is_fitted(self, "targets_")
        if quantize not in (None, "int8"):
            raise InputError(f"quantize must be None or 'int8', got {quantize!r}")
        saved = in_eight_bits(self._saved()) if quantize else self._saved()
        save_model(Path(path), saved, self.metadata_ if metadata is None else metadata)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "targets_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        tags.classifier_tags.multi_label = True
        return tags


class SequenceEstimator(TextEstimator):
    """The base of classifiers that read the words of a text as ids of one vocabulary, `words_`."""

    @abstractmethod
    def _scores(self, sequences: Sequences) -> NDArray[np.float64]:
        """The scores of texts, as `_scored` gives them."""

    def _scored(self, texts: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        sequences = self._sequences(texts)
        return self._scores(sequences), _unknown_shares(sequences)

    def _unknown(self, texts: list[str]) -> NDArray[np.float64]:
        return _unknown_shares(self._sequences(texts))

    def _sequences(self, texts: list[str]) -> Sequences:
        """The ids of the texts' words."""
        return encode(self.tokenizer_.tokenize_all(texts), self.words_)


def checked_texts(texts: Any) -> list[str]:
    """The texts as a list; `InputError` for a single string or for anything in it that is no string."""
    if isinstance(texts, str):
        raise InputError(f"expected a list of texts, got the string {texts[:40]!r}; put it in a list")
    found = list(texts)
    wrong = next((number for number, text in enumerate(found) if not isinstance(text, str)), None)
    if wrong is not None:
        raise InputError(
            f"expected texts, got {found[wrong]!r:.80} as text {wrong} (counted from 0); leave it out"
        )
    return found


def checked_pairs(texts: Any, targets: Targets) -> list[str]:
    """The texts of a fit, as many as there are labels."""
    found = checked_texts(texts)
    if len(found) != len(targets.encoded):
        raise InputError(f"expected a label for each of {len(found)} texts, got {len(targets.encoded)}")
    return found


def _unknown_shares(sequences: Sequences) -> NDArray[np.float64]:
    """Which share of the ids of each text is `UNKNOWN`, (n,)."""
    if len(sequences) == 0:
        return np.zeros(0)
    unknown = np.add.reduceat(sequences.ids == UNKNOWN, sequences.offsets[:-1], dtype=np.int64)
    return unknown / sequences.lengths


def probabilities(scores: NDArray[np.float64], targets: Targets) -> Probabilities:
    """Probabilities (n, K) of scores as `TextEstimator._scored` gives them."""
    if targets.task == "binary":
        return np.column_stack([expit(-scores[:, 0]), expit(scores[:, 0])])
    found: Probabilities = expit(scores) if targets.task == "multilabel" else softmax(scores, axis=1)
    return found


def decided(likely: Probabilities, targets: Targets) -> Any:
    """Labels in the form in which they were learnt: (n,), (n, K) of 0 and 1, or n tuples."""
    if targets.task != "multilabel":
        return targets.classes[likely.argmax(axis=1)] if len(likely) else targets.classes[:0]
    chosen = likely > 0.5
    if targets.form == "indicator":
        return chosen.astype(np.int64)
    return [tuple(targets.classes[row].tolist()) for row in chosen]
