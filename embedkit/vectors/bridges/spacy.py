"""Conversion from and to the vectors of spaCy's vocabularies."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import DependencyError, InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.subwords.subwords import Subwords

if TYPE_CHECKING:
    from spacy.language import Language

NAME = "embedkit"  # of the table of vectors: components that use one find it by its name


def to_pipeline(
    matrix: Floats2d,
    vocabulary: Vocabulary,
    pipeline: str | Language,
    lowercase: bool,
    subwords: Subwords | None = None,
) -> Language:
    """A pipeline whose tokens have these vectors: a blank one of a language, or the one given.

    With `lowercase`, "Paris" has the vector of "paris". Subwords are left out, with a warning.
    """
    try:
        from spacy import blank
        from spacy.language import Language
        from spacy.vectors import Vectors
    except ImportError as error:
        raise DependencyError("to_spacy needs spaCy: pip install 'embedkit[text]'") from error
    if isinstance(pipeline, str):
        try:
            pipeline = blank(pipeline)
        except ImportError as error:
            raise InputError(f"expected a language that spaCy knows, such as en, got {pipeline!r}") from error
    elif not isinstance(pipeline, Language):
        raise InputError(f"expected a language or a pipeline of spaCy, got {type(pipeline).__name__}")
    if subwords is not None:
        told = f"left out subwords of the kind {subwords.kind!r}: unknown tokens have no vector"
        warnings.warn(told, stacklevel=3)
    vocab = pipeline.vocab
    for word in vocabulary.words:
        vocab.strings.add(word)
    vocab.vectors = Vectors(
        strings=vocab.strings,
        data=np.array(matrix),
        keys=list(vocabulary.words),
        name=NAME,
        attr="LOWER" if lowercase else "ORTH",
    )
    return pipeline


def from_pipeline(pipeline: Any) -> tuple[Floats2d, list[str], dict[str, str]]:
    """The matrix and the words of a pipeline or its vocabulary, in the order of rows, and its name."""
    vocab = getattr(pipeline, "vocab", pipeline)
    vectors = getattr(vocab, "vectors", None)
    if vectors is None or not hasattr(vectors, "key2row"):
        raise InputError(f"expected a pipeline or a vocabulary of spaCy, got {type(pipeline).__name__}")
    if vectors.mode != "default":
        raise InputError(
            f"expected a vector for each word, got a table of mode {vectors.mode!r}; write it by "
            "nlp.to_disk, and load that folder"
        )
    rows = sorted(vectors.key2row.items(), key=lambda item: item[1])
    if not rows:
        raise InputError(
            "this pipeline has no vectors; those of spaCy whose names end with md or lg have some"
        )
    known = [(vocab.strings[key], row) for key, row in rows if key in vocab.strings]
    if len(known) < len(rows):
        warnings.warn(
            f"left out {len(rows) - len(known):,} vectors of which spaCy lacks the word", stacklevel=3
        )
    words, places = zip(*known, strict=True)
    meta = getattr(pipeline, "meta", {})
    source = {
        "source": "spaCy",
        **{key: str(meta[key]) for key in ("lang", "name", "version") if key in meta},
    }
    return np.asarray(vectors.data, np.float32)[list(places)], list(words), source
