"""Lists of tokens and of token ids as texts: read as they are, remembered by the model and its file."""

import json

import numpy as np
import pyarrow as pa
import pytest

from embedkit import (
    Embeddings,
    EnsembleClassifier,
    InputError,
    Labeled,
    MeanVectorClassifier,
    TextClassifier,
    TextVectors,
    TfidfClassifier,
    Vocabulary,
    classify,
    evaluate_classifier,
    load_model,
    load_predictor,
    read_labeled,
)

TOKENS = [["Good", "film", "n't"], ["bad", "film"], ["good", "plot", "!"], ["bad", "plot", "!", "!"]] * 5
LABELS = ["pos", "neg"] * 10
NUMBERS = {"good": 11, "bad": 12, "film": 20, "plot": 21, "n't": 30, "!": 31}
IDS = [[NUMBERS[token.lower()] for token in tokens] for tokens in TOKENS]
NETWORK = {
    "embeddings": "random",
    "layers": "bilstm:4 max",
    "vector_size": 8,
    "epochs": 2,
    "batch_size": 20,
    "validation_fraction": 0.0,
}


def padded(left=False):
    rows = np.zeros((len(IDS), 6), np.int32)
    for row, ids in zip(rows, IDS, strict=True):
        row[6 - len(ids) if left else 0 :][: len(ids)] = ids
    return rows


def ragged(rows):
    array = np.empty(len(rows), object)
    array[:] = [np.array(row) for row in rows]
    return array


def space(words):
    return Embeddings(np.random.default_rng(1).normal(size=(len(words), 4)), Vocabulary(words))


def test_tokens_are_taken_as_they_are_and_in_lower_case():
    model = TfidfClassifier(ngrams=1).fit(TOKENS, LABELS)
    assert sorted(model.words_) == ["!", "bad", "film", "good", "n't", "plot"]
    as_text = TfidfClassifier(ngrams=1, tokenizer="whitespace").fit([*map(" ".join, TOKENS)], LABELS)
    np.testing.assert_array_equal(
        model.predict_proba(TOKENS), as_text.predict_proba([*map(" ".join, TOKENS)])
    )
    cased = TfidfClassifier(ngrams=1, min_df=5, lowercase=False, stop_words=["plot"]).fit(TOKENS, LABELS)
    assert sorted(cased.words_) == ["!", "Good", "bad", "film", "good", "n't"]


@pytest.mark.parametrize(
    "form",
    [
        padded(),
        padded(left=True),
        ragged(IDS),
        [np.array(ids) for ids in IDS],
        [*map(tuple, IDS)],
        pa.array(IDS),
    ],
    ids=["padded", "padded on the left", "ragged", "arrays", "tuples", "arrow"],
)
def test_ids_in_any_form_are_the_same_texts(form):
    expected = TfidfClassifier().fit(IDS, LABELS)
    assert sorted(map(int, expected.words_)) == sorted(NUMBERS.values())
    model = TfidfClassifier().fit(form, LABELS)
    np.testing.assert_array_equal(model.predict_proba(form), expected.predict_proba(IDS))
    assert model.score(form, LABELS) == 1


@pytest.mark.parametrize("form", [ragged(TOKENS), pa.array(TOKENS), iter(TOKENS)])
def test_tokens_in_any_form_are_the_same_texts(form):
    expected = TfidfClassifier().fit(TOKENS, LABELS)
    assert [*TfidfClassifier().fit(form, LABELS).words_] == [*expected.words_]


def linear_models():
    yield TfidfClassifier(), TOKENS
    yield TfidfClassifier(unlabeled=TOKENS[:4]), TOKENS
    yield TfidfClassifier(characters=3), TOKENS
    yield TfidfClassifier(), IDS
    yield MeanVectorClassifier(space(["good", "bad", "film"])), TOKENS
    yield MeanVectorClassifier(space(["11", "12", "20"])), IDS


def networks():
    yield TextClassifier(**NETWORK), TOKENS
    yield TextClassifier(**NETWORK), padded()
    yield TextClassifier(**{**NETWORK, "embeddings": space(["good", "bad"])}), TOKENS
    yield EnsembleClassifier(TextClassifier(**NETWORK, unlabeled=TOKENS[:4])), TOKENS
    yield EnsembleClassifier(TextClassifier(**NETWORK)), IDS


def check_model(model, texts, path):
    model.fit(texts, LABELS)
    expected = model.predict_proba(texts)
    assert model.transform(texts).shape[0] == 20 if hasattr(model, "transform") else True
    model.save(path)
    for read in (load_model(path), load_predictor(path)):
        np.testing.assert_allclose(read.predict_proba(texts), expected, atol=1e-6)
        assert read.unknown_shares(texts[:1]).shape == (1,)
        for other in (["good", "film"], [["11"]] if texts is not TOKENS else [[11]]):
            with pytest.raises(InputError, match="expected lists of token"):
                read.predict(other)


@pytest.mark.parametrize(("model", "texts"), [*linear_models()])
def test_linear_models_remember_the_form(model, texts, tmp_path):
    check_model(model, texts, tmp_path / "model.safetensors")


@pytest.mark.eager
@pytest.mark.tensorflow
@pytest.mark.parametrize(("model", "texts"), [*networks()])
def test_networks_remember_the_form(model, texts, tmp_path):
    check_model(model, texts, tmp_path / "model.safetensors")


@pytest.mark.parametrize("parameters", [{}, {"stop_words": ["film"], "lowercase": False}])
def test_a_model_of_a_file_learns_from_the_same_form_again(parameters, tmp_path):
    model = TfidfClassifier(**parameters).fit(TOKENS, LABELS)
    model.save(tmp_path / "model.safetensors")
    again = load_model(tmp_path / "model.safetensors").fit(TOKENS, LABELS)
    assert again.tokenizer_ == model.tokenizer_


@pytest.mark.eager
@pytest.mark.tensorflow
def test_a_network_learns_the_ids_that_are_frequent_and_validates_on_its_form():
    model = TextClassifier(**NETWORK, min_count=6)
    model.fit(padded(), LABELS, validation_data=(padded()[:4], LABELS[:4]))
    assert sorted(model.words_) == ["11", "12", "20", "21", "31"]
    assert model.history_[-1].validation_accuracy is not None
    with pytest.raises(InputError, match="expected lists of token ids, as the model reads, got lists of tok"):
        TextClassifier(**NETWORK).fit(IDS, LABELS, validation_data=(TOKENS[:4], LABELS[:4]))


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            [["good"], "film"],
            r"expected texts, got \['good'\] as text 0 .*; give all texts as strings, or all",
        ),
        (
            [12, 4, 7],
            r"expected texts, got 12 as text 0 .*; put the ids of a single text in a list of their own",
        ),
        (np.array([12, 4]), "put the ids of a single text in a list of their own"),
        ([["good"], ["film", 4]], "got 'good' in text 0"),
        ([["good"], ["film", None]], "tokens that are all strings, or ids .*, got None in text 1"),
        ([[4], [-1]], "whole numbers of at least 0, got -1 in text 1"),
        ([[4], [True]], "got True in text 1"),
        ([[4], [0.5]], r"got 0.5 in text 1 .*; array.astype\(int\) makes ids of floats"),
        ([[["a"]], [["b"]]], r"got \['a'\] in text 0"),
        (np.array([["good", "film"], ["bad", "film"]]), r"got a table .*, lists of tokens as X.tolist\(\)"),
        (np.array([[1.0, 2.0]]), r"got a table .* or ids as X.astype\(int\)"),
        (np.array([[True, False]]), "got a table"),
    ],
)
def test_what_are_no_lists_of_tokens(texts, message):
    with pytest.raises(InputError, match=message):
        TfidfClassifier().fit(texts, ["pos", "neg"] * 2)


def test_a_model_is_asked_in_the_form_that_it_learned_from():
    tokens, ids, texts = (
        TfidfClassifier().fit(form, LABELS) for form in (TOKENS, IDS, [*map(" ".join, TOKENS)])
    )
    for model, given, message in (
        (
            tokens,
            ["good", "film"],
            r"put the tokens of a single text in a list of their own, \[\['good', 'fi",
        ),
        (ids, ["11 20"], r"list of their own, \[\[12, 4, 7\]\], or split texts into tokens"),
        (
            texts,
            TOKENS,
            "expected texts, as the model reads, got lists of tokens .*; join the tokens of each",
        ),
        (texts, IDS, "got lists of token ids .*; give the words of the ids"),
        (TextVectors(space(["good"])).fit(["good"]), TOKENS, "join the tokens"),
    ):
        ask = model.transform if isinstance(model, TextVectors) else model.predict
        with pytest.raises(InputError, match=message):
            ask(given)
    for model in (tokens, ids, texts):  # a text without tokens has no form
        assert model.predict([[], []]).shape == (2,)
        assert model.predict([]).shape == (0,)


@pytest.mark.parametrize(
    ("parameters", "texts", "message"),
    [
        (
            {"tokenizer": "whitespace"},
            TOKENS,
            "lists of tokens, which the tokenizer whitespace does not read",
        ),
        ({"punctuation": True}, TOKENS, "lists of tokens, which the tokenizer words does not read"),
        ({"numbers": "drop"}, IDS, "token ids are taken as they are; leave the parameters"),
        ({"tokenizer": "tokens"}, [" ".join(tokens) for tokens in TOKENS], "expected lists of tokens"),
        ({"unlabeled": ["a b"]}, TOKENS, "expected texts of one form, got texts and lists of tokens"),
    ],
)
def test_parameters_that_do_not_go_with_lists(parameters, texts, message):
    with pytest.raises(InputError, match=message):
        TfidfClassifier(**parameters).fit(texts, LABELS)


def test_ids_have_no_vectors_of_words():
    with pytest.raises(InputError, match="the texts are token ids, and the vectors are of words"):
        MeanVectorClassifier(space(["good", "11", "film"])).fit(IDS, LABELS)


def test_answers_about_tokens_are_explained():
    model = TfidfClassifier().fit(TOKENS, LABELS)
    [answer] = classify(model, [["good", "film"]], explain=True)
    assert (answer.text, answer.labels[0][0]) == ("good film", "pos")
    effects = [effect for _, _, effect in answer.words]
    assert effects[0] > abs(effects[1])


@pytest.mark.parametrize("name", ["tokens", "words"])
def test_json_lines_of_tokens(name, tmp_path):
    path, model_path = tmp_path / "data.jsonl", tmp_path / "model.safetensors"
    rows = zip(TOKENS, LABELS, strict=True)
    path.write_text("".join(json.dumps({name: tokens, "label": label}) + "\n" for tokens, label in rows))
    data = read_labeled(path)
    assert data.texts[1] == "bad film"
    model = TfidfClassifier().fit(data.texts, data.labels)
    assert [*model.words_] == [*TfidfClassifier().fit(TOKENS, LABELS).words_]
    model.save(model_path)
    predictor = load_predictor(model_path)
    assert evaluate_classifier(predictor, data).value("accuracy") == 1
    assert evaluate_classifier(predictor, Labeled(["Good n't"], ["pos"])).value("accuracy") == 1
    assert evaluate_classifier(predictor, Labeled([["Good", "n't"]], ["pos"])).value("accuracy") == 1
    assert predictor.predict(predictor.read_texts(["bad film !"])).tolist() == ["neg"]


def test_typed_ids_are_numbers():
    predictor = TfidfClassifier().fit(IDS, LABELS).predictor_
    assert predictor.predict(predictor.read_texts(["12 21 0", "11"])).tolist() == ["neg", "pos"]
    with pytest.raises(InputError, match="expected token ids between blanks, as the model reads, got 'bad'"):
        predictor.read_texts(["bad"])


def test_a_row_of_json_that_is_no_list_of_tokens(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text('{"tokens": ["a"], "label": "x"}\n{"tokens": ["a", 3], "label": "y"}\n')
    with pytest.raises(
        InputError, match=r"data.jsonl, line 2: expected tokens that are all strings.*got 'a';"
    ):
        read_labeled(path)


TAGS = [["ADJ", "NOUN", "PART"], ["ADJ", "NOUN"], ["ADJ", "NOUN", "X"], ["ADJ", "NOUN", "X", "Y"]] * 5


def test_tags_of_tokens_are_no_sets_of_labels(tmp_path):
    message = (
        "as many labels for each text as it has tokens; a tag for each token is what embedkit train-tagger"
    )
    with pytest.raises(InputError, match=message):
        TfidfClassifier().fit(TOKENS, TAGS)
    repeated = [[*tags[:-1], "ADJ"] for tags in TAGS]
    with pytest.raises(InputError, match=r"each label of a text once, got \['ADJ', 'NOUN', 'ADJ'\].*Tagger"):
        TfidfClassifier().fit(TOKENS, repeated)
    path = tmp_path / "data.jsonl"
    for texts, tags in ((TOKENS, TAGS), (TOKENS, repeated), ([*map(" ".join, TOKENS)], repeated)):
        rows = zip(texts, tags, strict=True)
        path.write_text("".join(json.dumps({"tokens": text, "tags": tag}) + "\n" for text, tag in rows))
        with pytest.raises(InputError, match=message):
            read_labeled(path)


def test_sets_of_labels_of_tokens_are_no_tags():
    topics = [["film", "pos"], ["film"], ["pos"], ["neg"]] * 5
    assert TfidfClassifier().fit(TOKENS, topics).classes_.tolist() == ["film", "neg", "pos"]
    pairs, two = [["good", "film"], ["bad", "plot"]] * 5, [["pos", "film"], ["neg", "plot"]] * 5
    assert TfidfClassifier().fit(pairs, two).predict(pairs[:1]) == [("film", "pos")]
