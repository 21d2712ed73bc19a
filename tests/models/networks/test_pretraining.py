"""Networks that begin as a language model."""

import numpy as np
import pytest

from embedkit import (
    NgramLanguageModel,
    RecurrentLanguageModel,
    TextClassifier,
    TextRegressor,
    Texts,
    load_model,
)
from embedkit.errors import FormatError, InputError
from embedkit.models.layers.stack import LayerStack
from embedkit.models.networks.pretraining import pretrained_weights
from embedkit.models.word_ids import FIRST_WORD

pytestmark = pytest.mark.tensorflow
SIZE = 24
GOOD = ["fine", "lovely", "great", "superb", "moving", "witty", "clever", "tender"]
BAD = ["dull", "poor", "awful", "clumsy", "boring", "stale", "silly", "cheap"]
LINES = [line for word in GOOD for line in (f"a {word} film pleases", f"what a {word} film , it pleases")]
LINES += [line for word in BAD for line in (f"a {word} film bores", f"what a {word} film , it bores")]
NETWORK = {"layers": f"lstm:{SIZE}", "epochs": 1, "validation_fraction": 0.0, "punctuation": True}
STILL = {**NETWORK, "learning_rate": 1e-20}  # no weight of float32 moves


def language_model(**changes):
    settings = {"vector_size": SIZE, "batch_size": 8, "learning_rate": 0.03, "epochs": 30, "lowercase": True}
    trainer = RecurrentLanguageModel(**{**settings, "independent_lines": True, "order": 1, **changes})
    return trainer.train(Texts(LINES * 4), validation=0)


@pytest.fixture(scope="module")
def model():
    return language_model()


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    file = tmp_path_factory.mktemp("language-model") / "lm.safetensors"
    model.save(file)
    return file


@pytest.mark.eager
def test_a_network_begins_with_the_weights_of_the_file(model, path):
    network = TextClassifier(language_model=path, **STILL).fit(["a fine film", "A zebra"] * 4, ["+", "-"] * 4)
    weights = model.predictor.weights
    assert list(network.words_) == [*model.units.tokens[2:], "zebra"]
    table = network.weights_["vectors"]
    np.testing.assert_array_equal(table[FIRST_WORD:-1], weights["vectors"][2:])
    assert np.abs(table[-1]).max() < 1e-19  # a word that the language model does not know
    for name in ("kernel", "recurrent_kernel", "bias"):
        np.testing.assert_array_equal(network.weights_[f"layer1/forward/{name}"], weights[f"layer1/{name}"])


@pytest.mark.eager
def test_hidden_states_are_those_of_the_language_model(model):
    network = TextClassifier(language_model=model, **STILL).fit(["a fine film", "dull"] * 4, ["+", "-"] * 4)
    ids = np.array([model.units.tokens.index(word) for word in ("a", "fine", "film")])
    states = model.predictor.begin(1)
    for number in ids:
        _, states = model.predictor.step(states, np.array([number]))
    np.testing.assert_allclose(network.transform(["a fine film"])[0], states[0][0, 0], atol=1e-6)


@pytest.mark.eager
def test_layers_on_one_another_and_gru_begin_so_too():
    deep = language_model(recurrent_layers=2, cell="gru", epochs=1)
    layers = f"dropout:0.1 gru:{SIZE} dropout:0.1 gru:{SIZE} max"
    fitted = TextRegressor(language_model=deep, **{**STILL, "layers": layers}).fit(
        ["a fine film"] * 4, range(4)
    )
    for ours, theirs in (("layer2", "layer1"), ("layer4", "layer2")):
        np.testing.assert_array_equal(
            fitted.weights_[f"{ours}/forward/kernel"], deep.predictor.weights[f"{theirs}/kernel"]
        )


def test_words_that_no_label_told_of_are_understood(model):
    """Four words have labels; of the others only the language model knows what follows them."""
    texts = [f"a {word} film" for word in (*GOOD[:2], *BAD[:2])] * 8
    labels = ["good", "good", "bad", "bad"] * 8
    unseen = [f"a {word} film" for word in (*GOOD[2:], *BAD[2:])]
    truth = ["good"] * 6 + ["bad"] * 6
    settings = {**NETWORK, "epochs": 12, "learning_rate": 0.01, "fine_tune": False}
    pretrained = TextClassifier(language_model=model, **settings).fit(texts, labels)
    assert pretrained.score(unseen, truth) == 1
    drawn = TextClassifier(embeddings="random", vector_size=SIZE, **settings).fit(texts, labels)
    assert drawn.score(unseen, truth) == 0.5


def test_the_model_comes_back_from_its_file(path, tmp_path):
    texts, labels = ["a fine film", "a dull film"] * 4, ["+", "-"] * 4
    network = TextClassifier(language_model=path, **NETWORK).fit(texts, labels)
    network.save(tmp_path / "model")
    path_gone = load_model(tmp_path / "model")
    np.testing.assert_array_equal(path_gone.predict_proba(texts), network.predict_proba(texts))
    assert path_gone.language_model == path.name


@pytest.mark.parametrize(
    "layers",
    [
        "gru:24",
        "lstm:32",
        "bilstm:24",
        "conv:8:3 max",
        "max",
    ],
)
def test_layers_that_do_not_fit(model, layers):
    told = rf'the language model has the layers "lstm:24", but the network begins with "{layers.split()[0]}"'
    with pytest.raises(InputError, match=told):
        TextClassifier(language_model=model, layers=layers).check_parameters()
    with pytest.raises(InputError, match=told):
        TextClassifier(language_model=model, layers=layers).fit(["a film", "b film"] * 2, ["+", "-"] * 2)


def test_fewer_layers_than_the_language_model_has():
    deep = language_model(recurrent_layers=2, epochs=1)
    with pytest.raises(
        InputError, match=r'has the layers "lstm:24 lstm:24", but .* begins with "lstm:24 max"'
    ):
        pretrained_weights(deep, LayerStack("lstm:24 max"))


def test_language_models_without_layers_or_words(tmp_path):
    ngrams = NgramLanguageModel(order=2, min_count=1).train(Texts(LINES))
    with pytest.raises(InputError, match="n-grams, which has no vectors"):
        TextClassifier(language_model=ngrams, layers="lstm:24").check_parameters()
    letters = language_model(unit="characters", epochs=1)
    with pytest.raises(InputError, match="words or subwords, got one of characters"):
        TextClassifier(language_model=letters, layers="lstm:24").check_parameters()


def test_what_is_no_language_model(path, tmp_path):
    with pytest.raises(InputError, match="language_model must be a LanguageModel or its file, got 3"):
        TextClassifier(language_model=3).check_parameters()
    with pytest.raises(InputError, match="leave embeddings out"):
        TextClassifier(language_model=path, embeddings="random").check_parameters()
    with pytest.raises(InputError, match="no-such"):
        TextClassifier(language_model=tmp_path / "no-such").check_parameters()
    (tmp_path / "other").write_text("film\n")
    with pytest.raises(FormatError, match="other"):
        TextClassifier(language_model=tmp_path / "other").check_parameters()


def test_unlabeled_texts_are_for_pseudo_labels_alone(path):
    network = TextClassifier(language_model=path, unlabeled=["a film"], pseudo_labels=False, **NETWORK)
    with pytest.raises(InputError, match="unlabeled texts are for"):
        network.fit(["a fine film", "a dull film"] * 2, ["+", "-"] * 2)


def test_the_vectors_of_a_language_model(model):
    vectors = model.vectors
    assert (
        vectors["film"].tolist()
        == model.predictor.weights["vectors"][model.units.tokens.index("film")].tolist()
    )
    assert vectors.tokenizer == model.units.pipeline
    assert "<unk>" not in vectors
