"""Topics: the word lists that define a bias. Gender, race, religion and age ship; users add their own.

A topic is a file in TOML, or in JSON of the same shape:

    name = "gender"
    citations = ["..."]                            # where the words are from
    license = "..."
    definitional = [["woman", "man"], ...]         # definitional sets: a word of each class, in their order
    equalize = [["monastery", "convent"], ...]     # equality sets: words that shall differ in class alone
    specific = ["actress", ...]                    # class-specific words, such as gender-specific ones
    neutral = ["accountant", ...]                  # target words that should be neutral, such as professions

    [classes]                                      # two or more; directions point to the first
    female = ["woman", "she", ...]
    male = ["man", "he", ...]

`name`, `classes` and `definitional` are needed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from embedkit.bias.topics.checks import first_problem
from embedkit.bias.topics.documents import key_of, problem_in, read_document
from embedkit.errors import InputError
from embedkit.shipped_files import shipped_path

TOPICS = ("gender", "race", "religion", "age")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """The word lists of a bias, kept as tuples.

    Args:
        name: what the bias is about.
        classes: the attribute words of each class. Directions point to the first class.
        definitional: sets of a word of each class that differ in class alone, such as ("she", "he").
        equalize: sets of two or more words that shall differ in class alone once the bias is removed.
        specific: class-specific words ("gender-specific" in Bolukbasi et al. 2016), such as "actress"; the
            seed list where a classifier learns more of them.
        neutral: target words that should be neutral.
        citations: where the words are from.
        license: under which terms they may be used.

    Raises:
        InputError: a value of the wrong type, an empty list, a set of the wrong size, a word where it may
            not be; the message begins with the key.

    Example:
        >>> topic = Topic("sex", {"f": ["she"], "m": ["he"]}, definitional=[["she", "he"]], neutral=["cook"])
        >>> topic.definitional_words
        ('she', 'he')
    """

    name: str
    classes: Mapping[str, Sequence[str]]
    definitional: Sequence[Sequence[str]]
    equalize: Sequence[Sequence[str]] = ()
    specific: Sequence[str] = ()
    neutral: Sequence[str] = ()
    citations: Sequence[str] = ()
    license: str = ""

    def __post_init__(self) -> None:
        if problem := first_problem(self.document):
            where, what = problem
            raise InputError(f"{key_of(where, 'topic')}: {what}")
        for key, value in self.document.items():
            object.__setattr__(self, key, _constant(value))

    def __repr__(self) -> str:
        return f"<Topic {self.name}: {', '.join(self.classes)}>"

    @property
    def document(self) -> dict[str, Any]:
        """The topic as a file holds it; keys without a value are left out."""
        return {key: value for key, value in asdict(self).items() if not _is_empty(value)}

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the topic: the same for the same words in the same order."""
        return hashlib.sha256(json.dumps(self.document, sort_keys=True).encode()).hexdigest()

    @property
    def definitional_words(self) -> Words:
        """The words that belong to a class by definition, each once: all lists but the neutral words."""
        sets = [*self.classes.values(), *self.definitional, *self.equalize, self.specific]
        return tuple(dict.fromkeys(word for words in sets for word in words))

    @classmethod
    def open(cls, path: str | Path) -> Topic:
        """Read a topic from a TOML or JSON file; JSON begins with a brace.

        Raises:
            InputError: the file cannot be read.
            FormatError: it is neither form or no topic; the message names line and key.
        """
        path = Path(path)
        text, document = read_document(path, "a topic")
        if problem := first_problem(document):
            raise problem_in(path, text, problem, "topic")
        return cls(**document)


def topic(name: str | Path) -> Topic:
    """The topic that ships under this name, or the one in this file.

    Raises:
        InputError: neither a name nor a file.
        FormatError: a file that is no topic; the message names line and key.

    Example:
        >>> import embedkit
        >>> gender = embedkit.topic("gender")
        >>> list(gender.classes), gender.definitional[0]
        (['female', 'male'], ('woman', 'man'))
    """
    if str(name) in TOPICS:
        return Topic.open(shipped_path(f"topics/{name}.toml"))
    path = Path(name)
    if not path.exists() or path.is_dir():
        raise InputError(f"no topic and no file {str(name)!r}; topics are {', '.join(TOPICS)}")
    return Topic.open(path)


def as_topic(topic_or_name: str | Path | Topic) -> Topic:
    """The topic itself, or the one of this name or in this file."""
    return topic_or_name if isinstance(topic_or_name, Topic) else topic(topic_or_name)


def _constant(value: Any) -> Any:
    """The same with tuples for lists."""
    if isinstance(value, Mapping):
        return {key: _constant(item) for key, item in value.items()}
    return tuple(map(_constant, value)) if isinstance(value, list | tuple) else value


def _is_empty(value: Any) -> bool:
    return isinstance(value, str | list | tuple) and not value
