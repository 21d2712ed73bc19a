"""The commands and options that README and docs name are there, and README names every command."""

import re
from pathlib import Path

import click
import pytest

from embedkit_cli.main import COMMANDS, main

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROGRAMS = "".join(  # that docs tell how to run, beside the commands
    path.read_text(encoding="utf-8")
    for folder in ("tests/benchmarks", "tests/campaigns", "corpora")
    for path in (ROOT / folder).glob("*.py")
)
OTHERS = (
    "#SBATCH",
    "docker ",
    "helm ",
    "kubectl ",
    "ray ",
    "srun ",
    "ssh ",
    "until ",
)  # lines of other programs
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
CALL = re.compile(r"(?<!from )embedkit ((?!#)[a-z][\w-]*)([^`|;#\n]*)")
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")


def options_of(name):
    """All spellings of the options of a command, and of the commands in it."""
    command = main.get_command(click.Context(main), name)
    context = click.Context(command)
    inner = command.list_commands(context) if isinstance(command, click.Group) else []
    commands = [command, *(command.get_command(context, kind) for kind in inner)]
    params = [param for each in commands for param in each.get_params(context)]
    return {spelling for param in params for spelling in (*param.opts, *param.secondary_opts)}


def code_of(path):
    """Blocks and pieces of code, lines that end with a backslash joined."""
    text = "\n".join(CODE.findall(path.read_text(encoding="utf-8")))
    return re.sub(r"\\\n\s*", "", text)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_that_are_named_take_the_options_beside_them(path):
    calls = CALL.findall(code_of(path))
    assert {name for name, _ in calls} <= {*COMMANDS}
    wrong = [
        (name, option)
        for name, arguments in calls
        for option in OPTION.findall(arguments)
        if option not in options_of(name)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_options_are_those_of_some_program(path):
    known = {"--help", "--version"}.union(*map(options_of, COMMANDS))
    lines = "\n".join(line for line in code_of(path).splitlines() if not line.startswith(OTHERS))
    named = {option for option in OPTION.findall(lines) if option.startswith("--")}
    assert {option for option in named - known if f'"{option}"' not in PROGRAMS} == set()


def test_readme_names_every_command():
    named = {name for name, _ in CALL.findall(code_of(DOCS[0]))}
    assert {*COMMANDS} - named == set()
