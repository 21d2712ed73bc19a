"""embedkit completion: the scripts of three shells, and what they propose."""

import shutil
import subprocess
import sys

import pytest

from embedkit_cli.commands.plot import KINDS
from embedkit_cli.main import COMMANDS, main
from embedkit_cli.shared import shells
from embedkit_cli.shared.shells import COMPLETE, INSTALL, FilesElse


@pytest.fixture
def proposed(monkeypatch):
    """What bash gets for a line of words, of which the last is not finished."""

    def proposed(line):
        *typed, incomplete = line.split(" ")
        kind = type("Asked", (FilesElse, shells.KINDS["bash"]), {})
        return [
            (item.type, item.value)
            for item in kind(main, {}, "embedkit", COMPLETE).get_completions(typed, incomplete)
        ]

    return proposed


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("train-em", [("plain", "train-emojify")]),
        ("--v", [("plain", "--version")]),
        ("plot ", [("plain", kind) for kind in KINDS]),
        ("plot an", [("plain", "analogy")]),
        ("plot words --cl", [("plain", "--clusters")]),
        ("plot words --method ", [("plain", "pca"), ("plain", "tsne")]),
        ("analogy a b c --method 3cosm", [("plain", "3cosmul")]),
        ("train-w2v --gat", []),
        ("train-w2v te", [("file", "te")]),
        ("neighbors -v ve", [("file", "ve")]),
        ("neighbors -v a.bin -v b", [("file", "b")]),  # an option twice is no error yet
        ("classify -m fi", [("file", "fi")]),
    ],
)
def test_what_is_proposed(proposed, line, expected):
    assert proposed(line) == expected


def test_all_commands_are_proposed_and_none_is_imported(proposed, monkeypatch):
    monkeypatch.setattr("embedkit_cli.shared.lazy_group.import_module", lambda name: pytest.fail(name))
    assert {value for kind, value in proposed("")} >= {*COMMANDS}


@pytest.mark.parametrize("shell", INSTALL)
def test_a_script_says_how_it_is_installed(run, shell):
    result = run(f"completion {shell}")
    first, *rest = result.stdout.splitlines()
    assert first == f"# To install it for good: {INSTALL[shell]}"
    assert f"{COMPLETE}={shell}_complete" in "\n".join(rest)
    assert INSTALL[shell] in run("completion --help").stdout


def test_the_shell_of_the_environment(run, monkeypatch):
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert run("completion").stdout == run("completion fish").stdout
    monkeypatch.setenv("SHELL", "/bin/csh")
    result = run("completion")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "expected the name of a shell, bash, zsh, fish, as $SHELL is 'csh'" in result.stderr


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_in_bash(tmp_path, run):
    program = tmp_path / "bin" / "embedkit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m embedkit "$@"\n')
    program.chmod(0o755)
    (tmp_path / "script").write_text(run("completion bash").stdout)
    asked = "COMP_WORDS=(embedkit analogy --method 3cos); COMP_CWORD=3; _embedkit_completion embedkit"
    command = f'PATH={program.parent}:$PATH; . ./script; {asked}; echo "${{COMPREPLY[@]}}"'
    ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "3cosadd 3cosmul\n"
