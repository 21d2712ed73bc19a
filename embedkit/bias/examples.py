"""Analogies that show a bias: stereotypes that the vectors complete, and the famous examples.

"Man is to computer programmer as woman is to homemaker" (Bolukbasi et al. 2016) is an answer to a question
whose own words may not answer. Allowed to, the answer is often "computer programmer" once more (Nissim, van
Noord and van der Goot 2020, "Fair is better than sensational: man is to doctor as woman is to doctor").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from embedkit.bias.metrics.stereotypes import StereotypeAnalogy, stereotype_analogies
from embedkit.bias.subspace import from_sets
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.word_lists import match_words
from embedkit.bias.topics.word_sets import match_sets
from embedkit.errors import InputError
from embedkit.vectors.answers import Answer
from embedkit.vectors.embeddings import Embeddings

SEED_PAIR = ("she", "he")  # of the paper; another topic's is its first known definitional pair
MAX_VOCABULARY = 10_000  # words from the front of the vocabulary that are paired
FAMOUS = (("man", "woman", "computer_programmer"), ("man", "woman", "programmer"), ("man", "woman", "doctor"))
ANSWERS = 3
MIN_COSINE = 0.01
GENDER = "gender"  # the topic of the famous example


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

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "pair": self.pair,
            "neutral": [analogy._asdict() for analogy in self.neutral],
            "common": [analogy._asdict() for analogy in self.common],
        }


@dataclass(frozen=True)
class FamousAnalogy:
    """A question a : b :: c : ?, answered without the words of the question and with them.

    If words of it are unknown, they are `missing`, and there are no answers.
    """

    question: tuple[str, str, str]
    missing: tuple[str, ...]
    without_query: tuple[Answer, ...]
    with_query: tuple[Answer, ...]

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "question": self.question,
            "missing": self.missing,
            "without_query": [answer._asdict() for answer in self.without_query],
            "with_query": [answer._asdict() for answer in self.with_query],
        }


@dataclass(frozen=True)
class AnalogyExamples:
    """The analogies of a topic.

    `stereotypes` is None for topics of more than two classes; `famous` is there for gender.
    """

    stereotypes: Stereotypes | None
    famous: Sequence[FamousAnalogy]

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "stereotypes": self.stereotypes and self.stereotypes.as_dict(),
            "famous": [example.as_dict() for example in self.famous],
        }


def analogy_examples(vectors: Embeddings, topic: Topic, top: int = 10) -> AnalogyExamples:
    """The `top` stereotype analogies of a topic of two classes, and the famous examples for gender.

    Raises:
        InputError: no definitional pair is known.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(3000)
        >>> examples = analogy_examples(vectors, embedkit.topic("gender"), top=1)
        >>> examples.stereotypes.pair, examples.stereotypes.neutral[0][:2]
        (('she', 'he'), ('singer', 'musician'))
    """
    generated = stereotypes(vectors, topic, top) if len(topic.classes) == 2 else None
    return AnalogyExamples(generated, famous_examples(vectors) if topic.name == GENDER else ())


def stereotypes(vectors: Embeddings, topic: Topic, top: int = 10) -> Stereotypes:
    """The `top` stereotype analogies of a topic of two classes.

    Raises:
        InputError: the topic has more classes, or no definitional pair is known.
    """
    if len(topic.classes) != 2:
        raise InputError(f"expected a topic of two classes, got {topic.name} of {len(topic.classes)}")
    pairs = [tuple(words) for words in topic.definitional]
    wanted = [SEED_PAIR] if SEED_PAIR in pairs and all(word in vectors for word in SEED_PAIR) else pairs
    pair = match_sets(vectors, wanted, min_coverage=0, what=f"the pairs of {topic.name}").words[0]
    direction = from_sets(vectors, [pair]).direction
    common = stereotype_analogies(
        vectors, direction, top=top, max_vocabulary=MAX_VOCABULARY, excluded=topic.definitional_words
    )
    words = match_words(vectors, topic.neutral, min_coverage=0, min_words=0).words
    neutral = stereotype_analogies(vectors.subset(words), direction, top=top) if words else []
    return Stereotypes((pair[0], pair[1]), _similar(common), _similar(neutral))


def famous_examples(vectors: Embeddings, top: int = ANSWERS) -> list[FamousAnalogy]:
    """The examples of `FAMOUS`, each answered without and with the words of the question."""
    return [_both_answers(vectors, question, top) for question in FAMOUS]


def _similar(analogies: Iterable[StereotypeAnalogy]) -> tuple[StereotypeAnalogy, ...]:
    """Those whose differences are like that of the pair at all; none where a bias was projected away."""
    return tuple(analogy for analogy in analogies if analogy.score >= MIN_COSINE)


def _both_answers(vectors: Embeddings, question: tuple[str, str, str], top: int) -> FamousAnalogy:
    if missing := tuple(word for word in question if word not in vectors):
        return FamousAnalogy(question, missing, (), ())
    without_query, with_query = (
        tuple(vectors.analogy(*question, top=top, include_query=included)) for included in (False, True)
    )
    return FamousAnalogy(question, (), without_query, with_query)
