"""`Tune`: a melody as tokens of ABC notation, each note with its whole length in eighths.

Tokens are those of the ABC standard 2.1 with L:1/8: notes such as `^c'3/2` and, tied to the next, `G2-`;
rests `z2`; bar lines `|`, `||`, `|:`, `:|` and `::`; endings `[1` and `[2`; changes of metre and key
`[M:3/4]`, `[K:D]`. One form for all that ABC writes in several ways is what makes them learnable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from embedkit.errors import FormatError

NOTE = re.compile(r"(?P<accidental>\^\^|__|[\^_=])?(?P<letter>[A-Ga-g])(?P<octave>[,']*)")
LENGTH = re.compile(r"(?P<over>\d+)?(?:/(?P<under>[1-9]\d*))?")
BAR_LINES = ("|", "||", "|:", ":|", "::")
ENDINGS = ("[1", "[2")
FIELD = re.compile(r"\[(?P<name>[MK]):(?P<value>[^\]\s]+)\]")
METRE = re.compile(r"(?P<beats>[1-9]\d?)/(?P<unit>1|2|4|8|16|32)")
KEY = re.compile(r"[A-G][#b]?(?:m|min|maj|mix|dor|phr|lyd|loc|ion|aeo)?")
EIGHTHS = 8  # in a whole note


@dataclass(frozen=True)
class Tune:
    """A melody.

    Args:
        metre: such as "6/8".
        key: such as "G", "Em" or "Ador".
        tokens: of the melody.
        title: of the tune, if it has one.

    Example:
        >>> from embedkit.music.tune import Tune
        >>> tune = Tune.from_line("M:3/4 K:G D2 | G4 B2 | d4 |]")
        >>> tune.metre, tune.key, len(tune.tokens)
        ('3/4', 'G', 7)
    """

    metre: str
    key: str
    tokens: Sequence[str]
    title: str = ""

    @classmethod
    def from_line(cls, line: str) -> Self:
        """The tune of a line as `line` gives it.

        Raises:
            FormatError: it does not begin with metre and key.
        """
        metre, key, *tokens = [*line.split(), "", ""][: max(2, len(line.split()))]
        if not (metre.startswith("M:") and key.startswith("K:")):
            raise FormatError(f"expected a tune that begins with M: and K:, got {line!r:.80}")
        return cls(metre[2:], key[2:], ["||" if item == "|]" else item for item in tokens])

    @property
    def line(self) -> str:
        """The tune on one line, token by token, as language models read it."""
        return " ".join([f"M:{self.metre}", f"K:{self.key}", *self.tokens])

    def abc(self, number: int = 1) -> str:
        """The tune as it stands in a file of ABC notation, four bars a line."""
        lines, bars = [""], 0
        for token in self.tokens:
            lines[-1] += token + " "
            bars += token in BAR_LINES
            if token in BAR_LINES and bars % 4 == 0:
                lines.append("")
        head = f"X:{number}\nT:{self.title or f'Tune {number}'}\nM:{self.metre}\nL:1/8\nK:{self.key}\n"
        return head + "\n".join(line.strip() for line in lines if line.strip()) + "\n"


def note_length(token: str) -> Fraction | None:
    """The length of a note or a rest in eighths; None for any other token.

    Example:
        >>> from embedkit.music.tune import note_length
        >>> [str(note_length(token)) for token in ("^c'3/2", "z/2", "G-", "|")]
        ['3/2', '1/2', '1', 'None']
    """
    found = re.fullmatch(f"(?:{NOTE.pattern}|z)(?P<length>.*?)-?", token)
    length = LENGTH.fullmatch(found["length"]) if found else None
    return None if length is None else Fraction(int(length["over"] or 1), int(length["under"] or 1))


def written_length(length: Fraction) -> str:
    """A length in eighths as ABC writes it behind a note.

    Example:
        >>> from fractions import Fraction
        >>> from embedkit.music.tune import written_length
        >>> [written_length(Fraction(*pair)) for pair in ((1, 1), (3, 1), (1, 2), (3, 2))]
        ['', '3', '/2', '3/2']
    """
    over = "" if length.numerator == 1 else str(length.numerator)
    return over + (f"/{length.denominator}" if length.denominator > 1 else "")


def metre_length(metre: str) -> Fraction | None:
    """The length of a bar in eighths; None if this is no metre."""
    found = METRE.fullmatch({"C": "4/4", "C|": "2/2"}.get(metre, metre))
    return None if found is None else Fraction(EIGHTHS * int(found["beats"]), int(found["unit"]))
