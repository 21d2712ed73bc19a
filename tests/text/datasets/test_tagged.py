"""Tagged sentences in files of columns and JSON lines."""

import gzip

import pytest

from embedkit import FormatError, InputError, TaggedTexts, read_tagged

COLUMNS = "-DOCSTART- -X- O\n\nAda NNP B-person\nLovelace NNP I-person\n\n\nRome NNP B-place\n"
CONLLU = (
    "# sent_id = 1\n# text = don't go\n1-2\tdon't\t_\t_\t_\n1\tdo\tdo\tAUX\tVB\n2\tn't\tnot\tPART\tRB\n"
    "3\tgo\tgo\tVERB\tVB\n3.1\tthere\tthere\tADV\tRB\n\n# sent_id = 2\n1\t#\t#\tSYM\t$\n"
    "2\t1 000\t1\tNUM\tCD\n"
)


def written(folder, text, name="data.conll"):
    """A file of that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns(tmp_path):
    data = read_tagged(written(tmp_path, COLUMNS))
    assert data.sentences == [["Ada", "Lovelace"], ["Rome"]]
    assert data.tags == [["B-person", "I-person"], ["B-place"]]
    assert data.lines == [3, 7]
    assert read_tagged(written(tmp_path, COLUMNS), tag_column="2").tags == [["NNP", "NNP"], ["NNP"]]
    assert read_tagged(written(tmp_path, COLUMNS), tag_column="-2", token_column="-1").tags[0][0] == "NNP"


def test_conllu_without_ranges_and_empty_nodes(tmp_path):
    data = read_tagged(written(tmp_path, CONLLU, "data.conllu"))
    assert data.sentences == [["do", "n't", "go"], ["#", "1 000"]]
    assert data.tags == [["AUX", "PART", "VERB"], ["SYM", "NUM"]]
    assert read_tagged(written(tmp_path, CONLLU), tag_column="xpos").tags[1] == ["$", "CD"]
    assert read_tagged(written(tmp_path, CONLLU), token_column="lemma").sentences[1] == ["#", "1"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_and_hashes_that_are_tokens(tmp_path, end):
    text = end.join(["# a comment of words", "#fun\tO", "#\tO", "\t", "# other", "x\tO"])
    assert read_tagged(written(tmp_path, text)).sentences == [["#fun", "#"], ["x"]]


def test_json_lines(tmp_path):
    path = written(tmp_path, '{"tokens": ["a", "b"], "tags": ["X", "Y"]}\n\n{"tokens": ["c"], "tags": ["X"]}')
    data = read_tagged(path)
    assert (data.sentences, data.tags, data.lines) == ([["a", "b"], ["c"]], [["X", "Y"], ["X"]], [1, 3])
    path = written(tmp_path, '{"words": ["a"], "ner": ["X"]}')
    assert read_tagged(path, token_column="words", tag_column="ner").tags == [["X"]]


def test_compressed_and_other_encodings(tmp_path):
    (tmp_path / "data.gz").write_bytes(gzip.compress("é B-x".encode("latin-1")))
    assert read_tagged(tmp_path / "data.gz", encoding="latin-1").sentences == [["é"]]
    with pytest.raises(FormatError, match="line 1: byte 0xe9 is not utf-8"):
        read_tagged(tmp_path / "data.gz")


def test_tokens_alone(tmp_path):
    data = read_tagged(written(tmp_path, "Ada\nsings\n\nRome\n"), tagged=False)
    assert data.sentences == [["Ada", "sings"], ["Rome"]]
    assert read_tagged(written(tmp_path, '{"tokens": ["a"]}'), tagged=False).sentences == [["a"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected tokens, got none"),
        ("\n\n", "expected tokens, got none"),
        ("Ada\nsings\n", "line 1: expected a token and its tag.*single column 'Ada'"),
        ("a X\n\nb\n", "line 3: expected 2 columns as in line 1, got 1"),
        ("a\tX\nb\t\n", "line 2: expected a tag in column 2, got ''"),
        ("a\tX\n\tX\n", "line 2: expected a token in the first column"),
        ('{"tokens": ["a"], "tags": ["X", "Y"]}', "line 1: .* got 1 tokens and 2 tags"),
        ('{"tokens": ["a"], "tags": [1]}', "line 1: expected 'tags' as a list of strings"),
        ('{"tokens": ["a"]}', "line 1: .*with the key 'tags'"),
        ('{"tokens": [], "tags": []}', "line 1: .*at least one token"),
        ('{"tokens": ["a"], "tags": ["X"]}\nnone', "line 2: expected a JSON object"),
    ],
)
def test_what_cannot_be_read(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_tagged(written(tmp_path, text))


@pytest.mark.parametrize("column", ["4", "0", "upos"])
def test_columns_that_are_not_there(tmp_path, column):
    with pytest.raises(InputError, match="expected the number of a column, 1 to 3"):
        read_tagged(written(tmp_path, COLUMNS), tag_column=column)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="got no such file"):
        read_tagged(tmp_path / "none")


def test_a_rare_tag_is_not_held_out():
    tags = [["X"]] * 9 + [["Y"]]
    data = TaggedTexts("data", [["a"]] * 10, tags, range(10))
    for seed in range(20):
        _, held = data.split(0.5, seed)
        assert ["Y"] not in held.tags


def test_a_part_is_drawn_and_the_order_kept(tmp_path):
    data = read_tagged(written(tmp_path, "".join(f"w{number} X\n\n" for number in range(10))))
    kept, held = data.split(0.3, seed=1)
    assert (len(kept), len(held)) == (7, 3)
    assert sorted(kept.sentences + held.sentences) == sorted(data.sentences)
    assert kept.lines == sorted(kept.lines)
    with pytest.raises(InputError, match=r"0\.01 of them is 0; hold out another fraction"):
        data.split(0.01, seed=1)
