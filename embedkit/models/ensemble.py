"""`EnsembleClassifier`: a network and n-grams, which are wrong about different texts."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from embedkit.errors import FormatError, InputError
from embedkit.models.combined import Part, PartedEstimator, parts_of, saved_parts
from embedkit.models.estimator import checked_pairs
from embedkit.models.files.state import Saved
from embedkit.models.linear.self_training import read_unlabelled
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.models.networks.classifier import TextClassifier, ngrams_like
from embedkit.models.targets import read_targets
from embedkit.progress import SILENT, Progress


class EnsembleClassifier(PartedEstimator):
    """The weighted mean of the log-odds or logits that a network and n-grams give.

    Such a mean is a logarithmic opinion pool (Genest and Zidek 1986, section 3). The n-grams teach the
    network too, if there are unlabelled texts.

    Args:
        network: a `TextClassifier`, or None for one as it comes; it stays unfitted.
        tfidf: a `TfidfClassifier`, or None for one that reads as the network does, the same unlabelled texts
            too if they get pseudo-labels; it stays unfitted.
        share: the weight of the network, 0 to 1; n-grams have the rest.
    """

    kind: ClassVar[str] = "ensemble"

    def __init__(
        self,
        network: TextClassifier | None = None,
        tfidf: TfidfClassifier | None = None,
        share: float = 0.5,
    ) -> None:
        self.network = network
        self.tfidf = tfidf
        self.share = share

    def fit(
        self,
        X: Any,  # noqa: N803
        y: Any,
        progress: Progress = SILENT,
        teacher: TfidfClassifier | None = None,
    ) -> Self:
        """Learn from texts and their labels.

        Args:
            X: n texts.
            y: their labels, see `embedkit.models.targets.read_targets`.
            progress: where it is reported.
            teacher: the n-grams, fitted as `tfidf` says on these very texts; None to fit them.

        Raises:
            InputError: what cannot be learnt from, or a parameter out of range.
            DependencyError: TensorFlow is not installed.
        """
        if not isinstance(self.share, int | float) or not 0 <= self.share <= 1:
            raise InputError(f"share must be from 0 to 1, got {self.share!r}")
        for name, kind in (("network", TextClassifier), ("tfidf", TfidfClassifier)):
            if not isinstance(getattr(self, name), kind | None):
                raise InputError(f"{name} must be a {kind.__name__} or None, got {getattr(self, name)!r:.80}")
        targets = read_targets(y)
        texts = checked_pairs(X, targets)
        network = TextClassifier() if self.network is None else clone(self.network)
        named = network.unlabelled
        more = None if named is None else read_unlabelled(named)
        network.set_params(unlabelled=more)
        if teacher is None:
            tfidf = ngrams_like(network) if self.tfidf is None else clone(self.tfidf)
            progress.start("learn from n-grams")
            tfidf.fit_targets(texts, targets)
            progress.finish(f"of {len(texts):,} texts with labels")
        else:
            check_is_fitted(teacher, "targets_")
            tfidf = teacher
        network.fit(texts, y, progress, teacher=clone(tfidf) if network.validation_fraction else tfidf)
        for part in (network, tfidf):
            if part.unlabelled is more:
                part.set_params(unlabelled=named)
        self.parts_ = [Part(self.share, network), Part(1 - self.share, tfidf)]
        self.targets_, self.metadata_ = targets.forget(), {}
        self.tokenizer_, self.words_ = network.tokenizer_, network.words_
        return self

    def _saved(self) -> Saved:
        whole = Saved(
            kind=self.kind,
            parameters={},
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
        network, tfidf = (clone(part.model) for part in parts)
        model = cls(network, tfidf, share=parts[0].weight)
        model.parts_, model.words_ = parts, parts[0].model.words_
        return model
