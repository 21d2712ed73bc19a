"""Types in signatures: a link where the type is documented, else its name, if there is such a type.

Signatures name types by the module that defines them, or as that module imports them; the reference has
them under `embedkit`, or not at all (aliases, and classes that only pass through).
"""

import ast
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.inspect import TypeAliasForwardRef

import embedkit

PACKAGE = Path(str(embedkit.__file__)).parent
OTHERS = {  # of other packages, which modules import for types alone
    *("ArrayLike", "Axes", "DTypeLike", "Executor", "KerasLayers"),
    *("KeyedVectors", "Language", "NDArray", "Path"),
}


@cache
def homes() -> dict[str, set[str]]:
    """Where each name at the top of a module of embedkit is defined."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(["embedkit", *path.relative_to(PACKAGE).with_suffix("").parts])
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for name in defined(node):
                found.setdefault(name, set()).add(f"{module}.{name}")
    return found


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def resolved(app: Sphinx, env: Any, node: Any, shown: nodes.Node) -> nodes.Node | None:
    """The node that stands for a type which Sphinx does not find."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    name = target.rpartition(".")[2]
    if name in OTHERS:
        return shown
    known = homes().get(name, set())
    if target not in known and (target != name or not known):
        return None
    for home in sorted(known if target == name else {target}):
        if found := env.domains["py"].find_obj(env, None, None, home, None, 0):
            name, place = found[0]
            address = app.builder.get_relative_uri(env.current_document.docname, place.docname)
            uri = f"{address}#{place.node_id}"
            return nodes.reference("", "", shown, internal=True, reftitle=name, refuri=uri)
    return shown


def plain(app: Sphinx, what: str, name: str, item: Any, options: Any, given: str, returned: str) -> Any:
    """The signature without f-strings, which Sphinx cannot read."""
    return given and given.replace(' = f"', ' = "'), returned


def setup(app: Sphinx) -> dict[str, bool]:
    """Ask for types that Sphinx does not find."""
    TypeAliasForwardRef.__repr__ = lambda alias: alias.name  # type: ignore[method-assign]  # inside other types
    app.connect("missing-reference", resolved)
    app.connect("autodoc-process-signature", plain)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
