"""Names that mean one thing wherever they stand: classes, and names of types."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [
    path for folder in ("embedkit", "cli", "corpora") for path in sorted((ROOT / folder).rglob("*.py"))
]


def classes(tree: ast.Module) -> Iterator[tuple[str, ast.ClassDef]]:
    """The name and the definition of each class of a module, inner ones too."""
    return ((node.name, node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


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


def trees() -> Iterator[tuple[str, ast.Module]]:
    return ((str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))) for path in MODULES)


def test_class_names_are_unique():
    homes = defaultdict(list)
    for path, tree in trees():
        for name, _ in classes(tree):
            homes[name].append(path)
    assert len(homes) > 200
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_a_type_has_one_meaning_and_is_no_class():
    """The same meaning may be named in several modules, as type variables are."""
    meanings = defaultdict(lambda: defaultdict(list))
    for path, tree in trees():
        for name, meaning in aliases(tree):
            meanings[name][meaning].append(path)
        for name, _ in classes(tree):
            meanings[name]["a class"].append(path)
    assert {name: dict(found) for name, found in meanings.items() if len(found) > 1} == {}


def test_arrays_are_named_in_one_file():
    """No module has a name of its own for what `embedkit/arrays.py` names."""
    named = {
        name: meaning
        for path, tree in trees()
        if path == "embedkit/arrays.py"
        for name, meaning in aliases(tree)
    }
    assert named["Floats2d"] == "NDArray[np.float32]"
    taken = {*named, *named.values()}
    others = [
        (path, name)
        for path, tree in trees()
        if path != "embedkit/arrays.py"
        for name, meaning in aliases(tree)
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
