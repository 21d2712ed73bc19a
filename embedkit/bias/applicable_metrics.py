"""The metrics that apply to a topic, ready to be measured, each with the value of unbiased vectors.

A metric is left out where a topic has no words for it: those of neutral words where it names none, the
association tests of Caliskan et al. (2017) where none is about the topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from embedkit.bias.metrics.biased_neighbors import NEIGHBORS, neighbor_bias
from embedkit.bias.metrics.clusters import cluster_accuracy
from embedkit.bias.metrics.coherence import embedding_coherence
from embedkit.bias.metrics.direct import direct_bias, indirect_bias
from embedkit.bias.metrics.inner_product import relational_inner_product
from embedkit.bias.metrics.mean_cosine import mean_average_cosine
from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.negative_sentiment import negative_sentiment_bias
from embedkit.bias.metrics.norm_distance import relative_norm_distance
from embedkit.bias.metrics.recovery import recovery_accuracy
from embedkit.bias.metrics.stimuli import weat_test
from embedkit.bias.metrics.weat import weat
from embedkit.bias.oppositions import Opposition, oppositions
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_lists import MIN_COVERAGE, match_words
from embedkit.vectors.embeddings import Embeddings

RESIDUAL_BIAS = (
    "clustering accuracy",
    "neighbor bias",
    "recovery accuracy",
)  # after debiasing (Gonen and Goldberg 2019)
WEAT_OF = {
    "gender": ("career-family", "math-arts", "science-arts"),
    "race": ("names-1998", "names-2004", "names-2004-short"),
    "age": ("young-old",),
}
SENTIMENT = "flowers-insects"  # the test whose attributes are pleasant and unpleasant words
EXTREMES = 10  # most biased neutral words of a opposition, of which pairs are made


class Metric(NamedTuple):
    """One metric of a topic.

    Args:
        name: that of its measurement.
        subject: what it is of, where several have the name.
        unbiased: the value of unbiased vectors.
        measure: measures it; raises `InputError` where the words do not allow it.
    """

    name: str
    subject: str
    unbiased: float
    measure: Callable[[], Measurement]


@dataclass(frozen=True, eq=False)
class AuditContext:
    """The spaces, the topic and the settings of an audit.

    Args:
        vectors: the space that is measured.
        original: the space before debiasing, in which bias directions and the most biased words are found;
            the same if nothing was debiased.
        topic: whose bias is measured.
        seed: the random seed.
        min_coverage: the share of each word list that must be known.
    """

    vectors: Embeddings
    original: Embeddings
    topic: Topic
    seed: int = 1
    min_coverage: float = MIN_COVERAGE

    @property
    def debiased(self) -> bool:
        """Whether the vectors differ from the original ones."""
        return self.vectors is not self.original


def applicable_metrics(context: AuditContext) -> Iterator[Metric]:
    """All metrics that apply, those of the same name one after the other.

    Raises:
        InputError: too few definitional sets of the topic are known.
    """
    opposed = oppositions(context.original, context.topic)
    if context.topic.neutral:
        yield from _direct(context)
        yield from _indirect(context, opposed)
        yield from _inner_products(context, opposed)
        yield from _distances(context, opposed)
        yield from _coherence(context, opposed)
        yield _mean_cosine(context)
    yield _sentiment(context)
    yield from _association_tests(context)
    yield from _residual_bias(context, opposed)


def _direct(context: AuditContext) -> Iterator[Metric]:
    vectors, topic, seed, min_coverage = context.vectors, context.topic, context.seed, context.min_coverage

    def along(space: Embeddings) -> Measurement:
        basis = subspace(space, topic, components=None).basis
        return direct_bias(vectors, topic.neutral, basis, seed=seed, min_coverage=min_coverage)

    yield Metric("direct bias", "", 0, partial(along, context.original))
    if context.debiased:
        yield Metric("direct bias", "direction re-estimated", 0, partial(along, vectors))


def _indirect(context: AuditContext, opposed: list[Opposition]) -> Iterator[Metric]:
    """Of the two neutral words most biased to a side, the next two, and so on."""

    def measure(opposition: Opposition) -> Measurement:
        known = match_words(
            context.original, context.topic.neutral, min_coverage=context.min_coverage, min_words=4
        )
        order = (known.unit(context.original) @ opposition.direction).argsort(kind="stable")
        words = [known.words[place] for place in order.tolist()]
        count = min(EXTREMES, len(words) // 4 * 2)
        extreme = [*words[:count], *words[len(words) - count :]]
        pairs = list(zip(extreme[::2], extreme[1::2], strict=False))
        return indirect_bias(context.vectors, pairs, opposition.direction, seed=context.seed)

    for opposition in opposed:
        yield Metric("indirect bias", _named(opposed, opposition), 0, partial(measure, opposition))


def _inner_products(context: AuditContext, opposed: list[Opposition]) -> Iterator[Metric]:
    def measure(opposition: Opposition) -> Measurement:
        words = context.topic.neutral
        return relational_inner_product(
            context.vectors, words, opposition.direction, seed=context.seed, min_coverage=context.min_coverage
        )

    for opposition in opposed:
        yield Metric("RIPA", _named(opposed, opposition), 0, partial(measure, opposition))


def _distances(context: AuditContext, opposed: list[Opposition]) -> Iterator[Metric]:
    def measure(opposition: Opposition) -> Measurement:
        lists = context.topic.neutral, opposition.first, opposition.second
        return relative_norm_distance(
            context.vectors, *lists, seed=context.seed, min_coverage=context.min_coverage
        )

    for opposition in opposed:
        yield Metric("RND", _named(opposed, opposition), 0, partial(measure, opposition))


def _coherence(context: AuditContext, opposed: list[Opposition]) -> Iterator[Metric]:
    def measure(opposition: Opposition) -> Measurement:
        lists = opposition.first, opposition.second, context.topic.neutral
        return embedding_coherence(
            context.vectors, *lists, seed=context.seed, min_coverage=context.min_coverage
        )

    for opposition in opposed:
        yield Metric("ECT", _named(opposed, opposition), 1, partial(measure, opposition))


def _mean_cosine(context: AuditContext) -> Metric:
    targets = [word for words in context.topic.classes.values() for word in words]
    attributes = {"neutral words": context.topic.neutral}

    def measure() -> Measurement:
        return mean_average_cosine(
            context.vectors, targets, attributes, seed=context.seed, min_coverage=context.min_coverage
        )

    return Metric("MAC", "", 1, measure)


def _sentiment(context: AuditContext) -> Metric:
    terms = [word for words in context.topic.classes.values() for word in words]
    lists = weat_test(SENTIMENT)
    positive = [word for word in lists.a if word not in terms]
    negative = [word for word in lists.b if word not in terms]

    def measure() -> Measurement:
        return negative_sentiment_bias(
            context.vectors, terms, positive, negative, seed=context.seed, min_coverage=context.min_coverage
        )

    return Metric("RNSB", "", 0, measure)


def _association_tests(context: AuditContext) -> Iterator[Metric]:
    def measure(name: str) -> Measurement:
        test = weat_test(name)
        return weat(
            context.vectors,
            test.x,
            test.y,
            test.a,
            test.b,
            seed=context.seed,
            min_coverage=context.min_coverage,
        )

    for name in WEAT_OF.get(context.topic.name, ()):
        yield Metric("WEAT", name, 0, partial(measure, name))


def _residual_bias(context: AuditContext, opposed: list[Opposition]) -> Iterator[Metric]:
    """Residual bias (Gonen and Goldberg 2019): clusters, neighbors, sides that a classifier recovers."""
    spaces = context.original, context.vectors
    excluded = context.topic.definitional_words

    def clusters(opposition: Opposition) -> Measurement:
        return cluster_accuracy(*spaces, opposition.direction, excluded=excluded, seed=context.seed)

    def recovery(opposition: Opposition) -> Measurement:
        return recovery_accuracy(*spaces, opposition.direction, excluded=excluded, seed=context.seed)

    def neighbors(opposition: Opposition) -> Measurement:
        words = context.topic.neutral
        k = max(1, min(NEIGHBORS, len(context.vectors) // 10))
        return neighbor_bias(
            *spaces,
            opposition.direction,
            words,
            k=k,
            excluded=excluded,
            seed=context.seed,
            min_coverage=context.min_coverage,
        )

    for opposition in opposed:
        yield Metric(RESIDUAL_BIAS[0], _named(opposed, opposition), 0.5, partial(clusters, opposition))
    if context.topic.neutral:
        for opposition in opposed:
            yield Metric(RESIDUAL_BIAS[1], _named(opposed, opposition), 0, partial(neighbors, opposition))
    for opposition in opposed:
        yield Metric(RESIDUAL_BIAS[2], _named(opposed, opposition), 0.5, partial(recovery, opposition))


def _named(opposed: list[Opposition], opposition: Opposition) -> str:
    """The names of both sides where there are several oppositions."""
    return opposition.title if len(opposed) > 1 else ""
