"""Steps and tokenizers made of functions, and the names under which files find them again.

A file never brings code: it holds a name, and whoever reads it registers the function under that name first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.immutable import Immutable
from embedkit.text.tokenization.span import Span
from embedkit.text.tokenization.tokenizer import Tokenizer

_REGISTERED: dict[str, Callable[[Any], Any]] = {}


def register_step(name: str, function: Callable[[Any], Any]) -> None:
    """Give a function a name, under which pipelines with it are saved, and found by whoever reads them.

    Args:
        name: as files hold it.
        function: text to text where it stands before the tokenizer, text to a list of tokens in its place,
            and a list of tokens to another behind it. An object with `tokenize` stands for this method.

    Raises:
        InputError: no function, or another one has this name.

    Example:
        >>> from embedkit import register_step, text_pipeline
        >>> register_step("split", str.split)
        >>> text_pipeline(str.split).recipe()["steps"][0]
        {'tokenizer': 'custom:split'}
    """
    if not name or not name.isprintable():
        raise InputError(f"expected a name for a step, got {name!r}")
    function = getattr(function, "tokenize", function)
    if not callable(function):
        raise InputError(f"expected a function to be called {name!r}, got {function!r:.80}")
    if _REGISTERED.setdefault(name, function) != function:  # not `is`: o.tokenize is another value each time
        raise InputError(f"another function is registered as {name!r}; choose another name")


def registered(name: str) -> Callable[[Any], Any]:
    """The function with a name; `FormatError` if there is none."""
    if name not in _REGISTERED:
        raise FormatError(
            f"the text was read with a function called {name!r}, which files do not hold; "
            f"register_step({name!r}, function) makes it known"
        )
    return _REGISTERED[name]


@dataclass(frozen=True)
class CustomStep(Immutable):
    """A function as a step: text to text before the tokenizer, a list of tokens to another behind it."""

    function: Callable[[Any], Any]

    def text(self, text: str) -> str:
        """What the function makes of a text."""
        result = self.function(text)
        if not isinstance(result, str):
            raise InputError(f"expected {_called(self.function)} to give a text, got {result!r:.80}")
        return result

    def tokens(self, tokens: list[str]) -> list[str]:
        """What the function makes of tokens."""
        return _tokens(self.function(tokens), self.function)

    def recipe(self) -> dict[str, object]:
        """The name of the function, ready for JSON."""
        return {"step": f"custom:{_name(self.function)}"}


@dataclass(frozen=True)
class CustomTokenizer(Immutable):
    """A function from a text to a list of tokens.

    Example:
        >>> from embedkit import CustomTokenizer
        >>> CustomTokenizer(lambda text: text.split(",")).tokenize("a,b c")
        ['a', 'b', 'c']
    """

    function: Callable[[str], Iterable[str]]

    @property
    def name(self) -> str:
        """The name under which the function is registered, else its own."""
        return f"custom:{_called(self.function)}"

    def tokenize(self, text: str) -> list[str]:
        """The tokens of one text."""
        return _tokens(self.function(text), self.function)

    def tokenize_all(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The tokens of each text."""
        return map(self.tokenize, texts)

    def spans(self, text: str) -> list[Span]:
        """The tokens of one text where they stand in it; `InputError` if one does not."""
        spans, place = [], 0
        for token in self.tokenize(text):
            begin = text.find(token, place)
            if begin < 0:
                raise InputError(f"{self.name} gives the token {token!r:.80}, which is not in the text")
            spans.append(Span(token, begin, place := begin + len(token)))
        return spans

    def recipe(self) -> dict[str, object]:
        """The name of the function, ready for JSON."""
        return {"tokenizer": f"custom:{_name(self.function)}"}


def as_tokenizer(given: Any) -> Tokenizer:
    """What tokenizes, as a tokenizer: one of embedkit's, another object with `tokenize`, or a function."""
    if hasattr(given, "tokenize") and hasattr(given, "recipe"):
        tokenizer: Tokenizer = given
        return tokenizer
    return CustomTokenizer(getattr(given, "tokenize", given))


def has_functions(steps: Iterable[object]) -> bool:
    """Whether a step is a function, of which other processes know nothing, nor of its name."""
    return any(isinstance(step, CustomStep | CustomTokenizer) for step in steps)


def _name(function: Callable[[Any], Any]) -> str:
    """The name under which a function is registered; `InputError` if it is not."""
    for name, other in _REGISTERED.items():
        if other == function:
            return name
    raise InputError(
        f"the function {_called(function)} has no name by which a file could tell of it; give it one with "
        "register_step(name, function)"
    )


def _called(function: Callable[[Any], Any]) -> str:
    names = (name for name, other in _REGISTERED.items() if other == function)
    return next(names, getattr(function, "__name__", type(function).__name__))


def _tokens(tokens: Iterable[str], function: Callable[[Any], Any]) -> list[str]:
    """The tokens as a list; those that are empty or white space are left out."""
    if isinstance(tokens, str) or not isinstance(tokens, Iterable):
        raise InputError(f"expected {_called(function)} to give a list of tokens, got {tokens!r:.80}")
    made = list(tokens)
    for token in made:
        if not isinstance(token, str):
            raise InputError(f"expected {_called(function)} to give strings as tokens, got {token!r:.80}")
        if len(token.split()) > 1 or token != token.strip():
            return [part for each in made for part in each.split()]
    return list(filter(None, made))
