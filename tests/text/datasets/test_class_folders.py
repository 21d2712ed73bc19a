"""Folders of classes, and folders that only look like them."""

import pytest

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.reading import read_labeled


def test_folders_of_folders_are_no_classes(write, tmp_path):
    """As the root folder of aclImdb: test and train, each with folders of classes and lists of addresses."""
    for part in ("test", "train"):
        for kind in ("neg", "pos"):
            write(f"{part}/{kind}/1.txt", f"a {kind} film")
            write(f"{part}/urls_{kind}.txt", "http://a.b\n")
    with pytest.raises(InputError, match=r"folders of texts; name one of them, such as .*test"):
        read_labeled(tmp_path)
    assert read_labeled(tmp_path / "train").counts == {"neg": 1, "pos": 1}


def test_one_class_with_a_folder_of_texts_is_refused(write, tmp_path):
    write("good/1.txt", "so good")
    write("bad/1.txt", "bad")
    write("bad/notes/read.md", "no text")
    assert len(read_labeled(tmp_path)) == 2
    write("bad/more/2.txt.gz", "bad, too")
    with pytest.raises(InputError, match=r"such as .*bad"):
        read_labeled(tmp_path)


def test_files_that_cannot_be_read_are_left_out_if_asked(write, tmp_path):
    write("good/1.txt", "so good")
    write("bad/1.txt", "bad")
    write("bad/2.txt", b"bad \xe9")
    with pytest.raises(FormatError, match=r"2.txt, line 1: byte 0xe9 is not utf-8; .*--skip-bad-rows"):
        read_labeled(tmp_path)
    with pytest.warns(UserWarning, match=r"1 files that cannot be read were left out, such as .*2.txt"):
        data = read_labeled(tmp_path, skip_bad_rows=True)
    assert (data.texts, data.labels) == (["bad", "so good"], ["bad", "good"])


def test_unsup_is_no_class(write, tmp_path):
    for kind in ("neg", "pos", "unsup"):
        write(f"{kind}/1.txt", kind)
    with pytest.warns(UserWarning, match="unsup holds texts without labels, so it is no class"):
        assert read_labeled(tmp_path).counts == {"neg": 1, "pos": 1}
