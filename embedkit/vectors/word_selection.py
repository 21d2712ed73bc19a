"""The part of vectors that a list of words names."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

from embedkit.errors import InputError
from embedkit.vectors.checks import checked_words
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.formats.word_lists import read_words
from embedkit.vectors.lookup import is_lowercase, known_form

SHOWN = 5  # unknown words that a warning names


def listed_words(path: Path) -> list[str]:
    """The words of a file, one a line; `InputError` if there are none, or it cannot be read."""
    try:
        words = [word for word in read_words(path)[0] if word.strip()]
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    if not words:
        raise InputError(f"{path}: expected words, one a line, got none")
    return words


def select_words(vectors: Embeddings, words: Iterable[str]) -> Embeddings:
    """The vectors of the listed words, in the order of `vectors`, so that frequent words stay in front.

    A word is looked up as it is written, then in lower case if the vectors are of lower-cased text. A warning
    counts and names those that have no vector.

    Raises:
        InputError: none of the words has a vector.

    Example:
        >>> from embedkit import Embeddings
        >>> list(select_words(Embeddings([[1, 0], [0, 1], [1, 1]], ["a", "b", "c"]), ["c", "A"]))
        ['a', 'c']
    """
    known_words = set(find_words(vectors, words))
    return vectors.subset([word for word in vectors if word in known_words])


def find_words(vectors: Embeddings, words: Iterable[str]) -> list[str]:
    """The listed words that have a vector, each once, as the vectors spell them; see `select_words`.

    Raises:
        InputError: none of the words has a vector.
    """
    lowercase = is_lowercase(vectors)
    listed = list(dict.fromkeys(checked_words(words)))
    found = {word: known_form(vectors.vocabulary, word, lowercase) for word in listed}
    unknown = [word for word, known in found.items() if known is None]
    known_words = list(dict.fromkeys(known for known in found.values() if known is not None))
    shown = ", ".join(map(repr, unknown[:SHOWN])) + (" ..." if len(unknown) > SHOWN else "")
    if not known_words:
        raise InputError(f"none of the {len(listed):,} words has a vector: {shown}")
    if unknown:
        warnings.warn(f"{len(unknown):,} of {len(listed):,} words have no vector: {shown}", stacklevel=3)
    return known_words
