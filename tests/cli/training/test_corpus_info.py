"""embedkit corpus-info: the same numbers as text, JSON and TSV."""

import json

import pytest

TEXT = """\
documents  3
tokens     6
types      4
hapaxes    3

Growth of the vocabulary
tokens  types
     1      1
     2      2
     3      2
     4      3
     5      4
     6      4

Tokens of a document, at most
documents  tokens
       0%       1
       5%       1
      25%       1
      50%       2
      75%       3
      95%       3
      99%       3
     100%       3

Kept by min_count
min_count  types  tokens  of all
        1      4       6  100.0%
        2      1       3   50.0%
        3      1       3   50.0%

Most frequent words
word  count  of all
a         3  50.00%
b         1  16.67%
"""


@pytest.fixture
def corpus(run, tmp_path):
    (tmp_path / "text.txt").write_text("a b a\nc d\na\n")
    assert run("tokenize text.txt -o corpus -q").exit_code == 0


def test_text(run, corpus):
    assert run("corpus-info corpus --top 2").stdout == TEXT


def test_json(run, corpus):
    told = json.loads(run("corpus-info corpus --format json --top 1").stdout)
    assert told["lengths"] == {"0": 1, "5": 1, "25": 1, "50": 2, "75": 3, "95": 3, "99": 3, "100": 3}
    assert told["min_count"][1] == {"min_count": 2, "types": 1, "tokens": 3}
    assert told["curve"][-1] == {"tokens": 6, "types": 4}
    assert told["frequent"] == [{"word": "a", "count": 3}]
    assert (told["tokens"], told["hapaxes"], told["zipf"], told["heaps"]) == (6, 3, None, None)


def test_tsv(run, corpus):
    lines = run("corpus-info corpus --format tsv").stdout.splitlines()
    assert lines[0] == "statistic\tof\tvalue"
    assert {"tokens\tcorpus\t6", "length\t50%\t2", "types_kept\t2\t1", "curve\t6\t4", "count\ta\t3"} <= {
        *lines
    }


def test_plot(run, corpus, tmp_path):
    assert run("corpus-info corpus --plot words.png").stdout.startswith("documents  3")
    assert (tmp_path / "words.png").read_bytes()[1:4] == b"PNG"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("text.txt", "text.txt is no corpus"),
        ("corpus --plot words.jpg", "expected the name of a .png, .svg or .pdf file"),
        ("corpus --plot no/words.png", "the folder"),
    ],
)
def test_bad_input(run, corpus, line, message):
    result = run(f"corpus-info {line}")
    assert result.exit_code == 2
    assert message in result.stderr
