"""embedkit bias and embedkit debias, on a small space that leans."""

import json
import re
from html.parser import HTMLParser
from itertools import product
from string import ascii_lowercase

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.bias.audit import audit
from embedkit.bias.debiasing import METHODS, debias
from embedkit_cli import bias_findings
from embedkit_cli.bias_options import accepted, method_of

TOPIC = """\
name = "sex <b>"
citations = ["Some & body (2020)"]
definitional = [["she", "he"], ["her", "his"], ["woman", "man"]]
equalize = [["she", "he"], ["her", "his"]]
neutral = ["nurse", "cook", "maid", "smith", "<i>boss</i>", "clerk"]

[classes]
female = ["she", "her", "woman"]
male = ["he", "his", "man"]
"""
THREE = """\
name = "three"
definitional = [["she", "he", "it"], ["her", "his", "its"]]
neutral = ["nurse", "cook", "maid", "smith"]
[classes]
a = ["she", "her"]
b = ["he", "his"]
c = ["it", "its"]
"""
WORDS = tuple("she he her his woman man it its nurse cook maid smith <i>boss</i> clerk".split())  # noqa: SIM905
LEANS = (1, -1, 1, -1, 1, -1, 0, 0, 0.6, 0.3, 0.5, -0.6, -0.5, -0.1)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def files(tmp_path, run):
    """space.safetensors, whose words lean along the first dimension, topics, and a benchmark."""
    generator = np.random.default_rng(0)
    others = ["".join(letters) for letters in product(ascii_lowercase, repeat=2)][:300]
    others = [f"{word}x" for word in others]
    matrix = generator.normal(0, 0.4, (len(WORDS) + len(others), 12))
    matrix[: len(WORDS), 0] = LEANS
    matrix[[1, 3, 5], 1:] = matrix[[0, 2, 4], 1:] + generator.normal(0, 0.05, (3, 11))
    Embeddings(matrix, Vocabulary([*WORDS, *others])).save(tmp_path / "space.safetensors")
    pairs = "".join(
        f"{a} {b} {score}\n" for score, (a, b) in enumerate(zip(others[:20], others[20:40], strict=True))
    )
    contents = {"sex.toml": TOPIC, "three.toml": THREE, "pairs.txt": pairs}
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    return tmp_path


@pytest.fixture
def space(files):
    return Embeddings.load(files / "space.safetensors")


BIAS = "bias -v space.safetensors --topic sex.toml"
DEBIAS = "debias -v space.safetensors --topic sex.toml -b pairs.txt"


def test_the_table_has_what_the_audit_found(run, space):
    result = run(f"{BIAS} --format json -q")
    found = {
        f"{row['measure']}: {row['subject']}".removesuffix(": "): row["measurement"]
        for row in json.loads(result.stdout)["measures"]
    }
    expected = {row.title: row.measurement for row in audit(space, "sex.toml").rows}
    assert set(found) == set(expected)
    for title, measurement in expected.items():
        assert found[title] == (measurement and json.loads(json.dumps(measurement.as_dict())))
    table = run(f"{BIAS} -q").stdout
    direct = expected["direct bias"]
    cells = [f"{direct.value:.3f}", "0", f"[{direct.low:.3f}, {direct.high:.3f}]", "6 of 6"]
    assert re.search(r"\s+".join(map(re.escape, ["direct bias", *cells])), table)
    assert "How far words that should be neutral lie along the direction" in table
    assert "Not measured: RNSB: expected the vectors to know" in table
    assert (result.stderr, result.exit_code) == ("", 0)


def test_other_styles(run):
    lines = run(f"{BIAS} --format tsv -q").stdout.splitlines()
    assert lines[0].split("\t")[:4] == ["vectors", "measure", "subject", "value"]
    assert {len(line.split("\t")) for line in lines} == {10}
    assert "| measure | value | without bias |" in run(f"{BIAS} --format markdown -q").stdout


def test_all_association_tests_stand_beside_their_published_values(run, space):
    result = run("bias --weat --format json -v space.safetensors -q")
    tests = json.loads(result.stdout)["tests"]
    assert len(tests) == 10
    assert tests[0]["published"] == {"glove": 1.5, "word2vec": 1.54}
    assert "missing: 'aster', 'clover'" in tests[0]["refused"]
    text = run("bias --weat -v space.safetensors -q").stdout
    assert re.search(r"flowers-insects +- +1.50 +1.54\n", text)


def test_the_famous_words_that_are_unknown_are_named(run, files):
    (files / "gender.toml").write_text(TOPIC.replace("sex <b>", "gender"))
    stdout = run("bias -v space.safetensors --topic gender.toml -q").stdout
    assert "man : computer_programmer :: woman : ?  computer_programmer: not in the vocabulary" in stdout


def test_the_debiased_file_is_what_the_library_makes(run, files, space):
    result = run(f"{DEBIAS} -o out.safetensors --set components=2")
    assert result.exit_code == 0, result.stderr
    expected = debias(space, files / "sex.toml", components=2)
    made = Embeddings.load(files / "out.safetensors")
    np.testing.assert_array_equal(made.matrix, expected.matrix)
    assert made.metadata["transforms"][-1]["parameters"]["components"] == 2
    assert "wrote out.safetensors: 314 words x 12" in result.stderr
    assert "\nWhat can still be recovered\n" in result.stdout


def test_before_and_after_are_audits_at_length_one(run, space):
    found = json.loads(run(f"{DEBIAS} --method projection --format json -q").stdout)
    before = space.normalize()
    after = audit(debias(space, "sex.toml", "projection").normalize(), "sex.toml", original=before)
    direct = [state["measures"][0]["measurement"]["value"] for state in (found["before"], found["after"])]
    assert direct == [audit(before, "sex.toml")["direct bias"].value, after["direct bias"].value]
    assert direct[0] > 0.2 > 1e-6 > direct[1]
    [cost] = found["costs"]
    assert cost["difference"] == pytest.approx(cost["after"] - cost["before"])
    recovered = after["recovery accuracy"]
    assert f"{100 * recovered.value:.1f} % of the words that were most biased" in found["verdict"]
    assert ("not gone" in found["verdict"]) == (recovered.low > 0.5)


@pytest.mark.parametrize("style", ["text", "tsv", "markdown"])
def test_debias_styles(run, style):
    result = run(f"{DEBIAS} --format {style} -q")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "pairs" in result.stdout
    assert "direction found anew" in result.stdout


@pytest.mark.parametrize("method", ["multiclass", "inlp", "half-sibling", "projection", "soft"])
def test_several_classes_are_debiased_by_the_methods_that_can(run, method):
    settings = "--set labelled_words=20" if method == "inlp" else ""
    result = run(
        f"debias -v space.safetensors --topic three.toml -b pairs.txt --method {method} {settings} -q"
    )
    assert result.exit_code == 0, result.stderr
    assert "recovery accuracy: c, others" in result.stdout


def test_a_cost_that_is_not_known_is_not_called_none(run, files):
    (files / "foreign.txt").write_text("un deux 1\ntrois quatre 2\ncinq six 3\n")
    stdout = run("debias -v space.safetensors --topic sex.toml -b foreign.txt -q").stdout
    assert "The cost is not known: no benchmark has enough words that the vectors know." in stdout


def test_what_could_not_be_measured_is_no_verdict(run, files):
    names = ["she", "he", "her", "his", "woman", "man", "nurse", "cook", "maid"]
    Embeddings(np.random.default_rng(1).normal(size=(9, 5)), Vocabulary(names)).save(
        files / "nine.safetensors"
    )
    stdout = run("debias -v nine.safetensors --topic sex.toml -b pairs.txt -q").stdout
    assert "so nothing is known of what remains." in " ".join(stdout.split())
    assert "Not measured: recovery accuracy: expected at least 10 biased words" in stdout


class Page(HTMLParser):
    """What a page loads, what is open, and what it says."""

    VOID = ("meta", "img", "link", "br", "input", "hr")

    def __init__(self, text):
        super().__init__()
        self.open, self.loaded, self.tags, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loaded += [value for name, value in attrs if name in ("src", "href", "srcset", "data")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize(("command", "pictures"), [(BIAS, 1), (DEBIAS, 3)])
def test_pages_are_well_formed_and_need_nothing_else(run, files, command, pictures):
    assert run(f"{command} --report page.html -q").exit_code == 0
    text = (files / "page.html").read_text()
    page = Page(text)
    assert page.open == []
    assert len(page.loaded) == pictures
    assert all(link.startswith("data:image/png;base64,") for link in page.loaded)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert "url(" not in text
    assert "@import" not in text
    assert not {"b", "i"} & set(page.tags)  # names of topics and words are shown, not obeyed
    said = "".join(page.text)
    assert "Sex <b> bias in space.safetensors" in said
    assert "<i>boss</i>" in said
    assert "Some & body (2020)" in said


def test_pages_of_several_classes(run, files):
    assert run("bias -v space.safetensors --topic three.toml --report page.html -q").exit_code == 0
    assert Page((files / "page.html").read_text()).open == []


@pytest.mark.parametrize("command", [BIAS, DEBIAS, "bias -v space.safetensors --topic three.toml"])
def test_plots_are_pictures(run, files, command):
    assert run(f"{command} --plot picture.png -q").exit_code == 0
    assert (files / "picture.png").read_bytes().startswith(PNG)


REFUSED = [
    ("bias --topic sexx", "no topic and no file 'sexx'; topics are gender, race, religion, age"),
    ("bias --topic bad.toml", "bad.toml, line 3, classes.male: "),
    ("bias --topic missing.toml -v space.safetensors", "missing: 'ella', 'lui', 'elle', 'il'"),
    (
        "bias -v tiny.safetensors --topic sex.toml",
        "expected the vectors to know 50% of the definitional sets",
    ),
    ("bias --plot picture.jpg", "expected the name of a .png file"),
    ("bias --report page.txt", "expected the name of a .html file"),
    ("bias --weat --plot picture.png", "--weat only prints a table"),
    ("bias --plot no/picture.png", "the folder"),
    ("debias --method harder", "'harder' is not one of 'hard', 'soft'"),
    ("debias --set lambda=1", f"the method hard accepts {accepted('hard')}; got 'lambda=1'"),
    ("debias --set components", "the method hard accepts"),
    ("debias --set components=two", "components must be a whole number, got 'two'"),
    ("debias --set components=1.5", "components must be a whole number, got '1.5'"),
    ("debias --set components=1 --set components=2", "components is set twice"),
    ("debias --method soft --set strength=-1", "strength must be at least 0, got -1"),
    ("debias --quantize int8", "--quantize is about the file of -o"),
    ("debias -o out.xyz", "no format has the suffix '.xyz'"),
    ("debias -o no/out.bin", "the folder"),
    ("debias -b nothing.txt", "expected a file or one of the names"),
    (f"{DEBIAS} --plot same.png -o same.png", "no format has the suffix"),
    ("debias -v space.safetensors --topic three.toml", "use multiclass"),
]


@pytest.mark.parametrize(("command", "message"), REFUSED, ids=[command for command, _ in REFUSED])
def test_what_is_wrong_is_said_in_a_line(run, files, command, message):
    (files / "bad.toml").write_text(
        'name = "x"\ndefinitional = [["a", "b"]]\nclasses = {f = ["a"], male = [3]}\n'
    )
    (files / "missing.toml").write_text(
        'name = "x"\ndefinitional = [["ella", "lui"], ["elle", "il"], ["she", "he"]]\n'
        'classes = {f = ["she"], m = ["he"]}\n'
    )
    Embeddings(np.eye(3), Vocabulary(["she", "he", "cook"])).save(files / "tiny.safetensors")
    before = sorted(path.name for path in files.iterdir())
    result = run(command)
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]
    assert result.stdout == ""
    assert sorted(path.name for path in files.iterdir()) == before


def test_a_file_that_stood_there_stays_if_debiasing_fails(run, files):
    (files / "out.bin").write_bytes(b"precious")
    assert run("debias -v space.safetensors --topic three.toml -o out.bin").exit_code == 2
    assert (files / "out.bin").read_bytes() == b"precious"


def test_ctrl_c_leaves_nothing(run, files, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(bias_findings, "compare", interrupted)
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


def test_a_topic_without_neutral_words_has_nothing_to_draw(run, files):
    (files / "bare.toml").write_text(re.sub("neutral = .*\n", "", TOPIC))
    result = run("bias -v space.safetensors --topic bare.toml --plot p.png -q")
    assert result.exit_code == 2
    assert "no positions to draw" in result.stderr
    assert not (files / "p.png").exists()
    assert run("bias -v space.safetensors --topic bare.toml --report r.html -q").exit_code == 0
