"""The two classifiers that any other should beat: n-grams, and the mean of word vectors, made linear.

Both are deterministic: the same texts in the same order give the same model.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from embedkit.errors import FormatError, InputError
from embedkit.models.estimator import checked_pairs
from embedkit.models.linear import ClassWeight, LinearTextClassifier, constructor_parameters, fit_logistic
from embedkit.models.ngrams import NgramFeatures
from embedkit.models.saving import Saved
from embedkit.models.targets import read_targets
from embedkit.text.sequences import FIRST_WORD, WordIds, encode
from embedkit.text.tokenizers import Tokenizer, make_tokenizer
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.shipped import load

UNNAMED = "(vectors that were in memory)"  # what a file calls vectors that had none; nobody can load them


class TfidfClassifier(LinearTextClassifier):
    """TF-IDF of word n-grams with logistic regression.

    The strong baseline of Wang and Manning (2012), "Baselines and bigrams".

    Args:
        ngrams: words in the longest n-gram.
        min_df: texts in which an n-gram must occur to be a feature.
        C: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" or a weight a class.
        tokenizer: a name as `embedkit.text.tokenizers.make_tokenizer` takes it.
        lowercase: lower the case of all text.
        punctuation: keep signs as tokens.
    """

    kind: ClassVar[str] = "tfidf"
    features_: NgramFeatures

    def __init__(
        self,
        ngrams: int = 3,
        min_df: int = 2,
        C: float = 30.0,  # noqa: N803
        class_weight: ClassWeight = None,
        tokenizer: str = "words",
        lowercase: bool = True,
        punctuation: bool = False,
    ) -> None:
        self.ngrams = ngrams
        self.min_df = min_df
        self.C = C
        self.class_weight = class_weight
        self.tokenizer = tokenizer
        self.lowercase = lowercase
        self.punctuation = punctuation

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Raises:
            InputError: labels that cannot be learnt, or texts that share no word.
        """
        for name in ("ngrams", "min_df"):
            value = getattr(self, name)
            if not isinstance(value, Integral) or value < 1:
                raise InputError(f"{name} must be a whole number of at least 1, got {value!r}")
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        tokenizer = make_tokenizer(self.tokenizer, lowercase=self.lowercase, punctuation=self.punctuation)
        features, rows = NgramFeatures.learn(tokenizer.tokenize_all(texts), self.ngrams, self.min_df)
        if not features.words:
            raise InputError(f"no word occurs in at least {self.min_df} of {len(texts)} texts; lower min_df")
        weights, intercept = fit_logistic(rows, targets, self.C, self.class_weight)
        self.weights_, self.intercept_ = weights.astype(np.float32), intercept.astype(np.float32)
        self.features_, self.words_ = features, features.word_ids
        self.tokenizer_, self.targets_, self.metadata_ = tokenizer, targets.forget(), {}
        return self

    def _rows(self, texts: list[str]) -> Any:
        return self.features_.rows(self.tokenizer_.tokenize_all(texts))

    def _saved(self) -> Saved:
        tensors: dict[str, NDArray[Any]] = {
            f"ngrams{n}": keys for n, keys in enumerate(self.features_.keys, 2)
        }
        tensors["idf"] = self.features_.idf
        return self._saved_linear(self.features_.words, tensors)

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        model = cls(**constructor_parameters(saved))
        words = saved.words
        keys = [saved.tensor(f"ngrams{n}", np.int64, (None,)) for n in range(2, model.ngrams + 1)]
        for before, found in zip([len(words), *map(len, keys)], keys, strict=False):
            if len(found) and not (
                0 <= found[0] <= found[-1] < before * len(words) and (np.diff(found) > 0).all()
            ):
                raise FormatError("its n-grams do not fit its words")
        size = sum(map(len, keys), len(words))
        model.features_ = NgramFeatures(words, tuple(keys), saved.tensor("idf", np.float32, (size,)))
        model.words_ = model.features_.word_ids
        model._set_linear(saved, size)
        return model


class MeanVectorClassifier(LinearTextClassifier):
    """The mean of the vectors of a text's words, each dimension standardized, with logistic regression.

    As the mean of products is the product of the mean, a fitted model keeps no vectors but only what each
    word adds to the scores: it needs them no more, and its file is small. A model read from a file is fitted
    again only with vectors that are there: `model.set_params(embeddings=...)`.

    Args:
        embeddings: the vectors, or a file of them; None for those that ship. Words that they lack are left
            out. Texts are tokenized as theirs were, if they say how, else as the `words` tokenizer does.
        C: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" or a weight a class.
    """

    kind: ClassVar[str] = "mean-vectors"
    vectors_: Mapping[str, Any]  # what is known of the vectors

    def __init__(
        self,
        embeddings: Embeddings | str | Path | None = None,
        C: float = 1.0,  # noqa: N803
        class_weight: ClassWeight = None,
    ) -> None:
        self.embeddings = embeddings
        self.C = C
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Raises:
            InputError: labels that cannot be learnt, or texts without a word that has a vector.
        """
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        given = self.embeddings
        vectors = given if isinstance(given, Embeddings) else load(given)
        tokenizer, words = vectors.tokenizer or make_tokenizer("words"), WordIds(vectors.vocabulary.words)
        means = _shares(texts, tokenizer, words) @ vectors.matrix
        if not means.any():
            raise InputError(f"no word of the texts has a vector, though there are {len(vectors)}")
        middle, scale = means.mean(axis=0, dtype=np.float64), means.std(axis=0, dtype=np.float64)
        scale[scale == 0] = 1
        weights, intercept = fit_logistic((means - middle) / scale, targets, self.C, self.class_weight)
        weights /= scale[:, None]
        self.weights_ = (vectors.matrix @ weights).astype(np.float32)  # (V, columns): what each word adds
        self.intercept_ = (intercept - middle @ weights).astype(np.float32)
        self.vectors_ = {"words": len(vectors), "dimensions": vectors.vector_size, **story_of(vectors)}
        self.tokenizer_, self.words_, self.targets_, self.metadata_ = tokenizer, words, targets.forget(), {}
        return self

    def _rows(self, texts: list[str]) -> Any:
        return _shares(texts, self.tokenizer_, self.words_)

    def _saved(self) -> Saved:
        named = (
            UNNAMED
            if isinstance(self.embeddings, Embeddings)
            else self.embeddings and Path(self.embeddings).name
        )
        facts = {"vectors": self.vectors_}
        return self._saved_linear(list(self.words_), {}, facts, embeddings=named)

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        model = cls(**constructor_parameters(saved))
        model.words_ = WordIds(saved.words)
        model.vectors_ = saved.facts["vectors"]
        model._set_linear(saved, len(saved.words))
        return model


def _shares(texts: list[str], tokenizer: Tokenizer, words: WordIds) -> Any:
    """For each text the share of each word among those that have a vector, csr float32 (n, V)."""
    sequences = encode(tokenizer.tokenize_all(texts), words)
    text = np.repeat(np.arange(len(sequences)), sequences.lengths)
    known = sequences.ids >= FIRST_WORD
    counts = np.bincount(text[known], minlength=len(sequences))
    shares = (1 / np.maximum(counts, 1)).astype(np.float32)[text[known]]
    return csr_matrix(
        (shares, (text[known], sequences.ids[known] - FIRST_WORD)), (len(sequences), len(words))
    )


def story_of(vectors: Embeddings) -> dict[str, Any]:
    """What vectors say of how they were made, as far as a model repeats it."""
    return {
        name: value for name, value in vectors.metadata.items() if name in ("trainer", "corpus", "command")
    }
