"""From raw text to word vectors.

Every public name loads its module when it is first used, so that `import embedkit` costs nothing and only
training compiles anything.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedkit.errors import DependencyError, EmbedkitError, FormatError, InputError, UnknownWordError
    from embedkit.text.corpus import Corpus
    from embedkit.text.vocabulary import Vocabulary
    from embedkit.training.word2vec import Word2Vec
    from embedkit.vectors.answers import Answer
    from embedkit.vectors.embeddings import Embeddings
    from embedkit.vectors.shipped import load

_HOMES = {
    "Answer": "embedkit.vectors.answers",
    "Corpus": "embedkit.text.corpus",
    "DependencyError": "embedkit.errors",
    "Embeddings": "embedkit.vectors.embeddings",
    "EmbedkitError": "embedkit.errors",
    "FormatError": "embedkit.errors",
    "InputError": "embedkit.errors",
    "UnknownWordError": "embedkit.errors",
    "Vocabulary": "embedkit.text.vocabulary",
    "Word2Vec": "embedkit.training.word2vec",
    "load": "embedkit.vectors.shipped",
}

__all__ = [
    "Answer",
    "Corpus",
    "DependencyError",
    "Embeddings",
    "EmbedkitError",
    "FormatError",
    "InputError",
    "UnknownWordError",
    "Vocabulary",
    "Word2Vec",
    "load",
]


def __getattr__(name: str) -> object:
    """Load a public name from its home; called by Python for names not found here."""
    if name not in _HOMES:
        raise AttributeError(f"module 'embedkit' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
