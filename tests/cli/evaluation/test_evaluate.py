import json
from typing import get_args, get_type_hints

import numpy as np
import pytest
from click.testing import CliRunner

from embedkit import Embeddings, Vocabulary
from embedkit.evaluation.benchmarks.catalogue import DATA_VARIABLE
from embedkit.evaluation.benchmarks.public_sets import PUBLIC
from embedkit.evaluation.benchmarks.shipped import DEFAULTS, SHIPPED
from embedkit.evaluation.protocols import PROTOCOLS
from embedkit.evaluation.report import evaluation_report
from embedkit.evaluation.settings import EvaluationSettings
from embedkit_cli.main import main

QUESTIONS = """\
: royal
man woman king queen
woman man queen king
man woman king girl
: gram1-young
man boy woman girl
man boy woman duchess
"""
PAIRS = "man king 5\nman queen 3\nboy girl 2\nwoman queen 6\nman duchess 9\n"
CASED = "Man King 5\nMan Queen 3\nBoy Girl 2\n"
TERMS = "protocol full, method 3cosadd, unknown words left out, benchmarks lower-cased"
SPACE = "royals.safetensors: 7 words x 4"


@pytest.fixture(autouse=True)
def files(tmp_path, royals, monkeypatch):
    """Benchmarks on the words of royals.safetensors, and no others but those that ship."""
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    contents = {
        "family.txt": QUESTIONS,
        "pairs.txt": PAIRS,
        "cased.txt": CASED,
        "foreign.txt": "un deux 1\ntrois quatre 2\n",
        "bad.txt": "a b 1\nc d 2\ne f\ng h 4\ni j k l\n",
        "prose.txt": "This is no benchmark of any kind\n",
        "empty.txt": "\n\n",
        "deep/family.txt": QUESTIONS,
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)


TABLES = [
    (
        "-b family.txt",
        """\
benchmark      metric    value   95 % interval  covered
family         accuracy  0.750  [0.301, 0.954]   4 of 5
  semantic     accuracy  0.667  [0.208, 0.939]   3 of 3
  syntactic    accuracy  1.000  [0.207, 1.000]   1 of 2
  royal        accuracy  0.667  [0.208, 0.939]   3 of 3
  gram1-young  accuracy  1.000  [0.207, 1.000]   1 of 2
""",
    ),
    (
        "-b family.txt --no-categories --unknown count",
        """\
benchmark    metric    value   95 % interval  covered
family       accuracy  0.600  [0.231, 0.882]   4 of 5
  semantic   accuracy  0.667  [0.208, 0.939]   3 of 3
  syntactic  accuracy  0.500  [0.095, 0.905]   1 of 2
""",
    ),
]


@pytest.mark.parametrize(("options", "table"), TABLES)
def test_tables(run, options, table):
    result = run(f"evaluate royals.safetensors {options}")
    terms = (
        TERMS.replace("left out", "counted (left out of relations and categories)")
        if "count" in options
        else TERMS
    )
    assert result.stdout == f"{terms}\n\n{SPACE}\n\n{table}"
    assert (result.stderr, result.exit_code) == ("", 0)


def test_tsv_has_every_number(run):
    result = run("evaluate royals.safetensors -b family.txt --format tsv")
    assert result.stdout.splitlines()[:2] == [
        "vectors\tbenchmark\tpart\tmetric\tvalue\tlow\thigh\tcovered\ttotal",
        "royals.safetensors\tfamily\ttotal\taccuracy\t0.75\t0.300642\t0.954413\t4\t5",
    ]
    assert len(result.stdout.splitlines()) == 6


def test_markdown_has_every_category(run):
    lines = run(
        "evaluate royals.safetensors -b family.txt --no-categories --format markdown"
    ).stdout.splitlines()
    assert lines[:5] == [
        TERMS,
        "",
        "| vectors | benchmark | part | metric | value | 95 % interval | covered |",
        "| --- | --- | --- | --- | ---: | ---: | ---: |",
        "| royals.safetensors | family | total | accuracy | 0.750 | [0.301, 0.954] | 4 of 5 |",
    ]
    assert len(lines) == 9


def test_json(run):
    result = run("evaluate royals.safetensors -b pairs.txt --health --format json --seed 3")
    content = json.loads(result.stdout)
    assert {name: content[name] for name in list(content)[:7]} == {
        "protocol": "full",
        "method": "3cosadd",
        "unknown": "leave-out",
        "lowercase": {"royals.safetensors": True},
        "seed": 3,
        "confidence": 0.95,
        "vectors": [{"name": "royals.safetensors", "words": 7, "dimensions": 4}],
    }
    assert [(row["metric"], row["covered"], row["total"]) for row in content["rows"]] == [
        ("spearman", 4, 5),
        ("pearson", 4, 5),
    ]
    assert set(content["rows"][0]) == {
        "vectors", "benchmark", "part", "metric", "value", "low", "high", "covered", "total",
    }  # fmt: skip
    assert content["comparison"] == []
    (health,) = content["health"]
    assert health["measures"][0] == {
        "metric": "share of zero vectors",
        "value": 0.0,
        "covered": 7,
        "total": 7,
    }
    assert set(health) == {"vectors", "measures", "hubs", "neighbors"}
    (warning,) = content["warnings"]
    assert warning.startswith("royals.safetensors: the vectors have no counts")
    assert result.stderr == f"Warning: {warning}\n"


def test_a_space_is_no_better_than_itself(run):
    result = run("evaluate royals.safetensors royals.safetensors -b family.txt -b pairs.txt --format json")
    content = json.loads(result.stdout)
    assert [space["name"] for space in content["vectors"]] == [
        "royals.safetensors (1)",
        "royals.safetensors (2)",
    ]
    for comparison in content["comparison"]:
        assert comparison["difference"] == 0
        assert [comparison[name] for name in ("p_value", "corrected_p_value", "better")] == [1, 1, None]


@pytest.fixture
def ladder(tmp_path):
    """good.safetensors, a circle on which a pair is the more similar the closer its numbers, and others."""
    angles = np.linspace(0, np.pi, 40)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    words = Vocabulary([f"w{number}" for number in range(40)])
    shuffled = np.random.default_rng(1).permutation(circle)
    for name, matrix in {"good": circle, "poor": shuffled, "poorer": shuffled}.items():
        Embeddings(matrix, words).save(tmp_path / f"{name}.safetensors")
    pairs = [f"w{first} w{second} {first - second}" for first in range(40) for second in range(first, 40, 3)]
    (tmp_path / "steps.txt").write_text("\n".join(pairs))


def test_a_better_space_is_told_with_its_p_value(run, ladder):
    result = run("evaluate poor.safetensors good.safetensors -b steps.txt")
    assert result.exit_code == 0
    assert "\nA: poor.safetensors\nB: good.safetensors\n\nbenchmark" in result.stdout
    assert result.stdout.endswith("\n\nB is better than A on steps (corrected p < 0.05).\n")
    *_, row, _, _ = result.stdout.splitlines()
    name, metric, difference, low, high, p, corrected, shared = row.split()
    assert (name, metric, p, corrected, shared) == ("steps", "spearman", "0.0010", "0.0010", "287")
    assert float(low.strip("[,")) < float(difference) < float(high.strip("]")) < 0


def test_benchmarks_of_one_name_are_numbered(run):
    result = run("evaluate royals.safetensors -b family.txt -b pairs.txt -b deep/family.txt --format tsv")
    assert {line.split("\t")[1] for line in result.stdout.splitlines()[1:]} == {
        "family (1)",
        "pairs",
        "family (2)",
    }


def test_an_empty_name_is_no_folder(run, royals):
    result = CliRunner().invoke(main, ["evaluate", "royals.safetensors", "-b", ""])
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: expected a file or one of the names ")


def test_the_list_of_names(run, tmp_path):
    (tmp_path / "EN-RG-65.txt").write_text(PAIRS)
    lines = run("evaluate --list --data .").stdout.splitlines()
    rows = {line.split()[0]: line for line in lines[1:]}
    assert set(rows) == {*SHIPPED, *(public.name for public in PUBLIC)}
    assert rows["rg-65"].split("  ")[-1].strip() == "EN-RG-65.txt"
    assert "not found: EN-RW-STANFORD.txt or EN-RW.txt or rw.txt" in rows["rw"]
    assert rows["men"].endswith("(--fetch downloads it)")


def test_what_cannot_be_compared_is_not_called_chance(run, ladder):
    result = run("evaluate poor.safetensors good.safetensors -b foreign.txt")
    assert result.stdout.endswith("\nNo comparison on foreign: no item is covered by both.\n")
    assert "not statistically significant" not in result.stdout


def test_p_values_are_corrected_for_all_tests_of_a_report(run, ladder):
    line = "evaluate good.safetensors poor.safetensors poorer.safetensors -b steps.txt --format json"
    for entry in json.loads(run(line).stdout)["comparison"]:
        assert entry["p_value"] == pytest.approx(2 / 2001, rel=1e-5)
        assert entry["corrected_p_value"] == pytest.approx(2 * 2 / 2001, rel=1e-5)


def test_the_first_of_several_is_compared_with_each_other(run, ladder):
    result = run("evaluate good.safetensors poor.safetensors poorer.safetensors -b steps.txt --format json")
    found = [(entry["a"], entry["b"], entry["better"]) for entry in json.loads(result.stdout)["comparison"]]
    good = "good.safetensors"
    assert found == [(good, "poor.safetensors", good), (good, "poorer.safetensors", good)]


def test_nothing_covered_is_said(run):
    result = run("evaluate royals.safetensors -b foreign.txt")
    assert result.exit_code == 0
    assert "foreign    spearman      -                  0 of 2\n" in result.stdout
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Warning: royals.safetensors on foreign: nothing is covered")


def test_another_case_is_warned_of_and_mended(run):
    result = run("evaluate royals.safetensors -b cased.txt --no-lowercase")
    assert "royals.safetensors on cased: the case differs: 3 more of 3 items" in result.stderr
    result = run("evaluate royals.safetensors -b cased.txt")  # the vectors record that they are of lower case
    assert ("3 of 3" in result.stdout, result.stderr) == (True, "")


REFUSED = [
    (
        "-b bad.txt",
        "bad.txt: expected two words and a number on each line, got line 3 'e f', line 5 'i j k l'",
    ),
    ("-b prose.txt", "prose.txt: expected most lines to be of one of the forms: "),
    ("-b empty.txt", "empty.txt: expected a benchmark, got a file without items"),
    ("-b gogle", "expected a file or one of the names "),
    ("-b deep", "deep: expected a folder with a file a topic or a file a category, got lines as in "),
    ("-b men --data nowhere", "expected a folder of benchmarks, got 'nowhere'"),
    ("-b pairs.txt --seed -1", "seed must be at least 0, got -1"),
    ("-b pairs.txt --plot nowhere/a.png", "cannot write "),
    (" ".join(["v"] * 8) + " -b pairs.txt --plot a.png", "expected at most 8 vectors to draw, got 9"),
    ("-b pairs.txt --plot a.jpg", "expected the name of a .png, .svg or .pdf file to draw, got a.jpg"),
    ("absent.bin -b pairs.txt", "cannot read absent.bin: "),
    ("-b pairs.txt --protocol fast", "Invalid value for '--protocol': 'fast' is not one of"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_cannot_be_used_is_one_line(run, options, message):
    result = run(f"evaluate royals.safetensors {options}")
    assert (result.stdout, result.exit_code, result.stderr.count("\n")) == ("", 2, 1)
    assert result.stderr.startswith(f"Error: {message}")


def test_a_plot_replaces_a_file_once_it_is_complete(run, tmp_path, monkeypatch):
    plot = tmp_path / "scores.png"
    plot.write_bytes(b"old")
    line = "evaluate royals.safetensors -b family.txt -b pairs.txt --plot scores.png"
    with monkeypatch.context() as broken:
        broken.setattr("matplotlib.figure.Figure.savefig", lambda *_, **__: 1 / 0)
        assert run(line).exit_code == 1
    assert plot.read_bytes() == b"old"
    assert run(line).exit_code == 0
    assert plot.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_a_picture_of_thousands_of_categories_shows_the_first(run, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "embedkit_cli.evaluation.report_plot.write_bars", lambda path, panels, title: drawn.extend(panels)
    )
    questions = "".join(f": part{number}\nman woman king queen\n" for number in range(2000))
    (tmp_path / "many.txt").write_text(questions)
    run("evaluate royals.safetensors -b many.txt --plot a.png")
    [panel] = drawn
    assert panel.title == "many (the first 60 of 2,001)"
    assert panel.labels[:2] == ["total", "part0"]
    assert [len(panel.labels), *map(len, panel.series.values())] == [60, 60]


def test_without_arguments_all_that_ships_is_used(run, monkeypatch):
    monkeypatch.setattr("embedkit_cli.evaluation.benchmarks.found_sets", lambda data: {})
    scored = {}

    def report_of_few_words(vectors, *given, **settings):
        scored.update(vectors)
        few = {name: space.subset(space.vocabulary.words[:3000]) for name, space in vectors.items()}
        return evaluation_report(few, *given, **settings)

    monkeypatch.setattr("embedkit_cli.commands.evaluate.evaluation_report", report_of_few_words)
    result = run("evaluate")
    assert result.exit_code == 0
    [(name, space)] = scored.items()
    assert (name, space.matrix.shape) == ("english", (50_000, 96))
    assert "\nenglish: 3,000 words x 96\n" in result.stdout
    assert [name for name in SHIPPED if f"\n{name} " in result.stdout] == list(DEFAULTS)
    assert "\nhealth " in result.stdout


def test_a_data_folder_is_searched_for_public_sets(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "EN-RG-65.txt").write_text(PAIRS)
    result = run("evaluate royals.safetensors -b rg-65 --data data --format tsv")
    assert "royals.safetensors\trg-65\ttotal\tspearman\t" in result.stdout


def test_every_protocol_is_an_option():
    assert get_args(get_type_hints(EvaluationSettings)["protocol"]) == tuple(PROTOCOLS)
