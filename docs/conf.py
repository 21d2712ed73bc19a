"""How Sphinx makes the site of this folder: `make docs`."""

import os
import sys
from importlib import import_module
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))
os.environ["NO_COLOR"] = "1"  # what commands print in the pages
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
os.environ["MATPLOTLIBRC"] = str(Path(__file__).parent / "matplotlibrc")

project = "embedkit"
project_copyright = "the embedkit authors"
author = "the embedkit authors"
release = version = installed_version("embedkit")

extensions = [
    "myst_nb",  # Markdown; pages that begin with a kernel are executed
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    # those of this folder
    "commands",
    "docstrings",
    "mathml",
    "public_names",
    "type_names",
]
exclude_patterns = ["extensions"]
default_role = "code"  # of names in single backticks
html_theme = "furo"
html_title = "embedkit"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "default"
pygments_dark_style = "github-dark"

nitpicky = True
nitpick_ignore_regex = [
    # what other packages document, which no network is asked for
    (r"py:.*", r"(collections|concurrent|np|numpy|re|scipy|sklearn|typing)\..*"),
]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "force"  # what a cell prints depends on embedkit too, which a cache would not see
nb_execution_in_temp = True
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
# The names of types of arrays say enough; what they stand for fills lines.
ARRAYS = [name for name in vars(import_module("embedkit.arrays")) if name[0].isupper() and name != "Any"]
autodoc_type_aliases = {name: name for name in ("ArrayLike", "DTypeLike", "NDArray", *ARRAYS)}
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"  # the list of a page names fit(), not TextClassifier.fit()
maximum_signature_line_length = 90
napoleon_attr_annotations = False  # shapes and types stand in the text
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
