"""embedkit info."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import embedkit
from embedkit import Cooccurrences, Corpus
from embedkit.models.files.model_file import is_model, read_content
from embedkit.training.counts.file_reading import is_counts
from embedkit.vectors.formats.registry import FORMATS, detect
from embedkit_cli.options import PATH
from embedkit_cli.query.output import facts


@click.command()
@click.argument("path", type=PATH, metavar="FILE")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: one object.",
)
def info(path: Path, style: str) -> None:
    """Tell what vectors, counts, a corpus or a classifier hold, and how they were made.

    FILE is vectors of any format, co-occurrence counts, the folder of a corpus, or a classifier. Only
    safetensors files and corpora tell how they were made.
    """
    kinds = ((Path.is_dir, _corpus), (is_counts, _counts), (is_model, _model))
    describe = next((describe for fits, describe in kinds if fits(path)), _vectors)
    content = describe(path)
    text = json.dumps(content, ensure_ascii=False) if style == "json" else "\n".join(facts(content))
    click.echo(text)


def _vectors(path: Path) -> dict[str, Any]:
    name = detect(path)
    vectors = embedkit.load(path)
    return {
        "format": FORMATS[name].description,
        "words": len(vectors),
        "dimensions": vectors.vector_size,
        "numbers": _numbers(path, name),
        "counts": "known" if vectors.vocabulary.counts is not None else "unknown",
        "bytes": path.stat().st_size,
        "made": vectors.metadata or None,
    }


def _counts(path: Path) -> dict[str, Any]:
    counts = Cooccurrences.open(path)
    return {
        "format": "co-occurrence counts of embedkit",
        "words": len(counts.vocabulary),
        "nonzeros": counts.nonzeros,
        "bytes": path.stat().st_size,
        "made": counts.recipe,
    }


def _model(path: Path) -> dict[str, Any]:
    content, tensors = read_content(path)
    return {
        "format": "classifier of embedkit",
        "model": content["kind"],
        "classes": content["labels"],
        "task": content["task"],
        "words": content["words"],
        "weights": sum(tensor.size for name, tensor in tensors.items() if name != "words"),
        "bytes": path.stat().st_size,
        "parameters": content["parameters"] or None,
        "parts": _parts(content["facts"].get("parts", [])) or None,
        "tokenizer": content["tokenizer"],
        "made": content["metadata"],
    }


def _parts(told: list[dict[str, Any]]) -> dict[str, Any]:
    """The weights and the parameters of the classifiers that one is made of."""
    return {
        f"{number} {part['kind']}": {"weight": part["weight"], **part["parameters"]}
        for number, part in enumerate(told, 1)
    }


def _numbers(path: Path, name: str) -> str:
    """How the numbers of a file are stored."""
    if name != "safetensors":
        return "float32" if name == "word2vec-binary" else "decimal"
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        eight_bit = file.get_slice("vectors").get_dtype() == "I8"
    return "int8, with a float32 scale a row" if eight_bit else "float32"


def _corpus(path: Path) -> dict[str, Any]:
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
