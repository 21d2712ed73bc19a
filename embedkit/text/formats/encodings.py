"""Encodings of text that is not UTF-8: what it probably is, and advice that makes the letters right.

Windows-1252 stands for all of Western European text: where latin-1 has letters it has the same, and the bytes
0x80 to 0x9F, its curly apostrophes among them, are control characters in latin-1 that no text has.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

from embedkit.errors import InputError

REPLACEMENT, BYTE_ORDER_MARK = "\ufffd", "\ufeff"
SAMPLE = 1 << 16  # bytes by which an encoding is told
WESTERN = "cp1252"
OTHERS = "cp1251 of Russian, gb18030 of Chinese, shift_jis of Japanese or euc_kr of Korean text"

_SURROGATES = re.compile("[\ud800-\udfff]")
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def known_encoding(name: str) -> str:
    """The encoding of text as Python calls it; `InputError` if it knows none of this name."""
    try:
        encoding = codecs.lookup(name).name.removesuffix("-sig")  # a byte order mark is left out anyway
        "\n".encode(encoding)
    except (LookupError, UnicodeError, ValueError):
        raise InputError(f"there is no encoding {name!r}; utf-8, cp1252 and utf-16 are usual") from None
    return encoding


def has_own_line_end(encoding: str) -> bool:
    """Whether a line ends otherwise than in ASCII, as in UTF-16, UTF-32 and EBCDIC."""
    return "\n".encode(encoding) != b"\n"


def utf8_beginning(beginning: bytes) -> str | None:
    """The beginning of a file as UTF-8, whose last character may be cut off; None if it is in no UTF-8."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return None


def likely_encoding(sample: bytes) -> str | None:
    r"""The encoding of bytes that are not all UTF-8: "utf-8" if most are, "cp1252", or None if nobody knows.

    Letters beyond ASCII stand alone in Western text, and side by side in that of other scripts.

    Example:
        >>> from embedkit.text.formats.encodings import likely_encoding
        >>> likely_encoding("tr\u00e8s bien".encode("cp1252"))
        'cp1252'
        >>> likely_encoding("\u043f\u0440\u0438\u0432\u0435\u0442".encode("cp1251"))
    """
    read = _BEYOND_ASCII.findall(sample.decode(errors="replace"))
    replaced = read.count(REPLACEMENT)
    if len(read) - replaced > replaced:
        return "utf-8"
    try:
        sample.decode(WESTERN)
    except UnicodeDecodeError:
        return None
    runs = list(map(len, _HIGH_RUNS.findall(sample)))
    alone = runs.count(1)
    return WESTERN if 2 * alone >= sum(runs) else None


def replace_surrogates(text: str) -> str:
    r"""The text, of the same length, with U+FFFD for each lone surrogate, which no encoding has.

    Example:
        >>> from embedkit.text.formats.encodings import replace_surrogates
        >>> replace_surrogates("film \ud83d")
        'film \ufffd'
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub(REPLACEMENT, text)
    return text


def has_surrogate_escape(line: str) -> bool:
    """Whether a line of JSON may hold a lone surrogate; a whole emoji is escaped by two surrogates, too."""
    return "\\ud" in line.lower()


def parsed_json(line: str, **how: Any) -> Any:
    r"""What a line of JSON holds, read as `json.loads` is told `how` to.

    Lone surrogates, as a text that was cut off inside an emoji has, become U+FFFD.

    Raises:
        ValueError: it is no JSON.
    """
    content = json.loads(line, **how)
    if not has_surrogate_escape(line):
        return content
    return json.loads(replace_surrogates(json.dumps(content, ensure_ascii=False)))


def conversion_advice(sample: bytes) -> str:
    """How to make text UTF-8 that is not, or mostly not, where nobody can name its encoding."""
    likely = likely_encoding(sample)
    if likely == "utf-8":
        return "most of the text is, so this place is damaged; mend it"
    if likely:
        return f"make it UTF-8, as `iconv -f {likely} -t utf-8` does of Western European text"
    return f"make it UTF-8, as iconv does; its encoding may be {OTHERS}"


def naming_advice(sample: bytes, encoding: str) -> str:
    """Which encoding to name, in Python or by --encoding, for a file with a `sample` that is not in it."""
    likely = likely_encoding(sample)
    if likely == "utf-8" and codecs.lookup(encoding).name in ("utf-8", "utf-8-sig"):
        return "most of the file is, so this place is damaged; mend that line"
    if likely:
        western = ", if it is Western European" if likely == WESTERN else ""
        return f"name the encoding of the file (--encoding {likely}{western})"
    return f"name the encoding of the file (--encoding NAME), such as {OTHERS}"
