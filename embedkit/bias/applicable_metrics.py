"""The measures that apply to a topic, ready to be taken: what each is of, and where no bias would be.

A measure is left out where a topic has no words for it: those of neutral words where it names none, the
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
from embedkit.bias.oppositions import Sides, sides
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_lists import LEAST, found
from embedkit.vectors.embeddings import Embeddings

REMAINS = ("clustering accuracy", "neighbour bias", "recovery accuracy")  # what debiasing hides
WEAT_OF = {
    "gender": ("career-family", "math-arts", "science-arts"),
    "race": ("names-1998", "names-2004", "names-2004-short"),
    "age": ("young-old",),
}
SENTIMENT = "flowers-insects"  # the test whose attributes are pleasant and unpleasant words
EXTREMES = 10  # neutral words of a side that lean most, of which pairs are made


class Measure(NamedTuple):
    """One measure of a topic.

    Args:
        name: that of its measurement.
        subject: what it is of, if there are several of the name.
        unbiased: the value without bias.
        take: measures; raises `InputError` where the words do not allow it.
    """

    name: str
    subject: str
    unbiased: float
    take: Callable[[], Measurement]


@dataclass(frozen=True, eq=False)
class Ground:
    """What measures stand on.

    Args:
        vectors: those that are measured.
        original: those before debiasing, in which directions and biased words are found; maybe the same.
        topic: whose bias is measured.
        seed: of all that is drawn.
        least: the share of a list that must be known.
    """

    vectors: Embeddings
    original: Embeddings
    topic: Topic
    seed: int = 1
    least: float = LEAST

    @property
    def debiased(self) -> bool:
        """Whether the vectors are others than the original ones."""
        return self.vectors is not self.original


def measures_of(ground: Ground) -> Iterator[Measure]:
    """All measures that apply, those of the same name one after the other.

    Raises:
        InputError: too few definitional sets of the topic are known.
    """
    opposed = sides(ground.original, ground.topic)
    if ground.topic.neutral:
        yield from _direct(ground)
        yield from _indirect(ground, opposed)
        yield from _inner_products(ground, opposed)
        yield from _distances(ground, opposed)
        yield from _coherence(ground, opposed)
        yield _mean_cosine(ground)
    yield _sentiment(ground)
    yield from _association_tests(ground)
    yield from _remains(ground, opposed)


def _direct(ground: Ground) -> Iterator[Measure]:
    vectors, topic, seed, least = ground.vectors, ground.topic, ground.seed, ground.least

    def along(space: Embeddings) -> Measurement:
        basis = subspace(space, topic, components=None).basis
        return direct_bias(vectors, topic.neutral, basis, seed=seed, least=least)

    yield Measure("direct bias", "", 0, partial(along, ground.original))
    if ground.debiased:
        yield Measure("direct bias", "direction found anew", 0, partial(along, vectors))


def _indirect(ground: Ground, opposed: list[Sides]) -> Iterator[Measure]:
    """Of the two neutral words that lean most to a side, the next two, and so on."""

    def take(side: Sides) -> Measurement:
        known = found(ground.original, ground.topic.neutral, least=ground.least, at_least=4)
        order = (known.unit(ground.original) @ side.direction).argsort(kind="stable")
        words = [known.words[place] for place in order.tolist()]
        count = min(EXTREMES, len(words) // 4 * 2)
        extreme = [*words[:count], *words[len(words) - count :]]
        pairs = list(zip(extreme[::2], extreme[1::2], strict=False))
        return indirect_bias(ground.vectors, pairs, side.direction, seed=ground.seed)

    for side in opposed:
        yield Measure("indirect bias", _named(opposed, side), 0, partial(take, side))


def _inner_products(ground: Ground, opposed: list[Sides]) -> Iterator[Measure]:
    def take(side: Sides) -> Measurement:
        words = ground.topic.neutral
        return relational_inner_product(
            ground.vectors, words, side.direction, seed=ground.seed, least=ground.least
        )

    for side in opposed:
        yield Measure("RIPA", _named(opposed, side), 0, partial(take, side))


def _distances(ground: Ground, opposed: list[Sides]) -> Iterator[Measure]:
    def take(side: Sides) -> Measurement:
        lists = ground.topic.neutral, side.first, side.second
        return relative_norm_distance(ground.vectors, *lists, seed=ground.seed, least=ground.least)

    for side in opposed:
        yield Measure("RND", _named(opposed, side), 0, partial(take, side))


def _coherence(ground: Ground, opposed: list[Sides]) -> Iterator[Measure]:
    def take(side: Sides) -> Measurement:
        lists = side.first, side.second, ground.topic.neutral
        return embedding_coherence(ground.vectors, *lists, seed=ground.seed, least=ground.least)

    for side in opposed:
        yield Measure("ECT", _named(opposed, side), 1, partial(take, side))


def _mean_cosine(ground: Ground) -> Measure:
    targets = [word for words in ground.topic.classes.values() for word in words]
    attributes = {"neutral words": ground.topic.neutral}

    def take() -> Measurement:
        return mean_average_cosine(ground.vectors, targets, attributes, seed=ground.seed, least=ground.least)

    return Measure("MAC", "", 1, take)


def _sentiment(ground: Ground) -> Measure:
    terms = [word for words in ground.topic.classes.values() for word in words]
    lists = weat_test(SENTIMENT)
    positive = [word for word in lists.a if word not in terms]
    negative = [word for word in lists.b if word not in terms]

    def take() -> Measurement:
        return negative_sentiment_bias(
            ground.vectors, terms, positive, negative, seed=ground.seed, least=ground.least
        )

    return Measure("RNSB", "", 0, take)


def _association_tests(ground: Ground) -> Iterator[Measure]:
    def take(name: str) -> Measurement:
        test = weat_test(name)
        return weat(ground.vectors, test.x, test.y, test.a, test.b, seed=ground.seed, least=ground.least)

    for name in WEAT_OF.get(ground.topic.name, ()):
        yield Measure("WEAT", name, 0, partial(take, name))


def _remains(ground: Ground, opposed: list[Sides]) -> Iterator[Measure]:
    """What debiasing hides (Gonen and Goldberg 2019): clusters, neighbours, sides that can be recovered."""
    spaces = ground.original, ground.vectors
    excluded = ground.topic.belonging

    def clusters(side: Sides) -> Measurement:
        return cluster_accuracy(*spaces, side.direction, excluded=excluded, seed=ground.seed)

    def recovery(side: Sides) -> Measurement:
        return recovery_accuracy(*spaces, side.direction, excluded=excluded, seed=ground.seed)

    def neighbors(side: Sides) -> Measurement:
        words = ground.topic.neutral
        k = max(1, min(NEIGHBORS, len(ground.vectors) // 10))
        return neighbor_bias(
            *spaces, side.direction, words, k=k, excluded=excluded, seed=ground.seed, least=ground.least
        )

    for side in opposed:
        yield Measure(REMAINS[0], _named(opposed, side), 0.5, partial(clusters, side))
    if ground.topic.neutral:
        for side in opposed:
            yield Measure(REMAINS[1], _named(opposed, side), 0, partial(neighbors, side))
    for side in opposed:
        yield Measure(REMAINS[2], _named(opposed, side), 0.5, partial(recovery, side))


def _named(opposed: list[Sides], side: Sides) -> str:
    """The names of the sides where there are several oppositions."""
    return side.title if len(opposed) > 1 else ""
