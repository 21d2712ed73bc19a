"""Word tables: the compiled one gives what Python's gives, and both what a list says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.corpus.compiled_word_table import CompiledWordTable
from embedkit.text.corpus.word_table import UNKNOWN, PythonWordTable
from embedkit.text.packed_words import PackedWords
from embedkit.text.vocabulary import Vocabulary

TABLES = PythonWordTable, CompiledWordTable
BLOCKS = st.lists(st.lists(st.text(max_size=8), unique=True, max_size=20), max_size=6)


@pytest.mark.parametrize("table_class", TABLES)
@given(blocks=BLOCKS, first=st.lists(st.text(max_size=8), unique=True, max_size=3), packed=st.booleans())
def test_numbers_are_positions_in_the_order_of_appearance(table_class, blocks, first, packed):
    table, seen = table_class(first), list(first)
    for block in blocks:
        given_words = PackedWords.of(block) if packed else block
        assert table.find(given_words).tolist() == [
            seen.index(word) if word in seen else UNKNOWN for word in block
        ]
        seen += [word for word in block if word not in seen]
        assert table.number(given_words).tolist() == [seen.index(word) for word in block]
    assert list(table.words()) == seen
    assert len(table) == len(seen)


@pytest.mark.parametrize("table_class", TABLES)
def test_a_table_grows(table_class):
    words = [f"é{number:x}" for number in range(150_000)]
    table = table_class()
    for begin in range(0, len(words), 40_000):
        table.number(words[begin : begin + 40_000])
    assert table.find(words[::-1]).tolist() == list(range(len(words)))[::-1]


@pytest.mark.parametrize("table_class", TABLES)
def test_the_saved_words_are_a_vocabulary_file(table_class, tmp_path):
    words, counts = ["the", "é", "naïve", "x"], np.array([10**18, 120, 9, 1])
    table_class.save(tmp_path / "table.tsv", PackedWords.of(words), counts)
    Vocabulary(words, counts).save(tmp_path / "vocabulary.tsv")
    assert (tmp_path / "table.tsv").read_bytes() == (tmp_path / "vocabulary.tsv").read_bytes()
