"""Training, answers, unknown tokens, attention, files."""

from itertools import product

import numpy as np
import pytest

from embedkit import FormatError, InputError, Seq2Seq, TranslationSearch, Translator
from embedkit.translation.file import FORMAT
from embedkit.translation.teacher_forcing import TeacherForcing
from tests.marks import NEEDS_LOCKS
from tests.translation.conftest import SMALL, WORDS

GREEDY = TranslationSearch(beam=1)


def test_what_was_learned_is_answered(backwards):
    assert [found[0].text for found in backwards.translate(WORDS)] == [word[::-1].upper() for word in WORDS]
    assert len(backwards.history) == 40
    assert backwards.history[-1]["loss"] < 0.05 < backwards.history[0]["loss"]


def test_a_text_has_the_same_answer_in_any_company(backwards):
    texts = ["ab", "c" * 40, "", "abc", "ba"]
    alone = [backwards.translate([text], GREEDY)[0][0] for text in texts]
    together = [found[0] for found in backwards.translate(texts, GREEDY)]
    assert [one.text for one in together] == [one.text for one in alone]
    assert [one.log_probability for one in together] == pytest.approx(
        [one.log_probability for one in alone], abs=1e-4
    )


def test_log_probabilities_are_those_of_answers_and_sum_to_one(backwards):
    [found] = backwards.translate(["abc"], TranslationSearch(beam=4, n_best=4))
    texts = [one.text for one in found]
    assert backwards.log_probabilities(["abc"] * 4, texts) == pytest.approx(
        [one.log_probability for one in found], abs=1e-4
    )
    every = ["".join(letters) for length in range(4) for letters in product("ABC", repeat=length)]
    chances = np.exp(backwards.log_probabilities(["ab"] * len(every), every))
    assert 0.9 < chances.sum() < 1


def test_the_widest_beam_finds_the_likeliest_answer(backwards):
    """All answers of up to four letters are scored by themselves; no search can find a better one."""
    every = ["".join(letters) for length in range(5) for letters in product("ABC", repeat=length)]
    likeliest = every[int(backwards.log_probabilities(["cabac"] * len(every), every).argmax())]
    search = TranslationSearch(beam=200, length_normalization=0, n_best=150)
    texts = [one.text for one in backwards.translate(["cabac"], search)[0] if len(one.text) < 5]
    assert texts[0] == likeliest


def test_scores_are_log_probabilities_by_length(backwards):
    [found] = backwards.translate(["abc"], TranslationSearch(length_normalization=0.5, n_best=3))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].score == pytest.approx(found[0].log_probability / 4**0.5, abs=1e-5)


def test_coverage_counts_against_answers_that_pass_over_tokens(backwards):
    [answer] = backwards.translate(["abc"], TranslationSearch(coverage=2.0, length_normalization=1))[0]
    weights = backwards.attention("abc", answer.text).weights
    penalty = np.log(np.minimum(weights.sum(axis=0), 1)).sum()
    length = len(answer.text) + 1
    assert answer.score == pytest.approx(answer.log_probability / length + 2 * penalty, abs=1e-4)


def test_empty_texts_have_empty_answers(backwards):
    assert [found[0].text for found in backwards.translate(["", "ab"])] == ["", "BA"]
    assert backwards.translate([]) == []


def test_answers_end_however_little_the_model_has_learned(tmp_path):
    """A model without training says anything: twice the tokens of the source and ten more are the most."""
    translator = Seq2Seq(**SMALL, epochs=1).train(["abc", "\ud83d"], ["ABCDEFGH" * 9, "x"])
    for text, longest in (("a", 13), ("abcabc" * 5, 71)):
        [answer] = translator.translate([text, "b" * 40], TranslationSearch(beam=2))[0]
        assert len(answer.text) <= longest
    translator.save(tmp_path / "model.safetensors")


def test_unknown_characters_and_long_lines_are_read(backwards):
    texts = ["a\u732bb", "\u732b", "ab" * 5000]
    assert all(found[0].text is not None for found in backwards.translate(texts, GREEDY))


def test_unknown_words_are_copied_from_where_attention_looks():
    names = ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal"]
    model = Seq2Seq(**{**SMALL, "tokens": "words", "min_count": 2}, epochs=60)
    sources, targets = ([f"{hello} {name}" for name in names] for hello in ("hi", "salut"))
    translator = model.train([*sources, *["hi all"] * 8], [*targets, *["salut tous"] * 8])
    [[answer]] = translator.translate(["hi zoe"], TranslationSearch(copy_unknown=True))
    attended = translator.attention("hi zoe", "salut zoe")
    assert answer.text == "salut zoe"
    assert attended.weights[1, :2].argmax() == 1
    assert "<unk>" not in translator.translate(["hi zoe"])[0][0].text


def test_attention_tells_tokens_and_sums_to_one(backwards):
    attended = backwards.attention("abc", "CBA")
    assert (list(attended.source), list(attended.target)) == (["a", "b", "c", ""], ["C", "B", "A", ""])
    assert attended.weights.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_the_same_seed_gives_the_same_model(tmp_path):
    def trained(seed, name):
        sampled = Seq2Seq(**SMALL | {"dropout": 0.2}, epochs=2, seed=seed, scheduled_sampling=0.5)
        sampled.train(WORDS, WORDS).save(tmp_path / name)
        return (tmp_path / name).read_bytes()

    assert trained(1, "a") == trained(1, "b") != trained(2, "c")


def test_the_epoch_of_the_lowest_loss_on_what_is_held_out_is_kept():
    model = Seq2Seq(**SMALL | {"learning_rate": 0.3}, epochs=4)
    translator = model.train(WORDS, WORDS, validation_data=(["abc"], ["abc"]))
    losses = [epoch["validation_loss"] for epoch in translator.history]
    [found] = translator.log_probabilities(["abc"], ["abc"])
    assert -found / 4 == pytest.approx(min(losses), rel=1e-4)


def test_training_ends_early_without_a_lower_loss():
    model = Seq2Seq(**SMALL | {"learning_rate": 0.3}, epochs=50, patience=1)
    translator = model.train(["ab"] * 8, ["ab"] * 8, validation_data=(["ab"], ["ba"]))
    assert len(translator.history) < 50


def test_a_saved_model_answers_the_same(backwards, tmp_path):
    backwards.save(tmp_path / "model.safetensors")
    loaded = Translator.load(tmp_path / "model.safetensors")
    assert loaded.translate(WORDS) == backwards.translate(WORDS)
    assert (loaded.parameters, loaded.metadata) == (backwards.parameters, {"pairs": len(WORDS)})
    assert loaded.history == backwards.history


def test_with_input_feeding_the_same_is_learned_and_saved(tmp_path):
    targets = [word[::-1].upper() for word in WORDS]
    model = Seq2Seq(**SMALL, epochs=30, input_feeding=True).train(WORDS, targets)
    model.save(tmp_path / "fed.safetensors")
    answers = Translator.load(tmp_path / "fed.safetensors").translate(WORDS)
    assert [found[0].text for found in answers] == targets
    [found] = model.translate(["cab"], TranslationSearch(beam=3, n_best=3))
    assert model.log_probabilities(["cab"] * 3, [one.text for one in found]) == pytest.approx(
        [one.log_probability for one in found], abs=1e-4
    )


def test_subwords_are_kept_in_the_file(tmp_path):
    pytest.importorskip("tokenizers")
    options = {**SMALL, "tokens": "subwords", "vocabulary_size": 40}
    translator = Seq2Seq(**options, epochs=1).train(["the cat sat", "a cat"] * 4, ["le chat", "un chat"] * 4)
    translator.save(tmp_path / "model.safetensors")
    loaded = Translator.load(tmp_path / "model.safetensors")
    assert loaded.source.encode(["the cat"]) == translator.source.encode(["the cat"])
    assert loaded.translate(["the cat"]) == translator.translate(["the cat"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[:-1], "bytes"),
        (lambda data: data[:-5] + b"\x00" + data[-4:], "checksum"),
        (lambda data: b"", "empty"),
        (lambda data: data.replace(b"embedkit.seq2seq", b"embedkit.seq3seq"), "a safetensors file"),
    ],
)
def test_damaged_files_are_told(backwards, tmp_path, change, message):
    path = tmp_path / "model.safetensors"
    backwards.save(path)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(FormatError, match=message):
        Translator.load(path)


def test_a_header_that_lies_about_sizes_is_not_believed(backwards, tmp_path):
    path = tmp_path / "model.safetensors"
    backwards.save(path)
    with FORMAT.opened(path) as (_, header, tensors):
        tensors = {name: np.array(tensor) for name, tensor in tensors.items()}
    for name, value in (("units", 10_000), ("recurrent_layers", 16), ("attention", "additive")):
        FORMAT.write(path, {**header, "parameters": {**header["parameters"], name: value}}, tensors)
        with pytest.raises(FormatError, match="should be float32"):
            Translator.load(path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a"], ["b", "c"]), "expected a target for each of 1 sources, got 2"),
        (([], []), "expected pairs of texts to learn from, got none"),
        ((["", " "], ["a", "b"]), "expected pairs of texts to learn from, got none"),
        (("ab", ["c"]), "expected a list of sources, got one string"),
        (([float("nan")], ["a"]), "sources: expected strings, got nan at place 0"),
        ((["a" * 200], ["a"]), "at most 100 tokens a side"),
    ],
)
def test_what_cannot_be_learned(arguments, message):
    with pytest.raises(InputError, match=message):
        Seq2Seq(**SMALL).train(*arguments)


def test_empty_sides_and_single_tokens_are_no_hindrance():
    translator = Seq2Seq(**SMALL, epochs=1).train(["a", "", "b"], ["x", "y", ""])
    assert translator.metadata["pairs"] == 1
    assert len(translator.source) == 4


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"units": 3}, "units must be even"),
        ({"dropout": 1.0}, "dropout must be at most 0.95"),
        ({"attention": "x"}, "attention must be one of 'general', 'dot', 'additive'"),
        ({"learning_rate": float("nan")}, "learning_rate must be a finite number"),
    ],
)
def test_parameters_that_cannot_be(parameters, message):
    with pytest.raises(InputError, match=message):
        Seq2Seq(**parameters)


def test_training_that_diverges_is_told(monkeypatch):
    passed = TeacherForcing.gradients
    monkeypatch.setattr(TeacherForcing, "gradients", lambda *given: (np.nan, passed(*given)[1]))
    with pytest.raises(InputError, match="training diverged in epoch 1: the loss is nan; lower learning"):
        Seq2Seq(**SMALL, epochs=3).train(WORDS, WORDS)


def test_a_network_that_has_learned_less_than_nothing_is_told():
    with pytest.raises(
        InputError, match=r"diverged in epoch 1: the loss of a token is .*; lower learning_rate"
    ):
        Seq2Seq(**{**SMALL, "learning_rate": 900.0}, epochs=1).train(WORDS, WORDS)


def test_questions_that_cannot_be_asked(backwards):
    with pytest.raises(InputError, match="expected a text, got 3"):
        backwards.translate([3])
    with pytest.raises(InputError, match="expected a target for each of 1 texts, got 0"):
        backwards.log_probabilities(["a"], [])


@NEEDS_LOCKS
def test_a_training_that_was_interrupted_gives_the_same_bytes(resumed):
    trainer = Seq2Seq(**{**SMALL, "validation_fraction": 0.2, "dropout": 0.1}, epochs=4)
    capitals = [word[::-1].upper() for word in WORDS]
    whole, found, (told,) = resumed(
        lambda target, **watched: trainer.train(WORDS, capitals, **watched).save(target)
    )
    assert told.startswith("continuing: epoch ")
    assert found == whole
