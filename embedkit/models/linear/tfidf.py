"""n-grams with logistic regression: a classifier that any other should beat, and not many do.

The same texts in the same order give the same model.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from numbers import Integral
from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.models.class_weights import ClassWeight
from embedkit.models.estimator import checked_pairs, probabilities
from embedkit.models.files.state import Saved, constructor_parameters, file_name
from embedkit.models.linear.character_ngrams import CharacterNgrams
from embedkit.models.linear.logistic import LinearTextClassifier, fit_logistic
from embedkit.models.linear.ngram_features import NgramFeatures, log_count_ratios
from embedkit.models.linear.ngram_keys import Keys, check_keys
from embedkit.models.linear.self_training import Unlabelled, read_unlabelled, with_guesses
from embedkit.models.linear.word_sequences import SpelledSequences, spelled
from embedkit.models.networks.examples import target_matrix
from embedkit.models.sequences import Sequences
from embedkit.models.targets import Targets, read_targets
from embedkit.text.tokenization.factory import make_tokenizer

UNNAMED = "(texts that were in memory)"  # what a file calls texts that had no name; nobody can read them


class TfidfClassifier(LinearTextClassifier):
    """TF-IDF of n-grams with logistic regression.

    With the log-count ratios of naive Bayes as factors, as here by default, this is the strong baseline of
    Wang and Manning (2012), "Baselines and bigrams". n-grams of characters are for texts full of rare words,
    hashtags and misspellings; with them, training takes several times as long.

    Args:
        ngrams: words in the longest n-gram.
        min_df: texts in which an n-gram must occur to be a feature.
        C: the inverse of the strength of the L2 penalty.
        class_weight: None, "balanced" or a weight a class.
        tokenizer: a name as `embedkit.text.tokenization.factory.make_tokenizer` takes it.
        lowercase: lower the case of all text.
        punctuation: keep signs as tokens.
        naive_bayes: weigh n-grams by what they tell of the classes, too.
        unlabelled: more texts, or a file of them, to learn from by self-training: see
            `embedkit.models.linear.self_training`.
        characters: characters in the longest n-gram within a word, a space at either end of it among them;
            those of 2 and more are features. 0 for none.
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
        naive_bayes: bool = True,
        unlabelled: Unlabelled = None,
        characters: int = 0,
    ) -> None:
        self.ngrams = ngrams
        self.min_df = min_df
        self.C = C
        self.class_weight = class_weight
        self.tokenizer = tokenizer
        self.lowercase = lowercase
        self.punctuation = punctuation
        self.naive_bayes = naive_bayes
        self.unlabelled = unlabelled
        self.characters = characters

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Raises:
            InputError: labels that cannot be learnt, or texts that share no word.
        """
        targets = read_targets(y)
        return self.fit_targets(checked_pairs(X, targets), targets)

    def fit_targets(self, texts: list[str], targets: Targets) -> Self:
        """Learn from texts and labels that were read before."""
        for name in ("ngrams", "min_df"):
            value = getattr(self, name)
            if not isinstance(value, Integral) or value < 1:
                raise InputError(f"{name} must be a whole number of at least 1, got {value!r}")
        longest = self.characters
        if not isinstance(longest, Integral) or longest < 0 or longest == 1:
            raise InputError(f"characters must be 0 or a whole number of at least 2, got {longest!r}")
        more = read_unlabelled(self.unlabelled)
        tokenizer = make_tokenizer(self.tokenizer, lowercase=self.lowercase, punctuation=self.punctuation)
        tokens = tokenizer.tokenize_all(chain(texts, more))
        features, rows = NgramFeatures.learn(tokens, self.ngrams, self.min_df, self.characters)
        if not features.words:
            raise InputError(f"no word occurs in at least {self.min_df} of {len(texts)} texts; lower min_df")
        self.tokenizer_, self.words_ = tokenizer, features.word_ids
        self.targets_, self.metadata_ = targets.forget(), {}
        wanted = target_matrix(targets)
        known = self._learn(features, rows, targets, wanted)
        if more:
            likely = probabilities(known[len(texts) :] @ self.weights_ + self.intercept_, targets)
            self._learn(features, rows, *with_guesses(targets, wanted, likely))
        return self

    def _learn(
        self,
        features: NgramFeatures,
        rows: Any,
        targets: Targets,
        wanted: NDArray[np.floating],
        certainty: NDArray[np.floating] | None = None,
    ) -> Any:
        """Learn from the first rows, those of `targets`; returns all rows as they are weighted then."""
        known = len(wanted)
        if self.naive_bayes:
            features, rows = features.scaled(log_count_ratios(rows[:known], wanted), rows)
        weights, intercept = fit_logistic(rows[:known], targets, self.C, self.class_weight, certainty)
        self.weights_, self.intercept_ = weights.astype(np.float32), intercept.astype(np.float32)
        self.features_ = features
        return rows

    def _sequences(self, texts: list[str]) -> SpelledSequences:
        return spelled(self.tokenizer_.tokenize_all(texts)).known_as(self.words_)

    def _rows(self, sequences: Sequences) -> Any:
        return self.features_.rows(cast(SpelledSequences, sequences))

    def _saved(self) -> Saved:
        features = self.features_
        tensors: dict[str, NDArray[Any]] = {f"ngrams{n}": keys for n, keys in enumerate(features.keys, 2)}
        if features.characters is not None:
            tensors["alphabet"] = features.characters.alphabet
            tensors |= {f"characters{n}": keys for n, keys in enumerate(features.characters.keys, 2)}
        tensors["idf"] = features.idf
        named = file_name(self.unlabelled, UNNAMED)
        return self._saved_linear(features.words, tensors, unlabelled=named)

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        model = cls(**constructor_parameters(saved))
        keys = _saved_keys(saved, "ngrams", model.ngrams)
        check_keys(keys, len(saved.words))
        characters = None
        if model.characters:
            alphabet = saved.tensor("alphabet", np.int64, (None,))
            characters = CharacterNgrams(alphabet, _saved_keys(saved, "characters", model.characters))
            characters.check()
        features = NgramFeatures(saved.words, keys, np.ones(0, np.float32), characters)
        model.features_ = replace(features, idf=saved.tensor("idf", np.float32, (len(features),)))
        model.words_ = model.features_.word_ids
        model._set_linear(saved, len(features))
        return model


def _saved_keys(saved: Saved, name: str, longest: int) -> Keys:
    return tuple(saved.tensor(f"{name}{n}", np.int64, (None,)) for n in range(2, longest + 1))
