"""The rule that keeps the rooms apart: each imports only what stands to its left, and heavy things late."""

import ast
import json
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary

ROOT = Path(__file__).parents[1]
ORDER = [
    {
        *("arrays", "checkpoints", "cluster", "container", "downloads", "errors", "files", "frames"),
        *("hyperparameters", "immutable", "leftovers", "parallel", "progress", "random_state"),
        *("remote_copies", "remote_files", "saver", "shipped_files", "simd", "statistics"),
    },
    {"text"},
    {"plots"},
    {"vectors"},
    {"neural", "training"},
    {"evaluation", "language_models", "maps"},
    {"models"},
    {"speech", "tagging", "translation"},
    {"music"},
    {"bias", "emoji"},
    {"card_sections", "model_files"},
    {"file_facts", "model_cells"},
    {"explorer", "saved_histories", "service"},
]
RANKS = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
PACKAGES = {"embedkit": "embedkit", "embedkit_cli": "cli", "embedkit_corpora": "corpora"}
PUBLIC = ROOT / "embedkit/__init__.py"  # names everything, imports it when asked
COMMAND = ROOT / "embedkit/__main__.py"  # is the command line
FILES = sorted(path for path in (ROOT / "embedkit").rglob("*.py") if path not in (PUBLIC, COMMAND))
HEAVY = {
    "gensim",
    "icu4py",
    "narwhals",
    "platformdirs",
    "fsspec",
    "pyarrow",
    "ray",
    "requests",
    "spacy",
    "tensorflow",
}
HEAVY |= {"openTSNE", "starlette", "uvicorn"}
HEAVY |= {"huggingface_hub", "numba", "rich", "scipy", "sklearn", "tokenizers", "usearch"}


@cache
def modules():
    """Every module of the project by its dotted name."""
    found = {}
    for package, folder in PACKAGES.items():
        for path in (ROOT / folder).rglob("*.py"):
            parts = [package, *path.relative_to(ROOT / folder).with_suffix("").parts]
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def imports(path):
    """The modules of the project that a file names, each once."""
    return frozenset(imported(path.read_text()))


def imported(source):
    """The modules of the project that a module names: in imports, in functions too, and in strings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from filter(None, (known(alias.name) for alias in node.names))
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room"
            yield from filter(None, (known(f"{node.module}.{alias.name}") for alias in node.names))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from spelled_out(node.value.partition(":")[0])
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield from spelled_out(str(node.values[0].value).removesuffix("."))


def spelled_out(text):
    """The module that a string names, if it is one; "embedkit" alone is a word, too."""
    if text in modules() and text != "embedkit":
        yield text


def known(name):
    """The module in which a name is found: "embedkit.files" for "embedkit.files.atomic_file"."""
    while name and name not in modules():
        name = name.rpartition(".")[0]
    return name


def room(name):
    """The room of a module: "text" of "embedkit.text.emoji", other packages whole, "" the package itself."""
    package, _, rest = name.partition(".")
    return rest.partition(".")[0] if package == "embedkit" else package


def allowed(own, other):
    """Whether a module in the room `own` may import one from the room `other`."""
    if own == "shipped_files" and other == "embedkit_corpora":
        return True  # where the data lie; of that package nothing is imported
    if own not in RANKS or other not in RANKS:
        return False
    return own == other or RANKS[other] < RANKS[own] or RANKS[own] == 0 == RANKS[other]


def test_a_room_imports_only_what_stands_to_its_left():
    wrong = {}
    for path in FILES:
        own = path.relative_to(ROOT / "embedkit").parts[0].removesuffix(".py")
        if names := {name for name in imports(path) if not allowed(own, room(name))}:
            wrong[path] = names
    assert not wrong


def test_no_files_import_one_another_in_a_circle():
    graph = {
        name: {other for other in imports(path) if other != name and not is_parent(other, name)}
        for name, path in modules().items()
        if path != PUBLIC
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")


def is_parent(package, module):
    """Whether a module stands in a package: Python imports that first, whatever the module says."""
    return module.startswith(f"{package}.")


@pytest.mark.parametrize(
    ("source", "rooms"),
    [
        ("import numpy, embedkit.text.corpus", ["text"]),
        ("def f():\n    from embedkit.training.word2vec import Word2Vec", ["training"]),
        ("from embedkit import vectors, files", ["vectors", "files"]),
        ("import embedkit", [""]),
        ("from embedkit_cli.main import main", ["embedkit_cli"]),
        ("import_module('embedkit_corpora')", ["embedkit_corpora"]),
        ("import_module(f'embedkit_corpora.{name}')", ["embedkit_corpora"]),
        ("KINDS = {'tfidf': 'embedkit.models.linear.tfidf:TfidfClassifier'}", ["models"]),
        ("'see `embedkit.models`'", []),
    ],
)
def test_the_reader_of_imports(source, rooms):
    assert [room(name) for name in imported(source)] == rooms


QUESTIONS = [
    "analogy -v v.safetensors a b c",
    "neighbors -v v.safetensors a",
    "similarity -v v.safetensors a b",
    "odd-one-out -v v.safetensors a b c",
    "info v.safetensors --verify",
    "convert v.safetensors w.safetensors",
    "convert v.safetensors w.vec",
    "convert w.vec x.safetensors",
    "neighbors -v w.vec a",
]
ASK = """
import json, sys
from embedkit_cli.main import main

loaded = {}
for line in sys.argv[1:]:
    try:
        main(line.split())
    except SystemExit as end:
        assert not end.code, line
    loaded[line] = [name.partition(".")[0] for name in sys.modules]
print(json.dumps(loaded))
"""


def loaded_after(folder, *lines):
    """The packages that one process has loaded after each of these command lines, which all succeed."""
    command = [sys.executable, "-c", ASK, *lines]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return {line: set(packages) for line, packages in json.loads(ran.stdout.splitlines()[-1]).items()}


@pytest.mark.parametrize("dtype", [None, "int8"])
def test_questions_import_nothing_heavy(tmp_path, dtype):
    Embeddings(np.eye(4), Vocabulary(list("abcd"))).save(tmp_path / "v.safetensors", dtype=dtype)
    loaded = loaded_after(tmp_path, *QUESTIONS)
    assert list(loaded) == QUESTIONS
    assert {line: packages & HEAVY for line, packages in loaded.items()} == {
        line: set() for line in QUESTIONS
    }
    assert all({"click", "numpy"} <= packages for packages in loaded.values())


def test_help_imports_not_even_numpy(tmp_path):
    [loaded] = loaded_after(tmp_path, "--help").values()
    assert "click" in loaded
    assert not loaded & {*HEAVY, "numpy"}


def test_pyproject_lists_every_package():
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    found = {name for name, path in modules().items() if path.name == "__init__.py"}
    assert setuptools["package-dir"] == PACKAGES
    assert set(setuptools["packages"]) == found
