"""The gates of trained networks, and how far gradients reach in their cells."""

from pathlib import Path

import numpy as np
import pytest

from embedkit import (
    InputError,
    LanguageModel,
    NgramLanguageModel,
    RecurrentLanguageModel,
    Seq2Seq,
    SequenceTagger,
    Texts,
    load_predictor,
)
from embedkit.language_models.cell_walks import text_walks
from embedkit.model_cells import model_reach, text_gates
from embedkit.models.layers.stack import TABLE
from embedkit.neural.activations import sigmoid

DATA = Path(__file__).parent / "compatibility/data"


@pytest.mark.parametrize(
    ("name", "gates"), [("lstm", ["input", "forget", "output"]), ("gru", ["update", "reset"])]
)
def test_gates_of_both_directions_stand_in_the_order_of_the_text(name, gates):
    predictor = load_predictor(DATA / f"{name}.safetensors")
    found = text_gates(DATA / f"{name}.safetensors", "What a great film!")
    assert found.tokens == ["what", "a", "great", "film"]
    layers = ["layer2/forward", "layer2/backward"]
    assert [(one.layer, one.gate) for one in found.gates] == [
        (layer, gate) for layer in layers for gate in gates
    ]
    for one in found.gates:
        assert one.values.shape == (4, len(one.values[0]))
        assert 0 < one.values.min() <= one.values.max() < 1
    weights, ids = predictor.weights, predictor.token_ids(["What a great film!"])[0]
    for layer, first in zip(layers, (0, -1), strict=True):  # no state before the first token that is read
        bias = np.atleast_2d(weights[f"{layer}/bias"]).sum(axis=0)
        sums = weights[TABLE][ids[first]] @ weights[f"{layer}/kernel"] + bias
        units = len(weights[f"{layer}/recurrent_kernel"])
        own = next(one for one in found.gates if one.layer == layer)
        np.testing.assert_allclose(own.values[first], sigmoid(sums[:units]), atol=1e-6)


def test_a_long_text_has_the_tokens_that_the_network_reads():
    predictor = load_predictor(DATA / "gru.safetensors")
    first, last = predictor.ends
    found = text_gates(DATA / "gru.safetensors", " ".join(["what"] * (first + last) + ["film"]))
    assert len(found.tokens) == len(found.gates[0].values) == first + last
    assert found.tokens[-1] == "film"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("rnn", "a film", "no LSTM and no GRU"),
        ("conv", "a film", "no LSTM"),
        ("lstm", " ", "text with words"),
    ],
)
def test_what_has_no_gates_is_refused(name, text, message):
    with pytest.raises(InputError, match=message):
        text_gates(DATA / f"{name}.safetensors", text)


def test_gradients_in_the_cells_of_a_model():
    found = model_reach(DATA / "rnn.safetensors", 5, 3, seed=1)
    assert [reach.name for reach in found] == ["layer2/forward RNN", "layer4/forward RNN"]
    assert all(reach.norms[0] == pytest.approx(1) and reach.norms.shape == (6,) for reach in found)
    with pytest.raises(InputError, match="no recurrent layers"):
        model_reach(DATA / "conv.safetensors", 5, 3, seed=1)


def saved_language_model(folder):
    settings = {"unit": "characters", "independent_lines": True, "min_count": 1, "units": 6, "vector_size": 4}
    model = RecurrentLanguageModel(cell="gru", recurrent_layers=2, tied=False, epochs=1, **settings)
    model.train(Texts(["aba", "abba"] * 4), validation=0).save(folder / "lm.safetensors")
    return folder / "lm.safetensors"


def saved_translator(folder):
    model = Seq2Seq(tokens="characters", cell="lstm", units=4, vector_size=3, epochs=1, validation_fraction=0)
    model.train(["ab", "ba"] * 4, ["AB", "BA"] * 4).save(folder / "translator.safetensors")
    return folder / "translator.safetensors"


def saved_tagger(folder):
    model = SequenceTagger(units=4, character_units=3, lstm_layers=2, epochs=1, validation_fraction=0)
    model.fit([["a", "bee"], ["bee", "a", "a"]] * 4, [["X", "Y"], ["Y", "X", "X"]] * 4)
    model.save(folder / "tagger.safetensors")
    return folder / "tagger.safetensors"


@pytest.mark.parametrize(
    ("saved", "tokens", "layers", "kind"),
    [
        (saved_language_model, ["\\n", "a", "b"], ["layer1", "layer2"], "GRU"),
        (saved_translator, ["a", "b", ""], ["encoder1/forward", "encoder1/backward"], "LSTM"),
        (
            saved_tagger,
            ["ab"],
            [f"lstm{n}/{side}" for n in (1, 2) for side in ("forward", "backward")],
            "LSTM",
        ),
    ],
)
def test_other_models_have_cells_too(saved, tokens, layers, kind, tmp_path):
    path = saved(tmp_path)
    found = text_gates(path, "ab")
    assert found.tokens == tokens
    assert list(dict.fromkeys(gate.layer for gate in found.gates)) == layers
    assert all(len(gate.values) == len(tokens) and gate.values.min() > 0 for gate in found.gates)
    reaches = model_reach(path, 4, 3, seed=1)
    assert [reach.name for reach in reaches] == [f"{layer} {kind}" for layer in layers]
    assert all(reach.norms[0] == pytest.approx(1) and reach.norms.shape == (5,) for reach in reaches)


def test_the_last_layer_of_a_language_model_shows_what_it_predicts_by(tmp_path):
    model = LanguageModel.load(saved_language_model(tmp_path))
    states = model.predictor.begin(1)
    for token in text_walks(model, "ab").walks[0].inputs:
        numbers = np.array([np.abs(model.predictor.weights["vectors"] - token).sum(axis=1).argmin()])
        _, states = model.predictor.step(states, numbers)
    assert text_walks(model, "ab").walks[1].states[-1] == pytest.approx(states[1][:, 0], abs=1e-6)


def test_n_grams_have_no_cells(tmp_path):
    NgramLanguageModel(order=2).train(Texts(["to be or not to be"] * 2)).save(tmp_path / "ngrams")
    with pytest.raises(InputError, match="n-grams has no recurrent layers"):
        text_gates(tmp_path / "ngrams", "to be")
