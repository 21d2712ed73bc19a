"""Stop words: spaCy's lists by language, or a file with a word a line."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from embedkit.errors import DependencyError, InputError
from embedkit.text.word_lists import read_word_list

_LANGUAGE = re.compile("[a-z]{2,3}")


def read_stop_words(source: str) -> tuple[str, ...]:
    """The stop words of a language, such as "en", or those in a file, sorted.

    Raises:
        InputError: no such file, one that is no list of words, or a language without a list.
        DependencyError: the list of a language without spaCy.
    """
    if is_language(source):
        words = _of_language(source)
    else:
        path = Path(source)
        if not path.exists():
            raise InputError(
                f"expected a language such as en or a file with a stop word a line, got {source!r}"
            )
        words = set(read_word_list(path, "stop words"))
    return tuple(sorted(words))


def is_language(source: str) -> bool:
    """Whether stop words are those of a language, rather than those in a file."""
    return _LANGUAGE.fullmatch(source) is not None


def _of_language(language: str) -> set[str]:
    if find_spec("spacy") is None:
        raise DependencyError(
            f"the stop words of {language!r} are spaCy's: pip install 'embedkit[text]', or give a file with "
            "a word a line"
        )
    try:
        words: set[str] = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    except ModuleNotFoundError:
        raise InputError(f"spaCy has no stop words of {language!r}; give a file with a word a line") from None
    return words
