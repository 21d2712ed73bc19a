"""The names of creatures that ship: as the script makes them, each once, and no words."""

import re

from embedkit import load
from embedkit.shipped_files import shipped_path
from embedkit_corpora.creatures import LONGEST, SHORTEST, creatures


def test_the_file_is_what_the_script_makes():
    assert shipped_path("creatures.txt").read_text().splitlines() == creatures()


def test_names_are_new_words_of_letters():
    names = shipped_path("creatures.txt").read_text().splitlines()
    assert len({*names}) == len(names) >= 1500
    assert all(re.fullmatch(f"[A-Z][a-z]{{{SHORTEST - 1},{LONGEST - 1}}}", name) for name in names)
    words = {word.lower() for word in load("everyday").vocabulary.words}
    assert not words & {name.lower() for name in names}


def test_another_seed_makes_other_names():
    assert not {*creatures(20, seed=2)} & {*creatures(20, seed=3)}
