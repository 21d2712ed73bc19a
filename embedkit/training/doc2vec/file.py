"""The file of document vectors: one checked .safetensors file, which can hold no code.

Tensors: `documents` float32 (N, D) and `tags`, packed; `words`, packed; `ngrams2` int64 and so on, the keys
of n-grams; `counts` int64 (T,) and `targets` float32 (T, D), of concatenated vectors (T, places * D);
`word_vectors` float32 (V, D) if words were trained. The header has one key, whose JSON value holds the
version of this format, the parameters, the recipe of the tokenizer, the metadata, and the CRC-32 of each
tensor and of all that.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d
from embedkit.container.model_format import ModelFormat, StoredModel
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.errors import FormatError
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import pipeline_from_recipe, savable_recipe
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.doc2vec.parameters import Doc2VecParameters
from embedkit.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    from embedkit.text.ngrams.keys import Keys

FORMAT = ModelFormat("embedkit.doc2vec", "document vectors", "embedkit train-doc2vec")
PARAMETERS = tuple(field.name for field in fields(Doc2VecParameters))


@dataclass(frozen=True, eq=False, repr=False)
class Doc2VecContents:
    """What a file holds, see `Doc2VecModel`."""

    parameters: Doc2VecParameters
    tokenizer: TextPipeline | None
    vocabulary: Vocabulary
    keys: Keys
    counts: Longs1d
    targets: Floats2d
    word_vectors: Floats2d | None
    documents: Embeddings


def save_doc2vec(path: Path, model: Doc2VecContents) -> None:
    """Write a model to `path`, which is replaced only once everything is written."""
    tensors: dict[str, NDArray[Any]] = {
        "documents": model.documents.matrix,
        "tags": pack_words(model.documents.vocabulary.words),
        "words": pack_words(model.vocabulary.words),
        **{f"ngrams{order}": keys for order, keys in enumerate(model.keys, 2)},
        "counts": model.counts,
        "targets": model.targets,
    }
    if model.word_vectors is not None:
        tensors["word_vectors"] = model.word_vectors
    parameters = asdict(model.parameters)
    header = {
        "parameters": {name: parameters[name] for name in PARAMETERS},
        "tokenizer": None if model.tokenizer is None else dict(savable_recipe(model.tokenizer)),
        "metadata": model.documents.metadata,
    }
    FORMAT.write(path, header, tensors)


def load_doc2vec(path: Path) -> Doc2VecContents:
    """The model in a file, all of which is compared with its checksums.

    Raises:
        InputError: no such file.
        FormatError: the file is damaged, of another version or no such model.
    """
    with FORMAT.opened(path) as stored:
        return _model(stored)


def facts(stored: StoredModel) -> dict[str, Any]:
    """What a file holds, ready for JSON."""
    documents, dimensions = stored.tensors["documents"].shape
    return {
        "format": "document vectors of embedkit",
        "documents": documents,
        "targets": len(stored.tensors["targets"]),
        "dimensions": dimensions,
        "bytes": stored.file.path.stat().st_size,
        "made": stored.header["metadata"],
    }


def _model(stored: StoredModel) -> Doc2VecContents:
    from embedkit.text.ngrams.keys import check_keys

    file, header, tensors = stored
    parameters = Doc2VecParameters(**header["parameters"])
    parameters.check_parameters()
    size = parameters.vector_size
    words, tags = (unpack_words(tensors[name], file.path) for name in ("words", "tags"))
    keys = tuple(tensors[f"ngrams{order}"] for order in range(2, parameters.ngrams + 1))
    for order in range(2, parameters.ngrams + 1):
        file.expect(f"ngrams{order}", "I64", (None,))
    check_keys(keys, len(words))
    total = len(words) + sum(map(len, keys))
    file.expect("documents", "F32", (len(tags), size))
    file.expect("targets", "F32", (total, parameters.places * size))
    file.expect("counts", "I64", (total,))
    trained = None
    if parameters.model == "dm" or parameters.train_words:
        file.expect("word_vectors", "F32", (len(words), size))
        trained = tensors["word_vectors"]
    for name, matrix in (("targets", tensors["targets"]), ("word_vectors", trained)):
        if matrix is not None and not np.isfinite(matrix).all():
            raise FormatError(f"its {name} are no finite numbers")
    counts = tensors["counts"]
    if counts.min() < 1:
        raise FormatError(f"its counts begin at {counts.min()}, not at 1")
    recipe = header["tokenizer"]
    return Doc2VecContents(
        parameters=parameters,
        tokenizer=None if recipe is None else pipeline_from_recipe(recipe),
        vocabulary=Vocabulary(words, counts[: len(words)]),
        keys=keys,
        counts=counts,
        targets=tensors["targets"],
        word_vectors=trained,
        documents=Embeddings(tensors["documents"], tags, header["metadata"]),
    )
