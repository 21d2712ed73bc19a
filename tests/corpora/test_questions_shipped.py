"""The analogies that ship as files are those that the modules beside them generate."""

from pathlib import Path

import pytest

from embedkit.shipped_files import shipped_path
from embedkit_corpora import atlas, english


@pytest.mark.parametrize(
    ("name", "module"), [("english-analogies.txt", english), ("atlas.txt", atlas)], ids=["english", "atlas"]
)
def test_a_file_of_questions_is_what_its_module_generates(name, module, tmp_path: Path):
    atlas.write_questions(tmp_path / name, module.questions())
    assert shipped_path(name).read_bytes() == (tmp_path / name).read_bytes()
