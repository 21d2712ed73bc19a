"""Parquet tables of vectors: a column of words, and one of lists of numbers or a column a dimension.

Written are columns `word`, `vector` (a list of float32 of fixed length) and, if they are known, `count`; the
metadata stand among those of the table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.container.checked import json_text
from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.files import atomic_file
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.numpy_files import floats
from embedkit.vectors.formats.row_checks import checked_rows

MAGIC = b"PAR1"
WORD, VECTOR, COUNT, KEY = "word", "vector", "count", "embedkit"
WORDS = (WORD, "words", "token", "tokens", "text", "term", "key", "__index_level_0__", "index")
VECTORS = (VECTOR, "vectors", "embedding", "embeddings")
COUNTS = (COUNT, "counts", "frequency", "freq")
ROWS = 1 << 14  # read and written at once


def matches(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is a parquet table."""
    return head.startswith(MAGIC)


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of a table; a missing number is NaN, a missing word an empty one.

    Raises:
        FormatError: the file is damaged, its columns are of other types, or its lists of several lengths.
        DependencyError: pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow()
    words: list[str] = []
    parts: list[Floats2d] = []
    counts: list[int] = []
    try:
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
            word, vector, count = _columns(path, schema, pyarrow)
            names = [word, *vector, *([count] if count else [])]
            for batch in file.iter_batches(ROWS, columns=names):
                parts.append(_matrix(path, batch, vector, len(words)))
                words += [text or "" for text in batch.column(word).cast(pyarrow.string()).to_pylist()]
                counts += (batch.column(count).fill_null(0).to_pylist()) if count else []
                if limit is not None and len(words) >= limit:
                    break
            metadata = _metadata(schema.metadata or {})
    except (pyarrow.ArrowException, OSError, MemoryError, UnicodeDecodeError) as error:
        told = " ".join(str(error).split())
        raise FormatError(f"{path}: expected a whole parquet table, got a damaged one: {told:.200}") from None
    matrix = _joined(path, parts)
    counted = np.array(counts, np.int64) if count else None
    return checked_rows(VectorContents(words, matrix, counted, metadata), path, skip_bad_rows, limit)


def numbers(path: Path) -> str:
    """How the vectors in a table are stored."""
    pyarrow, parquet = _pyarrow()
    schema = parquet.read_schema(path)
    kind = schema.field(_columns(path, schema, pyarrow)[1][0]).type
    return str(np.dtype((kind.value_type if _is_list(kind, pyarrow.types) else kind).to_pandas_dtype()))


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` as a table.

    Raises:
        InputError: a word that is not valid Unicode.
        DependencyError: pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow()
    size = contents.matrix.shape[1]
    kind = pyarrow.float16() if contents.matrix.dtype == np.float16 else pyarrow.float32()
    fields = [(WORD, pyarrow.string()), (VECTOR, pyarrow.list_(kind, size))]
    if contents.counts is not None:
        fields.append((COUNT, pyarrow.int64()))
    told = {KEY: json_text(contents.metadata)} if contents.metadata else None
    schema = pyarrow.schema(fields, told)
    with atomic_file(path) as file, parquet.ParquetWriter(file, schema, use_dictionary=False) as writer:
        for start in range(0, len(contents.words), ROWS):
            rows = slice(start, start + ROWS)
            try:
                columns = [pyarrow.array(list(contents.words[rows]), pyarrow.string())]
            except UnicodeEncodeError as error:
                raise InputError(
                    f"a word holds {error.object[error.start]!r}, which is no character"
                ) from None
            flat = floats(contents.matrix[rows]).reshape(-1)
            columns.append(pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(flat), size))
            if contents.counts is not None:
                columns.append(pyarrow.array(np.asarray(contents.counts[rows], np.int64)))
            writer.write_batch(pyarrow.record_batch(columns, schema=schema))


def _pyarrow() -> tuple[ModuleType, ModuleType]:
    """The modules of Arrow and of its tables as parquet."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise DependencyError("parquet tables need pyarrow: pip install 'embedkit[parquet]'") from error
    return pa, parquet


def _columns(path: Path, schema: Any, pyarrow: ModuleType) -> tuple[str, list[str], str | None]:
    """The names of the columns of words, of lists of numbers or of all numbers, and of counts if any."""
    kinds = pyarrow.types
    texts, lists, plain = [], [], []
    for field in schema:
        kind = field.type.value_type if kinds.is_dictionary(field.type) else field.type
        if kinds.is_string(kind) or kinds.is_large_string(kind):
            texts.append(field.name)
        elif _is_list(kind, kinds) and _is_number(kind.value_type, kinds):
            lists.append(field.name)
        elif _is_number(kind, kinds):
            plain.append(field.name)
    count = next(
        (name for name in COUNTS if name in plain and kinds.is_integer(schema.field(name).type)), None
    )
    word, listed = _one_of(texts, WORDS), _one_of(lists, VECTORS)
    vector = [listed] if listed else [name for name in plain if name != count]
    if word is None or not vector or (lists and not listed):
        told = ", ".join(f"{field.name} ({field.type})" for field in schema)
        raise FormatError(
            f"{path}: expected a column of words, as {WORD!r}, and one of lists of numbers, as {VECTOR!r}, "
            f"or a column of numbers for each dimension; got {told[:300] or 'no column'}"
        )
    return word, vector, count


def _one_of(names: Sequence[str], known: Sequence[str]) -> str | None:
    """The only one of names, or of several the first that is known."""
    return names[0] if len(names) == 1 else next((name for name in known if name in names), None)


def _is_list(kind: Any, kinds: Any) -> bool:
    return bool(kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind))


def _is_number(kind: Any, kinds: Any) -> bool:
    return bool(kinds.is_floating(kind) or kinds.is_integer(kind))


def _matrix(path: Path, batch: Any, names: Sequence[str], before: int) -> Floats2d:
    """The numbers of a batch of rows, (rows, D); `before` rows stand before them."""
    column = batch.column(names[0])
    with np.errstate(over="ignore"):
        if not hasattr(column, "flatten") or not hasattr(column, "value_lengths"):
            columns = [batch.column(name).to_numpy(zero_copy_only=False) for name in names]
            return np.stack([np.asarray(values, np.float32) for values in columns], axis=1)
        lengths = column.value_lengths().to_numpy(zero_copy_only=False).astype(np.float64)  # NaN if missing
        odd = np.flatnonzero(~(lengths == lengths[:1]))
        if len(odd):
            raise FormatError(
                f"{path}, row {before + int(odd[0]) + 1}: expected {lengths[0]:.0f} numbers in {names[0]!r}, "
                f"got {'none' if np.isnan(lengths[odd[0]]) else int(lengths[odd[0]])}"
            )
        flat = column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), -1)
        return floats(flat)


def _joined(path: Path, parts: Sequence[Floats2d]) -> Floats2d:
    """The rows of all batches."""
    sizes = sorted({part.shape[1] for part in parts})
    if len(sizes) > 1:
        raise FormatError(f"{path}: expected lists of equal length, got {sizes[0]} and {sizes[-1]} numbers")
    return np.concatenate(parts) if parts else np.empty((0, 0), np.float32)


def _metadata(told: dict[bytes, bytes]) -> dict[str, Any]:
    """The metadata that `write` wrote; none of any other table."""
    try:
        metadata = json.loads(told.get(KEY.encode(), b"{}"))
    except (ValueError, RecursionError):
        return {}
    return metadata if isinstance(metadata, dict) else {}
