"""Recipes of text pipelines: as JSON, of version 0.1.0, and as people write them in TOML."""

import json

import pytest

from embedkit.errors import FormatError, InputError
from embedkit.text.pipeline.custom import register_step
from embedkit.text.pipeline.normalize import recipe_lowercases
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import check_recipe, pipeline_from_recipe
from embedkit.text.reading.texts import Texts
from embedkit.text.subword_training import train_tokenizer
from tests.text.phrases.written import NEW_YORK

TEXT = "Don't pay $5, Mr. O'Neill! See http://x.de C++ new york"


def parted(text):
    return text.split()


register_step("parted", parted)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"lowercase": False, "punctuation": True, "strip_accents": True},
        {"tokenizer": "spacy:en", "numbers": "drop", "urls": "mask"},
        {"tokenizer": "icu", "html": "strip", "min_length": 2},
        {"tokenizer": "characters", "mentions": "mask"},
        {"tokenizer": "whitespace", "numbers": "mask"},
        {"tokenizer": "characters", "punctuation": True},
        {"tokenizer": "whitespace", "mentions": "drop", "hashtags": "mask"},
        {"tokenizer": "icu:ja", "punctuation": True, "numbers": "mask"},
        {"tokenizer": train_tokenizer(Texts([TEXT] * 3), vocabulary_size=60)},
        {"tokenizer": parted, "strip_accents": True},
        {"stop_words": ["pay", "see"], "phrases": NEW_YORK},
    ],
)
def test_there_and_back(options):
    pipeline = text_pipeline(**options)
    recipe = json.loads(json.dumps(pipeline.recipe()))
    check_recipe(recipe)
    again = pipeline_from_recipe(recipe)
    assert again.recipe() == pipeline.recipe()
    assert again(TEXT) == pipeline(TEXT)
    assert recipe_lowercases(recipe) is pipeline.lowercase
    assert pipeline.lowercase is (options.get("lowercase", True) and pipeline.name != "subwords")


@pytest.mark.parametrize(
    ("recipe", "tokens"),
    [
        (("words", True, True, False), "don't pay 5 mr o'neill see http x de c new york"),
        (("words", False, False, True), "Don't pay $ , Mr . O'Neill ! See http : / / x . de C + + new york"),
        (("spacy:en", True, False, False), "do n't pay mr. o'neill see http://x.de c++ new york"),
        (("whitespace", True), "don't pay $5, mr. o'neill! see http://x.de c++ new york"),
    ],
)
def test_recipes_of_version_1_keep_their_tokens(recipe, tokens):
    name, *options = recipe
    named = dict(zip(("lowercase", "numbers", "punctuation"), options, strict=False))
    pipeline = pipeline_from_recipe({"name": name, **named})
    assert pipeline(TEXT) == tokens.split()
    assert pipeline_from_recipe(pipeline.recipe())(TEXT) == tokens.split()
    assert recipe_lowercases({"name": name, **named}) is options[0]


STEPS = text_pipeline().recipe()["steps"]


@pytest.mark.parametrize(
    "recipe",
    [
        {},
        ["words"],
        None,
        {"name": 3},
        {"name": "os.system"},
        {"name": "words", "lowercase": "yes", "numbers": True, "punctuation": False},
        {"name": "words", "lowercase": True},
        {"name": "spacy:../evil", "lowercase": True, "numbers": True, "punctuation": False},
        {"name": "whitespace", "lowercase": True, "numbers": True},
        {"version": "2", "steps": STEPS},
        {"version": 0, "steps": STEPS},
        {"version": True, "steps": STEPS},
        {"version": 2, "steps": {}},
        {"version": 2, "steps": []},
        {"version": 2, "steps": [*STEPS, *STEPS]},
        {"version": 2, "steps": [*STEPS, 3]},
        {"version": 2, "steps": [*STEPS, {"step": "os.system"}]},
        {"version": 2, "steps": [*STEPS, {"step": "normalize"}]},
        {
            "version": 2,
            "steps": [*STEPS, {"step": "filter", "numbers": 1, "min_length": 1, "stop_words": []}],
        },
        {"version": 2, "steps": [*STEPS, {"step": "phrases", "phrases": 3}]},
    ],
)
def test_nonsense_is_no_recipe(recipe):
    with pytest.raises(FormatError):
        check_recipe(recipe)
    with pytest.raises(FormatError):
        pipeline_from_recipe(recipe)


def test_a_recipe_of_a_newer_version():
    with pytest.raises(FormatError, match="is of version 3, and this embedkit reads up to 2; upgrade"):
        pipeline_from_recipe({"version": 3, "steps": STEPS})


def test_options_in_a_toml_file(tmp_path):
    file = tmp_path / "recipe.toml"
    file.write_text('tokenizer = "words"\nlowercase = false\nnumbers = "mask"\nstop-words = ["See"]\n')
    pipeline = text_pipeline(pipeline=str(file))
    assert pipeline("See 5 C++") == ["<number>", "C++"]
    assert pipeline == text_pipeline(lowercase=False, numbers="mask", stop_words=["See"])


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("lowercase =", FormatError, "is no TOML"),
        ("version = 3", FormatError, "is of version 3, and this embedkit reads 2; upgrade"),
        (
            "version = 0",
            FormatError,
            "is of version 0, .* write version = 2, or leave it out",
        ),
        ("version = '2'", FormatError, "is of version '2', .* write version = 2"),
        ("lower = true", InputError, "there is no option 'lower'; there are tokenizer, lowercase"),
        ('lowercase = "yes"', InputError, "recipe.toml: lowercase must be True or False"),
        ("tokenizer = 3", InputError, "expected a tokenizer or its name, got 3"),
        ("stop_words = 3", InputError, "stop_words"),
        ('pipeline = "other.toml"', InputError, "there is no option 'pipeline'"),
    ],
)
def test_toml_that_is_no_recipe(tmp_path, content, error, message):
    file = tmp_path / "recipe.toml"
    file.write_text(content)
    with pytest.raises(error, match=message):
        text_pipeline(pipeline=str(file))


def test_options_beside_what_says_all(tmp_path):
    file = tmp_path / "recipe.toml"
    file.write_text("")
    with pytest.raises(InputError, match="says how text is read, so lowercase cannot be given beside it"):
        text_pipeline(pipeline=str(file), lowercase=False)
    with pytest.raises(InputError, match="a whole pipeline, so numbers cannot be given beside it"):
        text_pipeline(text_pipeline(), numbers="drop")
    assert isinstance(text_pipeline(text_pipeline()), TextPipeline)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lower": True}, "has no option 'lower'; there are"),
        ({"urls": "cut"}, "urls must be one of"),
        ({"tokenizer": 3}, "expected a tokenizer or its name, got 3"),
        ({"phrases": "missing.txt"}, "missing.txt"),
        ({"pipeline": "missing.toml"}, "missing.toml"),
    ],
)
def test_options_that_cannot_be(options, message):
    with pytest.raises(InputError, match=message):
        text_pipeline(**options)
