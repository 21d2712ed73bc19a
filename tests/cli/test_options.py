from dataclasses import MISSING, dataclass, field, fields
from typing import Literal

import click
import pytest
from click.testing import CliRunner

from embedkit import InputError, Word2Vec
from embedkit_cli.classifiers.options import MODELS, PARAMETERS
from embedkit_cli.main import main
from embedkit_cli.options import NumberRange, given_options, options_of, seed_option
from embedkit_cli.training.raw_text import TextOptions


def described(default, text):
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, kw_only=True)
class Settings:
    kind: Literal["short", "long"] = described("short", "which kind")
    vector_size: int = described(100, "dimensions of the vectors")
    rate: float = described(0.05, "a share of 1.")
    name: str = described("x", "what it is called")
    seed: int | None = described(None, "seed, by default none")
    exact: bool = described(False, "take no short cut")

    def __post_init__(self):
        if self.vector_size < 1:
            raise InputError(f"vector_size must be at least 1, got {self.vector_size}")


@click.command()
@click.argument("word")
@options_of(Settings, "settings")
@click.option("--more", is_flag=True)
def command(word, settings, more):
    click.echo(f"{word} {settings} {more}")


LINES = [
    ([], Settings()),
    (["--kind", "long", "--vector-size", "3"], Settings(kind="long", vector_size=3)),
    (["--rate", "1e-3", "--name", "y", "--seed", "4"], Settings(rate=1e-3, name="y", seed=4)),
    (["--exact"], Settings(exact=True)),
    (["--exact", "--no-exact"], Settings()),
]


@pytest.mark.parametrize(("arguments", "settings"), LINES)
def test_options_become_an_instance(arguments, settings):
    result = CliRunner().invoke(command, ["w", *arguments])
    assert result.output == f"w {settings} False\n"


def test_the_help_tells_of_the_fields():
    assert CliRunner().invoke(command, ["--help"]).output == (
        "Usage: command [OPTIONS] WORD\n"
        "\n"
        "Options:\n"
        "  --kind [short|long]   Which kind.  [default: short]\n"
        "  --vector-size N       Dimensions of the vectors.  [default: 100]\n"
        "  --rate X              A share of 1.  [default: 0.05]\n"
        "  --name TEXT           What it is called.  [default: x]\n"
        "  --seed N              Seed, by default none.\n"
        "  --exact / --no-exact  Take no short cut.  [default: no-exact]\n"
        "  --more\n"
        "  --help                Show this message and exit.\n"
    )


@pytest.mark.parametrize("arguments", [["--kind", "wide"], ["--vector-size", "3.5"], ["--rate", "fast"]])
def test_values_of_the_wrong_type_are_refused(arguments):
    assert CliRunner().invoke(command, ["w", *arguments]).exit_code == 2


@pytest.mark.parametrize("value", ["nan", "inf", "-0.1", "1.1", "1e400"])
def test_ranges_hold_numbers(value):
    with pytest.raises(click.BadParameter):
        NumberRange(0, 1).convert(value, None, None)
    assert NumberRange(0, 1).convert("0.5", None, None) == 0.5


def test_the_dataclass_validates():
    result = CliRunner().invoke(command, ["w", "--vector-size", "0"])
    assert str(result.exception) == "vector_size must be at least 1, got 0"


@dataclass(frozen=True, kw_only=True)
class OtherSettings:
    rate: float = described(0.5, "another rate")
    name: str = described("x", "what it is called")
    depth: int = described(2, "how deep")


@click.command()
@given_options(
    {Settings: "Small", OtherSettings: "Large"}, "given", without=["depth", "exact", "kind", "seed"]
)
@seed_option()
def two_kinds(given, seed):
    click.echo(f"{sorted(given.items())} {seed}")


def test_a_field_of_several_dataclasses_is_one_option():
    """With all its defaults, where these differ; what is left out is no option."""
    lines = [line.strip() for line in CliRunner().invoke(two_kinds, ["--help"]).output.splitlines()]
    assert "--rate X         A share of 1.  [default: (0.05 for small, 0.5 for large)]" in lines
    assert "--name TEXT      What it is called.  [default: x]" in lines
    assert not [line for line in lines if line.startswith(("--depth", "--exact", "--kind"))]


def test_only_what_was_typed_is_given():
    assert CliRunner().invoke(two_kinds, ["--rate", "0.05"]).output == "[('rate', 0.05)] 1\n"
    assert CliRunner().invoke(two_kinds, ["--seed", "7"]).output == "[] 7\n"
    assert str(CliRunner().invoke(two_kinds, ["--seed", "-1"]).exception) == "seed must be at least 0, got -1"


def test_every_parameter_of_a_model_is_an_option():
    """But those for which the command has a word of its own."""
    from embedkit.models.construction import parameter_types

    named = {name for model in MODELS for name in parameter_types(model)}
    declared = {item.name for kind in PARAMETERS for item in fields(kind)}
    assert named - declared == {"embeddings", "unlabeled", "seed"}
    assert declared <= named


@pytest.mark.parametrize("option", ["--validation-fraction", "--patience", "--vector-size"])
def test_an_emojifier_has_no_options_of_what_it_sets_itself(option):
    result = CliRunner().invoke(main, ["train-emojify", "data.csv", "-o", "m", option, "1"])
    assert result.exit_code == 2
    assert f"No such option '{option}'" in result.stderr


@pytest.mark.parametrize("kind", [Word2Vec, TextOptions])
def test_every_field_can_be_an_option(kind):
    assert all(f.metadata["help"] and f.default is not MISSING for f in fields(kind))

    @click.command()
    @options_of(kind, "instance")
    def show(instance):
        click.echo(instance == kind())

    assert CliRunner().invoke(show, []).output == "True\n"


@pytest.mark.parametrize("line", ["bias", "debias", "evaluate", "debias --set seed=4294967296 --seed 1"])
def test_a_seed_that_is_too_large_is_an_error_of_the_user(run, line):
    result = run(line if "--seed" in line else f"{line} --seed 4294967296")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "4294967295" in result.stderr
