"""Transcripts as labels: words or characters, numbered; number 0 is CTC's blank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from embedkit.errors import InputError
from embedkit.speech.parameters import Units

SHOWN = 40  # labels that a message repeats


class SpeechLabels:
    """The words or characters that a recognizer knows.

    Args:
        names: sorted, each once; the first has the number 1.
        units: what they are.

    Example:
        >>> from embedkit.speech.labels import SpeechLabels
        >>> labels = SpeechLabels.of(["seven two", "two"], "words")
        >>> labels.names, labels.numbers("two  seven")
        (['seven', 'two'], [2, 1])
    """

    def __init__(self, names: Sequence[str], units: Units) -> None:
        self.names, self.units = list(names), units
        self._numbers = {name: number for number, name in enumerate(self.names, 1)}

    @classmethod
    def of(cls, transcripts: Iterable[str], units: Units, joined: bool = False) -> SpeechLabels:
        """Those that occur in transcripts, or between them where characters are joined."""
        found = {part for text in transcripts for part in parts(text, units)}
        between = {" "} if found and joined and units == "characters" else set()
        return cls(sorted(found | between), units)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def blank(self) -> int | None:
        """The number of the blank between words, None if the labels have none."""
        return self._numbers.get(" ")

    def numbers(self, text: str) -> list[int]:
        """The numbers of the labels of a text.

        Raises:
            InputError: a word or a character that is not known.
        """
        own = parts(text, self.units)
        if strange := [part for part in dict.fromkeys(own) if part not in self._numbers]:
            raise InputError(
                f"expected {self.units} that the model knows, got {listed(strange)} in {text[:60]!r}; it "
                f"knows {listed(self.names)}"
            )
        return [self._numbers[part] for part in own]


def parts(text: str, units: Units) -> list[str]:
    """The words of a text, or its characters with single blanks between words."""
    return text.split() if units == "words" else list(" ".join(text.split()))


def listed(names: Sequence[str]) -> str:
    """Names for a message; of many the first."""
    shown = ", ".join(map(repr, names[:SHOWN]))
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN:,} more"
