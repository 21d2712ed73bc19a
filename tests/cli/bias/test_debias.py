"""embedkit debias on a small space that leans."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.bias import report
from embedkit.bias.audit import audit
from embedkit.bias.debiasing import METHODS, debias
from embedkit_cli.bias.debias_styles import verdict
from embedkit_cli.bias.options import accepted, method_of
from tests.cli.bias.biased_space import DEBIAS


def test_the_debiased_file_is_what_the_library_makes(run, files, space):
    result = run(f"{DEBIAS} -o out.safetensors --set components=2")
    assert result.exit_code == 0, result.stderr
    expected = debias(space, files / "sex.toml", components=2)
    made = Embeddings.load(files / "out.safetensors")
    np.testing.assert_array_equal(made.matrix, expected.matrix)
    assert made.metadata["transforms"][-1]["parameters"]["components"] == 2
    assert "wrote out.safetensors: 314 words x 12" in result.stderr
    assert "\nResidual bias\n" in result.stdout
    assert "; 2 of 2 equality sets are known, and equalized" in " ".join(result.stdout.split())


def test_before_and_after_are_audits_at_length_one(run, space):
    found = json.loads(run(f"{DEBIAS} --method projection --format json -q").stdout)
    before = space.normalize()
    after = audit(debias(space, "sex.toml", "projection").normalize(), "sex.toml", original=before)
    direct = [state["metrics"][0]["measurement"]["value"] for state in (found["before"], found["after"])]
    assert direct == [audit(before, "sex.toml")["direct bias"].value, after["direct bias"].value]
    assert direct[0] > 0.2 > 1e-6 > direct[1]
    [cost] = found["costs"]
    assert cost["difference"] == pytest.approx(cost["after"] - cost["before"])
    recovered = after["recovery accuracy"]
    assert f"{100 * recovered.value:.1f} % of the most biased words" in found["verdict"]
    assert ("not gone" in found["verdict"]) == (recovered.low > 0.5)


@pytest.mark.parametrize(
    ("value", "low", "said"),
    [
        (
            0.9,
            0.85,
            "not gone. For random directions that are projected out it recovers 70.0 %: the bias is more",
        ),
        (0.8, 0.75, "it recovers 70.0 %: the bias is no more recoverable than any direction."),
        (0.52, 0.48, "no better than chance: these tests find no residual bias, which does not prove"),
    ],
)
def test_what_is_recovered_is_held_against_random_directions(space, value, low, said):
    found = audit(space, "sex.toml")
    row = next(row for row in found.rows if row.metric == "recovery accuracy")
    details = {"random directions": [0.6, 0.8]}
    measurement = replace(row.measurement, value=value, low=low, details=details)
    outcome = SimpleNamespace(before=found, after=found, recovered=row._replace(measurement=measurement))
    assert said in verdict(outcome)


@pytest.mark.parametrize("style", ["text", "tsv", "markdown"])
def test_debias_styles(run, style):
    result = run(f"{DEBIAS} --format {style} -q")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "pairs" in result.stdout
    assert "direction re-estimated" in result.stdout


@pytest.mark.parametrize("method", ["multiclass", "inlp", "half-sibling", "projection", "soft"])
def test_several_classes_are_debiased_by_the_methods_that_can(run, method):
    settings = "--set labeled_words=20" if method == "inlp" else ""
    result = run(
        f"debias -v space.safetensors --topic three.toml -b pairs.txt --method {method} {settings} -q"
    )
    assert result.exit_code == 0, result.stderr
    assert "recovery accuracy: c, others" in result.stdout


def test_a_cost_that_is_not_known_is_not_called_none(run, files):
    (files / "foreign.txt").write_text("un deux 1\ntrois quatre 2\ncinq six 3\n")
    stdout = run("debias -v space.safetensors --topic sex.toml -b foreign.txt -q").stdout
    assert "The cost is unknown: the vectors cover too few words of every benchmark." in stdout


def test_what_could_not_be_measured_is_no_verdict(run, files):
    names = ["she", "he", "her", "his", "woman", "man", "nurse", "cook", "maid"]
    Embeddings(np.random.default_rng(1).normal(size=(9, 5)), Vocabulary(names)).save(
        files / "nine.safetensors"
    )
    stdout = run("debias -v nine.safetensors --topic sex.toml -b pairs.txt -q").stdout
    assert "so the residual bias is unknown." in " ".join(stdout.split())
    assert "Not measured: recovery accuracy: expected at least 10 biased words" in stdout


def test_a_file_that_stood_there_stays_if_debiasing_fails(run, files):
    (files / "out.bin").write_bytes(b"precious")
    assert run(f"{DEBIAS} --set components=9 -o out.bin").exit_code == 2
    assert (files / "out.bin").read_bytes() == b"precious"


def test_ctrl_c_leaves_nothing(run, files, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "compare", interrupted)
    before = sorted(path.name for path in files.iterdir())
    result = run(f"{DEBIAS} -o out.bin --plot p.png --report r.html -q")
    assert result.exit_code == 130
    assert result.stderr.endswith(
        "Interrupted before the end: out.bin was not written, nothing else was kept\n"
    )
    assert sorted(path.name for path in files.iterdir()) == before


def test_every_method_takes_its_defaults_as_they_are_shown():
    for name, kind in METHODS.items():
        assert method_of(name, accepted(name).split(", "), 7) == kind()


def test_the_seed_is_that_of_the_method_too():
    assert method_of("inlp", [], 7).seed == 7
    assert method_of("inlp", ["seed=3"], 7).seed == 3


def test_a_topic_of_three_classes_is_debiased_by_the_method_for_it(run):
    result = run("debias -v space.safetensors --topic three.toml -b pairs.txt -q")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\nmethod multiclass: " in result.stdout
