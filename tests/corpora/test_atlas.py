"""The atlas corpus: the same bytes everywhere, sound facts, answerable questions."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import chain
from string import Formatter

import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit_corpora import atlas

CORPUS_SHA256 = "c49bf7c988775fead9a63aab747840a051ddd2ef3be2b138c2000abdc8205bb3"
QUESTIONS_SHA256 = "7129f98f23854e8ecdcedb4c13144470fba0a5547d038ffac1afe8f72480f4cb"
LEAST_OCCURRENCES = 100  # of any word of a question


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The corpus and its questions as the command writes them, in a process with other hashes."""
    folder = tmp_path_factory.mktemp("atlas")
    corpus, questions = folder / "atlas.txt", folder / "questions.txt"
    command = [sys.executable, "-m", "embedkit_corpora.atlas", corpus, "--questions", questions]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "123"})
    return corpus, questions


@pytest.fixture(scope="module")
def documents():
    return [document.split() for document in atlas.documents()]


@pytest.fixture(scope="module")
def counts(documents):
    return Counter(chain.from_iterable(documents))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def words_of(row):
    return {column: value for column, value in row.items() if isinstance(value, str)}


def lists_of(row):
    return [value for value in row.values() if isinstance(value, list)]


def relation_words():
    return [word for rows in atlas.facts().values() for row in rows for word in words_of(row).values()]


def context_words(table):
    return [word for row in atlas.facts()[table] for words in lists_of(row) for word in words]


def test_the_default_corpus_has_the_same_bytes_everywhere(written):
    corpus, questions = written
    assert sha256(corpus) == CORPUS_SHA256
    assert sha256(questions) == QUESTIONS_SHA256


def test_this_process_writes_what_the_command_writes(written, tmp_path):
    atlas.write_corpus(tmp_path / "here.txt")
    assert sha256(tmp_path / "here.txt") == CORPUS_SHA256


def test_the_length_is_kept_to_within_a_document(counts):
    assert atlas.WORDS <= counts.total() < atlas.WORDS + 100
    assert 5000 <= sum(len(document.split()) for document in atlas.documents(words=5000)) < 5100


def test_another_seed_writes_another_text_of_the_same_words(counts):
    other = list(atlas.documents(seed=2))
    assert other[:10] != list(atlas.documents(words=1000))[:10]
    assert {word for document in other for word in document.split()} == set(counts)


def test_every_document_is_lowercase_words_and_single_spaces():
    assert all(re.fullmatch(r"[a-z]+( [a-z]+)+", document) for document in atlas.documents(words=100_000))


def test_every_question_word_is_frequent(counts):
    words = set(chain.from_iterable(question[1:] for question in atlas.questions()))
    assert min(counts[word] for word in words) >= LEAST_OCCURRENCES


@pytest.mark.parametrize("table", atlas.facts())
def test_every_context_word_is_seen_often_enough_to_be_trained(table, counts):
    assert min(counts[word] for word in context_words(table)) >= LEAST_OCCURRENCES // 2


def test_a_relation_word_stands_in_one_place_only():
    assert [word for word, n in Counter(relation_words()).items() if n > 1] == []


@pytest.mark.parametrize("table", atlas.facts())
def test_a_context_word_belongs_to_one_row_and_to_no_relation(table):
    assert [word for word, n in Counter(context_words(table)).items() if n > 1] == []
    assert set(context_words(table)) & set(relation_words()) == set()


def test_sentences_say_no_word_of_the_facts_outside_their_slots():
    sentences = [line for table in atlas.templates().values() for lines in table.values() for line in lines]
    said = set(re.sub(r"\{\w+\}", " ", " ".join(sentences)).split())
    assert said & set(chain(relation_words(), *map(context_words, atlas.facts()))) == set()


@pytest.mark.parametrize("table", atlas.facts())
def test_no_sentence_draws_more_words_than_its_row_has(table):
    for row in atlas.facts()[table]:
        known = {**atlas.templates()["words"], **row}
        for template in chain.from_iterable(atlas.templates()[table][column] for column in words_of(row)):
            slots = Counter(slot for _, slot, _, _ in Formatter().parse(template) if slot)
            assert all(isinstance(known[slot], str) or n <= len(known[slot]) for slot, n in slots.items())


def test_questions_join_two_different_pairs_of_one_relation():
    asked = atlas.questions()
    assert len(set(asked)) == len(asked)
    pairs = {category: {(q.a, q.b) for q in asked if q.category == category} for category in atlas.RELATIONS}
    for question in asked:
        assert len(set(question[1:])) == 4
        assert (question.c, question.d) in pairs[question.category]


@pytest.mark.parametrize(
    ("category", "pair"),
    [
        ("country-capital", ("france", "paris")),
        ("country-nationality", ("japan", "japanese")),
        ("country-currency", ("poland", "zloty")),
        ("male-female", ("king", "queen")),
        ("adjective-comparative", ("big", "bigger")),
        ("adjective-superlative", ("easy", "easiest")),
        ("verb-past", ("teach", "taught")),
        ("verb-progressive", ("write", "writing")),
        ("noun-plural", ("mouse", "mice")),
        ("positive-negative", ("possible", "impossible")),
    ],
)
def test_each_relation_points_from_its_first_column_to_its_second(category, pair):
    partners = [q for q in atlas.questions() if q.category == category and (q.a, q.b) == pair]
    assert len(partners) == atlas.PARTNERS


def test_the_question_file_has_the_form_of_googles(written):
    lines = written[1].read_text().splitlines()
    assert [line[2:] for line in lines if line.startswith(": ")] == list(atlas.RELATIONS)
    questions = [tuple(line.split(" ")) for line in lines if not line.startswith(": ")]
    assert questions == [question[1:] for question in atlas.questions()]


def test_a_corpus_without_words_is_refused(tmp_path):
    with pytest.raises(InputError, match="words is 0; it must be at least 1"):
        atlas.write_corpus(tmp_path / "empty.txt", words=0)
    assert list(tmp_path.iterdir()) == []


def ppmi(documents):
    """Positive pointwise mutual information within five words, noise smoothed: no training, hence an oracle.

    Skip-gram with negative sampling factorizes a shift of it (Levy and Goldberg 2014).
    """
    vocabulary = {word: i for i, word in enumerate(dict.fromkeys(chain.from_iterable(documents)))}
    ids = np.array([vocabulary[word] for document in documents for word in document])
    lines = np.repeat(np.arange(len(documents)), [len(document) for document in documents])
    size = len(vocabulary)
    together = np.zeros(size * size)
    for distance in range(1, 6):
        pairs = ids[:-distance] * size + ids[distance:]
        together += np.bincount(pairs[lines[:-distance] == lines[distance:]], minlength=size * size)
    together = together.reshape(size, size) + together.reshape(size, size).T
    totals, noise = together.sum(axis=1), together.sum(axis=0) ** 0.75
    ratio = together * noise.sum() / np.outer(totals, noise)
    return vocabulary, np.log(np.maximum(ratio, 1)).astype(np.float32)


def accuracy(vocabulary, vectors):
    """3CosAdd on every tenth question: all words are candidates, those of the query are left out."""
    a, b, c, d = np.array([[vocabulary[word] for word in q[1:]] for q in atlas.questions()[::10]]).T
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = (unit[b] - unit[a] + unit[c]) @ unit.T
    np.put_along_axis(scores, np.stack([a, b, c], axis=1), -np.inf, axis=1)
    return np.mean(scores.argmax(axis=1) == d)


def test_the_text_answers_its_questions(documents):
    assert accuracy(*ppmi(documents)) >= 0.99


def test_words_without_their_contexts_answer_none(documents):
    random = np.random.default_rng(0)
    shuffled = random.permutation(np.concatenate(documents)).reshape(1, -1).tolist()
    vocabulary, vectors = ppmi(shuffled)
    assert accuracy(vocabulary, vectors) < 0.01
    assert accuracy(vocabulary, random.standard_normal((len(vocabulary), 100))) < 0.01
