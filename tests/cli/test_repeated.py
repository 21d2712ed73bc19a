import click
import pytest

from embedkit_cli.main import COMMANDS, main


def twice(name):
    """Each option of a command that has one value, as it is typed twice."""
    command = main.get_command(click.Context(main), name)
    for option in command.params:
        if isinstance(option, click.Option) and option.secondary_opts:
            yield f"{option.opts[0]} {option.secondary_opts[0]}", option
        elif isinstance(option, click.Option) and not (option.multiple or option.is_flag):
            yield f"{option.opts[0]} 1 {option.opts[-1]} 2", option


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_of_one_value_is_refused_if_it_is_given_twice(run, name):
    for typed, option in twice(name):
        spelled = " or ".join([*option.opts, *option.secondary_opts])
        expected = f"expected {spelled} once, got it 2 times; leave out all but one"
        assert run(f"{name} {typed}").stderr == f"Error: {expected} (see embedkit {name} --help)\n"


def test_the_first_of_two_files_is_not_dropped(run, royals):
    result = run("neighbors man -v royals.safetensors --vectors other.safetensors")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "-v or --vectors" in result.stderr


def test_what_may_be_repeated_is(run, royals):
    assert run("evaluate royals.safetensors -b english-similarity -b english-categories").exit_code == 0
    assert run("neighbors man -v royals.safetensors --top 2 --top 1 --help").stdout.startswith("Usage:")
    assert run("neighbors -v royals.safetensors -- --top --top").stderr.count("not in the vocabulary") == 2


def test_a_switch_may_be_repeated(run):
    assert "Missing argument 'INPUT...'" in run("train-w2v -q -q").stderr


@pytest.mark.parametrize(
    ("line", "readers"),
    [
        ("align - -", "A and for B"),
        ("combine - - x - -o o.bin", "VECTORS and for VECTORS and for VECTORS"),
        ("evaluate - -", "VECTORS and for VECTORS"),
        ("tokenize - - -o c", "INPUT and for INPUT"),
        ("search film - -v -", "INPUT and for -v or --vectors"),
        ("search - -v -", "INPUT, as none is given and for -v or --vectors"),
        ("neighbors -v -", "WORD, as none is given and for -v or --vectors"),
        ("neighbors - -v -", "WORD and for -v or --vectors"),
        ("encode -i - -v -", "-i or --input and for -v or --vectors"),
        ("classify -i - -i -", "-i or --input and for -i or --input"),
        ("bias -v - -v -", "-v or --vectors and for -v or --vectors"),
    ],
)
def test_stdin_named_twice_is_refused_before_it_is_read(run, line, readers):
    result = run(line, "a 1 2\nb 2 1\n")
    expected = f"Error: stdin can be read only once, got it for {readers}; give all but one otherwise"
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{expected} (see embedkit {line.split()[0]} --help)\n"


@pytest.mark.parametrize(
    "line",
    [
        "neighbors a -v -",
        "similarity a b -v -",
        "encode a -v -",
        "encode -i texts.txt -v -",
        "search a texts.txt -v -",
        "convert - o.bin",
    ],
)
def test_stdin_named_once_is_read(run, line, tmp_path):
    (tmp_path / "texts.txt").write_text("a b\n")
    assert run(line, "a 1 2\nb 2 1\n").exit_code == 0
