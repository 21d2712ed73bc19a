"""Every page of docs/ does what it shows: its sessions of Python and its commands, in the order of the page.

Blocks `python` with prompts and blocks `console` are run in one folder, with one set of names; cells, which
train what takes longer, are executed when the site is built.
"""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from embedkit_cli.main import main

DOCS = Path(__file__).parents[1] / "docs"
OTHERS = {"interop.md", "serve.md"}  # have tests of their own, which know what they need
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (.*)\n((?:[^$].*\n)*)", re.MULTILINE)
NUMBER = re.compile(r"-?\d+\.\d+")


def pages():
    for path in sorted(DOCS.rglob("*.md")):
        blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
        if blocks and path.name not in OTHERS:
            yield pytest.param(blocks, id=str(path.relative_to(DOCS)))


@pytest.mark.parametrize("blocks", [*pages()])
def test_a_page_does_what_it_shows(blocks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for kind, text in blocks:
        if kind == "console":
            for command, shown in COMMAND.findall(text):
                check_command(command, shown)
        else:
            check_session(text, names)


def check_command(command, shown):
    program, *arguments = shlex.split(command)
    assert program == "embedkit"
    ran = CliRunner().invoke(main, arguments)
    assert ran.exit_code == 0, ran.output
    printed = "".join(f"{line.rstrip()}\n" for line in ran.stdout.splitlines())
    assert NUMBER.sub("#", printed) == NUMBER.sub("#", shown)
    expected, numbers = (list(map(float, NUMBER.findall(part))) for part in (shown, printed))
    assert numbers == pytest.approx(expected, abs=2e-4)  # processors round differently


def check_session(text, names):
    session = doctest.DocTestParser().get_doctest(text, names, "page", None, 0)
    assert session.examples
    session.globs = names  # that the next block goes on with
    failures = []
    doctest.DocTestRunner().run(session, out=failures.append, clear_globs=False)
    assert not failures, "".join(failures)


def test_pages_show_commands_and_sessions():
    kinds = [kind for page in pages() for kind, _ in page.values[0]]
    assert min(kinds.count("python"), kinds.count("console")) > 10
