"""gensim's own files (.kv, .model): pickles, of which only words, vectors and counts are taken.

Large arrays lie beside a pickle: `NAME.vectors.npy` for its `vectors`, `NAME.wv.vectors.npy` for those of its
`wv`. Layouts of gensim 4 (`index_to_key`, `vectors`), 1 to 3 (`index2word` or `index2entity`, `vectors` or
`syn0`, `vocab`) and 0 (the same in the model itself) are known; so are pickles of a dictionary from words to
vectors and of a pair of words and a matrix. Pickles are read only by those who trust them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.formats import numpy_files
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.restricted_pickle import Inert, PickledArray, load_pickle
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords

WORDS = ("index_to_key", "index2word", "index2entity")
VECTORS = ("vectors", "syn0")
PARTS = ("wv", "kv")  # where a model keeps its vectors
SEPARATE = "__numpys"  # the attribute that names arrays which lie beside the pickle
NGRAMS, OWN_ROWS = "vectors_ngrams", "vectors_vocab"  # of n-grams; of words, before those are added
HASH = "compatible_hash"  # whether n-grams are hashed as fastText does
MAX_RATIO = 8  # bytes of a matrix for each byte of the pickle that it comes from
NOT_TRUSTED = (
    "a pickle, a program that can run any code as it is read, and so is read only if you trust whoever made "
    "it; `embedkit convert --trust-pickle IN OUT` (or load(..., trust_pickle=True)) then takes numpy's "
    "arrays and gensim's words from it and refuses all else; or write it anew in gensim "
    "(save_word2vec_format)"
)


class Holder(NamedTuple):
    """An object that holds vectors, and how the names of files with its arrays begin."""

    state: Mapping[str, Any]
    prefix: str


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` words of a pickle that somebody trusts, and their vectors.

    Raises:
        FormatError: it holds something else, asks for code to be run, or an array beside it is missing.
    """
    content = load_pickle(path)
    holder = next((holder for holder in _holders(content, path.name) if _words(holder)), None)
    if holder is not None:
        contents = _of_gensim(holder, path)
    elif isinstance(content, dict) and content:
        contents = VectorContents(_texts(list(content), path), _stacked(list(content.values()), path))
    elif isinstance(content, tuple | list) and len(content) == 2:
        words, matrix = content if not isinstance(content[0], PickledArray) else content[::-1]
        contents = VectorContents(_texts(words, path), _matrix(matrix, path))
    else:
        kind = "an object of another kind" if isinstance(content, Inert) else type(content).__name__
        raise FormatError(f"{path}: expected words and vectors as gensim pickles them, got {kind}")
    return checked_rows(contents, path, skip_bad_rows, limit)


def _holders(content: Any, name: str) -> Iterator[Holder]:
    """The object itself and its parts that may hold vectors."""
    if isinstance(content, Inert):
        for part in PARTS:
            if isinstance(inner := content.state.get(part), Inert):
                yield Holder(inner.state, f"{name}.{part}")
        yield Holder(content.state, name)


def _words(holder: Holder) -> Any:
    return next((holder.state[name] for name in WORDS if holder.state.get(name)), None)


def _of_gensim(holder: Holder, path: Path) -> VectorContents:
    """The words, vectors and counts of an object of gensim."""
    words = _texts(_words(holder), path)
    arrays = (_array(holder, name, path) for name in VECTORS)
    matrix = next((array for array in arrays if array is not None), None)
    subwords = subwords_of(_array(holder, NGRAMS, path), holder.state)
    if matrix is None:
        matrix = _with_ngrams(holder, words, subwords, path)
    if len(matrix) > len(words):  # rows that are kept free for more words
        matrix = matrix[: len(words)]
    return VectorContents(words, numpy_files.floats(matrix), _counts(holder, words), subwords=subwords)


def subwords_of(table: NDArray[Any] | None, state: Mapping[str, Any]) -> FastTextSubwords | None:
    """The rows of n-grams in a model of fastText, whose other attributes are `state`.

    None if the model has none, or hashes as gensim once did.
    """
    numbers = [state.get(name) for name in ("min_n", "max_n", "bucket")]
    minn, maxn, buckets = (number if isinstance(number, int) else 0 for number in numbers)
    plausible = 0 < max(minn, 1) <= maxn <= MAX_CHARACTERS and buckets > 0 and state.get(HASH) is not False
    if table is None or not plausible or table.ndim != 2 or len(table) != buckets:
        return None
    return FastTextSubwords(np.ascontiguousarray(table, np.float32), minn, maxn, buckets)


def _with_ngrams(
    holder: Holder, words: Sequence[str], subwords: FastTextSubwords | None, path: Path
) -> NDArray[Any]:
    """The vectors of the words of fastText: means of a row of each and of those of its n-grams."""
    own = _array(holder, OWN_ROWS, path)
    if own is None or own.ndim != 2 or (subwords is None and holder.state.get("max_n") != 0):
        raise FormatError(f"{path}: expected vectors of words, got none")
    own = np.ascontiguousarray(own[: len(words)], np.float32)
    if subwords is None:
        return own
    if own.shape != (len(words), subwords.vector_size):
        raise FormatError(f"{path}: expected a row for each of {len(words):,} words, got {own.shape}")
    return subwords.means(PackedWords.of(words), own)


def _separate(holder: Holder) -> Sequence[Any]:
    """The names of arrays that lie beside the pickle."""
    names = holder.state.get(SEPARATE)
    return names if isinstance(names, list) else []


def _array(holder: Holder, name: str, path: Path) -> NDArray[Any] | None:
    """An array of the pickle, or of the file beside it; None if there is none."""
    kept = holder.state.get(name)
    if isinstance(kept, PickledArray) and kept.array is not None:
        return kept.array
    if name not in _separate(holder):
        return None
    beside = path.with_name(f"{holder.prefix}.{name}.npy")
    if not beside.is_file():
        raise FormatError(f"{path}: expected its vectors in {beside.name} beside it, got no such file")
    return numpy_files.map_matrix(beside)


def _counts(holder: Holder, words: Sequence[str]) -> Longs1d | None:
    """How often each word was seen, if that was kept."""
    kept = holder.state.get("expandos")
    counts = kept.get("count") if isinstance(kept, dict) else None
    if isinstance(counts, PickledArray) and counts.array is not None and counts.array.shape == (len(words),):
        return counts.array.astype(np.int64)
    entries = holder.state.get("vocab")
    if not isinstance(entries, dict):
        return None
    told = [
        entry.state.get("count") if isinstance(entry := entries.get(word), Inert) else None for word in words
    ]
    if not all(isinstance(count, int) and 0 <= count < 1 << 63 for count in told):
        return None
    return np.array(told, np.int64)


def _texts(words: Any, path: Path) -> list[str]:
    """The words, which must be texts."""
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise FormatError(f"{path}: expected a list of words, got {type(words).__name__} of something else")
    return list(words)


def _matrix(kept: Any, path: Path) -> NDArray[Any]:
    if not isinstance(kept, PickledArray) or kept.array is None or kept.array.ndim != 2:
        raise FormatError(f"{path}: expected a matrix of numbers, got {type(kept).__name__}")
    return numpy_files.floats(kept.array)


def _stacked(rows: Sequence[Any], path: Path) -> NDArray[Any]:
    """Vectors, each an array or a list of numbers, as a matrix; it is no larger than the pickle allows."""
    plain: list[Any] = [row.array if isinstance(row, PickledArray) else row for row in rows]
    lengths = {len(row) if _is_vector(row) else -1 for row in plain}
    if len(lengths) > 1 or -1 in lengths:
        raise FormatError(f"{path}: expected vectors of equal length for all words, got something else")
    if 4 * len(plain) * lengths.pop() > MAX_RATIO * path.stat().st_size:
        raise FormatError(
            f"{path}: expected vectors, got the same ones for more words than the file can hold"
        )
    with np.errstate(over="ignore"):
        return np.array(plain, np.float32)


def _is_vector(row: Any) -> bool:
    """Whether something is an array of one axis or a list of numbers."""
    if isinstance(row, np.ndarray):
        return row.ndim == 1
    return isinstance(row, list | tuple) and all(isinstance(number, int | float) for number in row)
