"""Reading files of co-occurrence counts, checked before use."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Ints1d, Longs1d
from embedkit.container.checked import SUMS, check_sum, open_tensors
from embedkit.container.packed_words import unpack_words
from embedkit.errors import EmbedkitError, FormatError
from embedkit.parallel.threads import threads
from embedkit.remote_files import is_address, read_part
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.counts.file_layout import KEY, VERSION, Layout
from embedkit.vectors.formats.detection import NATIVE, detect

_CHECKED = 1 << 20  # numbers at a time: the sum and the range of a part are computed while it is in the cache
_MEND = "make it again with `embedkit cooccurrences`"
_LARGEST_FIRST = ("columns", "counts", "offsets", "words", "word_counts")
RECIPE = {"window", "min_count", "max_vocabulary", "corpus", "tokenizer"}  # what trainers read of it
_HEAD = 1 << 16  # bytes in which the key of the metadata stands, if it is a file of counts


class _OtherVersionError(FormatError):
    """A whole file that another embedkit wrote."""


class StoredCounts(NamedTuple):
    """What a file of counts holds; the arrays are memory-mapped."""

    vocabulary: Vocabulary
    offsets: Longs1d
    columns: Ints1d
    counts: Floats1d
    recipe: dict[str, Any]


def is_counts(path: str | Path) -> bool:
    """Whether a file, or what is at an address, is co-occurrence counts, which may be damaged.

    Of a pipe nothing is read.
    """
    head = b""
    if is_address(path):
        with suppress(EmbedkitError):  # a folder or a glob
            head = read_part(str(path), 0, _HEAD)
    elif Path(path).is_file():
        with suppress(OSError), Path(path).open("rb") as stream:
            head = stream.read(_HEAD)
    return head[8:9] == b"{" and json.dumps(KEY).encode() in head


def read_counts(path: Path) -> StoredCounts:
    """Open a file of counts; its size, checksums and ranges are checked.

    Raises:
        InputError: there is no such file.
        FormatError: it is no file of counts, of another version, cut off or damaged.
    """
    if not is_counts(path):
        raise FormatError(
            f"{path}: expected co-occurrence counts, as `embedkit cooccurrences` makes, got {_kind(path)}"
        )
    try:
        layout, metadata = _header(path)
        recipe, sums = _recipe_and_checksums(path, metadata)
        with threads(2) as pool:
            checked = pool.map(lambda name: _checked(layout, path, name, sums[name]), _LARGEST_FIRST)
            arrays = dict(zip(_LARGEST_FIRST, checked, strict=True))
        _check_matrix(arrays)
        vocabulary = Vocabulary(unpack_words(arrays["words"], path), arrays["word_counts"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, _OtherVersionError):
            raise
        raise FormatError(f"{path} is damaged or cut off: {error}; {_MEND}") from None
    return StoredCounts(vocabulary, arrays["offsets"], arrays["columns"], arrays["counts"], recipe)


def _kind(path: Path) -> str:
    """What a file that holds no counts is."""
    if path.is_dir():
        return "a folder"
    try:
        if (name := detect(path)) == NATIVE:
            return open_tensors(path).kind
        from embedkit.vectors.formats.table import FORMATS

        return f"vectors as {FORMATS[name].description}"
    except FormatError:
        return "a file of another kind"


def _header(path: Path) -> tuple[Layout, Mapping[str, str]]:
    """The layout that the header tells, once it is known to be that of the file; and the metadata."""
    file = open_tensors(path)
    words, nonzeros, packed = (file.entries[name].shape[0] for name in ("word_counts", "columns", "words"))
    layout = Layout.of(words, nonzeros, packed, file.begin)
    if file.entries != layout.entries():
        raise ValueError("its header describes other tensors than there should be")
    return layout, file.metadata


def _recipe_and_checksums(path: Path, metadata: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The recipe, and the checksum of each tensor."""
    content = json.loads(metadata[KEY])
    if content["version"] != VERSION:
        raise _OtherVersionError(
            f"{path}: expected version {VERSION} of the format, got {content['version']!r}; "
            "update embedkit to read it"
        )
    sums = dict(json.loads(metadata[SUMS]))
    check_sum("recipe", zlib.crc32(metadata[KEY].encode()), sums["recipe"])
    recipe = dict(content["recipe"])
    if missing := RECIPE - recipe.keys():
        raise ValueError(f"its recipe does not tell {', '.join(sorted(missing))}")
    return recipe, sums


def _checked(layout: Layout, path: Path, name: str, written: str) -> NDArray[Any]:
    """A tensor, memory-mapped, once its bytes are known to be those that were written."""
    tensor = layout.map(path, name)
    checksum = 0
    for start in range(0, len(tensor), _CHECKED):
        part = tensor[start : start + _CHECKED]
        checksum = zlib.crc32(part.data, checksum)
        if name == "columns" and not (part.min() >= 0 and part.max() < layout.lengths["word_counts"]):
            raise ValueError(f"a column is none of {layout.lengths['word_counts']:,} words")
        if name == "counts" and not (part.min() > 0 and part.max() < np.inf):
            raise ValueError("a count is no positive number")
    check_sum(name, checksum, written)
    return tensor


def _check_matrix(arrays: dict[str, NDArray[Any]]) -> None:
    """Raise unless the offsets part the columns into rows."""
    offsets = arrays["offsets"]
    if offsets[0] != 0 or offsets[-1] != len(arrays["columns"]) or np.any(offsets[1:] < offsets[:-1]):
        raise ValueError(f"its offsets do not rise from 0 to {len(arrays['columns']):,}")
