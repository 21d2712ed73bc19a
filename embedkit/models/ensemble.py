"""`EnsembleClassifier`: a network and n-grams, which are wrong about different texts."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from sklearn.base import clone

from embedkit.errors import FormatError, InputError
from embedkit.models.classifier import TextClassifier, ngrams_like
from embedkit.models.estimator import checked_pairs
from embedkit.models.parts import Part, PartedEstimator, parts_of, saved_parts
from embedkit.models.saved import Saved
from embedkit.models.targets import read_targets
from embedkit.models.tfidf import TfidfClassifier
from embedkit.models.unlabelled import read_unlabelled
from embedkit.progress import SILENT, Progress


class EnsembleClassifier(PartedEstimator):
    """The weighted mean of the log-odds or logits that a network and n-grams give.

    Such a mean is a logarithmic opinion pool (Genest and Zidek 1986, section 3). The n-grams teach the
    network too, if there are unlabelled texts.

    Args:
        network: a `TextClassifier`, or None for one as it comes; it stays unfitted.
        ngrams: a `TfidfClassifier`, or None for one that reads as the network does, the same unlabelled texts
            too if they get pseudo-labels; it stays unfitted.
        share: the weight of the network, 0 to 1; n-grams have the rest.
    """

    kind: ClassVar[str] = "ensemble"

    def __init__(
        self,
        network: TextClassifier | None = None,
        ngrams: TfidfClassifier | None = None,
        share: float = 0.5,
    ) -> None:
        self.network = network
        self.ngrams = ngrams
        self.share = share

    def fit(self, X: Any, y: Any, progress: Progress = SILENT) -> Self:  # noqa: N803
        """Learn from texts and their labels.

        Raises:
            InputError: what cannot be learnt from, or a parameter out of range.
            DependencyError: TensorFlow is not installed.
        """
        if not isinstance(self.share, int | float) or not 0 <= self.share <= 1:
            raise InputError(f"share must be from 0 to 1, got {self.share!r}")
        for name, kind in (("network", TextClassifier), ("ngrams", TfidfClassifier)):
            if not isinstance(getattr(self, name), kind | None):
                raise InputError(f"{name} must be a {kind.__name__} or None, got {getattr(self, name)!r:.80}")
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        network = TextClassifier() if self.network is None else clone(self.network)
        ngrams = ngrams_like(network) if self.ngrams is None else clone(self.ngrams)
        named = network.unlabelled, ngrams.unlabelled
        more = None if network.unlabelled is None else read_unlabelled(network.unlabelled)
        network.set_params(unlabelled=more)
        if self.ngrams is None and ngrams.unlabelled is not None:
            ngrams.set_params(unlabelled=more)
        progress.start("learn from n-grams")
        ngrams.fit_targets(texts, targets)
        progress.finish(f"of {len(texts):,} texts with labels")
        network.fit(texts, y, progress, teacher=clone(ngrams) if network.validation_fraction else ngrams)
        for part, unlabelled in zip((network, ngrams), named, strict=True):
            part.set_params(unlabelled=unlabelled)
        self.parts_ = [Part(self.share, network), Part(1 - self.share, ngrams)]
        self.targets_, self.metadata_ = targets.forget(), {}
        self.tokenizer_, self.words_ = network.tokenizer_, network.words_
        return self

    def _saved(self) -> Saved:
        whole = Saved(
            kind=self.kind,
            parameters={"share": self.share},
            targets=self.targets_,
            tokenizer=self.tokenizer_.recipe(),
            words=list(self.words_),
            tensors={},
        )
        return saved_parts(self.parts_, whole)

    @classmethod
    def _from_saved(cls, saved: Saved) -> Self:
        parts = parts_of(saved, (TextClassifier.kind, TfidfClassifier.kind))
        if [part.model.kind for part in parts] != [TextClassifier.kind, TfidfClassifier.kind]:
            raise FormatError("expected a network and n-grams as its parts")
        network, ngrams = (clone(part.model) for part in parts)
        model = cls(network, ngrams, **saved.parameters)
        model.parts_, model.words_ = parts, parts[0].model.words_
        return model
