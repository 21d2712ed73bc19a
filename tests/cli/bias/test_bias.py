"""embedkit bias on a small space that leans, and what it and embedkit debias refuse."""

import json
import re

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary, bias_report
from embedkit.bias.audit import audit
from embedkit_cli.bias.options import accepted
from tests.cli.bias.biased_space import BIAS, DEBIAS, TOPIC


def test_the_table_has_what_the_audit_found(run, space):
    result = run(f"{BIAS} --format json -q")
    found = {
        f"{row['metric']}: {row['subject']}".removesuffix(": "): row["measurement"]
        for row in json.loads(result.stdout)["metrics"]
    }
    expected = {row.title: row.measurement for row in audit(space, "sex.toml").rows}
    assert set(found) == set(expected)
    for title, measurement in expected.items():
        assert found[title] == (measurement and json.loads(json.dumps(measurement.as_dict())))
    table = run(f"{BIAS} -q").stdout
    direct = expected["direct bias"]
    cells = [f"{direct.value:.3f}", "0", f"[{direct.low:.3f}, {direct.high:.3f}]", "6 of 6"]
    assert re.search(r"\s+".join(map(re.escape, ["direct bias", *cells])), table)
    assert "The mean absolute cosine of words that should be neutral with the bias" in table
    assert "Not measured: RNSB: expected the vectors to know" in table
    assert (result.stderr, result.exit_code) == ("", 0)


def test_other_styles(run):
    lines = run(f"{BIAS} --format tsv -q").stdout.splitlines()
    assert lines[0].split("\t")[:4] == ["vectors", "metric", "subject", "value"]
    assert {len(line.split("\t")) for line in lines} == {11}
    assert "| metric | value | unbiased |" in run(f"{BIAS} --format markdown -q").stdout


def test_all_association_tests_stand_beside_their_published_values(run):
    result = run("bias --weat --format json -v space.safetensors -q")
    tests = json.loads(result.stdout)["tests"]
    assert len(tests) == 11  # one of the ten with two lists
    assert tests[0]["published"] == {"glove": 1.5, "word2vec": 1.54}
    assert "missing: 'aster', 'clover'" in tests[0]["refused"]
    text = run("bias --weat -v space.safetensors -q").stdout
    assert re.search(r"flowers-insects +- +1.50 +1.54\n", text)


def test_the_famous_words_that_are_unknown_are_named(run, files):
    (files / "gender.toml").write_text(TOPIC.replace("sex <b>", "gender"))
    stdout = run("bias -v space.safetensors --topic gender.toml -q").stdout
    assert "man : computer_programmer :: woman : ?  computer_programmer: not in the vocabulary" in stdout


REFUSED = [
    ("bias --topic sexx", "no topic and no file 'sexx'; topics are gender, race, religion, age"),
    ("bias --topic bad.toml", "bad.toml, line 3, classes.male: "),
    ("bias --topic missing.toml -v space.safetensors", "missing: 'ella', 'lui', 'elle', 'il'"),
    (
        "bias -v tiny.safetensors --topic sex.toml",
        "tiny.safetensors: expected the vectors to know 50% of the definitional sets",
    ),
    ("bias --plot picture.jpg", "expected the name of a .png, .svg or .pdf file"),
    ("bias --report page.txt", "expected the name of a .html file"),
    ("bias --weat --topic sex.toml", "--weat has its own word lists; leave out --topic"),
    ("bias --weat none.toml -v none.bin", "no file 'none.toml' of association tests; give one"),
    ("bias --weat sex.toml -v none.bin", "sex.toml, line 1, name: expected a table of the lists"),
    ("bias -v none.bin -v none.bin --plot picture.png", "--plot draws the words of one space"),
    ("bias -v tiny.safetensors -v none.bin --topic sex.toml", "none.bin"),
    ("bias --weat --plot picture.png" + 9 * " -v none.bin", "expected at most 8 vectors to draw, got 9"),
    ("debias -v space.safetensors -v space.safetensors", "expected -v or --vectors once, got it 2 times"),
    ("bias --plot no/picture.png", "the folder"),
    ("debias --method harder", "'harder' is not one of 'hard', 'soft'"),
    ("debias --set lambda=1", f"the method hard accepts {accepted('hard')}; got 'lambda=1'"),
    ("debias --set components", "the method hard accepts"),
    ("debias --set components=two", "components must be a whole number, got 'two'"),
    ("debias --set components=1.5", "components must be a whole number, got '1.5'"),
    ("debias --set components=1 --set components=2", "components is set twice"),
    ("debias --method soft --set strength=-1", "strength must be at least 0, got -1"),
    ("debias --dtype int8", "--dtype is about the file of -o"),
    ("debias -o out.xyz", "no format has the suffix '.xyz'"),
    ("debias -o no/out.bin", "the folder"),
    ("debias -b nothing.txt", "expected a file or one of the names"),
    (f"{DEBIAS} --plot same.png -o same.png", "no format has the suffix"),
    ("debias -v none.bin --topic three.toml --method hard", "use multiclass"),
    ("debias -v none.bin --topic three.toml --method double-hard", "use multiclass"),
    ("debias -v none.bin --topic three.toml --set strength=1", "the method multiclass accepts"),
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


def test_several_vectors_stand_side_by_side(run, files, space):
    space.transformed(space.matrix[:, ::-1], "mirrored").save(files / "other.safetensors")
    both = f"{BIAS} -v other.safetensors -q"
    found = json.loads(run(f"{both} --format json").stdout)["spaces"]
    assert [each["vectors"] for each in found] == ["space.safetensors", "other.safetensors"]
    assert found[0] == json.loads(run(f"{BIAS} -q --format json").stdout)
    table, _, details = run(f"{both} --report page.html").stdout.partition("\n\nspace.safetensors\n")
    assert re.search(r"direct bias +space.safetensors .*\ndirect bias +other.safetensors ", table)
    assert "\nother.safetensors\n" in details
    tsv = [line.split("\t")[:2] for line in run(f"{both} --format tsv").stdout.splitlines()]
    assert [line[0] for line in tsv if line[1] == "direct bias"] == ["space.safetensors", "other.safetensors"]
    page = (files / "page.html").read_text()
    assert "bias in space.safetensors, other.safetensors</h1>" in page
    assert page.count("<h3>Most associated words</h3>") == page.count("<figure>") == 2


CAPITALS = TOPIC.replace('"nurse", "cook"', '"Nurse", "COOK"').replace(
    '["she", "he"], ["her"', '["She", "he"], ["her"'
)


def test_words_found_in_lower_case_only_are_told_in_every_style(run, files):
    (files / "sex.toml").write_text(CAPITALS)
    text = run(f"{BIAS} -q --report page.html").stdout
    words = " ".join(text.split())
    assert re.search(r"p +covered +in lower case\n.*direct bias.* 6 of 6 +2\n", text)
    assert "3 of 3 definitional sets are known, with She in lower case; the bias direction" in words
    assert "In lower case: The vectors are of lower-cased text, where Nurse, COOK can mean something" in words
    assert "Nurse, COOK can mean" in (files / "page.html").read_text()
    header, direct, *_ = (line.split("\t") for line in run(f"{BIAS} -q --format tsv").stdout.splitlines())
    assert (header[-1], direct[-1]) == ("lowercased", "2")


def test_cased_vectors_do_not_know_a_word_in_another_case(run, files, space):
    (files / "sex.toml").write_text(CAPITALS)
    cased = Embeddings(space.matrix, space.vocabulary, {"tokenizer": {"name": "words", "lowercase": False}})
    lowercased = bias_report(space, "sex.toml").as_dict()
    assert lowercased["lowercased"] == ("She",)
    assert lowercased["metrics"][0]["measurement"]["lowercased"] == {"words": ("Nurse", "COOK")}
    cased.save(files / "space.safetensors")
    found = json.loads(run(f"{BIAS} -q --format json").stdout)
    direct = found["metrics"][0]["measurement"]
    assert (direct["coverage"], direct["lowercased"]) == ({"words": [4, 6]}, {})
    assert [*direct["details"]["words"]] == ["maid", "smith", "<i>boss</i>", "clerk"]
    assert found["definitional"] == [["her", "his"], ["woman", "man"]]
