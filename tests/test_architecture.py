"""docs/architecture.md has a line for every module, and no line for one that is gone."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def documented():
    """What the page says of each module, by its path."""
    folder, told = None, {}
    for line in (ROOT / "docs/architecture.md").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"### `(.+)/`", line):
            folder = heading[1]
        elif folder and (row := re.fullmatch(r"\| `(\w+\.py)` \| (.*) \|", line)):
            path = f"{folder}/{row[1]}"
            assert path not in told, f"{path} has two lines"
            told[path] = row[2]
    return told


def test_every_module_has_its_line():
    folders = ("embedkit", "cli", "corpora")
    paths = {str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.py")}
    modules = {path for path in paths if not path.endswith("__init__.py")}
    told = documented()
    assert {"missing": modules - told.keys(), "gone": told.keys() - modules} == {
        "missing": set(),
        "gone": set(),
    }
    assert [path for path, text in told.items() if len(text.split()) < 3] == []


def first_paragraph(path):
    """What a module says it is; of a command what its help says."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == Path(path).stem
    ]
    told = ast.get_docstring(functions[0] if functions and "/commands/" in path else tree)
    return " ".join(told.split("\n\n")[0].split()).replace("|", "/").rstrip(".")


def test_the_lines_are_the_first_of_the_modules():
    told = documented()
    assert told == {path: first_paragraph(path) for path in told}
