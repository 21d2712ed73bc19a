"""spaCy's folder of vectors, as `nlp.vocab.vectors.to_disk` and `nlp.to_disk` write it.

`vectors` is a matrix of numpy, `key2row` the rows of keys, `strings.json` the words that keys are hashes of,
`vectors.cfg` the mode. Nothing of spaCy is run. Several words may have the same row; they come in the order
of rows.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_folder
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.numpy_files import floats, map_matrix
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.formats.spacy_keys import keys_of, pack_rows, unpack_rows, words_of
from embedkit.vectors.subwords.files import KIND, subwords_of

MATRIX, ROWS, STRINGS, SETTINGS = "vectors", "key2row", "strings.json", "vectors.cfg"
PLACES = (
    ".",
    "vocab",
)  # where the files are in a folder of vectors or of a vocabulary, and in one of a model
MODE, DEFAULT, FLORET = "mode", "default", "floret"
BRACKETS = ("<", ">")


def matches(path: Path) -> bool:
    """Tell whether `path` is a folder with vectors of spaCy."""
    return _home(path) is not None


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` words of a folder, in the order of their rows.

    Keys whose words are not among the strings are left out, and a warning counts them.

    Raises:
        FormatError: a file is missing or damaged.
    """
    home = _home(path) or path
    settings = _json(home / SETTINGS) if (home / SETTINGS).is_file() else {}
    mode = settings.get(MODE, DEFAULT) if isinstance(settings, dict) else settings
    if mode == FLORET:
        return _floret(home, settings, limit)
    if mode != DEFAULT:
        raise FormatError(f"{home / SETTINGS}: expected mode {DEFAULT!r} or {FLORET!r}, got {mode!r}")
    matrix = map_matrix(home / MATRIX)
    try:
        keys, rows = unpack_rows((home / ROWS).read_bytes())
    except ValueError as error:
        raise FormatError(f"{home / ROWS}: expected keys of words and their rows: {error}") from None
    if len(rows) and not 0 <= rows.min() <= rows.max() < len(matrix):
        raise FormatError(
            f"{home / ROWS}: expected rows of {len(matrix):,} vectors, got {_odd(rows, matrix)}"
        )
    order = np.argsort(rows, kind="stable")
    found = words_of(keys[order], _strings(home))
    places = [place for place, word in enumerate(found) if word is not None][:limit]
    words = [str(found[place]) for place in places]
    if unknown := sum(word is None for word in found):
        told = f"{home}: left out {unknown:,} vectors whose words are not in {STRINGS}"
        warnings.warn(told, stacklevel=2)
    chosen = rows[order][np.array(places, np.int64)]
    return checked_rows(VectorContents(words, floats(matrix[chosen])), path, skip_bad_rows)


def _floret(home: Path, settings: dict[str, Any], limit: int | None) -> VectorContents:
    """The first strings of a vocabulary, and the table of n-grams that gives them and others vectors."""
    if (settings.get("bow"), settings.get("eow")) != BRACKETS:
        raise FormatError(f'{home / SETTINGS}: expected words between "<" and ">", got others')
    told = json.dumps({**settings, KIND: FLORET}).encode()
    table = floats(map_matrix(home / MATRIX))
    try:
        subwords = subwords_of({"settings": np.frombuffer(told, np.uint8), "rows": table})
    except FormatError as error:
        raise FormatError(f"{home / SETTINGS}: {error}") from None
    words = [word for word in dict.fromkeys(_strings(home)) if word][:limit]
    return checked_rows(VectorContents(words, subwords.vectors(words), subwords=subwords), home)


def numbers(path: Path) -> str:
    """How the vectors of a folder are stored."""
    return str(map_matrix((_home(path) or path) / MATRIX).dtype)


def write(path: Path, contents: VectorContents) -> None:
    """Write a folder that `spacy.vectors.Vectors` and `spacy.vocab.Vocab` read.

    Raises:
        InputError: words of equal keys, or one that JSON cannot hold.
    """
    words = list(contents.words)
    keys = keys_of(words)
    if "" in words or len(np.unique(keys)) < len(words):
        raise InputError("spaCy cannot hold an empty word, or two words with the same hash")
    try:
        strings = json.dumps(words, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"a word holds {error.object[error.start]!r}, which is no character") from None
    with atomic_folder(path, ROWS) as folder:
        (folder / STRINGS).write_bytes(strings)
        (folder / ROWS).write_bytes(pack_rows(keys))
        (folder / SETTINGS).write_text(json.dumps({MODE: DEFAULT}))
        with (folder / MATRIX).open("wb") as file:
            np.save(file, np.ascontiguousarray(contents.matrix, "<f4"), allow_pickle=False)


def _home(path: Path) -> Path | None:
    """Where in a folder the files are."""
    places = (path / place for place in PLACES)
    return next((home for home in places if (home / ROWS).is_file() and (home / MATRIX).is_file()), None)


def _strings(home: Path) -> list[str]:
    """The strings of a vocabulary."""
    if not (home / STRINGS).is_file():
        raise FormatError(f"{home}: expected the words of vectors in {STRINGS}, got no such file")
    strings = _json(home / STRINGS)
    if not isinstance(strings, list) or not all(isinstance(string, str) for string in strings):
        raise FormatError(f"{home / STRINGS}: expected a list of strings, got {str(strings)[:40]!r}")
    return strings


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: expected JSON: {error}") from None


def _odd(rows: Longs1d, matrix: np.ndarray[Any, Any]) -> int:
    """The first row that the matrix lacks."""
    return int(rows[(rows < 0) | (rows >= len(matrix))][0])
