import pytest

from embedkit import InputError
from embedkit_cli.classifiers.configs import read_config


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    path = tmp_path / "weights.toml"
    path.write_text('model = "tfidf"\n', encoding="utf-8-sig")
    name, classifier = read_config(path)
    assert (name, type(classifier).__name__) == ("weights", "TfidfClassifier")


def test_what_no_parser_can_nest_is_refused(tmp_path):
    path = tmp_path / "deep.toml"
    path.write_text("units = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(InputError, match=r"deep\.toml: expected TOML"):
        read_config(path)
