"""The recurrent model from the command line, beside the baselines that it has to beat."""

import csv
import json
import os
import re
import types
from contextlib import nullcontext
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors import safe_open

from embedkit import (
    Cooccurrences,
    Labeled,
    TextClassifier,
    TfidfClassifier,
    load_model,
    load_predictor,
)
from embedkit.models import timed_training
from embedkit.models.comparison import TrainedModel
from embedkit.models.construction import BASELINES, baseline_beside, make_classifier
from embedkit.models.estimator import FIRST_TEXTS
from embedkit.models.networks.history import Epoch
from embedkit.shipped_files import shipped_path
from embedkit.statistics.significance import holm, mcnemar
from embedkit.text.pipeline.parameters import PipelineParameters, text_pipeline
from embedkit_cli.classifiers.configs import read_models
from embedkit_cli.classifiers.tables import paired, paired_table, verdict
from embedkit_cli.commands.train_classifier import train_classifier
from embedkit_cli.commands.train_emojify import train_emojify
from tests.text.phrases.written import NEW_YORK

pytestmark = pytest.mark.tensorflow

TINY = (
    "-v random --layers 'dropout:0.4 conv:4 max dropout' --vector-size 8 --epochs 8 --batch-size 8 "
    "--learning-rate 0.03"
)
SHORT = TINY.replace("--epochs 8 --batch-size 8", "--epochs 1 --batch-size 60")  # a single step
GOOD, BAD = ["fine film", "lovely plot", "fine plot"], ["dull film", "awful plot", "dull plot"]


@pytest.fixture
def reviews(tmp_path):
    """reviews.csv: 60 texts, easily told."""
    rows = [f"{text},good" for text in GOOD * 10] + [f"{text},bad" for text in BAD * 10]
    (tmp_path / "reviews.csv").write_text("\n".join(["review,sentiment", *rows]) + "\n")


def test_baselines_stand_beside_the_recurrent_model(run, reviews, tmp_path):
    result = run(f"train-classifier reviews.csv -o m.safetensors {TINY} --validation 0.2 --plot a.png")
    assert result.exit_code == 0
    first, second = result.stdout.split("\n\n")
    assert [line.split()[0] for line in first.splitlines()] == ["model", "recurrent", "tfidf", "mean-vectors"]
    heading, tfidf, _, tests, verdict, *_ = second.splitlines()
    assert heading.startswith("recurrent against    difference")
    assert heading.endswith(" p  corrected p")
    assert tfidf.startswith("tfidf (naive Bayes)      +0.000")
    assert tests == "p is of McNemar's exact test, corrected after Holm for the number of tests (2)"
    assert verdict.startswith(
        "no clear difference between recurrent and tfidf (naive Bayes): right on 100.0% and 100.0% of "
        "12 texts (corrected p = 1.0000); trained in "
    )
    assert re.search(r"epoch 1: loss .*; held out .*; validation ", result.stderr)
    assert "wrote m.safetensors: recurrent, 2 classes (" in result.stderr
    model = load_model(tmp_path / "m.safetensors")
    made, last = model.metadata_, model.history_[-1]
    assert None not in (last.held_out_loss, last.validation_loss)
    assert list(made["baselines"]) == ["tfidf (naive Bayes)", "mean-vectors"]
    assert (tmp_path / "a.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert run("classify fine dull -m m.safetensors --format tsv").stdout.split("\t")[1] == "good"
    assert run("evaluate-classifier m.safetensors reviews.csv -q").stdout.split()[7] == "1.000"


@pytest.mark.eager
def test_a_network_begins_as_a_language_model(run, reviews, tmp_path):
    (tmp_path / "films.txt").write_text("a fine film , a dull plot\n" * 20)
    learning = "--lowercase --vector-size 24 --epochs 1 --order 1 --validation 0 -q"
    assert run(f"train-lm films.txt -o lm {learning}").exit_code == 0
    training = "train-classifier reviews.csv --epochs 1 --validation 0 -q"
    assert run(f"{training} -o m --language-model lm --layers 'lstm:24 max'").exit_code == 0
    model = load_model(tmp_path / "m")
    assert {"film", "lovely", ","} <= {*model.words_}
    assert model.language_model == "lm"
    (tmp_path / "lm.toml").write_text('language_model = "lm"\nlayers = "lstm:24 max"\nepochs = 1\n')
    assert run("compare-classifiers reviews.csv --config lm.toml --no-baselines -q").exit_code == 0
    for wrong, told in {
        "lm": 'the language model has the layers "lstm:24", but the network begins with "bilstm:64"; ',
        "lm -v english": "the word vectors are those of language_model; ",
        "films.txt": "films.txt: expected a language model of embedkit, ",
        "none": "no such model: none",
        "lm --model tfidf": "--language-model is for --model recurrent or ensemble; ",
        "m": "m is what is read; ",
    }.items():
        result = run(f"{training} -o m --language-model {wrong}")
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Error: {told}")


@pytest.mark.parametrize("command", ["train-classifier", "train-emojify"])
def test_files_that_are_missing_are_told_before_any_is_read(run, reviews, command):
    for options, reason in {
        "-v none": "cannot read none: there is no such file",
        "-v reviews.csv": "reviews.csv: got b'",
        "--unlabeled none.txt": "cannot read none.txt: No such file or directory",
    }.items():
        result = run(f"{command} reviews.csv -o m.safetensors {options}")
        assert result.stderr.startswith(f"Error: {reason}")


@pytest.mark.eager
def test_held_out_texts_choose_the_epoch_if_told_to(run, reviews, tmp_path):
    line = f"train-classifier reviews.csv -o m {SHORT} --validation 0.2 --choose-by-validation -q"
    for model in ("recurrent", "ensemble"):
        assert run(f"{line} --model {model}").exit_code == 0
        [*_, last] = load_model(tmp_path / "m").history_
        assert (last.held_out_loss, last.validation_loss is None) == (None, False)


def test_document_vectors_stand_beside_the_baselines(run, reviews):
    options = "--model document-vectors --min-df 1 --sample 0 --vector-size 20"
    result = run(f"train-classifier reviews.csv -o m {options} --validation 0.2 -q")
    assert result.exit_code == 0, result.stderr
    assert [line.split()[0] for line in result.stdout.splitlines()[1:4]] == [
        "document-vectors",
        "tfidf",
        "mean-vectors",
    ]


@pytest.mark.eager
def test_baselines_can_be_left_out_and_vectors_made_small(run, reviews, tmp_path):
    line = f"train-classifier reviews.csv -o m {SHORT} --no-baselines --fine-tune 2 --dtype int8 -q"
    result = run(line)
    assert len(result.stdout.splitlines()) == 2
    with safe_open(tmp_path / "m", framework="numpy") as file:
        assert file.get_slice("vectors").get_dtype() == "I8"
    parameters = load_model(tmp_path / "m").get_params()
    assert (parameters["fine_tune"], parameters["layers"], parameters["embeddings"]) == (
        2,
        "dropout:0.4 conv:4 max dropout",
        "random",
    )


def test_vectors_of_the_corpus_with_more_texts(run, reviews, tmp_path):
    (tmp_path / "more.txt").write_text("a splendid film\n" * 5)
    options = "--unlabeled more.txt --layers 'conv max' --vector-size 16 --epochs 1 --validation 0"
    result = run(f"train-classifier reviews.csv -o m {options}")
    assert result.exit_code == 0
    model = load_model(tmp_path / "m")
    assert "splendid" in model.words_
    assert (model.embeddings, model.unlabeled) == ("corpus", "more.txt")
    assert result.stdout == ""


def test_an_ensemble_takes_the_options_of_both(run, reviews, tmp_path):
    result = run(
        f"train-classifier reviews.csv -o m --model ensemble {TINY} --ngrams 1 --characters 3 --C 3 "
        "--dtype int8"
    )
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()[1:4]] == ["ensemble", *BASELINES]
    model = load_model(tmp_path / "m")
    assert (model.tfidf.ngrams, model.tfidf.characters, model.tfidf.C) == (1, 3, 3)
    parts = json.loads(run("info m --format json").stdout)["parts"]
    assert [(part["weight"], part.get("layers"), part.get("C")) for part in parts.values()] == [
        (0.5, "dropout:0.4 conv:4 max dropout", None),
        (0.5, None, 3),
    ]
    assert run("classify fine -m m --format tsv").stdout.split("\t")[1] == "good"


def test_baselines_take_their_own_options(run, reviews, tmp_path):
    assert run("train-classifier reviews.csv -o m --model tfidf --ngrams 2 --punctuation -q").exit_code == 0
    model = load_model(tmp_path / "m")
    assert (model.ngrams, model.punctuation) == (2, True)
    assert run("train-classifier reviews.csv -o m --model mean-vectors -v english -q").exit_code == 0
    assert load_model(tmp_path / "m").C == 1


@pytest.mark.eager
def test_baselines_read_texts_as_the_network_does(run, tmp_path):
    rows = [f'"{text} {sign}",{label}' for text in GOOD * 10 for sign, label in (("!", "good"), ("?", "bad"))]
    (tmp_path / "reviews.csv").write_text("\n".join(["review,sentiment", *rows]) + "\n")
    (tmp_path / "a.toml").write_text(CONFIG.replace("epochs = 4", "epochs = 1") + "punctuation = true")
    for line in (
        f"train-classifier reviews.csv -o m {SHORT} --punctuation -q",
        "compare-classifiers reviews.csv --config a.toml -q",
    ):
        _, _, tfidf, mean, *_ = run(line).stdout.splitlines()
        assert tfidf.split()[:4] == ["tfidf", "(naive", "Bayes)", "1.000"]
        assert float(mean.split()[1]) < 0.9  # the bundled vectors have no punctuation


def test_pipelines_are_asked_for_as_in_train_emojify():
    """The same options, with the same help and values."""
    names = {field.name for field in fields(PipelineParameters)}
    options = [
        {
            param.name: (param.opts, param.secondary_opts, param.help, str(param.type))
            for param in command.params
            if param.name in names
        }
        for command in (train_classifier, train_emojify)
    ]
    assert options[0] == options[1]
    assert options[0].keys() == names


@pytest.mark.eager
def test_both_commands_keep_the_same_pipeline(run, tmp_path):
    rows = [
        f"see www.x.org: new york {word} 7,{label}" for word, label in [("love", "❤️"), ("ball", "⚾")] * 20
    ]
    (tmp_path / "data.csv").write_text("\n".join(["text,label", *rows]))
    (tmp_path / "vectors.txt").write_text("2 2\nlove 1 2\nball 2 1\n")
    NEW_YORK.save(tmp_path / "phrases.txt")
    network = "--layers 'conv:2 max' --epochs 1 --validation 0 -q"
    asked = "-v vectors.txt --urls mask --numbers drop --stop-words en --phrases phrases.txt"
    told = []
    for command in ("train-classifier data.csv --no-baselines", "train-emojify data.csv --no-augment"):
        result = run(f"{command} -o model.safetensors {network} {asked}")
        assert result.exit_code == 0, result.output
        told.append(load_predictor(tmp_path / "model.safetensors").tokenizer)
    assert told[0] == told[1] == text_pipeline(urls="mask", numbers="drop", stop_words="en", phrases=NEW_YORK)


@pytest.fixture
def fits(monkeypatch):
    """The unlabeled texts of each fit of n-grams, as they come."""
    seen, fit = [], TfidfClassifier.fit_targets

    def counted(self, texts, targets, sample_weight=None):
        if list(texts) != list(FIRST_TEXTS):  # with which libraries are first used
            seen.append(list(self.unlabeled or ()))
        return fit(self, texts, targets, sample_weight)

    monkeypatch.setattr(TfidfClassifier, "fit_targets", counted)
    return seen


@pytest.mark.eager
@pytest.mark.parametrize(
    ("model", "held_out", "expected"),
    [("recurrent", 0, 1), ("recurrent", 0.2, 2), ("ensemble", 0, 1), ("ensemble", 0.2, 2)],
)
def test_n_grams_beside_a_network_learn_from_its_texts_and_are_its_teacher(
    run, reviews, tmp_path, fits, model, held_out, expected
):
    (tmp_path / "more.txt").write_text("a splendid film\n" * 5)
    options = f"--model {model} --unlabeled more.txt --validation-fraction {held_out} --class-weight balanced"
    result = run(f"train-classifier reviews.csv -o m {SHORT} {options}")
    assert result.stdout.splitlines()[2].startswith("tfidf (naive Bayes, self-trained)  ")
    assert fits == [["a splendid film"] * 5] * expected
    found = load_model(tmp_path / "m")
    assert (found.tfidf if model == "ensemble" else found).unlabeled == "more.txt"


def test_baselines_share_class_weights_and_files_of_vectors():
    file = str(shipped_path("english.safetensors"))
    network = make_classifier("recurrent", class_weight="balanced", embeddings=file)
    mean, tfidf = (baseline_beside(kind, network) for kind in ("mean-vectors", "tfidf"))
    assert (mean.class_weight, mean.embeddings, tfidf.class_weight) == ("balanced", file, "balanced")
    ensemble = make_classifier("ensemble", embeddings="corpus", ngrams=4, C=9.0)
    assert baseline_beside("mean-vectors", ensemble).embeddings == "english"
    assert baseline_beside("tfidf", ensemble).get_params() == ensemble.tfidf.get_params()
    assert baseline_beside("mean-vectors", make_classifier("tfidf", C=9.0)).C == 1


@pytest.mark.parametrize(
    ("header", "column", "found"),
    [("review", "review", "review"), ("body", "body", "review"), ("id", "1", "id")],
)
def test_more_texts_are_read_as_the_labeled_ones(run, tmp_path, header, column, found):
    rows = [f"{text} café,{label}" for texts, label in ((GOOD, "good"), (BAD, "bad")) for text in texts * 10]
    (tmp_path / "reviews.csv").write_text("\n".join([f"{header},sentiment", *rows]), encoding="latin-1")
    (tmp_path / "more.csv").write_text("id,review\n" + "une,très beau\n" * 5, encoding="latin-1")
    options = f"--unlabeled more.csv --encoding latin-1 --text-column {column}"
    result = run(f"train-classifier reviews.csv -o m --model tfidf {options}")
    assert f"read more.csv: 5 texts without labels; texts from column '{found}'" in result.stderr
    words = set(load_model(tmp_path / "m").words_)
    assert "café" in words
    assert ("très" in words) == (found == "review")


@pytest.mark.eager
def test_vectors_that_ship_are_cut_to_the_words_of_the_texts(run, reviews, tmp_path):
    (tmp_path / "reviews.csv").open("a").write("xqzzy film,good\nxqzzy plot,good\n")
    line = (
        "train-classifier reviews.csv -o m -v english --layers 'conv:4 max' --epochs 1 --max-vocabulary 6 -q "
        "--no-baselines"
    )
    assert run(line).exit_code == 0
    assert set(load_model(tmp_path / "m").words_) == {"film", "plot", "fine", "dull", "lovely", "awful"}
    assert run(line.replace("--max-vocabulary 6", "--max-vocabulary 7")).exit_code == 0
    assert "xqzzy" in set(load_model(tmp_path / "m").words_)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--model tfidf --dtype int8", "--dtype is for --model recurrent or ensemble"),
        (
            "--model tfidf --layers lstm:4",
            "--layers is for --model recurrent or ensemble; leave it out for --model tfidf",
        ),
        (
            "--model mean-vectors -v corpus",
            'embeddings must be "english", "everyday", a file or Embeddings, got \'corpus\'',
        ),
        ("--fine-tune often", "Invalid value for '--fine-tune': expected yes, no or a number, got 'often'"),
        ("--model tfidf --ngrams 1000000", "ngrams must be at most 100, got 1000000"),
        ("--layers 5000000", "expected a layer of lstm, bilstm, gru,"),
        ("--layers dropout:2", "'dropout:2': Dropout: rate must be at most 0.95, got 2"),
        ("-v absent", "cannot read absent"),
        (
            "-v random --unlabeled reviews.csv --no-pseudo-labels",
            'unlabeled texts are for embeddings="corpus" or pseudo_labels',
        ),
        (
            "--model tfidf --validation 0 --plot a.png",
            "--plot has nothing to draw of tfidf with --validation 0",
        ),
        (
            "--model tfidf --choose-by-validation",
            "--choose-by-validation is for models with a network; leave",
        ),
        (
            "--choose-by-validation --validation 0",
            "--choose-by-validation needs held-out texts; --validation",
        ),
        ("--plot a.jpg", "expected the name of a .png, .svg or .pdf file to draw, got a.jpg"),
    ],
)
def test_what_cannot_be_used_is_one_line(run, reviews, tmp_path, options, message):
    result = run(f"train-classifier reviews.csv -o m -q {options}")
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]
    assert not (tmp_path / "m").exists()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the system has no /dev/fd")
def test_vectors_of_a_pipe_are_read_once_for_all_models():
    from embedkit.models.given_vectors import read_if_pipe

    read, write = os.pipe()
    with os.fdopen(write, "wb") as pipe:
        pipe.write(b"good 1 2\nbad 2 1\n")
    assert list(read_if_pipe(f"/dev/fd/{read}")) == ["good", "bad"]
    os.close(read)
    assert read_if_pipe("corpus") == "corpus"


def test_texts_that_are_learned_from_are_not_replaced(run, reviews, tmp_path):
    (tmp_path / "more").write_text("a splendid film\n")
    for line in ("-o more --unlabeled more", "-o reviews.csv"):
        result = run(f"train-classifier reviews.csv {line}")
        assert result.exit_code == 2
    assert "cannot write reviews.csv: a model is written as safetensors, not as .csv" in result.stderr
    assert (tmp_path / "more").read_text() == "a splendid film\n"


@pytest.mark.eager
def test_a_class_of_a_single_text_is_warned_of_once(run, reviews, tmp_path):
    with (tmp_path / "reviews.csv").open("a") as file:
        file.write("odd film,odd\n")
    result = run(f"train-classifier reviews.csv -o m {SHORT}")
    assert result.stderr.count("only one text is of class 'odd'") == 1
    assert len(result.stdout.split("\n\n")[0].splitlines()) == 4


def trained(name, right, seconds=1.0):
    assessment = types.SimpleNamespace(right=np.array(right, bool), texts=len(right))
    return TrainedModel(name, None, assessment, seconds)


def test_p_values_are_corrected_for_the_number_of_models():
    first = trained("first", [1] * 20 + [0] * 10)
    others = [trained("worse", [0] * 8 + [1] * 12 + [0] * 10), trained("like", [1] * 30)]
    pairs = paired([first, *others, trained("same", first.assessment.right)])
    single = [mcnemar(8, 0), mcnemar(0, 10), 1]
    assert [pair.comparison.p_value for pair in pairs] == single
    assert [pair.corrected_p_value for pair in pairs] == holm(single)
    assert paired_table(pairs).rows[0][5:] == ("0.0078", "0.0156")
    beaten = paired([trained("first", [1] * 6 + [0]), *(trained("other", [0] * 7) for _ in range(2))])
    assert [pair.comparison.p_value <= 0.05 for pair in beaten] == [True, True]
    assert [verdict(pair)[:19] for pair in beaten] == ["no clear difference"] * 2  # once they are two


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ([1] * 10 + [0] * 12, "no clear difference between a and b: right on 45.5% and 63.6% of 22 texts ("),
        (
            [1] * 4 + [0] * 18,
            "a is worse than b: right on 18.2% against 63.6% of 22 texts (",
        ),
        ([1] * 14 + [0] * 8, "no clear difference between a and b: right on 63.6% and 63.6% of 22 texts ("),
        ([1] * 15 + [0] * 7, "no clear difference between a and b: right on 68.2% and 63.6% of 22 texts ("),
        ([1] * 22, "b is worse than a: right on 63.6% against 100.0% of 22 texts (corrected p = 0.0078); "),
    ],
)
def test_what_is_said_of_a_difference(rights, said):
    [pair] = paired([trained("a", rights, 2.0), trained("b", [1] * 14 + [0] * 8, 1.0)])
    assert verdict(pair).startswith(said)
    seconds = "1.0 s and 2.0 s" if said.startswith("b is worse") else "2.0 s and 1.0 s"
    assert verdict(pair).endswith(f"trained in {seconds}")


CONFIG = """
layers = "conv:4 max"
embeddings = "random"
vector_size = 8
epochs = 4
batch_size = 60
learning_rate = 0.03
"""


@pytest.mark.eager
def test_classifiers_are_compared_on_the_same_texts(run, reviews, tmp_path):
    (tmp_path / "a.toml").write_text(CONFIG + 'name = "first"')
    (tmp_path / "b.toml").write_text('model = "tfidf"\nngrams = 1')
    result = run("compare-classifiers reviews.csv --config a.toml b.toml --validation 0.2 --plot a.png -q")
    assert result.exit_code == 0
    table, tests = result.stdout.split("\n\n")
    assert [line.split()[0] for line in table.splitlines()] == ["model", "first", "b", "mean-vectors"]
    assert tests.startswith("first against ")
    assert (tmp_path / "a.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    result = run("compare-classifiers reviews.csv --config b.toml --no-baselines -q")
    assert len(result.stdout.splitlines()) == 2


def test_comparisons_for_programs(run, reviews, tmp_path):
    (tmp_path / "b.toml").write_text('model = "tfidf"\nngrams = 1')
    (tmp_path / "c.toml").write_text('model = "tfidf"\nmin_df = 15')
    line = "compare-classifiers reviews.csv --config b.toml c.toml --no-baselines --validation 0.2 -q"
    report = json.loads(run(f"{line} --format json").stdout)
    assert [model["model"] for model in report["models"]] == ["b", "c"]
    [test] = report["comparisons"]
    assert (report["texts"], test["model"], test["against"]) == (12, "b", "c")
    assert test["verdict"].startswith("no clear difference between b and c: ")
    names, *rows = csv.reader(run(f"{line} --format tsv").stdout.splitlines(), delimiter="\t")
    first, second = (dict(zip(names, row, strict=True)) for row in rows)
    assert (first["model"], first["p_value"]) == ("b", "")
    assert (second["model"], float(second["p_value"])) == ("c", test["p_value"])
    assert float(second["accuracy"]) == report["models"][1]["scores"][0]["value"]


@pytest.mark.eager
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json"])
def test_curves_are_written_as_data(run, reviews, tmp_path, suffix):
    (tmp_path / "a.toml").write_text(CONFIG)
    (tmp_path / "b.toml").write_text(CONFIG.replace("epochs = 4", "epochs = 3") + "validation_fraction = 0")
    line = "compare-classifiers reviews.csv --config a.toml b.toml --set patience=9 --no-baselines -q"
    assert run(f"{line} --history h{suffix}").exit_code == 0
    text = (tmp_path / f"h{suffix}").read_text()
    if suffix == ".json":
        rows = json.loads(text)
    else:
        rows = list(csv.DictReader(text.splitlines(), delimiter="," if suffix == ".csv" else "\t"))
    assert [(row["model"], int(row["epoch"])) for row in rows] == [
        *(("a", epoch) for epoch in (1, 2, 3, 4)),
        *(("b", epoch) for epoch in (1, 2, 3)),
    ]
    assert [bool(row["held_out_loss"]) for row in rows] == [True] * 4 + [False] * 3
    assert all(0 <= float(row["validation_accuracy"]) <= 1 and float(row["seconds"]) > 0 for row in rows)


def test_a_model_that_fails_leaves_the_others(run, reviews, tmp_path):
    (tmp_path / "a.toml").write_text('model = "tfidf"\nmin_df = 999')
    (tmp_path / "b.toml").write_text('model = "tfidf"')
    result = run("compare-classifiers reviews.csv --config a.toml b.toml --no-baselines --plot a.png")
    assert result.exit_code == 2
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["model", "b"]
    assert result.stderr.splitlines()[-1].startswith("Error: a: no word occurs in at least 999 of ")
    assert (tmp_path / "a.png").exists()


@pytest.mark.eager
def test_networks_are_named_by_their_layers(run, reviews, tmp_path):
    line = 'compare-classifiers reviews.csv --layers "conv:4 max" --layers "lstm:3 lstm:2" --no-baselines -q'
    settings = (
        "--set epochs=2 --set batch_size=60 --set vector_size=4 --set embeddings=random --validation 0.2"
    )
    result = run(f"{line} {settings} --plot a.png --history h.csv --format json")
    assert result.exit_code == 0
    assert [model["model"] for model in json.loads(result.stdout)["models"]] == [
        "conv:4 max",
        "lstm:3 lstm:2",
    ]
    rows = list(csv.DictReader((tmp_path / "h.csv").read_text().splitlines()))
    assert [row["model"] for row in rows] == ["conv:4 max"] * 2 + ["lstm:3 lstm:2"] * 2
    assert (tmp_path / "a.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_parameters_can_be_set_for_all_models(run, reviews, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text(f'model = "tfidf"\nname = "{name}"\nngrams = 2')
    models = read_models([tmp_path / "a.toml", tmp_path / "b.toml"], [], {"ngrams": 1, "lowercase": False})
    assert [(model.ngrams, model.lowercase) for model in models.values()] == [(1, False)] * 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "expected classifiers to compare; name files by --config, or networks by --layers"),
        ("b.toml", "got b.toml beside DATA; files of classifiers follow --config"),
        ("--layers max:9", "--layers 'max:9': "),
        ("--layers 'max lstm:8'", "layer 2, lstm:8, reads a sequence, but max before it leaves one vector"),
        ("--layers lstm:4 --layers lstm:4", "each classifier needs a name of its own, got lstm:4, lstm:4"),
        ("--config b.toml --set epochs=3", "--set epochs: no model that is compared has such a parameter"),
        ("--config b.toml --set ngrams=many", "--set ngrams must be a whole number, got 'many'"),
        ("--config b.toml --set ngrams", "expected --set NAME=VALUE, such as epochs=3, got 'ngrams'"),
        ("--config b.toml --set C=1 --set C=2", "--set C is given twice"),
        ("--layers gru:3 --set layers=lstm:3", "--set layers would change the networks of --layers; leave"),
        ("--config b.toml --plot a.gif", "expected the name of a .png, .svg or .pdf file to draw, got a.gif"),
        ("--config b.toml --history a.xlsx", "expected the name of a .csv, .tsv or .json file, got a.xlsx"),
        ("--config b.toml --history no/a.csv", "cannot write no/a.csv: the folder "),
        ("--config b.toml --history reviews.csv", "reviews.csv is what is read; name another output"),
        ("--config b.toml c.toml", "c.toml: class_weight names 'so-so', which is none of ['bad', 'good']"),
        ("--config b.toml d.toml", "d.toml: expected a language such as en or a file"),
    ],
)
def test_what_can_be_seen_before_training_is_told_before_it(run, reviews, tmp_path, options, message):
    (tmp_path / "b.toml").write_text('model = "tfidf"')
    (tmp_path / "c.toml").write_text('model = "tfidf"\nname = "c.toml"\n[class_weight]\nso-so = 2.0')
    (tmp_path / "d.toml").write_text('model = "tfidf"\nname = "d.toml"\nstop_words = "none.txt"')
    result = run(f"compare-classifiers reviews.csv {options}")
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]
    assert "train " not in result.stderr


def test_vectors_are_read_whole_before_the_first_model_is_trained(run, reviews, tmp_path):
    (tmp_path / "bad.txt").write_text("fine 1 2\ndull 3 x\n")
    (tmp_path / "a.toml").write_text('model = "tfidf"')
    (tmp_path / "b.toml").write_text('model = "mean-vectors"\nembeddings = "bad.txt"')
    result = run("compare-classifiers reviews.csv --config a.toml b.toml")
    assert result.exit_code == 2
    assert "bad.txt" in result.stderr.splitlines()[-1]
    assert "train " not in result.stderr


def test_all_classifiers_are_checked_before_any_is_trained(run, reviews, tmp_path):
    (tmp_path / "a.toml").write_text(CONFIG)
    for content, message in {
        'name = "b"\nembeddings = "none.vec"': "b.toml: cannot read none.vec: there is no such file",
        'name = "b"\nembeddings = "reviews.csv"': "b.toml: reviews.csv: got b'",
        'name = "b"\nunlabeled = "none.txt"': "cannot read none.txt: No such file or directory",
    }.items():
        (tmp_path / "b.toml").write_text(content)
        result = run("compare-classifiers reviews.csv --config a.toml b.toml")
        assert (result.exit_code, result.stderr.splitlines()[0][:7]) == (2, "Error: ")
        assert result.stderr.startswith(f"Error: {message}")


def test_held_out_texts_of_other_labels_are_told_of_before_training(run, reviews, tmp_path):
    (tmp_path / "a.toml").write_text(CONFIG)
    (tmp_path / "other.csv").write_text("review,sentiment\nfine film,1\ndull plot,0\n")
    for line in (
        "train-classifier reviews.csv -o m --validation other.csv",
        "train-classifier reviews.csv -o m --validation other.csv --model tfidf",
        "compare-classifiers reviews.csv --config a.toml --validation other.csv",
    ):
        result = run(line)
        assert result.exit_code == 2
        assert "train " not in result.stderr
        assert result.stderr.splitlines()[-1] == (
            "Error: other.csv: not one label of these texts is known to the model: they have '1', '0', "
            "it knows 'good', 'bad'; give the labels that it learned"
        )


def test_seconds_of_training_leave_start_up_and_validation_out(monkeypatch):
    """Only the first of several networks waits for libraries and for compilation."""
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(timed_training.time, "monotonic", lambda: next(clock))
    calls = []

    class Model(TextClassifier):
        def load_libraries(self):
            calls.append(next(clock))

        def fit(self, X, y, *, progress):  # noqa: N803
            calls.append(next(clock))
            times = {"seconds": 4.0, "validation_seconds": 2.0}
            self.history_ = [
                Epoch(number, 1.0, 0.5, None, None, None, None, 0.1, **times, startup_seconds=startup)
                for number, startup in ((1, 5.0), (2, 0.0))
            ]
            return self

    compilation = SimpleNamespace(seconds=3.0)
    monkeypatch.setattr(timed_training, "timed_compilation", lambda: nullcontext(compilation))
    assert timed_training.train("a", Model(embeddings="random"), Labeled(["a"], ["b"])) == 20 - 3 - 2 - 2 - 5
    assert calls == [0, 20]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("layers = gru", "a.toml: expected TOML"),
        (
            'model = "oracle"',
            "a.toml: expected model as one of recurrent, ensemble, document-vectors, tfidf, mean-vectors, "
            "got 'oracle'",
        ),
        ("unit = 3", "a.toml: the model recurrent has no parameter 'unit'; it has "),
        ('name = "a"', "each classifier needs a name of its own, got a, a"),
        ("name = 1", "a.toml: expected name as a string, got 1"),
        ('epochs = "many"', "a.toml: epochs must be a whole number, got 'many'"),
        ("fine_tune = 1.5", "a.toml: fine_tune must be true or false or a whole number, got 1.5"),
        ("embeddings = 3", "a.toml: embeddings must be a string, got 3"),
        ("decay = true", "a.toml: decay must be one of 'none', 'cosine', 'plateau', got True"),
        ("layers = []", "a.toml: expected at least one layer, got none"),
        ("layers = 3", "a.toml: layers must be a string or a list, got 3"),
        ('class_weight = "even"', "a.toml: class_weight must be 'balanced' or a table, got 'even'"),
        (
            'model = "mean-vectors"\nembeddings = "random"',
            'a.toml: embeddings must be "english", "everyday", a file or Embeddings, got \'random\'',
        ),
        (
            "layers = ['dense:4', 'max lstm:3']",
            "a.toml: layer 3, lstm:3, reads a sequence, but max before it",
        ),
        ('model = "ensemble"\nlayers = "lstm:0"', "a.toml: 'lstm:0': LSTM: units must be at least 1, got 0"),
        ('model = "tfidf"\nC = "1"', "a.toml: C must be a number, got '1'"),
        ('model = "ensemble"\nshare = false', "a.toml: share must be a number, got False"),
        ('model = "mean-vectors"\nsmoothing = "1"', "a.toml: smoothing must be a number, got '1'"),
    ],
)
def test_configurations_that_cannot_be_used(run, reviews, tmp_path, config, message):
    (tmp_path / "a.toml").write_text(config)
    result = run("compare-classifiers reviews.csv --config a.toml a.toml -q")
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("train-classifier none.csv -o m.safetensors", "cannot read none.csv: No such file"),
        ("train-classifier d.csv -o m.safetensors --validation none.csv", "cannot read none.csv"),
        ("train-classifier d.csv -o m.safetensors --validation 0.9", "at most 0.5 of the texts, got 0.9"),
        ("train-classifier d.csv -o m.safetensors --validation -1", "more than 0 and at most 0.5"),
        ("train-classifier d.csv -o m.safetensors --tokenizer wrds", "unknown tokenizer 'wrds'"),
        (
            "train-classifier d.csv -o m.safetensors --model tfidf --tokenizer wrds",
            "unknown tokenizer 'wrds'",
        ),
        ("train-classifier d.csv -o m.safetensors --tokenizer spacy:zz_no", "zz_no is not installed"),
        ("train-classifier d.csv -o m.safetensors -v counts.safetensors", "got co-occurrence counts of"),
        ("compare-classifiers d.csv --config network.toml", "unknown tokenizer 'wrds'"),
        ("compare-classifiers none.csv --config network.toml", "cannot read none.csv"),
        ("train-emojify d.csv -o m.safetensors --tokenizer wrds", "unknown tokenizer 'wrds'"),
        ("train-emojify none.csv -o m.safetensors", "cannot read none.csv"),
        ("train-emojify d.csv -o m.safetensors --validation 0.9", "at most 0.5 of the texts, got 0.9"),
        ("evaluate-classifier none.safetensors none.csv", "cannot read none.csv"),
    ],
)
def test_what_cannot_be_is_told_before_texts_are_read(run, tmp_path, line, told):
    (tmp_path / "d.csv").write_bytes(b"\xff would be refused")
    (tmp_path / "network.toml").write_text('tokenizer = "wrds"\n')
    Cooccurrences.count([["a", "b"]], tmp_path / "counts.safetensors", min_count=1)
    result = run(line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "read d.csv" not in result.stderr
