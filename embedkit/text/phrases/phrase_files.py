r"""Files of phrases: a line of settings as JSON, then a line a phrase.

{"format": "embedkit-phrases", "version": 1, "phrases": 2, "settings": {...}, "tokenizer": {...}}
0.98\t412\thong\tkong
0.71\t3058\tunited\tstates\tof\tamerica

The tokenizer, a recipe, may be missing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from embedkit.container.packed_words import not_unicode
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file, check_regular
from embedkit.text.phrases.phrase import Phrase
from embedkit.text.phrases.settings import PhraseSettings

FORMAT, VERSION = "embedkit-phrases", 1
START = b'{"format": "' + FORMAT.encode() + b'"'
MAX_COUNT_DIGITS = 18
FoundPhrases = tuple[tuple[Phrase, ...], PhraseSettings, Mapping[str, Any] | None]
KEYS, TOKENIZER = {"format", "version", "phrases", "settings"}, "tokenizer"


def is_phrases(path: Path) -> bool:
    """Whether a file begins as those of phrases do; of a pipe nothing is read."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(len(START)) == START
    except OSError:
        return False


def write_phrases(
    phrases: Sequence[Phrase], settings: PhraseSettings, tokenizer: Mapping[str, Any] | None, path: Path
) -> None:
    """Write phrases; the same ones always give the same bytes."""
    content = as_json(phrases, settings)
    header = content | {"phrases": len(phrases)} | ({TOKENIZER: dict(tokenizer)} if tokenizer else {})
    lines = [json.dumps(header, ensure_ascii=False), *content["phrases"]]
    try:
        data = "".join(f"{line}\n" for line in lines).encode()
    except UnicodeEncodeError:
        told = (word for phrase in phrases for word in phrase.words)
        raise not_unicode(chain(told, lines)) from None  # the header last: settings hold words, too
    with atomic_file(path) as stream:
        stream.write(data)


def read_phrases(path: Path) -> FoundPhrases:
    """The phrases in a file, their settings and tokenizer; see `Phrases.load`."""
    check_regular(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"no such file of phrases: {path}; `embedkit phrases` makes one") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    if not data.startswith(START):
        raise FormatError(f"{path} is no file of phrases; `embedkit phrases` makes one")
    try:
        header, *lines = data.decode().split("\n")
        content = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    if lines and not lines[-1]:
        lines.pop()
    else:
        raise FormatError(f"{path} is cut off: its last line does not end; make it again")
    count = content.get("phrases")
    if count != len(lines):
        raise FormatError(
            f"{path} is damaged: its first line says {count!r} phrases, there are {len(lines)}; make it "
            "again, or correct the number if you have edited it"
        )
    return _phrases(content | {"phrases": lines}, str(path))


def as_json(phrases: Sequence[Phrase], settings: PhraseSettings) -> dict[str, Any]:
    """See `Phrases.to_json`; each of `phrases` is a line of a file."""
    lines = ["\t".join((repr(phrase.score), str(phrase.frequency), *phrase.words)) for phrase in phrases]
    return {"format": FORMAT, "version": VERSION, "phrases": lines, "settings": settings.settings()}


def from_json(content: object) -> FoundPhrases:
    """See `Phrases.from_json`."""
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise FormatError(f"these are no phrases: {content!r:.80}")
    return _phrases(content, "what is given as phrases")


def _phrases(content: Mapping[str, Any], place: str) -> FoundPhrases:
    """The phrases of what `as_json` gave; messages name `place`."""
    if (version := content.get("version")) != VERSION:
        raise FormatError(
            f"{place} is of format version {version!r}, this embedkit reads {VERSION}; upgrade embedkit, or "
            "find the phrases again"
        )
    lines, tokenizer = content.get("phrases"), content.get(TOKENIZER)
    known = {*content} - {TOKENIZER} == KEYS and (tokenizer is None or _is_recipe(tokenizer))
    if not (known and isinstance(content["settings"], Mapping) and isinstance(lines, list)):
        raise FormatError(f"{place} is damaged: {', '.join(sorted(KEYS))} are expected in it")
    try:
        settings = PhraseSettings(**_checked_settings(content["settings"]))
    except (InputError, TypeError) as error:
        raise FormatError(f"{place} is damaged: {error}") from None
    return tuple(_parsed(lines, place)), settings, tokenizer


def _is_recipe(value: object) -> bool:
    steps = value.get("steps") if isinstance(value, Mapping) else None
    return isinstance(steps, list) and all(isinstance(step, Mapping) for step in steps)


def _checked_settings(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings; `TypeError` unless connectors are a list: a name could be that of a file."""
    if not isinstance(settings.get("connectors"), list):
        raise TypeError("its connectors are no list of words")
    return settings


def _parsed(lines: Iterable[object], place: str) -> Iterator[Phrase]:
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, 2):
        score, count, *words = line.split("\t") if isinstance(line, str) else [""] * 2
        phrase = tuple(words)
        if len(phrase) < 2 or "" in phrase or not _is_score(score) or not _is_count(count):
            raise FormatError(
                f"{place}, line {number}: expected a score, a count and two words or more, with tabs between "
                f"them, got {str(line)[:60]!r}"
            )
        if phrase in seen:
            raise FormatError(f"{place}, line {number}: {' '.join(phrase)[:60]!r} is there twice")
        seen.add(phrase)
        yield Phrase(phrase, float(score), int(count))


def _is_score(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_COUNT_DIGITS
