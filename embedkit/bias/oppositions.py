"""Oppositions of a topic: pairs of groups between which metrics measure, for several classes too.

A topic of two classes is one opposition; one of several gives each class against the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from embedkit.arrays import Doubles1d
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import Topic, Words
from embedkit.vectors.embeddings import Embeddings

OTHERS = "others"


@dataclass(frozen=True, eq=False)
class Opposition:
    """Two groups of words, and the direction from the second to the first.

    Args:
        names: of the groups.
        first: words of the first group.
        second: words of the second.
        direction: of length 1, (D,).
    """

    names: tuple[str, str]
    first: Words
    second: Words
    direction: Doubles1d

    @property
    def title(self) -> str:
        """The names in a line: "female, male"."""
        return ", ".join(self.names)


def oppositions(vectors: Embeddings, topic: Topic) -> list[Opposition]:
    """The one opposition of a topic of two classes, or each class against the others.

    The direction of two classes is the first principal component of their definitional pairs; that of one
    against the others is the mean difference of its words and theirs in the definitional sets.

    Raises:
        InputError: too few definitional sets are known, or two words of one have the same vector.

    Example:
        >>> import embedkit
        >>> [opposition.title for opposition in oppositions(embedkit.load(), embedkit.topic("religion"))]
        ['judaism, others', 'christianity, others', 'islam, others']
    """
    if len(topic.classes) == 2:
        (one, first), (two, second) = topic.classes.items()
        direction = subspace(vectors, topic).direction
        return [Opposition((one, two), tuple(first), tuple(second), direction)]
    return [_against_others(vectors, topic, place) for place in range(len(topic.classes))]


def _against_others(vectors: Embeddings, topic: Topic, place: int) -> Opposition:
    """The class at `place` against all others."""
    names = list(topic.classes)
    others = tuple(
        chain.from_iterable(words for name, words in topic.classes.items() if name != names[place])
    )
    pairs = [
        (words[place], other) for words in topic.definitional for other in words if other != words[place]
    ]
    label = OTHERS if names[place] != OTHERS else f"the {OTHERS}"
    opposed = Topic(
        name=topic.name,
        classes={names[place]: topic.classes[names[place]], label: others},
        definitional=pairs,
    )
    direction = subspace(vectors, opposed, "means").direction
    return Opposition((names[place], label), tuple(topic.classes[names[place]]), others, direction)
