"""The examples in docstrings do what they show, and every public name has one."""

import doctest
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import embedkit

ROOT = Path(__file__).parents[1]
PACKAGES = {"embedkit": "embedkit", "embedkit_cli": "cli", "embedkit_corpora": "corpora"}
EXAMPLES_MISSING: set[str] = set()  # public names known to have no example: the list can only shrink
NETWORKS = (
    "SpeechRecognizer(",
    "TextRegressor(",
    "TextClassifier(",
    "EnsembleClassifier(",
    "Emojifier(",
    "to_keras(",
)  # examples with these import TensorFlow
EXTRAS = {
    "gensim": "gensim",
    "spacy": "spacy",
    "pyarrow": "parquet",
    "icu4py": "Icu",
    "tokenizers": "train_tokenizer",
    "ot": "word_movers_distance(",
    "mido": "midi",
}  # a package, and what shows its need


def examples():
    """The examples of every class and function, with the name of it."""
    finder = doctest.DocTestFinder(exclude_empty=True, recurse=True)
    for package, folder in PACKAGES.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            if ">>> " not in path.read_text(encoding="utf-8"):
                continue
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            name = ".".join([package, *parts]).removesuffix(".__init__")
            yield from (found for found in finder.find(import_module(name), name) if found.examples)


def marked(example):
    """An example as a parameter, by its name, with its mark."""
    networks = any(name in example.docstring for name in NETWORKS)
    return pytest.param(example, id=example.name, marks=[pytest.mark.tensorflow] if networks else [])


@pytest.mark.parametrize("example", [*map(marked, examples())])
def test_an_example_does_what_it_shows(example, tmp_path, monkeypatch):
    for package, sign in EXTRAS.items():
        if sign in example.docstring and find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    monkeypatch.chdir(tmp_path)
    failures = []
    doctest.DocTestRunner(verbose=False).run(example, out=failures.append, clear_globs=False)
    assert not failures, "".join(failures)


def test_every_public_name_has_an_example():
    missing = {name for name in embedkit.__all__ if ">>> " not in (getattr(embedkit, name).__doc__ or "")}
    assert missing == EXAMPLES_MISSING
