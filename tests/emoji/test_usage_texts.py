"""Texts with emoji from files of all kinds."""

import pytest

from embedkit.emoji.usage_texts import usage_texts
from embedkit.errors import InputError


def test_emoji_in_other_columns_stand_beside_the_text(tmp_path):
    (tmp_path / "a.csv").write_text("text,label\ngood film,❤️\nbad film,🍕\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("good film ❤️\n", encoding="utf-8")
    assert list(usage_texts(tmp_path / "a.csv")) == ["good film ❤️", "bad film 🍕"]
    assert list(usage_texts(tmp_path / "a.txt")) == ["good film ❤️"]


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"expected a file of texts, got the folder .*; name a file in it$"):
        list(usage_texts(tmp_path))
