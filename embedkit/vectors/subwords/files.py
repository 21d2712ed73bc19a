"""Subwords as the arrays of a file and back: kind and settings as JSON in one, the others by their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.container.checked import json_text
from embedkit.container.packed_words import unpack_words
from embedkit.errors import FormatError
from embedkit.vectors.subwords.bucket_subwords import MAX_CHARACTERS
from embedkit.vectors.subwords.estimated import EstimatedSubwords
from embedkit.vectors.subwords.explicit_ngrams import ExplicitSubwords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.finalfusion_buckets import MAX_EXPONENT, FinalfusionSubwords
from embedkit.vectors.subwords.floret import FloretSubwords
from embedkit.vectors.subwords.quantized_rows import CENTROIDS, QuantizedRows, RowTable
from embedkit.vectors.subwords.subwords import Subwords

SETTINGS = "settings"  # the array that holds JSON
KIND = "kind"
MAX_BUCKETS = 1 << 31  # hashes are of 32 bits, rows are counted in 32 with a sign


def subword_arrays(subwords: Subwords) -> dict[str, NDArray[Any]]:
    """All that `subwords_of` needs to make the same subwords again.

    Example:
        >>> subwords = FastTextSubwords(np.ones((5, 2), np.float32), 3, 6, buckets=5)
        >>> arrays = subword_arrays(subwords)
        >>> sorted(arrays), arrays["settings"].tobytes()
        (['rows', 'settings'], b'{"kind": "fasttext", "minn": 3, "maxn": 6, "buckets": 5}')
        >>> subwords_of(arrays).settings() == subwords.settings()
        True
    """
    told = json_text({KIND: subwords.kind, **subwords.settings()}).encode()
    return {SETTINGS: np.frombuffer(told, np.uint8), **subwords.arrays()}


def subwords_of(arrays: Mapping[str, NDArray[Any]]) -> Subwords:
    """The subwords that are made of these arrays, of which the large ones are not read.

    Raises:
        FormatError: they are of an unknown kind, or do not fit together.
    """
    try:
        told = json.loads(arrays[SETTINGS].tobytes())
        kind, minn, maxn = told[KIND], told["minn"], told["maxn"]
        make = KINDS.get(kind)
        if make is None:
            raise FormatError(f"expected subwords of a known kind ({', '.join(KINDS)}), got {kind!r:.40}")
        if not (_is_count(minn, MAX_CHARACTERS) and _is_count(maxn, MAX_CHARACTERS)):
            raise FormatError(f"expected lengths of n-grams, got {minn!r:.20} to {maxn!r:.20}")
        return make(_table(arrays), told, arrays)
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"its subwords are malformed: {error!r:.80}") from None


def _table(arrays: Mapping[str, NDArray[Any]]) -> RowTable:
    """The rows of n-grams."""
    if "rows" in arrays:
        rows = arrays["rows"]
        if rows.dtype != np.float32 or rows.ndim != 2 or 0 in rows.shape:
            raise FormatError(f"expected float32 rows of n-grams, got {rows.dtype} of shape {rows.shape}")
        return rows
    codes, centroids, part_size = arrays["codes"], arrays["centroids"], int(arrays["part_size"][0])
    norm_codes, norms = arrays.get("norm_codes"), arrays.get("norms")
    size = len(centroids) // CENTROIDS
    fits = (
        codes.ndim == 2
        and codes.dtype == np.uint8
        and centroids.shape == (size * CENTROIDS,)
        and 0 < part_size <= size
        and codes.shape[1] == -(-size // part_size)
        and (norm_codes is None) == (norms is None)
        and (norm_codes is None or norm_codes.shape == (len(codes),))
        and (norms is None or norms.shape == (CENTROIDS,))
    )
    if not fits:
        raise FormatError(f"expected quantized rows of n-grams, got codes {codes.shape} of {size} dimensions")
    return QuantizedRows(codes, centroids, part_size, norm_codes, norms)


def _fasttext(
    table: RowTable, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> FastTextSubwords:
    buckets, kept, kept_rows = told["buckets"], arrays.get("kept"), arrays.get("kept_rows")
    if not _is_count(buckets, MAX_BUCKETS) or buckets < 1 or (kept is None and buckets != len(table)):
        raise FormatError(f"expected a row for each of {buckets!r:.20} hashes, got {len(table):,}")
    default_row = told.get("default_row")
    if kept is not None:
        _check_kept(kept, kept_rows, len(table))
    if default_row is not None and (kept is None or not _is_count(default_row, len(table) - 1)):
        raise FormatError(f"expected a row below {len(table):,} for other hashes, got {default_row!r:.20}")
    return FastTextSubwords(table, told["minn"], told["maxn"], buckets, kept, kept_rows, default_row)


def _check_kept(kept: NDArray[Any], kept_rows: NDArray[Any] | None, rows: int) -> None:
    """Raise `FormatError` unless hashes ascend and each has a row."""
    if kept_rows is None or not len(kept) or kept.shape != kept_rows.shape or kept.ndim != 1:
        raise FormatError("expected a row for each hash that was kept")
    if (np.diff(kept) <= 0).any() or kept_rows.min() < 0 or kept_rows.max() >= rows:
        raise FormatError("expected ascending hashes that were kept, and rows of them")


def _floret(table: RowTable, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Subwords:
    count, seed = told["hash_count"], told["hash_seed"]
    if not _is_count(count, 4) or count < 1 or not _is_count(seed, 1 << 32):
        raise FormatError(f"expected 1 to 4 hashes and their seed, got {count!r:.20} and {seed!r:.20}")
    return FloretSubwords(table, told["minn"], told["maxn"], count, seed)


def _is_count(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _finalfusion(table: RowTable, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Subwords:
    exponent = told["exponent"]
    if not _is_count(exponent, MAX_EXPONENT) or 1 << exponent != len(table) or not told["minn"]:
        raise FormatError(f"expected a row for each of 2 ** {exponent!r:.20} hashes, got {len(table):,}")
    return FinalfusionSubwords(table, told["minn"], told["maxn"], exponent)


def _ngrams(table: RowTable, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Subwords:
    ngrams, rows = unpack_words(arrays["ngrams"], Path("subwords")), arrays["ngram_rows"]
    if rows.shape != (len(ngrams),) or rows.dtype != np.int64 or not told["minn"]:
        raise FormatError(f"expected a row for each of {len(ngrams):,} n-grams, got {rows.shape}")
    if not 0 <= rows.min() <= rows.max() < len(table):
        raise FormatError(f"expected rows of n-grams below {len(table):,}, got {rows.max():,}")
    return ExplicitSubwords(table, told["minn"], told["maxn"], ngrams, rows)


def _estimated(table: RowTable, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Subwords:
    return EstimatedSubwords(**vars(_fasttext(table, told, arrays)))


KINDS = {
    EstimatedSubwords.kind: _estimated,
    FastTextSubwords.kind: _fasttext,
    FloretSubwords.kind: _floret,
    FinalfusionSubwords.kind: _finalfusion,
    ExplicitSubwords.kind: _ngrams,
}
