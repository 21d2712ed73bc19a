"""spaCy's tokenizers: rule-based by language, or that of an installed trained pipeline."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING

from embedkit.errors import DependencyError, InputError
from embedkit.text.tokenization.words import is_number

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

LANGUAGE = re.compile("[a-z]{2,3}")


class SpacyTokenizer:
    """The tokens of a spaCy pipeline; none of its trained components runs.

    Args:
        pipeline: a language ("en") or an installed pipeline package ("en_core_web_sm").
        lowercase: lower the case of every token.
        numbers: keep the tokens that have no letter.
        punctuation: keep the tokens that have neither a letter nor a digit.
    """

    def __init__(
        self, pipeline: str, lowercase: bool = True, numbers: bool = True, punctuation: bool = False
    ) -> None:
        self.name = f"spacy:{pipeline}"
        self.lowercase, self.numbers, self.punctuation = lowercase, numbers, punctuation
        self._nlp = _load(pipeline)
        self._nlp.max_length = sys.maxsize  # spaCy's limit protects its parser, which does not run

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return next(self.tokenize_all([text]))

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(self._tokens, self._nlp.pipe(texts, disable=self._nlp.pipe_names))

    def recipe(self) -> dict[str, object]:
        """The name and the options, ready for JSON."""
        options = {"lowercase": self.lowercase, "numbers": self.numbers, "punctuation": self.punctuation}
        return {"name": self.name, **options}

    def _tokens(self, doc: Doc) -> list[str]:
        tokens = [token.lower_ if self.lowercase else token.text for token in doc if not token.is_space]
        return [token for token in tokens if self._wanted(token)]

    def _wanted(self, token: str) -> bool:
        if any(map(str.isalpha, token)):
            return True
        return self.numbers if is_number(token) else self.punctuation


def check_pipeline(pipeline: str) -> None:
    """Raise an error unless spaCy is there and `pipeline` may be a language or is an installed package."""
    if find_spec("spacy") is None:
        raise DependencyError("spaCy is not installed: pip install 'embedkit[text]'")
    if LANGUAGE.fullmatch(pipeline):
        return
    if not re.fullmatch("[a-z]{2,3}_[a-z0-9_]+", pipeline):
        raise InputError(
            f"{pipeline!r} is neither a language such as 'en' nor a package such as 'en_core_web_sm'"
        )
    if pipeline not in entry_points(group="spacy_models").names:
        raise DependencyError(f"{pipeline} is not installed: python -m spacy download {pipeline}")


def _load(pipeline: str) -> Language:
    check_pipeline(pipeline)
    if LANGUAGE.fullmatch(pipeline):
        return _blank(pipeline)
    import spacy

    return spacy.load(pipeline)


def _blank(language: str) -> Language:
    import spacy

    if find_spec(f"spacy.lang.{language}") is None:
        raise InputError(f"spaCy knows no language {language!r}; see https://spacy.io/usage/models#languages")
    try:
        return spacy.blank(language)
    except ImportError as error:
        raise DependencyError(f"spaCy's {language!r} needs another package: {error}") from None
