"""The topics of bias that a page offers: word lists, as far as the words are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from embedkit.bias.topics.topic import TOPICS, Topic
from embedkit.bias.topics.topic import topic as topic_of
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import is_lowercase, known_form


def topic_facts(vectors: Embeddings, shown: Iterable[str]) -> list[dict[str, Any]]:
    """The shipped topics of which the words shown have at least one of each of two classes."""
    words, lowercase = frozenset(shown), is_lowercase(vectors)

    def known(listed: Iterable[str]) -> list[str]:
        spelled = (known_form(vectors.vocabulary, word, lowercase) for word in listed)
        return list(dict.fromkeys(word for word in spelled if word in words))

    facts = [_facts(topic_of(name), known) for name in TOPICS]
    return [fact for fact in facts if sum(bool(listed) for listed in fact["classes"].values()) > 1]


def _facts(topic: Topic, known: Any) -> dict[str, Any]:
    sets = [known(words) for words in topic.definitional]
    return {
        "name": topic.name,
        "classes": {name: known(listed) for name, listed in topic.classes.items()},
        "definitional": [
            found for found, words in zip(sets, topic.definitional, strict=True) if len(found) == len(words)
        ],
        "neutral": known(topic.neutral),
        "specific": known(topic.definitional_words),
    }
