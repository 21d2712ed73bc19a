"""Every section of docs/interop.md does what it shows, where its library is installed."""

import doctest
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

TEXT = (Path(__file__).parents[1] / "docs/interop.md").read_text(encoding="utf-8")
OPENING, *PARTS = TEXT.split("\n## ")
SECTIONS = dict(part.split("\n", 1) for part in PARTS)
NEEDS = {"numpy": "numpy", "gensim": "gensim", "spaCy": "spacy", "Keras": "tensorflow", "PyTorch": "torch"}
NEEDS |= {"pandas": "pandas", "polars": "polars"}
SLOW = {"Keras": [pytest.mark.tensorflow]}


def python(text):
    return "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))


@pytest.mark.parametrize("name", [pytest.param(name, marks=SLOW.get(name, [])) for name in SECTIONS])
def test_the_session_gives_what_is_shown(name, monkeypatch):
    if name == "PyTorch" and find_spec("torch") is None:
        monkeypatch.setitem(sys.modules, "torch", torch_of_numpy())
    elif find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed")
    example = doctest.DocTestParser().get_doctest(python(OPENING + SECTIONS[name]), {}, name, "interop.md", 0)
    assert len(example.examples) > 4
    failures = []
    doctest.DocTestRunner().run(example, out=failures.append)
    assert not failures, "".join(failures)


def torch_of_numpy():
    """What the session asks of PyTorch, on arrays."""

    def from_pretrained(weight, padding_idx):
        assert not weight[padding_idx].any()
        return weight.__getitem__

    module = ModuleType("torch")
    module.from_numpy = np.asarray
    module.nn = SimpleNamespace(Embedding=SimpleNamespace(from_pretrained=from_pretrained))
    return module


def test_every_neighbor_has_its_section():
    assert set(SECTIONS) == set(NEEDS)
