"""The errors embedkit raises on purpose.

Every message says what was received, what is allowed and how to mend it. The command line prints an
`EmbedkitError` as one line and exits with 2; anything else is a defect of ours.
"""


class EmbedkitError(Exception):
    """Something the caller can mend."""


class InputError(EmbedkitError, ValueError):
    """A setting, a text or a file that cannot be used as it is."""


class FormatError(InputError):
    """A file that is damaged, truncated or of an unknown form."""


class UnknownWordError(EmbedkitError, KeyError):
    """A word that is not in the vocabulary; `suggestions` holds close spellings."""

    def __init__(self, word: str, suggestions: tuple[str, ...] = ()) -> None:
        self.word = word
        self.suggestions = suggestions
        super().__init__(word)

    def __str__(self) -> str:
        """The message itself: KeyError would print its repr."""
        hint = f"; did you mean {', '.join(map(repr, self.suggestions))}?" if self.suggestions else ""
        return f"{self.word!r} is not in the vocabulary{hint}"


class DependencyError(EmbedkitError, ImportError):
    """An optional package that is not installed; the message names the command that installs it."""
