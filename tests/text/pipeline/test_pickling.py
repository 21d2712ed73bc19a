"""Pipelines are pickled and copied as well after they were used as before: their fields, and nothing else."""

import copy
import pickle

import pytest

from embedkit.text.pipeline import batches
from embedkit.text.pipeline.parameters import text_pipeline
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.texts import Texts
from embedkit.text.subword_training import train_tokenizer
from embedkit.text.tokenization.whitespace import WhitespaceTokenizer
from tests.text.phrases.written import NEW_YORK

TEXT = "see <b>www.example.com</b>, @ann: #NewYork costs 7 euros in new york, isn't it?"
TEXTS = [f"{TEXT} word{number}" for number in range(40)]
MASKS = {"urls": "mask", "mentions": "drop", "hashtags": "split", "html": "strip"}
MAX_BYTES = 1000  # of what holds neither phrases nor a tokenizer.json


def parted(text):
    return text.split()


PIPELINES = {
    "plain": text_pipeline,
    "masks": lambda: text_pipeline(**MASKS),
    "filtered": lambda: text_pipeline(numbers="mask", stop_words=["the"], min_length=2),
    "phrases": lambda: text_pipeline(phrases=NEW_YORK),
    "function": lambda: text_pipeline(parted, urls="drop"),
    "token step": lambda: TextPipeline([WhitespaceTokenizer(), sorted]),
    "characters": lambda: text_pipeline("characters"),
    "icu": lambda: text_pipeline("icu:ja", punctuation=True),
    "spacy": lambda: text_pipeline("spacy:en", punctuation=True, urls="mask"),
    "subwords": lambda: text_pipeline(
        train_tokenizer(Texts(TEXTS), vocabulary_size=60, special_tokens=["[MASK]"])
    ),
}


@pytest.mark.parametrize("name", PIPELINES)
def test_after_use(name, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 1000)  # so that compiled code has its tables, too
    pipeline = PIPELINES[name]()
    before = pickle.dumps(pipeline)
    expected = list(pipeline.tokenize_all(TEXTS))
    if name != "token step":
        assert pipeline.spans(TEXT)
    pickled = pickle.dumps(pipeline)
    assert pickled == before
    assert len(pickled) < MAX_BYTES or name in ("phrases", "subwords")
    again = pickle.loads(pickled)
    assert again == pipeline
    assert hash(again) == hash(pipeline)
    assert list(again.tokenize_all(TEXTS)) == expected


@pytest.mark.parametrize("name", ["masks", "spacy", "subwords"])
def test_copies_share_what_was_computed(name):
    pipeline = PIPELINES[name]()
    assert copy.copy(pipeline) is pipeline
    assert copy.deepcopy([pipeline])[0] is pipeline


def test_values_within_a_pipeline():
    tokenizer = train_tokenizer(Texts(TEXTS), kind="wordpiece", vocabulary_size=60)
    tokenizer.tokenize(TEXT)
    assert NEW_YORK.apply(["new", "york"]) == ["new_york"]
    for value in (tokenizer, NEW_YORK):
        again = pickle.loads(pickle.dumps(value))
        assert again == value
        assert len(pickle.dumps(value)) < 10_000
