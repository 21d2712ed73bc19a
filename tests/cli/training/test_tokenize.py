"""embedkit tokenize: what it says, and what it does with text that is added or too much."""

import pytest

from embedkit import Corpus
from embedkit.leftovers import unfinished_path
from embedkit.text.corpus import block_encoding, building


def told(result):
    """What stands on stderr, without times."""
    assert result.exit_code == 0, result.stderr
    return [
        line.rpartition(";" if line.startswith("wrote") else " (")[0] for line in result.stderr.splitlines()
    ]


def test_text_is_added(run, text, tmp_path):
    (tmp_path / "more.txt").write_text("a cow moos\n")
    run("tokenize text.txt -o corpus")
    before = Corpus.open("corpus").vocabulary
    result = run("tokenize more.txt -o corpus --append")
    assert told(result)[-1] == "wrote corpus: 2,403 words, 11 of them different, in 301 documents"
    after = Corpus.open("corpus").vocabulary
    assert after.words == (*before.words, "a", "moos")
    assert after["cow"] == before["cow"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--encoding-errors replace", 'with encoding_errors "strict", got "replace"; '),
        ("--lowercase", '"lowercase": true, '),
        ("--documents lines", 'with documents "sentences", got "lines"; '),
    ],
)
def test_only_what_was_typed_is_compared(run, text, line, told):
    """Of the other options the corpus has the values, and not those that they have by default."""
    run("tokenize text.txt -o corpus --no-lowercase --documents sentences")
    assert run("tokenize text.txt -o corpus --append").exit_code == 0
    result = run(f"tokenize text.txt -o corpus --append {line}")
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("was made with") == 1
    assert ("tokenizer" in result.stderr) == (line == "--lowercase")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("-o new --append", "new is no corpus"),
        (
            "-o corpus --append --tokenizer whitespace",
            'corpus was made with tokenizer [{"step": "normalize", "lowercase": true',
        ),
        ("-o corpus --append --max-vocabulary 3", "--max-vocabulary cannot apply"),
        ("-o small --append", "small holds at most 3 different words"),
        ("-o small --max-vocabulary 0", "max_vocabulary must be at least 1, got 0"),
    ],
)
def test_what_cannot_be_added(run, text, line, message):
    run("tokenize text.txt -o corpus")
    run("tokenize text.txt -o small --max-vocabulary 3")
    result = run(f"tokenize text.txt {line}")
    assert result.exit_code == 2
    assert message in result.stderr


def test_what_is_dropped_is_told(run, text):
    result = run("tokenize text.txt -o corpus --max-vocabulary 3")
    assert told(result)[-2] == "wrote corpus: 1,200 words, 3 of them different, in 300 documents"
    assert result.stderr.splitlines()[-1] == (
        "dropped about 6 different words, found 1,200 times; all words found more than 300 times were kept"
    )


def test_an_interruption_says_how_to_go_on(run, text, monkeypatch, tmp_path):
    read, write = building.read_blocks, block_encoding.write_shard
    monkeypatch.setattr(building, "read_blocks", lambda files, _, reader: read(files, 3000, reader))

    def interrupted(numbered, folder, number, *rest):
        if number == 2:
            raise KeyboardInterrupt
        return write(numbered, folder, number, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(block_encoding, "write_shard", interrupted)
        result = run("tokenize text.txt -o corpus --workers 1")
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == (
        "Interrupted before the end: corpus was not written, what is finished is kept for a week; to go "
        "on from there: embedkit tokenize text.txt -o corpus --workers 1"
    )
    assert unfinished_path(tmp_path, "corpus").is_dir()
    assert "continuing: 2 of " in run("tokenize text.txt -o corpus --workers 1").stderr
    assert not unfinished_path(tmp_path, "corpus").exists()


def test_a_cluster_makes_the_same_corpus(run, text, tmp_path):
    run("tokenize text.txt -o alone")
    result = run("tokenize text.txt -o corpus --cluster local:2")
    assert result.stderr.startswith("cluster local:2: 2 workers on 1 machine\n")
    for file in (tmp_path / "alone").iterdir():
        assert file.read_bytes() == (tmp_path / "corpus" / file.name).read_bytes()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--cluster local", "unknown cluster 'local'; name local:N for N worker processes"),
        ("--cluster local:2 --workers 2", "workers cannot apply to a cluster"),
    ],
)
def test_a_cluster_that_there_cannot_be(run, text, line, message):
    result = run(f"tokenize text.txt -o corpus {line}")
    assert result.exit_code == 2
    assert message in result.stderr


def test_text_at_an_address(run, text, tmp_path):
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://tokenize/text.txt", "wb") as stream:
        stream.write((tmp_path / "text.txt").read_bytes())
    run("tokenize text.txt -o alone")
    assert run("tokenize memory://tokenize -o corpus").exit_code == 0
    for file in (tmp_path / "alone").iterdir():
        assert file.read_bytes() == (tmp_path / "corpus" / file.name).read_bytes()
    result = run("tokenize memory://tokenize/other.txt -o corpus")
    assert result.stderr == "Error: no such file or folder: memory://tokenize/other.txt\n"
