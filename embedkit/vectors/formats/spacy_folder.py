"""spaCy's folder of vectors, as `nlp.vocab.vectors.to_disk` and `nlp.to_disk` write it.

`vectors` is a matrix of numpy, `key2row` the rows of keys, `strings.json` the words that keys are hashes of,
`vectors.cfg` the mode. Nothing of spaCy is run. Several words may have the same row; they come in the order
of rows. In the mode "floret" rows are of no word: all strings are words, and hashes give any word a vector.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.container.packed_words import not_unicode
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_folder
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.numpy_files import floats, map_matrix
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.formats.spacy_keys import keys_of, pack_rows, unpack_rows, words_of
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS
from embedkit.vectors.subwords.floret import FloretSubwords

MATRIX, ROWS, STRINGS, SETTINGS = "vectors", "key2row", "strings.json", "vectors.cfg"
PLACES = (
    ".",
    "vocab",
)  # where the files are in a folder of vectors or of a vocabulary, and in one of a model
MODE, DEFAULT = "mode", "default"
FLORET = ("minn", "maxn", "hash_count", "hash_seed")
BRACKETS = {"bow": "<", "eow": ">"}  # around words
MAX_HASHES = 4
TOLERANCE = 1e-4  # of vectors that the subwords alone must give


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
    settings = _json(home / SETTINGS) if (home / SETTINGS).is_file() else {MODE: DEFAULT}
    mode = settings.get(MODE, DEFAULT) if isinstance(settings, dict) else settings
    matrix = map_matrix(home / MATRIX)
    if mode == FloretSubwords.kind:
        return _floret(home, settings, np.ascontiguousarray(matrix, np.float32), limit)
    if mode != DEFAULT:
        raise FormatError(f"{home / SETTINGS}: expected mode 'default' or 'floret', got {str(mode)[:40]!r}")
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


def numbers(path: Path) -> str:
    """How the vectors of a folder are stored."""
    return str(map_matrix((_home(path) or path) / MATRIX).dtype)


def write(path: Path, contents: VectorContents) -> None:
    """Write a folder that `spacy.vectors.Vectors` and `spacy.vocab.Vocab` read.

    With floret's subwords, the table of these is written, from which spaCy makes the vectors of all words. A
    warning says so where subwords are left out: other kinds, or where words have other vectors than those.

    Raises:
        InputError: words of equal keys, or one that JSON cannot hold.
    """
    words = list(contents.words)
    keys = keys_of(words)
    if "" in words or len(np.unique(keys)) < len(words):
        raise InputError("spaCy cannot hold an empty word, or two words with the same hash")
    try:
        strings = json.dumps(words, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise not_unicode(words) from None
    subwords, matrix, settings = contents.subwords, contents.matrix, {MODE: DEFAULT}
    if isinstance(subwords, FloretSubwords) and _agree(subwords, words, matrix):
        keys, matrix = keys[:0], subwords.table[:]
        told = {name: value for name, value in subwords.settings().items() if name in FLORET}
        settings = {MODE: subwords.kind, **told, **BRACKETS}
    elif subwords is not None:
        reason = "spaCy keeps those of floret, if all words have the vectors that these give them"
        warnings.warn(f"left out subwords of the kind {subwords.kind!r}: {reason}", stacklevel=2)
    with atomic_folder(path, ROWS) as folder:
        (folder / STRINGS).write_bytes(strings)
        (folder / ROWS).write_bytes(pack_rows(keys))
        (folder / SETTINGS).write_text(json.dumps(settings))
        with (folder / MATRIX).open("wb") as file:
            np.save(file, np.ascontiguousarray(matrix, "<f4"), allow_pickle=False)


def _agree(subwords: FloretSubwords, words: Sequence[str], matrix: Floats2d) -> bool:
    """Whether subwords give all words the vectors that they have."""
    return bool(np.abs(subwords.vectors(words) - matrix).max() <= TOLERANCE)


def _floret(home: Path, settings: Mapping[str, Any], matrix: Floats2d, limit: int | None) -> VectorContents:
    """All strings of a vocabulary, with the vectors that their hashes give them."""
    told = [settings.get(name) for name in FLORET]
    minn, maxn, hashes, seed = (number if type(number) is int else -1 for number in told)
    brackets = [settings.get(name) for name in BRACKETS]
    plausible = 0 < minn <= maxn <= MAX_CHARACTERS and 0 < hashes <= MAX_HASHES and 0 <= seed < 1 << 32
    if not plausible or brackets != list(BRACKETS.values()) or 0 in matrix.shape:
        raise FormatError(f"{home / SETTINGS}: expected settings of floret, got {str(settings)[:200]}")
    subwords = FloretSubwords(matrix, minn, maxn, hashes, seed)
    words = [word for word in dict.fromkeys(_strings(home)) if word][:limit]
    contents = VectorContents(words, subwords.vectors(words), subwords=subwords)
    return checked_rows(contents, home)


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
