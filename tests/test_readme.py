"""Every example in the README does what it shows."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
CONSOLE = "".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL))
EXAMPLES = re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", CONSOLE, re.MULTILINE)

NUMBER = re.compile(r"-?\d+\.\d+")


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_commands_print_what_is_shown(command, output):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        command, shell=True, capture_output=True, text=True, env={**os.environ, "PATH": path}, timeout=60
    )
    assert NUMBER.sub("#", ran.stdout) == NUMBER.sub("#", output)
    shown, printed = (list(map(float, NUMBER.findall(text))) for text in (output, ran.stdout))
    assert printed == pytest.approx(shown, abs=2e-4)  # processors round differently
    assert ran.returncode == 0


@pytest.mark.slow
def test_python_examples_give_what_is_shown():
    python = "".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))
    example = doctest.DocTestParser().get_doctest(python, {}, "README", "README.md", 0)
    failures = []
    doctest.DocTestRunner().run(example, out=failures.append)
    assert not failures, "".join(failures)


def test_there_are_examples():
    assert len(EXAMPLES) >= 5
