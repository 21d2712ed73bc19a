"""`Emojifier`: which emoji a sentence asks for, by the text classifiers of this package.

A version is a list of classifiers (`embedkit.models.emoji_versions`) whose scores are averaged. What is
special to emoji is here: labels in any spelling become the normal form of `embedkit.text.emoji`, and emoji in
the texts are not read, so that the answer rests on the words alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np

from embedkit.errors import InputError
from embedkit.models.class_weights import ClassWeight
from embedkit.models.classifier import UNNAMED, TextClassifier
from embedkit.models.emoji_contrasts import contrasts, telling_words
from embedkit.models.emoji_versions import MEAN, NETWORK, VERSIONS, Member
from embedkit.models.estimator import TextEstimator, checked_pairs
from embedkit.models.examples import Watched
from embedkit.models.given_vectors import given_vectors
from embedkit.models.mean_vectors import MeanVectorClassifier
from embedkit.models.parts import Floats, Part, PartedEstimator, parts_of, saved_parts
from embedkit.models.saved import Saved, constructor_parameters, file_name, json_parameters
from embedkit.models.saving import class_of
from embedkit.models.targets import read_targets
from embedkit.progress import SILENT, Progress
from embedkit.text.emoji import normal_emoji, without_emoji
from embedkit.text.labels import label_of
from embedkit.vectors.embeddings import Embeddings

# parameters of a `TextClassifier` that are not for `network`; of texts held out there would be contrasts
OWN = {"embeddings", "unlabelled", "pseudo_labels", "vector_size", "fine_tune", "class_weight", "seed"}
OWN |= {"validation_fraction", "patience"}
SHOWN = 3

Labels = Sequence[str] | Mapping[Any, str] | None


class Guess(NamedTuple):
    """An emoji and its probability."""

    emoji: str
    probability: float


class Emojifier(PartedEstimator):
    """Tells which of a set of emoji a sentence asks for; the set is that of the labels of `fit`.

    Labels are emoji with or without variation selector and skin tone, or names such as `:red_heart:`, or what
    `labels` says; `predict` gives fully qualified emoji without skin tone. Emoji in the texts are not read. A
    text without a known word gets the shares that the emoji have among the texts of `fit`.

    Args:
        version: 1 is the mean of a text's vectors, rare words weighing more, with logistic regression. 2 is
            two LSTM layers of 128 on frozen vectors, with dropout of one half after each, of which the last
            state decides. 3, this package's own, is a bidirectional LSTM of 96 on frozen vectors whose states
            are pooled by attention; its scores weigh 0.7, those of version 1 beside them 0.3. Networks hold
            no text out.
        embeddings: the vectors, or a file of them; None for those that ship.
        fine_tune: train the vectors of the network too: True, False, or N to begin with epoch N + 1, and
            gently; None for what the version does. Version 1 has nothing to be trained so.
        labels: emoji, or their names, that labels 0, 1, 2 and so on stand for; or a mapping of labels.
        class_weight: None, "balanced" or a weight an emoji.
        network: parameters of the `TextClassifier` that shall differ from those of the version.
        contrasts: whether networks also learn from texts of contrast, about eight beside each text
            (`embedkit.models.emoji_contrasts`); they are English.
        seed: of everything drawn at random; version 1 draws nothing.
    """

    kind: ClassVar[str] = "emojify"
    shares_: Floats  # of the emoji in the texts that were learnt from, (K,)

    def __init__(
        self,
        version: Literal[1, 2, 3] = 3,
        embeddings: Embeddings | str | Path | None = None,
        fine_tune: bool | int | None = None,
        labels: Labels = None,
        class_weight: ClassWeight = None,
        network: Mapping[str, Any] | None = None,
        contrasts: bool = True,
        seed: int = 1,
    ) -> None:
        self.version = version
        self.embeddings = embeddings
        self.fine_tune = fine_tune
        self.labels = labels
        self.class_weight = class_weight
        self.network = network
        self.contrasts = contrasts
        self.seed = seed

    def fit(
        self,
        X: Any,  # noqa: N803
        y: Any,
        progress: Progress = SILENT,
        watched: Watched | None = None,
    ) -> Self:
        """Learn from texts and the emoji of each.

        Args:
            X: n texts.
            y: the label of each.
            progress: where it is reported.
            watched: other texts and their labels, by which the network's `history_` judges each epoch, and
                nothing else is done with.

        Raises:
            InputError: a label that is no emoji, texts that cannot be learnt from, or parameters that the
                version does not have.
            DependencyError: a network is asked for, and TensorFlow is not installed.
        """
        weights, unfitted = self._unfitted()
        emoji = self.emoji_of(y)
        targets = read_targets(emoji)
        texts = _readable(checked_pairs(X, targets))
        vectors = given_vectors(self.embeddings)
        for part in unfitted:
            part.set_params(embeddings=vectors)
        means = [part.fit(texts, emoji) for part in unfitted if isinstance(part, MeanVectorClassifier)]
        networks = [part for part in unfitted if isinstance(part, TextClassifier)]
        if watched:
            watched = _readable(watched[0]), self.emoji_of(watched[1])
        more, theirs = self._contrasts(texts, emoji, means, vectors, progress) if networks else ([], [])
        for network in networks:
            network.fit([*texts, *more], [*emoji, *theirs], progress, watched=watched)
        self.parts_ = list(map(Part, weights, unfitted))
        self.tokenizer_, self.words_ = unfitted[0].tokenizer_, unfitted[0].words_
        self.shares_ = np.bincount(targets.encoded) / len(texts)
        self.targets_, self.metadata_ = targets.forget(), {}
        return self

    def emoji_of(self, labels: Iterable[Any]) -> list[str]:
        """The emoji in normal form that labels stand for, given as `fit` takes them; fitted or not.

        Raises:
            InputError: a label that stands for no emoji, or several labels a text.
        """
        shape: tuple[int, ...] = getattr(labels, "shape", ())
        entries = list(np.asarray(labels).ravel() if len(shape) == 2 and shape[1] == 1 else labels)
        named = self._named()
        found = {entry: _emoji(entry, named) for entry in {*map(_key, entries)}}
        if strange := sorted(repr(entry) for entry, emoji in found.items() if emoji is None):
            more = f" and {len(strange) - SHOWN} more" if len(strange) > SHOWN else ""
            raise InputError(
                "expected each label to be an emoji, or its name such as :red_heart: between colons, got "
                f"{', '.join(strange[:SHOWN])}{more}; say what other labels stand for by `labels` (--labels)"
            )
        return [found[_key(entry)] or "" for entry in entries]

    def predict_top(self, X: Sequence[str], k: int = 3) -> list[list[Guess]]:  # noqa: N803
        """The `k` likeliest emoji of each text, or all if there are fewer, the likeliest first."""
        if k < 1:
            raise InputError(f"expected to ask for at least 1 emoji a text, got {k}")
        likely = self.predict_proba(X)
        order = np.argsort(-likely, axis=1, kind="stable")[:, :k]
        names = self.classes_.tolist()
        return [
            [Guess(names[place], float(row[place])) for place in places]
            for row, places in zip(likely, order, strict=True)
        ]

    def score(self, X: Sequence[str], y: Any, sample_weight: Any = None) -> float:  # noqa: N803
        """The share of texts whose emoji is predicted; labels are taken as by `fit`."""
        return super().score(X, self.emoji_of(y), sample_weight)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = False
        return tags

    def _unfitted(self) -> tuple[list[float], list[TextEstimator]]:
        """The weights and the classifiers of the version, without vectors; raises for bad parameters."""
        if self.version not in VERSIONS:
            raise InputError(f"version must be one of {', '.join(map(str, VERSIONS))}, got {self.version!r}")
        parts = VERSIONS[self.version]
        given = {**(self.network or {})}
        has_network = any(part.kind == NETWORK for part in parts)
        if not has_network and (given or self.fine_tune is not None):
            raise InputError(f"version {self.version} has no network; leave `network` and `fine_tune` out")
        known = {item.name for item in fields(TextClassifier)} - OWN
        if unknown := [name for name in given if name not in known]:
            raise InputError(
                f"the network of an Emojifier has no {unknown[0]!r} to set; it has {', '.join(sorted(known))}"
            )
        if self.fine_tune is not None:
            given["fine_tune"] = self.fine_tune
        return [part.weight for part in parts], [self._unfitted_part(part, given) for part in parts]

    def _unfitted_part(self, part: Member, given: Mapping[str, Any]) -> TextEstimator:
        weight = self.class_weight
        if isinstance(weight, Mapping):
            weight = dict(zip(self.emoji_of(weight), weight.values(), strict=True))
        parameters = {**part.parameters, "class_weight": weight}
        if part.kind == NETWORK:
            parameters |= {**given, "seed": self.seed}
        return class_of(part.kind)(**parameters)

    def _contrasts(
        self,
        texts: list[str],
        emoji: list[str],
        means: list[MeanVectorClassifier],
        vectors: Embeddings,
        progress: Progress,
    ) -> tuple[list[str], list[str]]:
        """Texts of contrast for networks, if they are wanted, and the emoji of each.

        What words speak for is told by the mean of vectors of the version, or else that of version 1.
        """
        if not self.contrasts:
            return [], []
        progress.start("make texts of contrast")
        if not means:
            [alone] = (self._unfitted_part(part, {}) for part in VERSIONS[1])
            means = [alone.set_params(embeddings=vectors).fit(texts, emoji)]
        [mean] = means
        made = contrasts(texts, emoji, telling_words(mean), mean.tokenizer_, self.seed)
        progress.finish(f"{len(made[0]):,}, in English")
        return made

    def _named(self) -> dict[str, str]:
        """The emoji that labels stand for by `labels`."""
        given = self.labels or {}
        pairs = given.items() if isinstance(given, Mapping) else enumerate(given)
        return {str(_key(label)): normal_emoji(emoji) for label, emoji in pairs}

    def _scored(self, texts: list[str]) -> tuple[Floats, Floats]:
        scores, unknown = super()._scored(_readable(texts))
        odds = np.log(self.shares_)
        scores[unknown == 1] = odds if len(odds) > 2 else odds[1] - odds[0]
        return scores, unknown

    def _unknown(self, texts: list[str]) -> Floats:
        return super()._unknown(_readable(texts))

    def _saved(self) -> Saved:
        given = self.labels
        whole = Saved(
            kind=self.kind,
            parameters=json_parameters(
                self,
                embeddings=file_name(self.embeddings, UNNAMED),
                labels=[*map(list, given.items())] if isinstance(given, Mapping) else given and list(given),
            ),
            targets=self.targets_,
            tokenizer=self.tokenizer_.recipe(),
            words=list(self.words_),
            tensors={},
            facts={"shares": self.shares_.tolist()},
        )
        return saved_parts(self.parts_, whole)

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        parameters = constructor_parameters(saved)
        given = parameters["labels"]
        if given and isinstance(given[0], list):
            parameters["labels"] = dict(map(tuple, given))
        model = cls(**parameters)
        model.parts_ = parts_of(saved, (MEAN, NETWORK))
        model.words_ = model.parts_[0].model.words_
        model.shares_ = np.array(saved.facts["shares"], np.float64).reshape(len(saved.targets.classes))
        return model


def _readable(texts: Sequence[str]) -> list[str]:
    """What of texts is read: not their emoji."""
    return [without_emoji(text) for text in texts]


def _key(label: Any) -> Any:
    """A label in one form, however its number is stored; what cannot be one stays as it is, as text."""
    plain = label.item() if isinstance(label, np.generic) else label
    several = isinstance(plain, list | tuple | set | frozenset | np.ndarray)
    return repr(plain) if several else label_of(plain) or plain


def _emoji(label: Any, named: Mapping[str, str]) -> str | None:
    """The emoji of a label in normal form, None if it stands for none."""
    if (found := named.get(str(label))) is not None:
        return found
    try:
        return normal_emoji(str(label))
    except InputError:
        return None
