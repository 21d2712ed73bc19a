"""serve, from its options to the settings of the service; what stops its start is one line."""

from pathlib import Path

import pytest

from embedkit_cli.commands import serve as command


@pytest.fixture
def started(monkeypatch):
    """The settings with which services were started, none of which listens."""
    settings = []
    monkeypatch.setattr(
        command, "run_service", lambda chosen, tell: (settings.append(chosen), tell("serving"))
    )
    return settings


def test_without_options_what_ships_is_served(run, started):
    result = run("serve")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "serving\n")
    assert list(started[0].vectors) == ["english"]
    assert started[0].listening.host == "127.0.0.1"


def test_files_have_names(run, started, royals):
    run("serve -v royals.safetensors -v wiki=other.vec -m reviews=r.safetensors --workers 3 --max-rate 2.5")
    assert started[0].vectors == {"royals": "royals.safetensors", "wiki": "other.vec"}
    assert started[0].models == {"reviews": "r.safetensors"}
    assert started[0].listening.workers == 3
    assert started[0].limits.max_rate == 2.5


def test_a_file_whose_name_has_an_equals_sign(run, started, royals):
    Path("royals.safetensors").rename("a=b.vec")
    result = run("serve -v a=b.vec")
    assert result.exit_code == 2
    assert "at most 100 letters" in result.stderr
    run("serve -v c=a=b.vec")
    assert started[0].vectors == {"c": "a=b.vec"}


def test_options_win_over_the_file(run, started):
    Path("s.toml").write_text("[server]\nport = 1\nworkers = 2\nauth = false\n[vectors]\na = 'a.vec'\n")
    run("serve --port 5 s.toml")
    listening = started[0].listening
    assert (listening.port, listening.workers, listening.auth) == (5, 2, False)
    assert started[0].vectors == {"a": Path("a.vec")}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("serve none.toml", "cannot read none.toml"),
        ("serve -v none.vec", "vectors.none: "),
        ("serve -m none.safetensors", "models.none: no such model: none.safetensors"),
        ("serve -v a.vec -v b/a.vec", "two files are called 'a'; give one another name: NAME=b/a.vec"),
        ("serve --host 0.0.0.0", "give a file of keys (--keys)"),
        ("serve --keys none.txt", "cannot read the keys in none.txt"),
        ("serve --port 70000", "port must be at most 65535"),
        ("serve --timeout nan", "timeout must be a finite number"),
        ("serve --host 203.0.113.9 --no-auth", "this machine has no such address"),
    ],
)
def test_what_stops_the_start_is_told_in_a_line(run, line, told):
    result = run(f"{line} --port 0" if "--port" not in line else line)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert told in result.stderr
