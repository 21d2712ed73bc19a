"""Names that mean one thing wherever they stand: classes, and names of types."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [
    path for folder in ("embedkit", "cli", "corpora") for path in sorted((ROOT / folder).rglob("*.py"))
]


class Names(NamedTuple):
    """What a module names."""

    path: str
    classes: list[str]
    aliases: list[tuple[str, str]]


def classes(tree: ast.Module) -> Iterator[str]:
    """The name of each class of a module, inner ones too."""
    return (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The name and the meaning of each type that a module names: `Words = tuple[str, ...]`."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and is_type_name(target.id) and node.value is not None:
                yield target.id, ast.unparse(node.value)


def is_type_name(name: str) -> bool:
    """Whether a name is in capitals and small letters, as those of types are."""
    letters = name.lstrip("_")
    return letters[:1].isupper() and not letters.isupper()


@cache
def names() -> list[Names]:
    """What every module names; their trees are not kept."""
    trees = ((path, ast.parse(path.read_text("utf-8"))) for path in MODULES)
    return [Names(str(path.relative_to(ROOT)), [*classes(tree)], [*aliases(tree)]) for path, tree in trees]


def test_class_names_are_unique():
    homes = defaultdict(list)
    for module in names():
        for name in module.classes:
            homes[name].append(module.path)
    assert len(homes) > 200
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_a_type_has_one_meaning_and_is_no_class():
    """The same meaning may be named in several modules, as type variables are."""
    meanings = defaultdict(lambda: defaultdict(list))
    for module in names():
        for name, meaning in module.aliases:
            meanings[name][meaning].append(module.path)
        for name in module.classes:
            meanings[name]["a class"].append(module.path)
    assert {name: dict(found) for name, found in meanings.items() if len(found) > 1} == {}


def test_arrays_are_named_in_one_file():
    """No module has a name of its own for what `embedkit/arrays.py` names."""
    [arrays] = (module for module in names() if module.path == "embedkit/arrays.py")
    named = dict(arrays.aliases)
    assert named["Floats2d"] == "NDArray[np.float32]"
    taken = {*named, *named.values()}
    others = [
        (module.path, name)
        for module in names()
        if module is not arrays
        for name, meaning in module.aliases
        if meaning in taken
    ]
    assert others == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Words = tuple[str, ...]", [("Words", "tuple[str, ...]")]),
        ("Words: TypeAlias = tuple[str, ...]", [("Words", "tuple[str, ...]")]),
        ("WORDS = 3\nword = 4", []),
        ("def f():\n    Words = list[str]", []),
    ],
)
def test_aliases_are_found(code, found):
    assert [*aliases(ast.parse(code))] == found
