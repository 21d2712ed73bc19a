"""The English vectors that ship: small, told about, and good."""

from pathlib import Path

import numpy as np
import pytest
from gensim.test.utils import datapath

import embedkit
from embedkit.shipped_files import shipped_path


@pytest.fixture(scope="module")
def english():
    return embedkit.load()


def test_the_file_is_small_and_tells_the_command_that_made_it(english):
    assert shipped_path("english.safetensors").stat().st_size <= 6_000_000
    assert english.metadata["command"].startswith("python -m embedkit_corpora.english_vectors")
    assert english.tokenizer.tokenize("The king's men") == ["the", "king's", "men"]


def test_words_are_in_order_of_frequency(english):
    assert len(english) == 50_000
    assert english.vocabulary.words[:3] == ("the", "of", "in")
    assert (np.diff(english.vocabulary.counts) <= 0).all()


def test_a_third_of_the_google_questions_are_answered_with_all_words_as_candidates(english):
    with Path(datapath("questions-words.txt")).open(encoding="utf-8") as lines:
        questions = [line.lower().split() for line in lines if not line.startswith(":")][::3]
    covered = [words for words in questions if all(word in english for word in words)]
    answers = english.analogies([tuple(words[:3]) for words in covered], top=1)
    right = sum(found[0].word == words[3] for found, words in zip(answers, covered, strict=True))
    assert len(covered) / len(questions) >= 0.82
    assert right / len(covered) >= 0.70
