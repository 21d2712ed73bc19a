"""train-lm, generate, perplexity and next, from text to what is printed."""

import json
import math

import pytest

from embedkit.shipped_files import shipped_path

NAMES = ["anna", "hanna", "annika", "hannes", "inka", "kai", "kaia", "nikas"]
CHARACTERS = "--unit characters --independent-lines --min-count 1"
SMALL = "--units 12 --vector-size 12 --batch-size 8 --epochs 3 --learning-rate 0.03 -q"


@pytest.fixture
def names(tmp_path):
    """names.txt, each name five times."""
    (tmp_path / "names.txt").write_text("\n".join(NAMES * 5) + "\n")


@pytest.fixture
def ngrams(run, names):
    """n.safetensors."""
    result = run(f"train-lm names.txt -o n.safetensors --model ngram {CHARACTERS} -q")
    assert (result.stderr, result.exit_code) == ("", 0)
    return result.stdout


@pytest.fixture
def network(run, names):
    """r.safetensors."""
    result = run(f"train-lm names.txt -o r.safetensors --model gru {CHARACTERS} {SMALL}")
    assert (result.stderr, result.exit_code) == ("", 0)
    return result.stdout


def test_a_network_is_measured_beside_ngrams(network):
    heading, *rows = [line.split() for line in network.splitlines()]
    assert heading[:4] == ["model", "tokens", "unknown", "perplexity"]
    assert [row[0] for row in rows] == ["gru", "5-grams"]
    assert rows[0][1] == rows[1][1]


def test_texts_are_made_and_the_same_seed_makes_the_same(run, ngrams):
    made = run("generate -m n.safetensors -n 30 --seed 5").stdout
    assert len(made.splitlines()) == 30
    assert run("generate -m n.safetensors -n 30 --seed 5").stdout == made
    assert run("generate -m n.safetensors -n 3 --seed 5").stdout == "".join(made.splitlines(True)[:3])
    assert run("generate -m n.safetensors -n 30 --seed 6").stdout != made


def test_texts_begin_and_end_where_they_shall(run, ngrams):
    lines = run("generate -m n.safetensors --prefix han -n 20").stdout.splitlines()
    assert all(line.startswith("han") for line in lines)
    stopped = run("generate -m n.safetensors --stop na -n 40 --length 30").stdout
    assert "na" not in stopped
    assert run('generate -m n.safetensors --stop "" -n 1 --length 40 --format json').stdout.count("\\n") > 1


def test_new_names_are_none_of_those_that_were_learned(run, ngrams):
    lines = run("generate -m n.safetensors -n 8 --exclude names.txt --temperature 1.5").stdout.splitlines()
    assert len({*lines}) == 8
    assert not {*lines} & {*NAMES}
    error = run("generate -m n.safetensors -n 8 --exclude names.txt --temperature 0")
    assert error.exit_code == 2
    assert "got 0 among 400; ask for fewer, or raise the temperature" in error.stderr


def test_a_temperature_of_zero_takes_the_likeliest(run, ngrams):
    greedy = run("generate -m n.safetensors -n 3 --temperature 0").stdout.splitlines()
    assert len({*greedy}) == 1
    assert run("generate -m n.safetensors --beam 1 -n 1").stdout.splitlines() == greedy[:1]


def test_beam_search_gives_likely_lines_with_their_probabilities(run, ngrams):
    lines = run("generate -m n.safetensors --beam 12 -n 3 --format json").stdout.splitlines()
    found = list(map(json.loads, lines))
    assert {one["text"] for one in found} <= {*NAMES}
    measured = []
    for one in found:
        result = run("perplexity - -m n.safetensors --format json -q", one["text"] + "\n")
        told = json.loads(result.stdout)
        measured.append(-told["tokens"] * math.log(told["perplexity"]))
    assert [one["log_probability"] for one in found] == pytest.approx(measured, abs=1e-3)


def test_perplexity_of_several_models(run, ngrams, network):
    shown = run("perplexity names.txt -m n.safetensors -m r.safetensors -q").stdout
    assert [line.split()[0] for line in shown.splitlines()[1:]] == ["n.safetensors", "r.safetensors"]
    for name in ("n", "r"):
        [told] = run(f"perplexity names.txt -m {name}.safetensors --format json -q").stdout.splitlines()
        told = json.loads(told)
        assert (told["tokens"], told["unknown"]) == (sum(map(len, NAMES * 5)) + 40, 0)
        assert told["bits_per_token"] == pytest.approx(math.log2(told["perplexity"]), rel=1e-4)


def test_what_comes_next(run, ngrams):
    rows = [line.split() for line in run("next -m n.safetensors hann --top 2").stdout.splitlines()]
    assert {row[1] for row in rows} == {"a", "e"}
    [told] = run("next -m n.safetensors --format json", "kai\n").stdout.splitlines()
    assert {one["token"] for one in json.loads(told)["next"][:2]} == {"\n", "a"}
    assert "kai\ta\t" in run("next -m n.safetensors hann kai --format tsv --top 1").stdout


def test_words_and_subwords(run, tmp_path):
    (tmp_path / "text.txt").write_text("The clouds are in the sky.\nThe fish are in the sea.\n" * 20)
    run("train-lm text.txt -o w.safetensors --model ngram --validation 0 -q")
    first = run('next -m w.safetensors "The clouds are in the" --top 1').stdout
    assert first.split()[1] == "sky"
    run("train-lm text.txt -o s.safetensors --model ngram --unit subwords --vocabulary-size 40 -q")
    made = run("generate -m s.safetensors --temperature 0 -n 1").stdout
    assert made in {f"The {a} are in the {b}.\n" for a in ("clouds", "fish") for b in ("sky", "sea")}


def test_info_tells_of_a_model(run, network):
    told = json.loads(run("info r.safetensors --format json").stdout)
    assert (told["model"], told["unit"], told["parameters"]["cell"]) == ("recurrent", "characters", "gru")
    assert [epoch["epoch"] for epoch in told["made"]["history"]] == [1, 2, 3]
    assert "as written" in run("info --verify r.safetensors").stdout
    assert "a language model of embedkit" in run("analogy -v r.safetensors a b c").stderr


def test_the_same_seed_gives_the_same_file(run, network, tmp_path):
    kept = (tmp_path / "r.safetensors").read_bytes()
    run(f"train-lm names.txt -o r.safetensors --model gru {CHARACTERS} {SMALL}")
    assert (tmp_path / "r.safetensors").read_bytes() == kept


def test_a_damaged_file_is_told(run, ngrams, tmp_path):
    data = bytearray((tmp_path / "n.safetensors").read_bytes())
    data[-3] ^= 1
    (tmp_path / "n.safetensors").write_bytes(data)
    result = run("generate -m n.safetensors")
    assert result.exit_code == 2
    assert "the checksum of its" in result.stderr


def test_creatures_ship(run, tmp_path):
    result = run(f"train-lm creatures -o c.safetensors --model ngram {CHARACTERS}")
    assert result.exit_code == 0
    lines = shipped_path("creatures.txt").read_text().splitlines()
    assert len({*lines}) == len(lines) >= 1500


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("", "train-lm x.txt -o m", "no line has a token"),
        ("\n\n", "train-lm x.txt -o m", "no line has a token"),
        ("once", "train-lm x.txt -o m", "expected more lines to hold out 10%, got 1"),
        (
            "once",
            "train-lm x.txt -o m --validation 0",
            "expected tokens that occur 2 times, got none among 1",
        ),
        (
            "a b\n" * 9,
            "train-lm x.txt -o m --validation 0.9",
            "a fraction of lines to hold out from 0 to 0.5",
        ),
        ("a b\n" * 9, "train-lm x.txt -o m --validation x", "x"),
        ("a b\n" * 9, "train-lm x.txt -o x.txt", "x.txt is one of the texts to read"),
        ("a b\n" * 9, "train-lm x.txt -o m --model ngram --units 3", "--units is of networks"),
        ("a b\n" * 9, "train-lm x.txt -o m --unit characters --tokenizer icu", "is for words"),
        ("a b\n" * 9, "train-lm x.txt -o m --units 12", "got units 12; leave units out"),
        ("a b\n" * 9, "train-lm x.txt -o m --order 0", "order must be at least 1, got 0"),
        ("a b\n" * 9, "train-lm x.txt -o m --learning-rate 999 --validation 0", "diverged in epoch 1"),
        (None, "generate -m none.safetensors", "no such model"),
    ],
)
def test_what_cannot_be_trained_is_told(run, tmp_path, content, line, message):
    if content is not None:
        (tmp_path / "x.txt").write_text(content)
    result = run(f"{line} -q" if line.startswith("train") else line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("generate -m n.safetensors --prefix Zoë", "the model cannot read 'Z', 'o', 'ë' in 'Zoë'"),
        ("next -m n.safetensors Zoë", "choose another beginning"),
        ("generate -m n.safetensors --temperature -1", "temperature must be at least 0, got -1"),
        ("generate -m n.safetensors --temperature nan", "nan"),
        ("generate -m n.safetensors --top-p 0", "top_p must be more than 0"),
        ("generate -m n.safetensors --top-k 0", "top_k must be at least 1"),
        ("generate -m n.safetensors --beam 3 -n 4", "--beam 3 finds 3 texts"),
        ("generate -m n.safetensors --beam 9 -n 4 --stop x", "leave --stop and --exclude out"),
        ("generate -m n.safetensors --beam 9 -n 4 --top-k 3", "--beam draws nothing"),
        ("perplexity empty.txt -m n.safetensors", "no line has a token"),
    ],
)
def test_what_cannot_be_asked_is_told(run, ngrams, tmp_path, line, message):
    (tmp_path / "empty.txt").write_text("")
    result = run(line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_words_are_split_as_asked(run, tmp_path):
    (tmp_path / "lines.txt").write_text("don't stop,now\n" * 30)
    small = "--units 4 --vector-size 4 --epochs 1 --validation 0 --min-count 1"
    for tokenizer, tokens in [
        ("whitespace", {"don't", "stop,now"}),
        ("words", {"don't", "stop", ",", "now"}),
    ]:
        assert run(f"train-lm lines.txt -o m {small} --tokenizer {tokenizer} -q").exit_code == 0
        found = run("next -m m --top 9 --format tsv don\\'t").stdout
        assert {line.split("\t")[1] for line in found.splitlines()} - {"\\n", "<unk>"} == tokens
