import re
import runpy
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import click
import pytest

import embedkit
from embedkit_cli import commands
from embedkit_cli.main import COMMANDS, SECTIONS, main
from embedkit_cli.shared.provenance import without_folders


def test_every_file_of_commands_is_listed():
    (folder,) = commands.__path__
    files = {path.stem.replace("_", "-") for path in Path(folder).glob("[a-z]*.py")}
    assert files == set(COMMANDS)


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
def test_summaries_are_the_first_lines_of_help(section):
    for name, summary in section.items():
        command = main.get_command(click.Context(main), name)
        assert command.name == name
        assert command.help.splitlines()[0] == summary


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(run, name):
    result = run(f"{name} --help")
    assert (result.exit_code, result.stderr) == (0, "")
    command = main.get_command(click.Context(main), name)
    undocumented = [
        param.name for param in command.params if isinstance(param, click.Option) and not param.help
    ]
    assert undocumented == []


def test_no_arguments_show_the_help(run):
    assert run("").stdout == run("--help").stdout
    assert re.search(r"\n  similarity +Print the similarity of two words or texts\.\n", run("").stdout)


def test_version(run):
    told = f"embedkit {embedkit.__version__}\n"
    assert run("--version").stdout == told
    module = [sys.executable, "-m", "embedkit", "--version"]
    assert subprocess.run(module, capture_output=True, text=True, check=True).stdout == told


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert embedkit.__version__ == project["version"]
    assert "__version__" in dir(embedkit)


USAGE = [
    ("anlogy a b c", "there is no command 'anlogy'; did you mean analogy? (see embedkit --help)"),
    (
        "walk",
        f"there is no command 'walk'; the commands are {', '.join(COMMANDS)} (see embedkit --help)",
    ),
    ("info", "Missing argument 'FILE'. (see embedkit info --help)"),
]


@pytest.mark.parametrize(("line", "message"), USAGE)
def test_usage_errors_are_one_line(run, line, message):
    result = run(line)
    assert (result.stdout, result.stderr, result.exit_code) == ("", f"Error: {message}\n", 2)


def test_a_mistyped_option_gets_a_hint(run):
    result = run("info --formt json x")
    assert result.stderr.count("\n") == 1
    assert "--format" in result.stderr
    assert result.exit_code == 2


UNMAPPED = "lib.so: failed to map segment from shared object"
WRAPPED = OSError("libllvmlite.so could not be found")  # what llvmlite makes of it
WRAPPED.__context__ = OSError(UNMAPPED)
EXCEPTIONS = [
    (PermissionError(13, "Permission denied", "x.bin"), "x.bin: Permission denied", 2),
    (OSError(28, "No space left on device"), "[Errno 28] No space left on device", 2),
    (OSError(24, "Too many open files"), "too many open files; raise their limit (ulimit -n)", 2),
    (embedkit.InputError("a\nb"), "a b", 2),
    (MemoryError("Unable to allocate 9 GiB"), "not enough memory: Unable to allocate 9 GiB", 2),
    (MemoryError(), "not enough memory: free some, or raise its limit (ulimit -v)", 2),
    (ImportError(UNMAPPED), f"not enough memory: a library cannot be loaded: {UNMAPPED}", 2),
    (WRAPPED, f"not enough memory: a library cannot be loaded: {UNMAPPED}", 2),
    (
        IndexError("7"),
        "IndexError: 7 (a defect of embedkit; `embedkit --debug COMMAND ...` shows where, please report it)",
        1,
    ),
]


@pytest.mark.parametrize(("error", "message", "code"), EXCEPTIONS)
def test_exceptions_are_one_line_and_a_traceback_on_request(run, monkeypatch, error, message, code):
    def fail(path):
        raise error

    monkeypatch.setattr("embedkit.vectors.formats.reading.detect", fail)
    result = run("info x")
    assert (result.stderr, result.exit_code) == (f"Error: {message}\n", code)

    result = run("--debug info x")
    assert "Traceback (most recent call last):\n" in result.stderr
    assert result.stderr.endswith(f"\nError: {message}\n")
    assert result.exit_code == code


def test_warnings_are_one_line(run, monkeypatch):
    def warn(path):
        warnings.warn("look out", stacklevel=1)
        raise embedkit.InputError("stop")

    monkeypatch.setattr("embedkit.vectors.formats.reading.detect", warn)
    assert run("info x").stderr == "Warning: look out\nError: stop\n"


@pytest.mark.parametrize(
    ("argument", "kept"),
    [
        ("/home/me/wiki.txt", "wiki.txt"),
        ("texts/*.txt", "*.txt"),
        ("corpora/wiki/", "wiki"),
        ("--output=/home/me/a.bin", "--output=a.bin"),
        ("-o/home/me/a.bin", "-oa.bin"),
        ("--window=5", "--window=5"),
        ("1e-3", "1e-3"),
        ("-", "-"),
    ],
)
def test_folders_are_private(argument, kept):
    assert without_folders(argument) == kept


@pytest.mark.filterwarnings("ignore:.*found in sys.modules")
@pytest.mark.parametrize("module", ["embedkit"])
def test_modules_run_as_the_command(monkeypatch, capsys, module):
    monkeypatch.setattr(sys, "argv", [module, "--version"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module(module, run_name="__main__")
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("embedkit ")
