"""Static embedding models of tokens: folders of model2vec, and of Sentence Transformers' `StaticEmbedding`.

`model.safetensors` holds a row a token, as float32, float16 or int8 without a scale; or fewer rows, to which
`mapping` leads each token, and `weights` by which they are multiplied ("vocabulary quantization"). Words are
the tokens of `tokenizer.json`, which may be compressed. A mark in front of tokens that begin a word ("▁" or
"Ġ") is left out where no other token is called so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.container.checked import DTYPES, TensorFile, open_tensors
from embedkit.errors import FormatError
from embedkit.vectors.formats import stream
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.numpy_files import floats
from embedkit.vectors.formats.row_checks import checked_rows

TENSORS, TOKENIZER, CONFIG = "model.safetensors", "tokenizer.json", "config.json"
TOKENIZERS = tuple(f"{TOKENIZER}{suffix}" for suffix in ("", ".gz", ".bz2", ".xz", ".zst"))
MAX_TOKENIZER = 1 << 29  # bytes of a tokenizer, decompressed
PLACES = (".", "0_StaticEmbedding")  # where the files are in a folder
ROWS = ("embeddings", "embedding.weight")  # names of the tensor of vectors
MAPPING, WEIGHTS = "mapping", "weights"
MARKS = ("▁", "Ġ")
MAX_HEADER = 1 << 16  # bytes of the header looked at
HEADER = re.compile(rb'"embedding(s|\.weight)"\s*:\s*\{')


def matches(path: Path) -> bool:
    """Tell whether a folder holds tensors with vectors of tokens, or a file does."""
    return _home(path) is not None if path.is_dir() else _holds_vectors(path)


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` tokens of a folder, or of its file of tensors, and their vectors.

    Raises:
        FormatError: a file is missing or damaged, or holds something else.
    """
    home = (_home(path) or path) if path.is_dir() else path.parent
    tensors = home / TENSORS if path.is_dir() else path
    matrix = _matrix(_opened(tensors))
    tokens = _tokens(_tokenizer(tensors), len(matrix))
    rows = np.array(sorted(tokens), np.int64)
    words = _words([tokens[row] for row in rows.tolist()])
    config = _json(home / CONFIG) if (home / CONFIG).is_file() else None
    metadata = {"config": config} if isinstance(config, dict) else {}
    if len(rows) < len(matrix):
        matrix = matrix[rows]
    return checked_rows(VectorContents(words, matrix, None, metadata), path, skip_bad_rows, limit)


def numbers(path: Path) -> str:
    """How the vectors in a folder, or in a file of tensors, are stored."""
    file = _opened((_home(path) or path) / TENSORS if path.is_dir() else path)
    kind = str(np.dtype(DTYPES[file.entries[_vectors_of(file)].dtype]))
    return f"{kind}, one row for several tokens" if MAPPING in file.entries else kind


def _home(path: Path) -> Path | None:
    """Where in a folder the files are; those of a model whose tokenizer is missing, too."""
    homes = [home for place in PLACES if ((home := path / place) / TENSORS).is_file()]
    complete = [home for home in homes if any((home / name).is_file() for name in TOKENIZERS)]
    return next((home for home in homes if home in complete or _holds_vectors(home / TENSORS)), None)


def _holds_vectors(path: Path) -> bool:
    """Whether a file is one of tensors, with vectors of tokens."""
    with path.open("rb") as file:
        header = file.read(min(int.from_bytes(file.read(8), "little"), MAX_HEADER))
    return header.startswith(b"{") and b'"embedkit' not in header and bool(HEADER.search(header))


def _tokenizer(tensors: Path) -> Path:
    """The tokenizer beside a file of tensors."""
    places = (tensors.with_name(name) for name in TOKENIZERS)
    if (found := next((place for place in places if place.is_file()), None)) is None:
        raise FormatError(
            f"{tensors}: expected {TOKENIZER} beside it, with the tokens of its vectors, got no such file; "
            "get the tokenizer of that model and put it there"
        )
    return found


def _opened(path: Path) -> TensorFile:
    try:
        return open_tensors(path)
    except FormatError as error:
        raise FormatError(f"{path}: expected a complete .safetensors file: {error}") from None


def _vectors_of(file: TensorFile) -> str:
    """The name of the tensor of vectors."""
    name = next((name for name in ROWS if name in file.entries), None)
    if name is None or file.entries[name].dtype not in DTYPES or len(file.entries[name].shape) != 2:
        raise FormatError(f"{file.path}: expected a matrix {ROWS[0]!r} of tokens' vectors, got {file.kind}")
    return name


def _matrix(file: TensorFile) -> Floats2d:
    """The vectors of all tokens, (tokens, D)."""
    matrix = file.map(_vectors_of(file))
    if MAPPING in file.entries:
        mapping = _column(file, MAPPING, "iu")
        if mapping.min(initial=0) < 0 or mapping.max(initial=0) >= len(matrix):
            raise FormatError(f"{file.path}: expected {MAPPING} to rows of {len(matrix):,}, got others")
        matrix = matrix[mapping]
    matrix = floats(matrix)
    if WEIGHTS not in file.entries:
        return matrix
    weights = _column(file, WEIGHTS, "f")
    if len(weights) != len(matrix):
        raise FormatError(f"{file.path}: expected {len(matrix):,} {WEIGHTS}, got {len(weights):,}")
    with np.errstate(over="ignore"):
        weighted: Floats2d = matrix.astype(np.float32) * weights.astype(np.float32)[:, None]
    return weighted


def _column(file: TensorFile, name: str, kinds: str) -> NDArray[Any]:
    """A tensor of one axis."""
    entry = file.entries[name]
    if len(entry.shape) != 1 or np.dtype(DTYPES.get(entry.dtype, "O")).kind not in kinds:
        raise FormatError(f"{file.path}: expected one number a token as {name!r}, got {entry[:2]}")
    return file.map(name)


def _tokens(path: Path, rows: int) -> dict[int, str]:
    """The token of each row that has one."""
    told = _json(path)
    try:
        vocabulary = told["model"]["vocab"]
        if isinstance(vocabulary, list):  # of pieces with their scores
            vocabulary = {piece: row for row, (piece, _) in enumerate(vocabulary)}
        added = {token["content"]: token["id"] for token in told.get("added_tokens") or []}
        tokens = {row: token for token, row in {**vocabulary, **added}.items()}
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{path}: expected a tokenizer with a vocabulary: {error!r:.100}") from None
    odd = next((entry for entry in tokens.items() if not _is_entry(*entry, rows)), None)
    if odd is not None:
        raise FormatError(
            f"{path}: expected tokens of {rows:,} rows, got {odd[1]!r:.40} in row {odd[0]!r:.40}"
        )
    return tokens


def _is_entry(row: Any, token: Any, rows: int) -> bool:
    return isinstance(token, str) and type(row) is int and 0 <= row < rows


def _words(tokens: list[str]) -> list[str]:
    """The tokens, those that begin a word without the mark of that, unless another token is called so."""
    taken = set(tokens)
    bare = {
        token: token[1:] for token in tokens if token[:1] in MARKS and token[1:] and token[1:] not in taken
    }
    first: dict[str, str] = {}
    for token, word in bare.items():
        first.setdefault(word, token)
    return [bare[token] if token in bare and first[bare[token]] == token else token for token in tokens]


def _json(path: Path) -> Any:
    try:
        return json.loads(b"".join(_bounded(path)))
    except (ValueError, RecursionError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{path}: expected JSON: {error}") from None


def _bounded(path: Path) -> Iterator[bytes]:
    """The content of a file in chunks, decompressed, which is not without end."""
    size = 0
    for chunk in stream.content(path):
        size += len(chunk)
        if size > MAX_TOKENIZER:
            raise FormatError(f"{path}: expected JSON of at most {MAX_TOKENIZER:,} bytes, got more")
        yield chunk
