"""docs/architecture.md has a line for every module, and no line for one that is gone."""

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
