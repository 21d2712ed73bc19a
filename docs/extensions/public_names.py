"""The directive `public-names`: a table of the public names of some modules, and the reference of each.

.. public-names:: embedkit.vectors.spaces embedkit.vectors.search
   :results: embedkit.vectors.spaces.alignment.Alignment

Names come from where `embedkit` finds them, so a new one is in the reference at once; one that no page has
is a warning. Results are classes that public functions return or take, without being public names themselves.
"""

from importlib import import_module
from inspect import isclass
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import embedkit

FOREIGN = ", ".join(  # classes whose methods are documented elsewhere: in Python and in scikit-learn
    (
        *("BaseEstimator", "ClassifierMixin", "RegressorMixin", "TransformerMixin"),
        *("Exception", "ImportError", "KeyError", "ValueError", "dict", "list", "str", "tuple"),
    )
)


def names_of(modules: list[str]) -> list[str]:
    """The public names whose home is one of some modules or below it."""
    homes = embedkit._HOMES
    return [
        name
        for module in modules
        for name in sorted(homes, key=str.lower)
        if f"{homes[name]}.".startswith(f"{module}.")
    ]


class PublicNames(SphinxDirective):
    """A table of names with their first sentences, then each of them."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {"results": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """The nodes of autosummary, autoclass and autofunction."""
        names = names_of(self.arguments[0].split())
        results = self.options.get("results", "").split()
        if not hasattr(self.env, "public_names"):
            self.env.public_names = {}
        self.env.public_names[self.env.docname] = names
        lines = [".. autosummary::", "   :nosignatures:", "", *(f"   {name}" for name in names), ""]
        for name in names:
            lines += self.reference(name, getattr(embedkit, name))
        if results:
            lines += [".. rubric:: What they return and take", ""]
        for name in results:
            module, _, kind = name.rpartition(".")
            lines += self.reference(name, getattr(import_module(module), kind))
        return self.parse_text_to_nodes("\n".join(lines), offset=self.content_offset)

    def reference(self, name: str, item: Any) -> list[str]:
        """The lines of the directive for one name."""
        if not isclass(item):
            return [f".. {'autofunction' if callable(item) else 'autodata'}:: {name}", ""]
        return [f".. autoclass:: {name}", "   :members:", f"   :inherited-members: {FOREIGN}", ""]


def all_there(app: Sphinx, env: Any) -> None:
    """Warn of public names that are on no page."""
    found = {name for names in env.public_names.values() for name in names}
    for name in sorted({*embedkit.__all__} - found):
        logging.getLogger(__name__).warning("the public name %s is on no page of the reference", name)


def purged(app: Sphinx, env: Any, docname: str) -> None:
    """Forget what a page had that is read again."""
    getattr(env, "public_names", {}).pop(docname, None)


def skipped(app: Sphinx, what: str, name: str, item: Any, skip: bool, options: Any) -> bool | None:
    """Leave out fields of named tuples, which their class describes, and what scikit-learn adds."""
    field = str(getattr(item, "__doc__", "")).startswith("Alias for field number")
    added = name.startswith("set_") and name.endswith("_request")
    return True if field or added or str(getattr(item, "__module__", "")).startswith("sklearn") else None


def without_source(app: Sphinx, doctree: nodes.document) -> None:
    """Keep viewcode from results: its way back from the source knows one name of a module alone."""
    for signature in doctree.findall(addnodes.desc_signature):
        if signature.get("module", "").startswith("embedkit."):
            signature["module"] = "embedkit"


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("public-names", PublicNames)
    app.connect("env-check-consistency", all_there)
    app.connect("env-purge-doc", purged)
    app.connect("autodoc-skip-member", skipped)
    app.connect("doctree-read", without_source, priority=100)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
