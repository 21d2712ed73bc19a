"""Recurrent language models from text to answers, on small texts made here."""

from itertools import pairwise

import numpy as np
import pytest

from embedkit import InputError, LanguageModel, RecurrentLanguageModel, Texts

SMALL = {"units": 24, "vector_size": 24, "batch_size": 8, "learning_rate": 0.03, "min_count": 1}
NAMES = ["anna", "hanna", "annika", "hannes", "inka", "kai", "kaia", "nikas"] * 5


def names_model(**changes):
    settings = {**SMALL, "unit": "characters", "independent_lines": True, "epochs": 4, **changes}
    return RecurrentLanguageModel(**settings)


@pytest.fixture(scope="module")
def names():
    return names_model(epochs=12).train(Texts(NAMES))


def test_the_next_number_of_a_sequence_is_learned():
    numbers = [1, 2]
    while len(numbers) < 20:
        numbers.append(numbers[-2] + numbers[-1])
    lines = [" ".join(map(str, numbers[start : start + 5])) for start in range(16)]
    trainer = RecurrentLanguageModel(tokenizer="whitespace", independent_lines=True, **SMALL)
    model = trainer.train(Texts(lines * 4), validation=0)
    windows = [numbers[start : start + 4] for start in range(16)]
    assert [model.next(f"{a} {b} {c}", 1)[0].token for a, b, c, _ in windows] == [
        str(window[3]) for window in windows
    ]


def test_names_are_predicted_better_than_by_single_letters(names):
    measured = names.validation["lstm"]
    assert measured.perplexity < 3
    assert measured.tokens == measured.characters
    assert measured.perplexity == pytest.approx(
        min(epoch["validation"] for epoch in names.metadata["history"])
    )


def test_the_file_gives_the_same_answers(names, tmp_path):
    names.save(tmp_path / "m")
    read = LanguageModel.load(tmp_path / "m")
    assert read.next("han") == names.next("han")
    assert read.generate(5, seed=3) == names.generate(5, seed=3)
    assert read.perplexity(Texts(["hannah"])) == names.perplexity(Texts(["hannah"]))


def test_a_text_depends_on_its_number_and_the_seed_alone(names):
    twenty = names.generate(20, seed=7)
    assert names.generate(3, seed=7) == twenty[:3]
    assert names.generate(20, seed=8) != twenty


def test_probabilities_are_those_by_which_texts_are_drawn(names):
    """First letters of many texts, against what the model says of them."""
    said = dict(names.next("", top=99))
    made = names.generate(2000, length=1, seed=1)
    for token in ("a", "h", "k"):
        share = np.mean([text == token for text in made])
        assert share == pytest.approx(said[token], abs=4 * np.sqrt(said[token] / 2000))


def test_training_ends_when_nothing_is_gained():
    model = names_model(epochs=200, patience=2, learning_rate=0.2).train(Texts(NAMES))
    validation = [epoch["validation"] for epoch in model.metadata["history"]]
    assert len(validation) < 60
    assert validation.index(min(validation)) == len(validation) - 3
    assert model.validation["lstm"].perplexity == pytest.approx(min(validation))


def test_learning_rates_fall_along_a_cosine():
    rates = [
        epoch["learning_rate"]
        for epoch in names_model().train(Texts(NAMES), validation=0).metadata["history"]
    ]
    assert all(later < earlier for earlier, later in pairwise(rates))
    assert rates[-1] < 0.01 * SMALL["learning_rate"]


@pytest.mark.parametrize(
    "changes", [{"tied": False}, {"cell": "rnn", "recurrent_layers": 2, "weight_dropout": 0.2}]
)
def test_other_forms_learn_too(changes):
    history = names_model(**changes).train(Texts(NAMES)).metadata["history"]
    assert history[-1]["validation"] < 0.8 * history[0]["perplexity"]


def test_a_sampled_softmax_learns_what_the_whole_one_does():
    words = [f"w{number}" for number in range(60)]
    lines = Texts([" ".join(words[start : start + 6]) for start in range(0, 54, 2)])
    trainer = RecurrentLanguageModel(tokenizer="whitespace", epochs=40, softmax_samples=15, steps=10, **SMALL)
    found = trainer.train(lines, validation=lines).validation["lstm"]
    assert found.perplexity < 6  # of 62 tokens


def test_averaged_weights_are_validated_and_kept():
    settings = {"epochs": 3, "patience": 3, "learning_rate": 0.01}
    plain, averaged = (names_model(averaging=decay, **settings).train(Texts(NAMES)) for decay in (0, 0.9))
    first, other = (model.metadata["history"] for model in (plain, averaged))
    assert [epoch["perplexity"] for epoch in first] == [epoch["perplexity"] for epoch in other]
    assert [epoch["validation"] for epoch in first] != [epoch["validation"] for epoch in other]
    assert averaged.validation["lstm"].perplexity == pytest.approx(
        min(epoch["validation"] for epoch in other)
    )
    whole = [names_model(averaging=decay, **settings).train(Texts(NAMES), validation=0) for decay in (0, 0.9)]
    assert not np.allclose(*(model.predictor.weights["vectors"] for model in whole))


def test_units_that_no_layer_would_have_are_refused():
    with pytest.raises(InputError, match="got units 12; leave units out"):
        names_model(units=12)
    model = names_model(units=12, tied=False, epochs=1).train(Texts(NAMES))
    assert model.predictor.weights["layer1/recurrent_kernel"].shape == (12, 48)
    model = names_model(units=None, tied=False, epochs=1).train(Texts(NAMES))
    assert model.predictor.weights["layer1/recurrent_kernel"].shape == (24, 96)


def test_unknown_tokens_can_be_read_where_training_had_some():
    text = Texts(["the cat sat", "the dog sat", "the cow sat", "the cat ran"])
    trainer = RecurrentLanguageModel(**{**SMALL, "min_count": 2, "epochs": 1})
    model = trainer.train(text, validation=0)
    with pytest.warns(UserWarning, match="does not know 'hen'"):
        assert model.next("the hen", 1)
    with pytest.warns(UserWarning, match="unknown token"):
        assert model.generate(prefix="the hen ", seed=1)[0].startswith("the hen ")
    assert "<unk>" not in model.generate(50, seed=1, length=5)
    strict = RecurrentLanguageModel(**{**SMALL, "epochs": 1}).train(text, validation=0)
    with pytest.raises(InputError, match="cannot read 'hen'"):
        strict.next("the hen")


def test_a_text_of_one_token_is_learned():
    model = names_model(epochs=1).train(Texts(["a"]), validation=0)
    assert {token for token, _ in model.next("a")} <= {"a", "\n", "<unk>"}
    whole = RecurrentLanguageModel(**{**SMALL, "epochs": 1}).train(Texts(["a"]), validation=0)
    assert whole.next("a", 1)
