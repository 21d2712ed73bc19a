"""Files of word lists in TOML or JSON: read whole, refused where no list of words looks like that."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from embedkit.bias.topics.line_numbers import KeyPath, deepest, line_numbers, line_of
from embedkit.errors import FormatError, InputError

MAX_BYTES = 2_000_000  # some 200,000 words
MAX_DEPTH = 10  # lists in lists, or parts of a dotted key; a topic needs 2
SHOWN = 120  # characters of a value in an error

Problem = tuple[KeyPath, str]  # where, and what was expected and received


def read_document(path: Path, what: str) -> tuple[str, dict[str, Any]]:
    """The text of a file and its content; `what` it should be, such as "a topic", is for errors.

    A document that begins with a brace is JSON. Its encoding is UTF-8, with a byte order mark or without.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is neither form, too large, or nested absurdly deep.
    """
    text = _text(path, what)
    depth, line = deepest(text)
    if depth > MAX_DEPTH:
        raise FormatError(
            f"{path}, line {line}: expected {what}, whose lists and keys are nested at most {MAX_DEPTH} "
            "deep, got more; give lists of words"
        )
    is_json = text.lstrip().startswith("{")
    try:
        document = json.loads(text, object_pairs_hook=_unique) if is_json else tomllib.loads(text)
    except ValueError as error:
        form = "JSON" if is_json else "TOML"
        reason = str(error).replace("at end of document", f"at the end, line {len(text.splitlines())}")
        raise FormatError(f"{path}: expected {what} in {form}: {reason}") from None
    return text, dict(document)


def problem_in(path: Path, text: str, problem: Problem, whole: str) -> FormatError:
    """The error that tells a problem of a document: file, line, key as `key_of` has it, and what is wrong."""
    where, what = problem
    return FormatError(f"{path}, line {line_of(line_numbers(text), where)}, {key_of(where, whole)}: {what}")


def key_of(where: KeyPath, whole: str) -> str:
    """The key that a problem is under: "classes.male" of ("classes", "male", 3); `whole` if it is none."""
    return cut(".".join(part for part in where if isinstance(part, str))) or whole


def shown(value: object) -> str:
    """A value in an error, cut if it is long."""
    return cut(repr(value))


def cut(text: str) -> str:
    """The text or, if it is long, its beginning."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} ..."


def _text(path: Path, what: str) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read {what} from {path}: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise FormatError(
            f"{path}: expected {what} of at most {MAX_BYTES:,} bytes, got more; shorten its lists"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FormatError(f"{path}, line {line}: not UTF-8 text; convert the file") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which each key may occur once."""
    content = dict(pairs)
    if len(content) < len(pairs):
        ((again, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {shown(again)} is there twice")
    return content
