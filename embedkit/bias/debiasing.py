"""`debias`: vectors without the bias of a topic, by one of seven methods."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol, TypeVar

from embedkit.bias.methods.double_hard import DoubleHard
from embedkit.bias.methods.half_sibling import HalfSibling
from embedkit.bias.methods.hard import Hard, check_two_classes
from embedkit.bias.methods.inlp import Inlp
from embedkit.bias.methods.multiclass import Multiclass
from embedkit.bias.methods.projection import Projection
from embedkit.bias.methods.soft import Soft
from embedkit.bias.topics.topic import Topic, as_topic
from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings


class DebiasingMethod(Protocol):
    """What every method is: hyper-parameters that make new vectors."""

    def apply(self, vectors: Embeddings, topic: Topic) -> Embeddings:
        """The same words with other vectors; the metadata tell what was done."""


METHODS: dict[str, type[Any]] = {
    "hard": Hard,
    "soft": Soft,
    "double-hard": DoubleHard,
    "projection": Projection,
    "inlp": Inlp,
    "half-sibling": HalfSibling,
    "multiclass": Multiclass,
}
TWO_CLASSES = ("hard", "double-hard")  # methods that know no topic of more

Chosen = TypeVar("Chosen", str, str | DebiasingMethod)


def debias(
    vectors: Embeddings,
    topic: str | Path | Topic = "gender",
    method: str | DebiasingMethod | None = None,
    **parameters: object,
) -> Embeddings:
    """New vectors for the same words, without the bias of a topic as far as the method takes it away.

    Args:
        vectors: any word vectors; they stay as they are.
        topic: the name of a topic that ships, a file, or a `Topic`; to protect words of one's own choice,
            take `dataclasses.replace(topic, specific=words)`.
        method: a name in `METHODS`, or one with its parameters, such as `Hard(components=2)`; by default hard
            debiasing, in its form for the number of classes.
        parameters: hyper-parameters of the method of this name, such as `components=2`.

    Raises:
        InputError: an unknown method or parameter, a topic that cannot be read, or vectors that have too
            few of its words.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(3000)
        >>> fair = embedkit.debias(vectors, "gender", "hard")
        >>> [round(abs(space.similarity("singer", "she") - space.similarity("singer", "he")), 2)
        ...  for space in (vectors, fair)]
        [0.24, 0.0]
        >>> fair.metadata["transforms"][-1]["method"]
        'hard'
    """
    chosen = as_topic(topic)
    return debiasing_method(method_for(chosen, method), **parameters).apply(vectors, chosen)


def method_for(topic: Topic, method: Chosen | None) -> Chosen | str:
    """The method itself or, without one, the name of hard debiasing for so many classes as the topic has.

    Raises:
        InputError: the method of this name is for two classes, and the topic has more.
    """
    if isinstance(method, str) and method in TWO_CLASSES:
        check_two_classes(topic, method)
    if method is None:
        return "hard" if len(topic.classes) == 2 else "multiclass"
    return method


def debiasing_method(method: str | DebiasingMethod, **parameters: object) -> DebiasingMethod:
    """The method of this name with these hyper-parameters, or the method itself, which has its own.

    Raises:
        InputError: an unknown name or parameter, a value out of range, or parameters for a method that has
            its own.
    """
    if not isinstance(method, str):
        if parameters:
            raise InputError(f"expected no parameters beside {method!r}, got {', '.join(parameters)}")
        return method
    if method not in METHODS:
        raise InputError(f"expected a method of {', '.join(METHODS)}, got {method!r}")
    known = [item.name for item in fields(METHODS[method])]
    if unknown := [name for name in parameters if name not in known]:
        raise InputError(f"the method {method!r} has the parameters {', '.join(known)}, got {unknown[0]!r}")
    made: DebiasingMethod = METHODS[method](**parameters)
    return made
