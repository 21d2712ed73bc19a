"""embedkit bias --weat: association tests on one space, and on several with a ranking."""

import json
import re

import pytest

from embedkit import Embeddings, weat_report

TESTS = """\
[trades]
x = ["nurse", "maid"]
y = ["smith", "clerk"]
a = ["she", "Her"]
b = ["he", "his"]
published = { glove = 1.5 }

[rank]
x = ["nurse", "maid"]
y = ["unheard", "unseen"]
a = ["she"]
b = ["he"]
"""
BOTH = "bias --weat mine.toml -v space.safetensors -v turned.bin -q"


@pytest.fixture(autouse=True)
def tests(files, space):
    (files / "mine.toml").write_text(TESTS)
    turned = space.matrix.copy()
    turned[:, 0] *= 0.1
    Embeddings(turned, space.vocabulary).save(files / "turned.bin")


def test_several_spaces_stand_side_by_side_and_are_ranked(run, files, space):
    spaces = {name: Embeddings.load(files / name) for name in ("space.safetensors", "turned.bin")}
    report = weat_report(spaces, files / "mine.toml")
    text = run(BOTH).stdout
    for row in report.rows[:2]:
        shown = rf"trades +{row.vectors} +{row.measurement.value:.3f} .* 2 of 2 +1 +1\.50\*\n"
        assert re.search(shown, text)
    assert re.search(r"rank +turned.bin +-\n", text)
    for ranked in report.ranking:
        assert re.search(rf" {ranked.rank}  {ranked.vectors} +{ranked.mean_absolute_effect:.3f}\n", text)
    assert [ranked.vectors for ranked in report.ranking] == ["turned.bin", "space.safetensors"]
    assert "absolute effect sizes over trades, measured on all vectors; 1 is" in " ".join(text.split())
    assert json.loads(run(f"{BOTH} --format json").stdout) == json.loads(json.dumps(report.as_dict()))
    header, *lines = run(f"{BOTH} --format tsv").stdout.splitlines()
    assert header.split("\t")[:3] == ["WEAT", "vectors", "effect size"]
    assert [line.split("\t")[1] for line in lines] == ["space.safetensors", "turned.bin"] * 2


def test_one_space_has_no_ranking_and_no_column_of_names(run):
    line = "bias --weat mine.toml -v space.safetensors -q"
    text = run(line).stdout
    assert "Ranking" not in text
    assert re.search(r"WEAT +effect size", text)
    content = json.loads(run(f"{line} --format json").stdout)
    assert [*content] == ["vectors", "tests"]
    assert [test["test"] for test in content["tests"]] == ["trades", "rank"]


def test_the_page_has_ranking_tests_words_and_a_picture(run, files):
    assert run(f"{BOTH} --report page.html --plot bars.png").exit_code == 0
    page = (files / "page.html").read_text()
    assert page.index("<h2>Ranking</h2>") < page.index("<h2>Association tests</h2>")
    assert "trades: X or Y: A or B" in page
    assert "she, Her" in page
    assert page.count("data:image/png;base64,") == 1
    assert (files / "bars.png").read_bytes()[1:4] == b"PNG"
