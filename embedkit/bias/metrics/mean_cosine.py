"""MAC, the mean average cosine distance between target words and sets of attributes.

Manzini, Lim, Tsvetkov and Black (2019), "Black is to criminal as Caucasian is to police: detecting and
removing multiclass bias in word embeddings", NAACL, section 4: S(t, A) is the mean cosine distance, 1 -
cosine, of a target t and the attributes of a set A, and MAC is the mean of S over all targets and sets. The
paper's t-test compares the S of two spaces; `details["targets"]` has what it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from embedkit.bias.metrics.measurement import Measurement, by_word, coverage_of, mean_interval
from embedkit.bias.topics.word_lists import MIN_COVERAGE, match_words
from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "the mean cosine distance between targets and attributes, from 0 to 2: 1 is no association, the "
    "further from 1 the worse"
)


def mean_average_cosine(
    vectors: Embeddings,
    targets: Iterable[str],
    attributes: Mapping[str, Iterable[str]],
    *,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """MAC of target words and named sets of attributes, with a bootstrap interval over targets.

    Args:
        vectors: the space.
        targets: words of the classes, such as "church", "synagogue".
        attributes: by name, the words of each stereotype, such as {"jewish": ["greedy", "cheap"]}.
        seed: random seed of the bootstrap.
        min_coverage: the share of each list that must be known.

    Returns:
        `details` has S of each set, and of each target its mean over sets.

    Raises:
        InputError: no set of attributes, or too few words of a list are known.

    Example:
        >>> from embedkit import Embeddings, Vocabulary
        >>> words = ["she", "he", "nurse", "smith"]
        >>> vectors = Embeddings([[1, 1], [-1, 1], [0.6, 0.8], [-0.6, 0.8]], Vocabulary(words))
        >>> round(mean_average_cosine(vectors, ["she", "he"], {"jobs": ["nurse", "smith"]}).value, 3)
        0.434
    """
    if not attributes:
        raise InputError("expected at least one set of attributes, got none")
    asked = match_words(vectors, targets, min_coverage=min_coverage, what="the targets")
    unit = asked.unit(vectors).astype(np.float64)
    known = {
        name: match_words(vectors, words, min_coverage=min_coverage, what=f"the attributes {name!r}")
        for name, words in attributes.items()
    }
    means = np.stack([words.unit(vectors).mean(axis=0, dtype=np.float64) for words in known.values()])
    distances = 1 - unit @ means.T  # (targets, sets): S
    each = distances.mean(axis=1)
    low, high = mean_interval(each, seed)
    return Measurement(
        name="MAC",
        value=float(each.mean()),
        meaning=MEANING,
        low=low,
        high=high,
        **coverage_of(**{"targets": asked, **known}),
        seed=seed,
        details={
            "sets": dict(zip(known, distances.mean(axis=0).tolist(), strict=True)),
            "targets": by_word(asked, each),
        },
    )
