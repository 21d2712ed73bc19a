"""Analogies that show a bias: stereotypes that a space completes, and the famous example, asked both ways.

"Man is to computer programmer as woman is to homemaker" (Bolukbasi et al. 2016) is an answer to a question
whose own words may not answer. Allowed to, the answer is often "computer programmer" once more (Nissim, van
Noord and van der Goot 2020, "Fair is better than sensational: man is to doctor as woman is to doctor").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from embedkit.bias.metrics.stereotypes import StereotypeAnalogy, stereotype_analogies
from embedkit.bias.subspace import from_sets
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_lists import found
from embedkit.bias.topics.word_sets import found_sets
from embedkit.errors import InputError
from embedkit.vectors.answers import Answer
from embedkit.vectors.embeddings import Embeddings

SEED_PAIR = ("she", "he")  # of the paper; another topic's is its first known definitional pair
COMMON = 10_000  # words from the front of the vocabulary that are paired
FAMOUS = (("man", "woman", "computer_programmer"), ("man", "woman", "programmer"), ("man", "woman", "doctor"))
ANSWERS = 3
LEAST_COSINE = 0.01


@dataclass(frozen=True)
class Stereotypes:
    """Analogies a : b :: x : y.

    Args:
        pair: a and b.
        common: those of common words that do not belong to a class by definition.
        neutral: those of words that should be neutral.
    """

    pair: tuple[str, str]
    common: tuple[StereotypeAnalogy, ...]
    neutral: tuple[StereotypeAnalogy, ...]


@dataclass(frozen=True)
class AskedBothWays:
    """A question a : b :: c : ?, its answers without the words of the question and with them.

    If words of it are unknown, they are `missing`, and there are no answers.
    """

    question: tuple[str, str, str]
    missing: tuple[str, ...]
    without: tuple[Answer, ...]
    with_query: tuple[Answer, ...]


def stereotypes(vectors: Embeddings, topic: Topic, top: int = 10) -> Stereotypes:
    """The `top` stereotype analogies of a topic of two classes.

    Raises:
        InputError: the topic has more classes, or no definitional pair is known.
    """
    if len(topic.classes) != 2:
        raise InputError(f"expected a topic of two classes, got {topic.name} of {len(topic.classes)}")
    pairs = [tuple(words) for words in topic.definitional]
    wanted = [SEED_PAIR] if SEED_PAIR in pairs and all(word in vectors for word in SEED_PAIR) else pairs
    pair = found_sets(vectors, wanted, least=0, what=f"the pairs of {topic.name}").words[0]
    direction = from_sets(vectors, [pair]).direction
    common = stereotype_analogies(vectors, direction, top=top, common=COMMON, excluded=topic.belonging)
    words = found(vectors, topic.neutral, least=0, at_least=0).words
    neutral = stereotype_analogies(vectors.subset(words), direction, top=top) if words else []
    return Stereotypes((pair[0], pair[1]), _alike(common), _alike(neutral))


def famous_examples(vectors: Embeddings, top: int = ANSWERS) -> list[AskedBothWays]:
    """The examples of `FAMOUS`, each asked with and without its own words among the answers."""
    return [_both_ways(vectors, question, top) for question in FAMOUS]


def _alike(analogies: Iterable[StereotypeAnalogy]) -> tuple[StereotypeAnalogy, ...]:
    """Those whose differences are like that of the pair at all; none where a bias was projected away."""
    return tuple(found for found in analogies if found.score >= LEAST_COSINE)


def _both_ways(vectors: Embeddings, question: tuple[str, str, str], top: int) -> AskedBothWays:
    if missing := tuple(word for word in question if word not in vectors):
        return AskedBothWays(question, missing, (), ())
    without, with_query = (
        tuple(vectors.analogy(*question, top=top, include_query=included)) for included in (False, True)
    )
    return AskedBothWays(question, (), without, with_query)
