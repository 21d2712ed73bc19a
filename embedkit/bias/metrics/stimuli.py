"""Association tests: the word lists of WEAT, those of Caliskan et al. (2017) or a user's own, in a file.

The shipped ones are in `corpora/weat.toml`: the ten tests of Caliskan, Bryson and Narayanan (2017), one of
them with two lists. A file of one's own has the same form, in TOML or JSON: a table a test.

    [math-arts]
    x = ["math", "algebra", ...]                   # target words
    y = ["poetry", "art", ...]                     # other target words
    a = ["he", "man", ...]                         # attribute words
    b = ["she", "woman", ...]                      # other attribute words
    labels = { x = "math", y = "arts", a = "male terms", b = "female terms" }
    source = "..."                                 # where the words are from
    published = { glove = 1.06 }                   # effect sizes of a paper

`x`, `y`, `a` and `b` are needed. To reproduce the published effect sizes, load the vectors of the paper:
against `published["glove"]` stands glove.840B.300d from https://nlp.stanford.edu/projects/glove/, against
`published["word2vec"]` GoogleNews-vectors-negative300 from https://code.google.com/archive/p/word2vec/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from embedkit.bias.metrics.stimuli_checks import first_problem
from embedkit.bias.topics.documents import problem_in, read_document
from embedkit.errors import InputError
from embedkit.shipped_files import shipped_path

CALISKAN = "caliskan-2017"  # the name of the tests that ship


@dataclass(frozen=True)
class WeatTest:
    """One association test: are the words of `x` rather than those of `y` like `a` rather than `b`?

    Args:
        name: such as "math-arts".
        x: target words.
        y: other target words.
        a: attribute words.
        b: other attribute words.
        labels: what the lists "x", "y", "a" and "b" are.
        left_out: words of "x" and "y" in the source that are not used.
        published: the effect sizes of the source; in the shipped tests for "glove" and "word2vec".
        source: the study that the words come from.
        variant_of: the test of which this is another version; a ranking counts only one of them.
    """

    name: str
    x: tuple[str, ...]
    y: tuple[str, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    published: Mapping[str, float] = field(default_factory=dict)
    source: str = ""
    variant_of: str = ""

    @property
    def title(self) -> str:
        """What is asked, in words."""
        labels = {key: key.upper() for key in "xyab"} | dict(self.labels)
        return "{x} or {y}: {a} or {b}".format_map(labels)


def weat_tests(name: str | Path = CALISKAN) -> tuple[WeatTest, ...]:
    r"""The tests that ship, in the order of the paper, or those in a file.

    Raises:
        InputError: neither their name nor a file.
        FormatError: a file that has no such tests; the message names line and key.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> lists = {"x": ["rose", "tulip"], "y": ["ant", "flea"], "a": ["love"], "b": ["death"]}
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "mine.toml")
        ...     _ = path.write_text("[flowers]\n" + "\n".join(f"{key} = {lists[key]}" for key in lists))
        ...     [test] = weat_tests(path)
        >>> test.name, test.x
        ('flowers', ('rose', 'tulip'))
    """
    if str(name) == CALISKAN:
        return _shipped()
    path = Path(name)
    if not path.exists() or path.is_dir():
        raise InputError(
            f"no file {str(name)!r} of association tests; give one, or {CALISKAN!r} for those that ship"
        )
    return _read(path)


def weat_test(name: str) -> WeatTest:
    """The test of this name.

    Raises:
        InputError: there is none; the names are listed.

    Example:
        >>> test = weat_test("math-arts")
        >>> test.x[:2], test.published["glove"]
        (('math', 'algebra'), 1.06)
    """
    tests = {test.name: test for test in weat_tests()}
    if name not in tests:
        raise InputError(f"expected an association test ({', '.join(tests)}), got {name!r}")
    return tests[name]


@cache
def _shipped() -> tuple[WeatTest, ...]:
    return _read(shipped_path("weat.toml"))


def _read(path: Path) -> tuple[WeatTest, ...]:
    text, document = read_document(path, "association tests")
    if problem := first_problem(document):
        raise problem_in(path, text, problem, "tests")
    return tuple(_test(name, entry) for name, entry in document.items())


def _test(name: str, entry: Mapping[str, Any]) -> WeatTest:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    fields["left_out"] = {key: tuple(words) for key, words in entry.get("left_out", {}).items()}
    return WeatTest(name=name, **fields)
