"""The rule that keeps the rooms apart: each imports only what stands to its left, and heavy things late."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary

ROOT = Path(__file__).parents[1]
RANKS = {
    "errors": 0,
    "files": 0,
    "compiling": 0,
    "downloads": 0,
    "progress": 0,
    "statistics": 0,
    "text": 1,
    "vectors": 2,
    "training": 3,
    "evaluation": 4,
    "bias": 4,
    "models": 4,
    "plots": 4,
}
FILES = sorted(path for path in (ROOT / "embedkit").rglob("*.py") if path != ROOT / "embedkit/__init__.py")
HEAVY = {"gensim", "pooch", "spacy", "tensorflow", "sklearn", "scipy", "numba", "rich"}


def allowed(room, imported):
    """Whether a module in `room` may import one from the room `imported`."""
    if room not in RANKS or imported not in RANKS:
        return False
    return room == imported or RANKS[imported] < RANKS[room] or RANKS[room] == 0 == RANKS[imported]


def imported_rooms(source):
    """The rooms that a module imports anywhere, in functions too; "" stands for the package itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "embedkit":
                yield rest.partition(".")[0]
            elif package in {"embedkit_cli", "embedkit_corpora"}:
                yield package


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_stands_to_its_left(path):
    room = path.relative_to(ROOT / "embedkit").parts[0].removesuffix(".py")
    wrong = {other for other in imported_rooms(path.read_text()) if not allowed(room, other)}
    assert not wrong


@pytest.mark.parametrize(
    ("source", "rooms"),
    [
        ("import numpy, embedkit.text.corpus", ["text"]),
        ("def f():\n    from embedkit.training.word2vec import Word2Vec", ["training"]),
        ("from embedkit import vectors, files", ["vectors", "files"]),
        ("import embedkit", [""]),
        ("from embedkit_cli.main import main", ["embedkit_cli"]),
    ],
)
def test_the_reader_of_imports(source, rooms):
    assert list(imported_rooms(source)) == rooms


@pytest.mark.parametrize(
    "arguments", [["--help"], ["analogy", "-v", "v", "a", "b", "c"], ["neighbors", "-v", "v", "a"]]
)
@pytest.mark.parametrize("quantize", [None, "int8"])
def test_a_question_imports_nothing_heavy(tmp_path, arguments, quantize):
    Embeddings(np.eye(4), Vocabulary(list("abcd"))).save(tmp_path / "v", quantize=quantize)
    code = (
        "import json, sys\n"
        "from embedkit_cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(json.dumps(sorted(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in json.loads(ran.stdout.splitlines()[-1])}
    assert "click" in loaded
    assert not loaded & HEAVY
    if arguments == ["--help"]:
        assert "numpy" not in loaded


def test_pyproject_lists_every_package():
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    found = set()
    for package, folder in setuptools["package-dir"].items():
        for path in (ROOT / folder).rglob("__init__.py"):
            found.add(".".join([package, *path.parent.relative_to(ROOT / folder).parts]))
    assert set(setuptools["packages"]) == found
