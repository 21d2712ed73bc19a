"""Corpora of pipelines with functions, which other processes do not know."""

import pytest

from embedkit.cluster.cluster import Cluster
from embedkit.errors import InputError
from embedkit.parallel.inline import InlineExecutor
from embedkit.text.corpus import block_encoding, building
from embedkit.text.corpus.building import encode_text
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.pipeline.custom import register_step
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.tokenization.whitespace import WhitespaceTokenizer

LINES = [f"a{number} b{number % 7}" for number in range(200)]


def reversed_words(text):
    return text.split()[::-1]


class Wordy:
    """A tokenizer of another library."""

    def tokenize(self, text):
        return [f"{word}!" for word in text.split()]


WORDY = Wordy()
register_step("reversed words", reversed_words)
register_step("sorted, for corpora", sorted)
register_step("wordy", WORDY)


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES))
    return path


@pytest.mark.parametrize(
    "pipeline",
    [
        text_pipeline(reversed_words),
        text_pipeline(WORDY.tokenize),
        text_pipeline(WORDY),
        TextPipeline([WhitespaceTokenizer(), sorted]),
    ],
    ids=["function", "method", "object", "token step"],
)
def test_many_blocks_and_workers(pipeline, text, tmp_path, monkeypatch):
    monkeypatch.setattr(building, "available_cores", lambda: 2)
    encode_text([text], tmp_path / "corpus", tokenizer=pipeline, workers=2, block_bytes=500)
    corpus = Corpus.open(tmp_path / "corpus")
    words = corpus.vocabulary.words
    assert [[words[number] for number in document] for document in corpus] == list(map(pipeline, LINES))
    assert corpus.tokenizer == pipeline


def test_a_function_does_not_travel_to_a_cluster(text, tmp_path):
    cluster = Cluster.over(InlineExecutor(), workers=1)
    with pytest.raises(InputError, match=r"functions of your own cannot travel to a cluster"):
        Corpus.encode([text], tmp_path / "corpus", tokenizer=reversed_words, cluster=cluster)


def test_what_an_interrupted_run_left_is_made_again(text, tmp_path, monkeypatch):
    """The name may stand for another function by now."""
    made, write = [], block_encoding.write_shard

    def interrupted(numbered, folder, number, *rest):
        made.append(number)
        if made == [0, 1]:
            raise KeyboardInterrupt
        return write(numbered, folder, number, *rest)

    monkeypatch.setattr(block_encoding, "write_shard", interrupted)
    asked = {"tokenizer": text_pipeline(reversed_words), "block_bytes": 1000, "workers": 1}
    with pytest.raises(KeyboardInterrupt):
        encode_text([text], tmp_path / "corpus", **asked)
    encode_text([text], tmp_path / "corpus", **asked)
    assert made == [0, 1, 0, 1]
