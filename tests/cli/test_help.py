"""Help reads the same in all commands: one phrase for an option of several, one name for its values."""

import re

import click
import pytest

from embedkit_cli.commands.plot import KINDS, plot
from embedkit_cli.main import COMMANDS, main
from embedkit_cli.shared.headings import OUTPUT, HeadedCommand
from embedkit_cli.training.raw_text import FILES, RAW_TEXT

MAX_FLAT = 9  # options that are easier to find under headings
PHRASES = {
    "seed": r"Random seed\.",
    "quiet": r"No progress and no summary on stderr\.",
    "dtype": r"(Type of the numbers in the file: .+ keep theirs|How numbers are kept in the index; .+)\.",
    "punctuation": r"Keep punctuation as tokens\.",
    "plot": r"Plot [^.]+ to a PNG, SVG or PDF file\.",
    "style": r"(All but text .+; )?json: one object.*\.",
    "top": r"Number of .+",
    "learning_rate": r"Initial learning rate.*\.",
    "max_vocabulary": r"Maximum vocabulary size; keeps the most frequent words\.",
}


def commands():
    return [main.get_command(click.Context(main), name) for name in COMMANDS]


def commands_and_kinds():
    return [*commands(), *(plot.get_command(click.Context(plot), kind) for kind in KINDS)]


def options():
    """Every option of every command, with its context."""
    return [
        (click.Context(command, info_name=command.name), param)
        for command in commands_and_kinds()
        for param in command.params
        if isinstance(param, click.Option)
    ]


@pytest.mark.parametrize("name", PHRASES)
def test_an_option_has_one_phrase(name):
    texts = [param.help for _, param in options() if param.name == name]
    assert len(texts) > 1
    assert [text for text in texts if not re.fullmatch(PHRASES[name], text)] == []


def test_help_is_a_sentence():
    assert [param.help for _, param in options() if not re.fullmatch(r"\S.+[^.]\.", param.help)] == []


def test_vectors_default_to_the_bundled_ones():
    texts = {param.help for _, param in options() if param.name == "vectors" and param.metavar == "FILE"}
    assert {text.partition(". ")[2] for text in texts} == {"Default: the bundled English vectors."}


def test_values_are_called_n_and_x():
    """Whole numbers are N, others X or a FRACTION or probability P, and no type of click is seen."""
    shown = {param.name: param.make_metavar(ctx) for ctx, param in options() if not param.is_flag}
    assert {
        name: value for name, value in shown.items() if re.search("INTEGER|FLOAT|RANGE|PATH", value)
    } == {}
    whole = [param for _, param in options() if isinstance(param.type, click.types.IntParamType)]
    assert {param.metavar for param in whole} == {"N"}
    numbers = [param for _, param in options() if isinstance(param.type, click.types.FloatParamType)]
    assert {param.metavar for param in numbers} == {"X", "FRACTION", "P"}


@pytest.mark.parametrize("command", commands(), ids=COMMANDS)
def test_many_options_stand_under_headings(run, command):
    shown = [param for param in command.params if isinstance(param, click.Option)]
    if len(shown) > MAX_FLAT:
        assert isinstance(command, HeadedCommand)
    if isinstance(command, HeadedCommand):
        *_, rest = re.split(r"\n\n(?=[A-Z][^\n]*:\n)", run(f"{command.name} --help").stdout)
        assert rest.startswith("Options:\n")
        told = re.findall(r"^  (?:-\w, )?(--[\w-]+)", rest, re.MULTILINE)
        assert {*told} <= {"--quiet", "--help"}


def headings(command):
    options = (param for param in command.params if isinstance(param, click.Option))
    return list(dict.fromkeys(getattr(option, "heading", "Options") for option in options))


def test_commands_of_raw_text_look_alike():
    """They say what INPUT is, and have what is written, what is special to them and what is read in turn."""
    reading = [command for command in commands() if FILES in headings(command)]
    assert {"tokenize", "phrases", "train-tokenizer", "train-w2v"} <= {command.name for command in reading}
    for command in reading:
        assert re.search(r"^ *INPUT is (a|one) ", command.help, re.MULTILINE), command.name
        order = [OUTPUT, "special", FILES, RAW_TEXT, "Options"]
        kinds = [name if name in order else "special" for name in headings(command)]
        places = [order.index(kind) for kind in dict.fromkeys(kinds)]
        assert places == sorted(places), command.name


def test_arguments_are_in_the_usage_alone(run):
    assert not re.search(r"^  (DATA|\[FILE\]\.\.\.)$", run("compare-classifiers --help").stdout, re.MULTILINE)
