"""Co-occurrence counts against a count in plain Python, whatever the workers, the memory and the shards."""

import errno
import os
import re
from collections import Counter
from fractions import Fraction
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit import Cooccurrences, Corpus, InputError
from embedkit.text.corpus.tokenized_documents import encode_documents
from embedkit.training.counts.memory import Plan, format_memory, parse_memory
from embedkit.training.counts.weighting import Weighting
from embedkit.training.temporary_files import PositionalReader
from tests.notes import Notes

DOCUMENTS = st.lists(st.lists(st.sampled_from("aaaaabbbcccdefgh"), max_size=25), max_size=12)


def counted(documents, vocabulary, window, symmetric, weighting):
    """{(word, context): exact count}, from the definition."""
    counts = Counter()
    for document in documents:
        known = [vocabulary[word] for word in document if word in vocabulary]
        for position, word in enumerate(known):
            for distance in range(1, min(window, position) + 1):
                context = known[position - distance]
                weight = Fraction(1, distance) if weighting == "harmonic" else Fraction(1)
                counts[word, context] += weight
                if symmetric:
                    counts[context, word] += weight
    return {pair: np.float32(float(count)) for pair, count in counts.items()}


def entries(counts):
    """{(word, context): count} of a matrix, whose columns must rise in every row."""
    found = {}
    for row, (begin, end) in enumerate(zip(counts.offsets[:-1], counts.offsets[1:], strict=True)):
        columns = counts.columns[begin:end].tolist()
        assert columns == sorted(set(columns))
        found |= {
            (row, column): count for column, count in zip(columns, counts.counts[begin:end], strict=True)
        }
    return found


def random_documents(words=3000, seed=1):
    """Documents of twenty words, some frequent and some rare."""
    ids = np.minimum(np.random.default_rng(seed).zipf(1.5, words) - 1, 60)
    return [[f"w{word}" for word in ids[start : start + 20]] for start in range(0, words, 20)]


@settings(max_examples=40)
@given(
    documents=DOCUMENTS,
    shard_words=st.integers(1, 60),
    window=st.sampled_from([1, 2, 3, 7, 30]),
    symmetric=st.booleans(),
    weighting=st.sampled_from(["harmonic", "uniform"]),
    min_count=st.integers(1, 4),
    workers=st.integers(1, 4),
    positions=st.one_of(st.none(), st.integers(0, 60)),
)
def test_counts_are_those_of_the_definition(
    documents, shard_words, window, symmetric, weighting, min_count, workers, positions, tmp_path_factory
):
    documents = [*documents, list("abab") * 2]
    folder = tmp_path_factory.mktemp("counts")
    encode_documents(documents, folder / "corpus", shard_words=shard_words)
    corpus = Corpus.open(folder / "corpus")
    vocabulary = corpus.vocabulary.prefix(min_count=min_count)
    recipe = {"window": window, "symmetric": symmetric, "weighting": weighting, "min_count": min_count}
    path = folder / "counts"
    if positions is None:
        result = Cooccurrences.count(corpus, path, **recipe, workers=workers)
    else:  # chunks of text as short as they can be, and rows merged alone or a few at a time
        plan = Plan(workers, 4 * window + 4 + positions, len(vocabulary) + positions)
        with mock.patch.object(Plan, "of", return_value=plan):
            result = Cooccurrences.count(corpus, path, **recipe, workers=workers)
    assert result.vocabulary.words == vocabulary.words
    assert entries(result) == counted(documents, vocabulary, window, symmetric, weighting)
    assert result.recipe.items() >= recipe.items()
    again = Cooccurrences.count(corpus, folder / "again", **recipe)
    assert path.read_bytes() == (folder / "again").read_bytes()
    assert entries(again) == entries(result)


def test_words_left_out_leave_no_gap(tmp_path):
    corpus = Corpus.from_documents([["a", "rare", "b"], ["b", "a"], ["a"]], tmp_path / "corpus")
    counts = Cooccurrences.count(corpus, window=1, min_count=2)
    assert counts.vocabulary.words == ("a", "b")
    assert entries(counts) == {(0, 1): 2, (1, 0): 2}
    left = Cooccurrences.count(corpus, window=1, min_count=2, symmetric=False)
    assert entries(left) == {(0, 1): 1, (1, 0): 1}


def test_a_word_beside_itself_counts_from_both_sides(tmp_path):
    corpus = Corpus.from_documents([["a", "a", "b"]], tmp_path / "corpus")
    counts = Cooccurrences.count(corpus, min_count=1)
    assert entries(counts) == {(0, 0): 2, (0, 1): 1.5, (1, 0): 1.5}


@pytest.mark.parametrize("workers", [1, 2, 3, 4])
def test_what_does_not_fit_memory_is_spilled_and_merged_to_the_same_bytes(tmp_path, workers):
    corpus = Corpus.from_documents(random_documents(30_000), tmp_path / "corpus")
    whole, spilled = tmp_path / "whole", tmp_path / "spilled"
    Cooccurrences.count(corpus, whole, workers=1)
    with pytest.raises(InputError, match=r"memory=1 is too little for \d+ words and \d workers") as caught:
        Cooccurrences.count(corpus, spilled, workers=workers, memory=1)
    least = re.search(r'take "(\d+KB)" at least', str(caught.value))[1]
    notes = Notes()
    Cooccurrences.count(corpus, spilled, workers=workers, memory=least, progress=notes)
    assert any(re.match(r"merging \d\d+ runs of [\d,]+ counts", note) for note in notes.notes)
    assert spilled.read_bytes() == whole.read_bytes()
    with pytest.raises(InputError, match=least):
        Cooccurrences.count(corpus, workers=workers, memory=parse_memory(least) - 1000)


def test_memory_that_suffices_is_not_spilled(tmp_path):
    corpus = Corpus.from_documents(random_documents(), tmp_path / "corpus")
    notes = Notes()
    Cooccurrences.count(corpus, memory="1MB", workers=1, progress=notes)
    assert not [note for note in notes.notes if note.startswith("merging")]


def test_spilling_on_systems_that_read_one_thread_at_a_time(tmp_path, monkeypatch):
    corpus = Corpus.from_documents(random_documents(30_000), tmp_path / "corpus")
    Cooccurrences.count(corpus, tmp_path / "whole", workers=1)
    monkeypatch.delattr(os, "preadv", raising=False)
    notes = Notes()
    Cooccurrences.count(corpus, tmp_path / "spilled", workers=3, memory="110KB", progress=notes)
    assert any(note.startswith("merging") for note in notes.notes)
    assert (tmp_path / "spilled").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.timeout(60)
def test_a_failed_read_of_what_was_spilled_ends_the_counting(tmp_path, monkeypatch, workers):
    def fail(*_):
        raise OSError(errno.EIO, "Input/output error")

    corpus = Corpus.from_documents(random_documents(30_000), tmp_path / "corpus")
    monkeypatch.setattr(PositionalReader, "fill", fail)
    with pytest.raises(OSError, match="Input/output error"):
        Cooccurrences.count(corpus, tmp_path / "counts", workers=workers, memory="110KB")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


@pytest.mark.parametrize(
    ("memory", "amount"),
    [
        ("4GB", 4_000_000_000),
        ("1.5 MB", 1_500_000),
        ("2kib", 2048),
        ("12", 12),
        ("7B", 7),
        (34, 34),
        ("3T", 3 * 10**12),
    ],
)
def test_amounts_of_memory(memory, amount):
    assert parse_memory(memory) == amount
    assert amount <= parse_memory(format_memory(amount)) < amount + max(1000, amount)


@pytest.mark.parametrize("memory", ["much", "4 PB", "-1GB", "0", 0, "", "9" * 400])
def test_no_amounts_of_memory(memory):
    with pytest.raises(InputError, match=r"^memory must be "):
        parse_memory(memory)


@pytest.mark.parametrize("window", [1, 2, 10, 28, 29, 40, 1000])
@pytest.mark.parametrize(("words", "widest"), [(1, 40), (10**6, 28), (10**11, 10)])
def test_sums_of_weights_fit_and_are_as_exact_as_they_can_be(window, words, widest):
    values, unit, _ = Weighting.harmonic(window, True, words)
    assert 2 * words * sum(values.tolist()) < 2**63
    exact = all(Fraction(int(values[d]), unit) == Fraction(1, d) for d in range(1, window + 1))
    assert exact == (window <= widest)
    errors = [abs(Fraction(int(values[d]), unit) - Fraction(1, d)) for d in range(1, window + 1)]
    assert max(errors) <= Fraction(1, 2 * unit)
    assert exact or unit.bit_count() == 1
    assert exact or 4 * words * (2 + np.log(window)) * unit >= 2**62


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([], "no text to read"),
        ([[], []], "there is no word in the text"),
        ([["a"], ["a"]], "min_count=1 leaves 1 of 1 .*give more text$"),
        ([["a"], ["b"], ["a"]], "one word at most; check that a line of the text holds a whole document$"),
    ],
)
def test_nothing_to_count(tmp_path, documents, message):
    (tmp_path / "counts").write_text("old")
    with pytest.raises(InputError, match=message):
        Cooccurrences.count(documents, tmp_path / "counts", min_count=1)
    assert (tmp_path / "counts").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["counts"]


def test_min_count_is_blamed_where_it_leaves_words_out(tmp_path):
    with pytest.raises(InputError, match="one word at most; lower min_count, or check that"):
        Cooccurrences.count([["a", "c"], ["a"], ["b"], ["b"]], tmp_path / "counts", min_count=2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"window": 0}, "window must be at least 1, got 0"),
        ({"window": 10**6}, "window must be at most 10000"),
        ({"weighting": "linear"}, "weighting must be one of 'harmonic', 'uniform', got 'linear'"),
        ({"symmetric": 1}, "symmetric must be True or False, got 1"),
        ({"workers": 0}, "workers must be at least 1"),
        ({"memory": "lots"}, 'memory must be like "4GB"'),
        ({"memory": 1.5}, "memory must be a whole number"),
    ],
)
def test_settings_out_of_range(settings, message):
    with pytest.raises(InputError, match=message):
        Cooccurrences.count([["a", "b"]], **settings)


def test_counts_without_a_file_leave_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    counts = Cooccurrences.count(random_documents(), memory="40KB", workers=1)
    assert list(tmp_path.iterdir()) == []
    assert counts.counts.sum() > 0
    assert repr(counts) == f"<Cooccurrences: {counts.nonzeros:,} counts of {len(counts.vocabulary)} words>"
