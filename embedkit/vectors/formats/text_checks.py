"""What lines of text hold: words with numbers, or something else that looks like that, and what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, takewhile

SAMPLE = 64  # lines by which it is told what a file holds
ENTRY = re.compile(
    rb"[ \t]([-+]?\d*\.\d{3,}|[-+]?0?\.\d+|-\d+\.\d+|\d*\.\d+(?=e))(e[-+]?\d+)?$",
    re.IGNORECASE | re.MULTILINE,
)
RAW = re.compile(rb"[\x00-\x1f\x7f]")  # bytes of binary numbers, not of words
ODD_NUMBERS = {
    rb"[-+]?\d+,\d+": "a decimal comma; write numbers with a point",
    rb"[-+]?\d{1,3}([,'_]\d{3})+(\.\d*)?": "a thousands separator; write numbers without",
    rb"(\xe2\x88\x92|\xe2\x80\x93).*": "a minus sign that is no ASCII hyphen",
    rb".*[\[\],;|].*": "a bracket, comma or semicolon; separate numbers by blanks alone",
    rb"[-+]?0x.*": "a hexadecimal number; write decimal ones",
}


def is_text(word: bytes) -> bool:
    """Whether a word is UTF-8 without control characters, as bytes of numbers hardly are."""
    return is_utf8(word) and not RAW.search(word)


def is_utf8(word: bytes) -> bool:
    """Whether a word is UTF-8, but for its end, where word2vec.c cuts long ones."""
    try:
        word.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def trailing_numbers(fields: Sequence[bytes]) -> int:
    """How many fields at the end of a line are numbers, the first field not counted: a b 1 2 has 2."""
    return sum(1 for _ in takewhile(is_number, reversed(fields[1:])))


def is_number(field: bytes) -> bool:
    """Whether a field is a number."""
    try:
        float(field)
    except ValueError:
        return False
    return b"_" not in field


def field_sample(head: bytes) -> list[list[bytes]]:
    """The fields of the first lines that are not blank."""
    return [line.split() for line in head.split(b"\n")[:SAMPLE] if line.strip()]


def no_vectors(lines: Sequence[Sequence[bytes]], size: int) -> str | None:
    """What lines of fields are that look like words with `size` numbers each, and are something else."""
    if not lines:
        return None
    if size == 1 and all(fields[-1].isdigit() for fields in lines):
        return "words with one whole number each: these are counts, as of a vocabulary, and no vectors"
    if size == 1 and len(lines) > 1 and all(len(fields) == 3 for fields in lines):
        return "pairs of words with one number each: this is a benchmark (evaluate -b), and no vectors"
    firsts = [fields[0] for fields in lines]
    if len(lines) < 2 or not all(map(is_number, firsts)):
        return None
    numbers = not all(map(bytes.isdigit, firsts)) or all(map(bytes.isdigit, chain.from_iterable(lines)))
    return "numbers alone, without words" if numbers else None


def has_negative_header(lines: Sequence[Sequence[bytes]]) -> bool:
    """Whether lines of fields begin with a header of word2vec, but for a number below 0."""
    if len(lines) < 2 or len(lines[0]) != 2 or len(lines[1]) < 3:
        return False
    signs = [re.fullmatch(rb"(-?)\d+", field) for field in lines[0]]
    return all(signs) and any(sign and sign[1] for sign in signs)


def usual_size(lines: Iterable[Sequence[bytes]]) -> int:
    """The number of trailing numbers that most lines of fields have, the smaller of two as frequent."""
    sizes = Counter(map(trailing_numbers, lines))
    return min(sizes, key=lambda size: (-sizes[size], size), default=0)


def what_is_wrong(line: bytes, number: int, size: int, spaces: bool) -> str:
    """What line `number` is that is no word with `size` numbers.

    Example:
        >>> what_is_wrong(b"king 0.5", 7, 2, spaces=False)
        "got 2 fields of which the last 1 are numbers: b'king 0.5'"
    """
    fields = line.split()
    numbers = trailing_numbers(fields)
    told = f"got {len(fields)} fields of which the last {numbers} are numbers: {line[:40]!r}"
    if number == 1 and len(fields) < 4 and re.fullmatch(rb"[-+\d., \t\r]+", line):
        return f"{told}; a first line of word2vec would be two whole numbers above 0"
    if b"\r" in line.rstrip():
        return f"{told}, with a carriage return in the middle; convert the line ends to newlines"
    if numbers == size and numbers + 1 < len(fields) and not spaces:
        word = b" ".join(fields[:-size])
        return (
            f"{told}: the word {word[:40]!r} has a blank; a file without the first line is read as GloVe "
            "text, whose words may have some"
        )
    if line[:1].isspace() and numbers + 1 == len(fields) == size and is_number(fields[0]):
        return f"{told}, with an empty word"
    if numbers < min(size, len(fields) - 1):
        odd = fields[-1 - numbers]
        for pattern, kind in ODD_NUMBERS.items():
            if re.fullmatch(pattern, odd, re.IGNORECASE):
                return f"{told}: {odd[:40]!r} has {kind}"
    return told
