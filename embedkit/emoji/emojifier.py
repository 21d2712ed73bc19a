"""`Emojifier`: which emoji a sentence asks for, by the text classifiers of this package.

A version is a list of classifiers (`embedkit.emoji.versions`) whose scores are averaged. What is
special to emoji is here: labels in any spelling become the normal form of `embedkit.text.emoji`, and emoji in
the texts are not read, so that the answer rests on the words alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np

from embedkit.emoji.augmentation import contrasts, telling_words
from embedkit.emoji.labels import Labels, emoji_of_labels
from embedkit.emoji.versions import MEAN, NETWORK, VERSIONS, Member
from embedkit.errors import InputError
from embedkit.models.class_weights import ClassWeight
from embedkit.models.combined import Floats, Part, PartedEstimator, parts_of, saved_parts
from embedkit.models.estimator import TextEstimator, checked_pairs
from embedkit.models.files.loading import class_of
from embedkit.models.files.state import Saved, constructor_parameters, file_name, json_parameters
from embedkit.models.given_vectors import given_vectors, principal_components
from embedkit.models.linear.mean_vectors import MeanVectorClassifier
from embedkit.models.linear.self_training import Unlabelled, read_unlabelled
from embedkit.models.networks.classifier import UNNAMED, TextClassifier
from embedkit.models.networks.examples import Watched
from embedkit.models.targets import read_targets
from embedkit.progress import SILENT, Progress
from embedkit.text.emoji import without_emoji
from embedkit.vectors.embeddings import Embeddings

# parameters of a `TextClassifier` that are not for `network`; of texts held out there would be contrasts
OWN = {"embeddings", "unlabelled", "pseudo_labels", "vector_size", "fine_tune", "class_weight", "seed"}
OWN |= {"validation_fraction", "patience"}


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
            are pooled by attention; its scores weigh 0.75, those of version 1 beside them 0.25. Networks hold
            no text out.
        embeddings: the vectors, or a file of them; None for those that ship.
        fine_tune: train the vectors of the network too: True, False, or N to begin with epoch N + 1, and
            gently; None for what the version does. Version 1 has nothing to be trained so.
        labels: emoji, or their names, that labels 0, 1, 2 and so on stand for; or a mapping of labels.
        class_weight: None, "balanced" or a weight an emoji.
        network: parameters of the `TextClassifier` that shall differ from those of the version.
        components: networks read so many principal components of the vectors, which makes them small; None
            for the vectors as they are.
        unlabelled: more texts, or a file of them, from which networks learn with the probabilities that the
            mean of vectors gives their emoji.
        contrasts: whether networks also learn from texts of contrast, about eight beside each text
            (`embedkit.emoji.augmentation`); they are English.
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
        components: int | None = None,
        unlabelled: Unlabelled = None,
        contrasts: bool = True,
        seed: int = 1,
    ) -> None:
        self.version = version
        self.embeddings = embeddings
        self.fine_tune = fine_tune
        self.labels = labels
        self.class_weight = class_weight
        self.network = network
        self.components = components
        self.unlabelled = unlabelled
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
        if watched:
            watched = _readable(watched[0]), self.emoji_of(watched[1])
        [alone] = VERSIONS[1]
        means = [part for part in unfitted if isinstance(part, MeanVectorClassifier)]
        mean: Any = means[0] if means else self._unfitted_part(alone, {})
        mean.set_params(embeddings=vectors).fit(texts, emoji)
        if self.components is not None:
            vectors = principal_components(vectors, self.components)
        for part in unfitted:
            if isinstance(part, TextClassifier):
                part.set_params(embeddings=vectors)
                self._fit_network(part, texts, emoji, mean, progress, watched)
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
        return emoji_of_labels(labels, self.labels)

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
        of_networks = ("network", "fine_tune", "components", "unlabelled")
        asked = [name for name in of_networks if getattr(self, name) is not None]
        if asked and not has_network:
            raise InputError(f"version {self.version} has no network; leave {' and '.join(asked)} out")
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

    def _fit_network(
        self,
        network: TextClassifier,
        texts: list[str],
        emoji: list[str],
        mean: MeanVectorClassifier,
        progress: Progress,
        watched: Watched | None,
    ) -> None:
        """Fit a network; the mean of vectors, which is fitted, tells it more."""
        more, theirs = self._contrasts(texts, emoji, mean, progress) if self.contrasts else ([], [])
        unlabelled = _readable(read_unlabelled(self.unlabelled)) or None
        network.set_params(unlabelled=unlabelled)
        network.fit([*texts, *more], [*emoji, *theirs], progress, teacher=mean, watched=watched)
        network.set_params(unlabelled=self.unlabelled)

    def _contrasts(
        self, texts: list[str], emoji: list[str], mean: MeanVectorClassifier, progress: Progress
    ) -> tuple[list[str], list[str]]:
        """Texts of contrast, and the emoji of each; what words speak for is told by the mean of vectors."""
        progress.start("make texts of contrast")
        made = contrasts(texts, emoji, telling_words(mean), mean.tokenizer_, self.seed)
        progress.finish(f"{len(made[0]):,}, in English")
        return made

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
                unlabelled=file_name(self.unlabelled, UNNAMED),
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
