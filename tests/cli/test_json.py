"""--format json: every command that prints a result has it, and prints one document and nothing else."""

import json
import math

import click
import pytest

from embedkit_cli.commands.plot import KINDS, plot
from embedkit_cli.main import COMMANDS, main
from embedkit_cli.shared.results import show_result

WITHOUT = {
    "completion": "prints a script for a shell",
    "explore": "shows a page until it is closed",
    "plot": "is a group; its kinds have it",
    "serve": "answers over HTTP, in JSON, until it is stopped",
}
LINES = {  # print an object a query or a text as they come, so that they can stand in a pipe
    *("analogy", "classify", "compose", "emojify", "encode", "generate", "infer", "neighbors", "next"),
    *("odd-one-out", "perplexity", "predict-word", "search", "similarity", "tag", "transcribe", "translate"),
    "vector",
}
MADE = ["output", "seconds", "format"]  # what a file that was written is told with first
RUN = {  # a command line -> names that its object begins with
    "analogy man woman king -v royals.safetensors": ["query", "results"],
    "align royals.safetensors royals.safetensors": ["pairs"],
    "combine royals.safetensors other.safetensors -o new.safetensors --how concatenate": MADE,
    "convert royals.safetensors new.txt": MADE,
    "convert royals.safetensors new.safetensors --quiet": MADE,
    "corpus-info corpus": ["documents", "tokens"],
    "download --list": ["entries"],
    "encode 'a king' -v royals.safetensors": ["text", "vector"],
    "evaluate --list": ["benchmarks"],
    "evaluate royals.safetensors -b analogies.txt": ["protocol"],
    "info royals.safetensors": ["format"],
    "neighbors king -v royals.safetensors": ["query", "results"],
    "odd-one-out man king queen -v royals.safetensors": ["query", "results"],
    "plot words man king -v royals.safetensors -o new.svg": ["output", "axes", "words"],
    "retrofit royals.safetensors lexicon.txt -o new.safetensors": MADE,
    "score-translations text.txt text.txt": ["lines"],
    "similarity king queen -v royals.safetensors": ["query", "results"],
    "tokenize text.txt -o new": MADE,
    "train-lm text.txt -o new --model ngram": MADE,
    "train-tokenizer text.txt -o new.json --vocabulary-size 60": MADE,
    "transform royals.safetensors -o new.safetensors --center": MADE,
    "vector king -v royals.safetensors": ["query", "vector"],
}


def command_of(name):
    return main.get_command(click.Context(main), name)


def has_json(command):
    return any("json" in getattr(param.type, "choices", ()) for param in command.params)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_prints_a_result_has_json(name):
    assert has_json(command_of(name)) != (name in WITHOUT)


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_has_json(kind):
    assert has_json(plot.get_command(click.Context(plot), kind))


def test_help_says_which_print_an_object_a_query():
    texts = {
        name: next(param.help for param in command_of(name).params if param.name == "style") for name in LINES
    }
    assert {name for name, text in texts.items() if "one object per " not in text} == set()


@pytest.fixture
def files(royals, text, tmp_path, run):
    royals.transformed(royals.matrix[:, ::-1], "reverse").save(tmp_path / "other.safetensors")
    (tmp_path / "lexicon.txt").write_text("king queen\nboy girl\n")
    (tmp_path / "analogies.txt").write_text("man woman king queen\nman woman boy girl\n")
    assert run("tokenize text.txt -o corpus -q").exit_code == 0


def refuse(constant):
    raise ValueError(f"{constant} is not JSON")


@pytest.mark.parametrize("line", RUN)
def test_stdout_is_one_document(run, files, line):
    result = run(f"{line} --format json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout, parse_constant=refuse)
    names = RUN[line]
    assert list(told)[: len(names)] == names
    assert result.stdout.endswith("}\n")
    if "--quiet" in line:
        assert result.stderr == ""


def test_a_file_is_told_as_info_tells_it(run, files):
    made = json.loads(run("transform royals.safetensors -o new.safetensors --center --format json").stdout)
    told = json.loads(run("info new.safetensors --format json").stdout)
    assert made["output"] == "new.safetensors"
    assert made["seconds"] >= 0
    assert {name: value for name, value in made.items() if name not in MADE[:2]} == told


def test_numbers_that_are_none_are_null(capsys):
    show_result("json", {"a": math.nan, "b": [math.inf, 1.5]}, text="never", summary="said")
    out, err = capsys.readouterr()
    assert (out, err) == ('{"a": null, "b": [null, 1.5]}\n', "said\n")
    show_result("text", {}, text="shown", summary="said", quiet=True)
    assert tuple(capsys.readouterr()) == ("shown\n", "")
