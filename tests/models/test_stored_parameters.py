"""Classifiers whose pipelines are made of values of Python or files come back, and can be fitted again."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from embedkit import (
    Embeddings,
    EnsembleClassifier,
    TextClassifier,
    Texts,
    TfidfClassifier,
    Vocabulary,
    load_model,
    load_predictor,
)
from embedkit.emoji.emojifier import Emojifier
from embedkit.emoji.versions import version_network
from embedkit.errors import FormatError, InputError
from embedkit.text.pipeline import custom
from embedkit.text.pipeline.clean import Clean
from embedkit.text.pipeline.custom import register_step
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.subword_training import train_tokenizer
from embedkit.text.tokenization.words import WordsTokenizer
from tests.text.phrases.written import NEW_YORK

TEXTS = ["We love New York at www.x.org", "a Ball-game, 12:30", "love @me", "the ball of New York"] * 6
LABELS = ["heart", "ball"] * 12
OTHERS = ["love a game", "new york www.y.org", "", "unknown words"]
TINY = {"layers": "conv:2:1 max", "epochs": 1}
NETWORK = {**TINY, "embeddings": "random", "vector_size": 3, "validation_fraction": 0.0}


def halves(text):
    """Tokens that no tokenizer of embedkit gives."""
    return [part for word in text.split() for part in (word[:2], word[2:])]


class Foreign:
    """A tokenizer of another library."""

    def tokenize(self, text):
        return text.split("e")


FOREIGN = Foreign()
SUBWORDS = train_tokenizer(Texts(TEXTS), vocabulary_size=60)
register_step("halves of words", halves)
register_step("foreign tokenizer", FOREIGN)
register_step("sorted tokens", sorted)

READING = {
    "pipeline": {"tokenizer": text_pipeline(urls="mask", mentions="drop", numbers="mask")},
    "steps": {"tokenizer": TextPipeline([Clean(urls="mask"), WordsTokenizer(), sorted])},
    "tokenizer": {"tokenizer": WordsTokenizer(), "numbers": "drop"},
    "subwords": {"tokenizer": SUBWORDS},
    "function": {"tokenizer": halves, "lowercase": False},
    "method": {"tokenizer": FOREIGN.tokenize},
    "object": {"tokenizer": FOREIGN, "strip_accents": True},
    "phrases": {"phrases": NEW_YORK},
    "set": {"stop_words": {"the", "a"}, "urls": "drop"},
    "list": {"stop_words": ["the", "a"]},
    "language": {"stop_words": "en"},
}


@pytest.fixture
def in_files(tmp_path):
    """Parameters that name files, which are gone when the model is read."""
    phrases, words, recipe, subwords = (tmp_path / name for name in ("p.txt", "w.txt", "r.toml", "t.json"))
    NEW_YORK.save(phrases)
    words.write_text("the\na\n")
    recipe.write_text('urls = "mask"\nnumbers = "drop"\n')
    SUBWORDS.save(subwords)
    return [
        {"phrases": str(phrases)},
        {"phrases": phrases, "stop_words": str(words)},
        {"pipeline": recipe},
        {"pipeline": str(recipe)},
        {"tokenizer": str(subwords)},
    ]


def assert_comes_back(model, path):
    """Predictions, the pipeline and what is learned when it is fitted again are the same."""
    model.save(path)
    loaded = load_model(path)
    for predicting in (loaded, load_predictor(path)):
        np.testing.assert_array_equal(predicting.predict_proba(OTHERS), model.predict_proba(OTHERS))
    assert loaded.tokenizer_ == model.tokenizer_
    if isinstance(model, TfidfClassifier):
        assert loaded.build_pipeline() == model.build_pipeline()
    again = clone(loaded).fit(TEXTS, LABELS)
    np.testing.assert_allclose(again.predict_proba(OTHERS), model.predict_proba(OTHERS), atol=1e-6)
    path.unlink()
    loaded.save(path)  # what was read is saved again
    assert load_predictor(path).tokenizer == model.tokenizer_


@pytest.mark.parametrize("name", READING)
def test_n_grams(name, tmp_path):
    model = TfidfClassifier(min_df=1, **READING[name]).fit(TEXTS, LABELS)
    assert_comes_back(model, tmp_path / "model.safetensors")


def test_files_are_not_needed_again(in_files, tmp_path):
    for number, reading in enumerate(in_files):
        path = tmp_path / f"{number}.safetensors"
        model = TfidfClassifier(min_df=1, **reading).fit(TEXTS, LABELS)
        expected = model.tokenizer_
        model.save(path)
        for file in map(Path, reading.values()):
            file.rename(f"{file}.gone")
        loaded = load_model(path)
        assert loaded.build_pipeline() == expected
        assert (clone(loaded).fit(TEXTS, LABELS).predict(TEXTS) == model.predict(TEXTS)).all()
        loaded.save(path)
        for file in map(Path, reading.values()):
            Path(f"{file}.gone").rename(file)


def test_parameters_that_tell_all_stay_as_they_are(tmp_path):
    asked = {"tokenizer": "whitespace", "urls": "mask", "stop_words": "en", "min_length": 2}
    TfidfClassifier(min_df=1, **asked).fit(TEXTS, LABELS).save(tmp_path / "model.safetensors")
    found = load_model(tmp_path / "model.safetensors").get_params()
    assert {name: found[name] for name in asked} == asked


def test_the_pipeline_is_a_parameter_of_what_was_read(tmp_path):
    path = tmp_path / "model.safetensors"
    TfidfClassifier(min_df=1, phrases=NEW_YORK, lowercase=False).fit(TEXTS, LABELS).save(path)
    loaded = load_model(path)
    assert loaded.get_params()["tokenizer"] == text_pipeline(phrases=NEW_YORK, lowercase=False)
    assert loaded.get_params()["phrases"] is None
    assert loaded.get_params()["tokenizer"] is loaded.tokenizer_
    loaded.set_params(tokenizer="words", numbers="drop").fit(TEXTS, LABELS)
    assert loaded.tokenizer_ == text_pipeline(numbers="drop")


@pytest.mark.parametrize("name", ["function", "method", "object"])
def test_clones_keep_the_names_of_functions(name, tmp_path):
    model = TfidfClassifier(min_df=1, **READING[name])
    search = GridSearchCV(model, {"C": [1.0, 9.0], "urls": ["keep", "drop"]}, cv=2).fit(TEXTS, LABELS)
    search.best_estimator_.save(tmp_path / "model.safetensors")
    assert load_model(tmp_path / "model.safetensors").tokenizer_ == search.best_estimator_.tokenizer_


def test_clones_keep_what_scikit_learn_keeps():
    model = TfidfClassifier(tokenizer=halves, C=3.0, min_df=1).set_output(transform="default")
    cloned = clone(model.fit(TEXTS, LABELS))
    assert cloned.get_params() == model.get_params()
    assert not hasattr(cloned, "predictor_")
    assert cloned._sklearn_output_config == model._sklearn_output_config
    assert clone(TfidfClassifier(unlabeled=(texts := ["more"]))).unlabeled is not texts


def test_pipelines_are_searched():
    choices = [text_pipeline(), text_pipeline(phrases=NEW_YORK), halves, "whitespace"]
    search = GridSearchCV(TfidfClassifier(min_df=1), {"tokenizer": choices}, cv=2).fit(TEXTS, LABELS)
    assert search.best_params_["tokenizer"] in choices


@pytest.mark.parametrize(
    "step", [lambda text: text.split(), TextPipeline([WordsTokenizer(), lambda tokens: tokens])]
)
def test_a_function_without_a_name_is_told_of(step, tmp_path, monkeypatch):
    monkeypatch.setattr(custom, "_REGISTERED", {})
    model = TfidfClassifier(min_df=1, tokenizer=step).fit(TEXTS, LABELS)
    path = tmp_path / "model.safetensors"
    with pytest.raises(
        InputError, match=r"the function <lambda> has no name .* register_step\(name, function\)"
    ):
        model.save(path)
    assert not path.exists()
    function = step.steps[1].function if isinstance(step, TextPipeline) else step
    register_step("mine", function)
    model.save(path)
    assert load_model(path).predict(TEXTS).tolist() == model.predict(TEXTS).tolist()
    custom._REGISTERED.clear()
    for load in (load_model, load_predictor):
        with pytest.raises(FormatError, match=r"register_step\('mine', function\) makes it known"):
            load(path)


def test_a_foreign_tokenizer_with_a_recipe_of_its_own_is_told_of(tmp_path):
    class Own:
        name = "own"

        def tokenize_all(self, texts):
            return map(str.split, texts)

        def tokenize(self, text):
            return text.split()

        def recipe(self):
            return {"tokenizer": "own"}

    model = TfidfClassifier(min_df=1, tokenizer=Own()).fit(TEXTS, LABELS)
    with pytest.raises(InputError, match="'own' is not one of embedkit's tokenizers"):
        model.save(tmp_path / "model.safetensors")


@pytest.mark.eager
@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ["method", "phrases"])
def test_networks(name, tmp_path):
    model = TextClassifier(**NETWORK, min_count=1, **READING[name]).fit(TEXTS, LABELS)
    assert_comes_back(model, tmp_path / "model.safetensors")


@pytest.mark.eager
@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("name", "n_grams"), [("steps", None), ("phrases", TfidfClassifier(min_df=1, stop_words={"a"}))]
)
def test_ensembles(name, n_grams, tmp_path):
    network = TextClassifier(**NETWORK, min_count=1, **READING[name])
    model = EnsembleClassifier(network, n_grams).fit(TEXTS, LABELS)
    own = [network.build_pipeline(), (n_grams or network).build_pipeline()]
    assert [part.model.tokenizer_ for part in model.parts_] == own
    assert_comes_back(model, tmp_path / "model.safetensors")
    model.save(tmp_path / "model.safetensors")
    loaded = load_model(tmp_path / "model.safetensors")
    assert [loaded.network.build_pipeline(), loaded.tfidf.build_pipeline()] == own


@pytest.mark.eager
@pytest.mark.tensorflow
def test_emojifiers(tmp_path):
    reading = READING["function"] | READING["set"]
    words = ["we", "love", "new", "york", "a", "ball-game", "me", "the", "ball", "of", "new_york", "<url>"]
    space = Embeddings(np.random.default_rng(3).normal(size=(len(words), 4)), Vocabulary(words))
    network = version_network(3, **TINY, min_count=1, **reading)
    labels = ["❤️", "⚾"] * 12
    model = Emojifier(3, space, network=network, augment=False).fit(TEXTS, labels)
    path = tmp_path / "model.safetensors"
    model.save(path)
    loaded = load_model(path)
    for predicting in (loaded, load_predictor(path)):
        np.testing.assert_array_equal(predicting.predict_proba(OTHERS), model.predict_proba(OTHERS))
    assert loaded.network.build_pipeline() == network.build_pipeline() == model.parts_[0].model.tokenizer_
    again = clone(loaded).set_params(embeddings=space).fit(TEXTS, labels)
    np.testing.assert_allclose(again.predict_proba(OTHERS), model.predict_proba(OTHERS), atol=1e-6)
    loaded.save(path)


ELSEWHERE = """
import json, sys
from embedkit import load_model, load_predictor, register_step

register_step("halves of words", lambda text: [h for w in text.split() for h in (w[:2], w[2:])])
found = [load(path).predict_proba(json.loads(sys.argv[1])).tolist()
         for path in sys.argv[2:] for load in (load_model, load_predictor)]
print(json.dumps(found))
"""


def test_in_another_process(tmp_path):
    paths, expected = [], []
    for name in ("pipeline", "subwords", "function", "phrases", "set"):
        model = TfidfClassifier(min_df=1, **READING[name]).fit(TEXTS, LABELS)
        paths.append(tmp_path / f"{name}.safetensors")
        model.save(paths[-1])
        expected += [model.predict_proba(OTHERS).tolist()] * 2
    command = [sys.executable, "-c", ELSEWHERE, json.dumps(OTHERS), *map(str, paths)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(found) == expected
