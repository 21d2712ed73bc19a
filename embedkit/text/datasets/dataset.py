"""`Labeled`: texts and their labels, what they hold, and parts of them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.frames import make_frame
from embedkit.text.datasets.label_values import number_of
from embedkit.text.datasets.labels import Label, as_labels
from embedkit.text.datasets.splitting import quantile_strata, stratified_split


@dataclass(frozen=True)
class Labeled:
    """Texts and their labels, in the same order.

    Args:
        texts: n texts.
        labels: n labels, or n tuples of labels if a text may have several.
        name: of the file or the folder.
        columns: a sentence about where in it they were found.

    Example:
        >>> from embedkit import Labeled
        >>> data = Labeled(["a fine film", "what a bore", "fine, and no bore"], ["good", "bad", "good"])
        >>> data.counts
        {'bad': 1, 'good': 2}
        >>> data.subset([0, 2]).labels
        ['good', 'good']
    """

    texts: Sequence[str]
    labels: Sequence[Label]
    name: str = ""
    columns: str = ""

    def __post_init__(self) -> None:
        if len(self.texts) != len(self.labels):
            raise InputError(
                f"{self.name}: expected a label for each of {len(self.texts)} texts, got {len(self.labels)}"
            )

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        return f"<Labeled{self.name and ' '}{self.name}: {len(self):,} texts, {len(self.counts)} labels>"

    @property
    def multilabel(self) -> bool:
        """Whether a text may have several labels."""
        return any(isinstance(label, tuple) for label in self.labels)

    @property
    def counts(self) -> dict[str, int]:
        """How many texts have each label, in the order of the labels."""
        return dict(sorted(Counter(chain.from_iterable(map(as_labels, self.labels))).items()))

    def describe(self) -> dict[str, Any]:
        """What tells these data from others, ready for JSON; `sha256` is of all texts and labels in order."""
        digest = hashlib.sha256()
        for pair in zip(self.texts, self.labels, strict=True):
            digest.update(json.dumps(pair).encode() + b"\n")
        name = Path(self.name).name
        return {"name": name, "texts": len(self), "labels": self.counts, "sha256": digest.hexdigest()}

    def subset(self, rows: Sequence[int]) -> Labeled:
        """The texts with these numbers."""
        texts, labels = [self.texts[row] for row in rows], [self.labels[row] for row in rows]
        return Labeled(texts, labels, self.name, self.columns)

    def to_frame(self, backend: str) -> Any:
        """The columns "text" and "label" as a data frame of a library; several labels of a text are a list.

        Args:
            backend: "pandas", "polars", "pyarrow" or another library that narwhals knows.

        Raises:
            InputError: there is no such library.
            DependencyError: it is not installed.

        Example:
            >>> from embedkit import Labeled
            >>> Labeled(["a fine film"], ["good"]).to_frame("pyarrow").to_pydict()
            {'text': ['a fine film'], 'label': ['good']}
        """
        labels = [label if isinstance(label, str) else list(label) for label in self.labels]
        return make_frame({"text": list(self.texts), "label": labels}, backend)

    def split(self, fraction: float, seed: int = 1, *, numbers: bool = False) -> tuple[Labeled, Labeled]:
        """The texts in two parts, the second about `fraction` of each class; see `stratified_split`.

        If the labels are `numbers`, it is that fraction of each part of their range.
        """
        strata: Sequence[Hashable] = self.labels
        if numbers:
            values = list(map(number_of, self.labels))
            if None in values:
                wrong = self.labels[values.index(None)]
                raise InputError(f"{self.name}: expected numbers as labels, got {wrong!r:.40}")
            strata = quantile_strata(np.array(values, np.float64)).tolist()
        kept, held = stratified_split(strata, fraction, seed)
        return self.subset(kept.tolist()), self.subset(held.tolist())
