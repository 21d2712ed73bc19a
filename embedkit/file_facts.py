"""`describe_file` and `verify_file`: what a file of any kind holds; each kind imports only its own code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

CHECKSUMS = "crc32 of {}: as written"
SEQUENCE_MODELS = {"tagger": "tagger", "speech": "recognizer of speech"}
NO_CHECKSUM = "form, sizes and every number; no checksum is stored"


class FileKind(NamedTuple):
    """One kind of file: which files are of it, what is told of one, and what is verified in one."""

    fits: Callable[[Path], bool]
    describe: Callable[[Path], dict[str, Any]]
    verify: Callable[[Path], str]  # raises FormatError for a damaged file


def describe_file(path: str | Path) -> dict[str, Any]:
    """What vectors, counts, a corpus, phrases or a model hold, and how they were made, ready for JSON.

    Args:
        path: a file, the folder of a corpus or of vectors, "-" for stdin, or the name of what ships:
            "english", "sentiment", "emojify".

    Raises:
        InputError: no such file.
        FormatError: a file that is damaged or of no known kind.

    Example:
        >>> import embedkit
        >>> facts = embedkit.describe_file("sentiment")
        >>> facts["model"], facts["classes"]
        ('recurrent', ['negative', 'positive'])
    """
    with _as_file(path) as file:
        return _kind_of(file).describe(file)


def verify_file(path: str | Path) -> str:
    """Read all of a file, or of a folder of a corpus or of vectors, and compare it with its checksums.

    Returns:
        A sentence about what was compared.

    Raises:
        InputError: no such file.
        FormatError: a file that is damaged or of no known kind.

    Example:
        >>> import embedkit
        >>> embedkit.verify_file("emojify")
        'sha256 of the header and of every tensor: as written'
    """
    with _as_file(path) as file:
        return _kind_of(file).verify(file)


def _as_file(path: str | Path) -> AbstractContextManager[Path]:
    """The file that is named; of a pipe a copy."""
    from embedkit.vectors.downloaded import vectors_path
    from embedkit.vectors.formats.pipes import as_file

    return as_file(vectors_path(path))


def _kind_of(path: Path) -> FileKind:
    """The kind of a file or folder; what is none of the others is taken for vectors."""
    return next(kind for kind in KINDS if kind.fits(path))


def _is_corpus(path: Path) -> bool:
    from embedkit.text.corpus.manifest import MANIFEST

    return (path / MANIFEST).is_file()


def _corpus(path: Path) -> dict[str, Any]:
    from embedkit.text.corpus.corpus import Corpus

    corpus = Corpus.open(path)
    return {
        "format": "corpus of embedkit",
        "words": corpus.words,
        "vocabulary": len(corpus.vocabulary),
        "documents": corpus.documents,
        "shards": len(corpus.shards()),
        "bytes": sum(file.stat().st_size for file in path.iterdir()),
        "fingerprint": corpus.fingerprint,
        "made": dict(corpus.recipe),
    }


def _verify_corpus(path: Path) -> str:
    from embedkit.text.corpus.corpus import Corpus

    for _ in Corpus.open(path).checked_shards():
        pass  # each is compared with its sha256
    return "sha256 of the vocabulary and of every shard: as written"


def _is_counts(path: Path) -> bool:
    from embedkit.training.counts.file_reading import is_counts

    return is_counts(path)


def _counts(path: Path) -> dict[str, Any]:
    from embedkit.training.counts.cooccurrences import Cooccurrences

    counts = Cooccurrences.open(path)
    return {
        "format": "co-occurrence counts of embedkit",
        "words": len(counts.vocabulary),
        "nonzeros": counts.nonzeros,
        "bytes": path.stat().st_size,
        "made": counts.recipe,
    }


def _verify_counts(path: Path) -> str:
    from embedkit.training.counts.cooccurrences import Cooccurrences

    Cooccurrences.open(path)  # compares all checksums
    return CHECKSUMS.format("the recipe and of every tensor")


def _is_index(path: Path) -> bool:
    from embedkit.vectors.search.vector_index import is_index

    return is_index(path)


def _index(path: Path) -> dict[str, Any]:
    from embedkit.vectors.search.vector_index import read_index

    header, _ = read_index(path)
    return {
        "format": "index of vectors of embedkit",
        "words": header["words"],
        "dimensions": header["vector_size"],
        "bytes": path.stat().st_size,
        "recall": header["recall"],
        "fingerprint": header["fingerprint"],
        "parameters": header["parameters"],
    }


def _verify_index(path: Path) -> str:
    from embedkit.vectors.search.vector_index import read_index

    read_index(path)  # compares all checksums
    return CHECKSUMS.format("the metadata and of every tensor")


def _is_phrases(path: Path) -> bool:
    from embedkit.text.phrases.phrase_files import is_phrases

    return is_phrases(path)


def _phrases(path: Path) -> dict[str, Any]:
    from embedkit.text.phrases.phrases import Phrases

    phrases = Phrases.load(path)
    return {
        "format": "phrases of embedkit",
        "phrases": len(phrases),
        "longest": max((len(phrase.words) for phrase in phrases), default=None),
        "bytes": path.stat().st_size,
        "made": phrases.settings.settings(),
    }


def _verify_phrases(path: Path) -> str:
    from embedkit.text.phrases.phrases import Phrases

    Phrases.load(path)  # checks each line
    return "settings, the number of phrases and every line; no checksum is stored"


def _is_model(path: Path) -> bool:
    from embedkit.models.files.model_file import is_model

    return is_model(path)


def _model(path: Path) -> dict[str, Any]:
    from embedkit.models.files.model_file import read_content

    content, tensors = read_content(path)
    return {
        "format": f"{_kind_of_model(content)} of embedkit",
        "model": content["kind"],
        "classes": content["labels"] or None,
        "numbers": content.get("scale"),
        "task": content["task"],
        "words": content["words"],
        "weights": sum(tensor.size for name, tensor in tensors.items() if name != "words"),
        "bytes": path.stat().st_size,
        "parameters": content["parameters"] or None,
        "parts": _parts(content["facts"].get("parts", [])) or None,
        "tokenizer": content["tokenizer"],
        "history": _history(content) or None,
        "made": content["metadata"],
    }


def _kind_of_model(content: dict[str, Any]) -> str:
    if content["kind"] in SEQUENCE_MODELS:
        return SEQUENCE_MODELS[content["kind"]]
    return "regressor" if content["task"] == "regression" else "classifier"


def _parts(told: list[dict[str, Any]]) -> dict[str, Any]:
    """The weights and the parameters of the classifiers that one is made of."""
    return {
        f"{number} {part['kind']}": {"weight": part["weight"], **part["parameters"]}
        for number, part in enumerate(told, 1)
    }


def _history(content: dict[str, Any]) -> list[dict[str, Any]]:
    """How the network of a classifier learned, an entry an epoch; empty if there is none."""
    if content["kind"] in SEQUENCE_MODELS:
        history: list[dict[str, Any]] = content["facts"]["history"]
        return history
    from embedkit.models.networks.history import epochs_in, saved_epochs

    parts = [content, *content["facts"].get("parts", [])]
    return [entry for part in parts for entry in saved_epochs(epochs_in(part["facts"], part["parameters"]))]


def _verify_model(path: Path) -> str:
    from embedkit.models.files.model_file import read_content

    read_content(path)  # compares the sha256
    return "sha256 of the header and of every tensor: as written"


def _is_folder_of_vectors(path: Path) -> bool:
    if not path.is_dir():
        return False
    from embedkit.vectors.formats.detection import is_folder_of_vectors

    return is_folder_of_vectors(path)


def _vectors(path: Path) -> dict[str, Any]:
    from embedkit.vectors.formats.gensim_pickle import NOT_TRUSTED
    from embedkit.vectors.formats.reading import opened, stored_bytes, stored_numbers
    from embedkit.vectors.formats.table import FORMATS
    from embedkit.vectors.shipped import load

    with opened(path) as (file, name):
        kind = FORMATS[name]
        if kind.pickled:
            return {"format": kind.description, "content": NOT_TRUSTED, "bytes": stored_bytes(path)}
        vectors = load(file)
        return {
            "format": kind.description,
            "words": len(vectors),
            "dimensions": vectors.vector_size,
            "numbers": stored_numbers(file),
            "counts": "known" if vectors.vocabulary.counts is not None else "unknown",
            **({"output_vectors": "kept"} if vectors.has_output_vectors else {}),
            "bytes": stored_bytes(path),
            "made": vectors.metadata or None,
        }


def _verify_vectors(path: Path) -> str:
    from embedkit.vectors.formats.detection import NATIVE
    from embedkit.vectors.formats.native import verify_checksums
    from embedkit.vectors.formats.reading import opened
    from embedkit.vectors.shipped import load

    with opened(path) as (file, name):
        summed = name == NATIVE and verify_checksums(file)
        _ = load(file).verified  # raises for numbers that are not finite
    return CHECKSUMS.format("the metadata and of every tensor") if summed else NO_CHECKSUM


def _is_tokenizer(path: Path) -> bool:
    from embedkit.text.tokenization.subword_files import may_be_subwords

    return path.is_file() and may_be_subwords(path)


def _tokenizer(path: Path) -> dict[str, Any]:
    from embedkit.text.tokenization.subword_files import definition_facts

    return definition_facts(path)


def _verify_tokenizer(path: Path) -> str:
    _tokenizer(path)
    return "form; no checksum is stored"


def _stored_models(module: str) -> FileKind:
    """Models of the `FORMAT` of a module, whose `facts` tell what is stored in one."""

    def matches(path: Path) -> bool:
        return bool(import_module(module).FORMAT.matches(path))

    def describe(path: Path) -> dict[str, Any]:
        home = import_module(module)
        with home.FORMAT.opened(path) as stored:
            return dict(home.facts(stored))

    def verify(path: Path) -> str:
        with import_module(module).FORMAT.opened(path):  # compares all checksums
            return CHECKSUMS.format("the header and of every tensor")

    return FileKind(matches, describe, verify)


KINDS = (
    FileKind(_is_folder_of_vectors, _vectors, _verify_vectors),
    FileKind(_is_corpus, _corpus, _verify_corpus),
    FileKind(_is_counts, _counts, _verify_counts),
    FileKind(_is_index, _index, _verify_index),
    _stored_models("embedkit.training.doc2vec.file"),
    _stored_models("embedkit.translation.file"),
    _stored_models("embedkit.language_models.file"),
    FileKind(_is_phrases, _phrases, _verify_phrases),
    FileKind(_is_model, _model, _verify_model),
    FileKind(_is_tokenizer, _tokenizer, _verify_tokenizer),
    FileKind(lambda path: True, _vectors, _verify_vectors),
)
