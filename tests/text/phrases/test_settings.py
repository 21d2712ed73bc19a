"""Connector words: by name, from a file, or given."""

import pytest

from embedkit import InputError
from embedkit.text.phrases.settings import PhraseSearch, PhraseSettings, connector_words


def test_names_stand_for_lists():
    assert connector_words("none") == ()
    assert {"of", "the"} < set(connector_words("english"))
    assert connector_words(["of", "de", "of"]) == ("de", "of")


def test_a_file_has_a_word_a_line(tmp_path):
    (tmp_path / "words.txt").write_bytes("\ufeffde\r\n\n la \ndu\n".encode())
    assert connector_words(str(tmp_path / "words.txt")) == ("de", "du", "la")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"de la\n", r"words\.txt, line 1: expected one of the connector words a line, got de la"),
        (b"\xff\n", "byte 0 is not UTF-8; save the connector words as UTF-8"),
    ],
)
def test_a_file_of_something_else(tmp_path, content, message):
    (tmp_path / "words.txt").write_bytes(content)
    with pytest.raises(InputError, match=message):
        connector_words(str(tmp_path / "words.txt"))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="cannot read the connector words in"):
        connector_words(str(tmp_path))


def test_the_threshold_depends_on_the_score():
    assert [PhraseSettings(score=score).threshold for score in ("npmi", "pmi", "mikolov")] == [0.5, 6, 50]
    assert PhraseSettings(score="pmi", threshold=2).threshold == 2


def test_what_the_search_may_use_is_no_setting():
    search = PhraseSearch(workers=3, max_candidates=5000, min_count=7)
    assert PhraseSettings.of(search) == PhraseSettings(min_count=7)
    assert set(search.settings()) == {"score", "min_count", "threshold", "connectors", "passes"}
