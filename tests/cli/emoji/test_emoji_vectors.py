import json

import numpy as np
import pytest

import embedkit
from embedkit import Embeddings, Vocabulary

V = "-v e.safetensors"


@pytest.fixture
def food(tmp_path):
    """food.safetensors: words that name 🍕, 🍝 and 👍, and some that do not."""
    words = {
        "pizza": (1, 0, 0),
        "spaghetti": (0, 1, 0),
        "thumbs": (0, 0, 1),
        "up": (0, 0, 1),
        "tasty": (1, 1, 0),
    }
    space = Embeddings(np.array(list(words.values()), float), Vocabulary(list(words)))
    space.save(tmp_path / "food.safetensors")
    return space


@pytest.fixture
def emoji(run, food):
    """e.safetensors: the same with emoji."""
    result = run("emoji-vectors -v food.safetensors -o e.safetensors --min-coverage 0")
    assert (result.stdout, result.exit_code) == ("", 0)
    told, wrote = result.stderr.splitlines()
    made = embedkit.load("e.safetensors")
    count = len(made) - len(food)
    assert told.startswith(f"emoji: {count} added, {count} by their names and 0 by their use; ")
    assert wrote.startswith(f"wrote e.safetensors: {len(made)} words x 3, ")
    return made


SPELLINGS = ["👍", "👍\ufe0f", "👍🏽", ":thumbs_up:", ":+1:"]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_emoji_are_found_however_they_are_typed(run, emoji, typed):
    result = run(f"similarity {typed} thumbs {V}")
    assert (result.stdout, result.stderr, result.exit_code) == ("1.0000\n", "", 0)


def test_what_is_in_the_vocabulary_as_typed_wins(run, tmp_path):
    words = ["up", "❤", "❤️", "👍🏽", "👍", ":heart:"]
    Embeddings(np.eye(6), Vocabulary(words)).save(tmp_path / "v.safetensors")
    for word in words:
        assert run(f"similarity {word} {word} -v v.safetensors").stdout == "1.0000\n"
    for typed, word in [("👍🏿", "👍"), (":red_heart:", "❤️"), ("👍🏽\ufe0f", "👍🏽")]:
        assert run(f"similarity {typed} {word} -v v.safetensors").stdout == "1.0000\n"


def test_questions_with_emoji(run, emoji):
    assert run(f"neighbors 🍕 {V} --top 2").stdout == "pizza   1.0000\ntasty   0.7071\n"
    assert run(f"neighbors pizza {V} --top 2").stdout == "🍕      1.0000\ntasty   0.7071\n"
    assert run(f"analogy pizza 🍕 spaghetti {V} --top 1").stdout == "🍝   1.0000\n"
    assert run(f"odd-one-out 🍕 tasty 👍 {V}").stdout == "👍   0.0000\n"
    assert run(f"neighbors {V} --top 1 --format json", ":pizza:\n🍝\n").stdout == (
        '{"query": ":pizza:", "results": [{"word": "pizza", "score": 1.0}]}\n'
        '{"query": "🍝", "results": [{"word": "spaghetti", "score": 1.0}]}\n'
    )


def test_columns_are_aligned_for_emoji_of_several_characters(run, tmp_path):
    words = ["a", "❤️", "abc", "👩‍💻", "🇫🇷"]
    Embeddings(np.ones((5, 2)), Vocabulary(words)).save(tmp_path / "v.safetensors")
    lines = [
        f"{word}{' ' * (3 - cells)}   1.0000" for word, cells in zip(words[1:], [2, 3, 2, 2], strict=True)
    ]
    assert run("neighbors a -v v.safetensors").stdout.splitlines() == lines


def test_an_unknown_emoji_gets_a_hint(run, food):
    result = run("neighbors 🍕 -v food.safetensors")
    assert result.stderr == (
        "Error: '🍕' is not in the vocabulary; embedkit emoji-vectors adds emoji that words describe\n"
    )
    assert result.exit_code == 2
    result = run("neighbors :nonsense: -v food.safetensors")
    assert result.stderr == "Error: ':nonsense:' is not in the vocabulary\n"


USAGE = {
    "usage.txt": "tasty {}\ntasty tasty :fire:\n",
    "usage.tsv": "part\tsentence\temoji\ntrain\ttasty\t{}\ntrain\ttasty tasty\t🔥\n",
    "usage.csv": 'text,labels\ntasty,"[""{}""]"\ntasty tasty :fire:,[]\n',
    "usage.jsonl": '{{"text": "tasty", "emoji": ["{}"]}}\n{{"text": "tasty tasty", "emoji": ["🔥"]}}\n',
}


@pytest.mark.parametrize("name", USAGE)
def test_use_is_learned_from_lines_and_tables(run, food, tmp_path, name):
    (tmp_path / name).write_text(USAGE[name].format("🍕"))
    result = run(f"emoji-vectors -v food.safetensors -o e.bin --usage {name} --min-count 1 --shrinkage 1")
    assert " and 2 by their use; " in result.stderr
    made = embedkit.load("e.bin")
    assert made.similarity("🔥", "tasty") > 0.9
    assert 0.7072 < made.similarity("🍕", "tasty") < 0.99  # its name is at 0.7071


def test_the_file_tells_how_it_was_made(run, food, tmp_path):
    (tmp_path / "usage.txt").write_text("tasty 🔥\n")
    options = "--usage usage.txt --min-count 1 --dtype int8 -q"
    line = f"emoji-vectors -v food.safetensors -o e.safetensors {options}"
    assert run(line).stderr == ""
    made = json.loads(run("info e.safetensors --format json").stdout)["made"]
    assert made["command"] == f"embedkit {line}"
    [step] = made["transforms"]
    assert (step["name"], step["by_use"], step["parameters"]["min_count"]) == ("emoji", 1, 1)


REFUSED = [
    ("-o e.foo", "no format has the suffix '.foo' of e.foo; use "),
    ("-o e.bin --dtype int8", "expected float32 for word2vec binary"),
    ("-o e.bin --usage none.txt", "cannot read none.txt: "),
    ("-o e.bin --usage usage.txt", "no text has an emoji beside words that are known"),
    ("-o e.bin --usage usage.pdf", "expected a folder or a file whose name ends with .csv, .tsv, .jsonl"),
    ("-o e.bin --smoothing 0", "smoothing must be more than 0, got 0.0"),
    ("", "Missing option '-o' / '--output'"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_cannot_work_is_refused_and_nothing_written(run, food, tmp_path, options, message):
    (tmp_path / "usage.txt").write_text("tasty\n🔥\n")
    before = sorted(tmp_path.iterdir())
    result = run(f"emoji-vectors -v food.safetensors {options}")
    assert result.stderr.splitlines()[-1].startswith(f"Error: {message}")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert sorted(tmp_path.iterdir()) == before


def test_texts_of_usage_are_read_as_they_are_told_to_be(run, food, tmp_path):
    (tmp_path / "usage.csv").write_text('tasty "one" 🔥,1\nodd\n"tasty" tasty 🔥,2\n')
    options = "--usage usage.csv --min-count 1 --no-header"
    result = run(f"emoji-vectors -v food.safetensors -o e.bin {options}")
    assert (result.exit_code, "usage.csv, line 3: " in result.stderr) == (2, True)
    result = run(f"emoji-vectors -v food.safetensors -o e.bin {options} --skip-bad-rows --no-quoting")
    assert (result.exit_code, "1 bad row was left out, line 2" in result.stderr) == (0, True)
