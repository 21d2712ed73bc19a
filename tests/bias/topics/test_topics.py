import dataclasses
import json
import time

import pytest

from embedkit import FormatError, InputError
from embedkit.bias.topics.line_numbers import line_numbers, line_of
from embedkit.bias.topics.topic import TOPICS, Topic, topic

GOOD = """name = "size"  # not a key = [here]
citations = ["ours, with a # in it"]
definitional = [
    ["big", "small"],
    ["tall", "short"],
]
equalize = [["large", "little"]]
specific = ["giant",
  "dwarf"]
neutral = ["house"]

[classes]
large = ["big", "tall"]
'small' = ["small", "short"]
"""


@pytest.fixture
def read(tmp_path):
    """What `Topic.open` makes of a text."""

    def read_text(text):
        path = tmp_path / "size.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Topic.open(path)

    return read_text


def test_a_file_is_read_as_it_stands(read):
    found = read(GOOD)
    assert found.name == "size"
    assert found.classes == {"large": ("big", "tall"), "small": ("small", "short")}
    assert found.definitional == (("big", "small"), ("tall", "short"))
    assert found.equalize == (("large", "little"),)
    assert (found.specific, found.neutral, found.license) == (("giant", "dwarf"), ("house",), "")
    assert found.definitional_words == ("big", "tall", "small", "short", "large", "little", "giant", "dwarf")


def test_json_of_the_same_shape_is_the_same_topic(read):
    found = read(GOOD)
    again = read(json.dumps(found.document, indent=1))
    assert again == found
    assert again.fingerprint == found.fingerprint


def test_the_fingerprint_depends_on_every_word():
    first = topic("age")
    assert dataclasses.replace(first, neutral=first.neutral[1:]).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('["tall", "short"],', '["tall"],', 5, "definitional: expected two or more words, got ['tall']"),
        (
            '["tall", "short"],',
            '["tall", "short", "mid"],',
            5,
            "definitional: expected 2 words, one of each class (large, small), got ['tall', 'short', 'mid']",
        ),
        ('"dwarf"', '"giant"', 9, "specific: 'giant' is there twice; each word may be in the list once"),
        ('"dwarf"', "7", 9, "specific: expected a text without white space around it, got 7"),
        ('"dwarf"', '"dwarf "', 9, "specific: expected a text without white space around it, got 'dwarf '"),
        ('["house"]', "[]", 10, "neutral: expected a list of texts that is not empty, got []"),
        ('["house"]', '"house"', 10, "neutral: expected a list of texts that is not empty, got 'house'"),
        (
            '["house"]',
            '["house",\n "tall"]',
            11,
            "neutral: 'tall' belongs to a class by definition, as another key says; leave it out of one",
        ),
        (
            '[["large", "little"]]',
            '[["large", "little"], ["huge",\n"little"]]',
            8,
            "equalize: 'little' is in another set already; sets share no word",
        ),
        (
            '["small", "short"]\n',
            '["small", "tall"]\n',
            14,
            "classes.small: 'tall' is in the class 'large' already",
        ),
        ("neutral", "natural", 10, "natural: unknown key 'natural'; known are name, classes,"),
        ("definitional", "equalise", 3, "equalise: unknown key 'equalise'"),
        ('"size"', '""', 1, "name: expected a text without white space around it, got ''"),
        ("'small' = [", "'' = 1 #", 14, "classes.: expected a list of texts that is not empty, got 1"),
        ("[classes]\nlarge =", "[colors]\nlarge =", 12, "colors: unknown key 'colors'"),
    ],
)
def test_an_error_names_line_and_key(read, old, new, line, message):
    assert old in GOOD
    with pytest.raises(FormatError) as error:
        read(GOOD.replace(old, new, 1))
    assert f"size.toml, line {line}, {message}" in str(error.value)


def test_an_error_in_json_names_its_line(read):
    document = json.dumps(read(GOOD).document | {"neutral": ["house", "house"]}, indent=1)
    with pytest.raises(FormatError, match="neutral: 'house' is there twice") as error:
        read(document)
    line = 1 + document[: document.rindex('"house"')].count("\n")
    assert f", line {line}, " in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "a"\nname = "b"\n', "TOML.*line 2"),
        ('name = "a"\nlicence = "b', "TOML.*at the end, line 2"),
        ('{"name": "a",\n "name": "b"}', "the key 'name' is there twice"),
        ('{"name": \n', "JSON.*line 2"),
        (b'name = "a"\nlicence = "\xff"\n', "line 2: not UTF-8"),
        ('name = "a"\n', "line 1, topic: the key 'classes' is missing; a topic needs name, classes"),
        ('name = "a"\n[["x"]]\n[classes]', "line 2, x: unknown key 'x'"),
    ],
)
def test_what_is_no_topic_is_refused(read, text, message):
    with pytest.raises(FormatError, match=message):
        read(text)


def test_a_topic_made_in_python_is_checked_too():
    with pytest.raises(InputError, match=r"definitional: expected 2 words, one of each class \(a, b\)"):
        Topic(name="t", classes={"a": ["x"], "b": ["y"]}, definitional=[["x", "y", "z"]])
    with pytest.raises(InputError, match="classes: expected a table of two or more"):
        Topic(name="t", classes={"a": ["x"]}, definitional=[["x"]])


def test_positions_of_nested_values():
    found = line_numbers('a.b = [ # [\n 1, {c = """x\n]""", "d" = [2,\n 3]}]\n[e."f.g"]\nh = true\n')
    assert found["a", "b", 1, "c"] == 2
    assert found["a", "b", 1, "d", 1] == 4
    assert found["e", "f.g", "h"] == 6
    assert line_of(found, ("a", "b", 9)) == 1
    assert line_of(line_numbers('{"a":\n {"b": [1,\n2]}}'), ("a", "b", 1)) == 3


@pytest.mark.parametrize("name", TOPICS)
def test_shipped_topics_name_their_source(name):
    found = topic(name)
    assert found.name == name
    assert found.citations
    assert found.license
    assert found.neutral


def test_shipped_lists_are_those_published():
    gender = topic("gender")
    assert (len(gender.definitional), len(gender.equalize), len(gender.specific)) == (10, 52, 218)
    assert gender.definitional[0] == ("woman", "man")
    assert list(gender.classes) == ["female", "male"]
    assert topic("religion").definitional[0] == ("judaism", "christianity", "islam")
    assert len(topic("race").definitional) == 6


def test_unknown_names_are_told_the_topics():
    with pytest.raises(
        InputError, match="no topic and no file 'wealth'; topics are gender, race, religion, age"
    ):
        topic("wealth")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot read a topic from"):
        Topic.open(tmp_path / "none.toml")


ABSURD = [
    ("x = " + "[" * 600 + "]" * 600, "line 1: expected a topic, whose lists and keys are nested at most 10"),
    ('{"x": ' + "[" * 600 + "]" * 600 + "}", "line 1: expected a topic, whose lists and keys are nested at"),
    ('name = "size"\n' + ".".join("a" * 5000) + " = 1", "line 2: expected a topic, whose lists and keys"),
    ("[" + " . ".join(['"a"'] * 5000) + "]", "line 1: expected a topic, whose lists and keys are nested at"),
    ('name = "size"\n' + "#" * 2_000_000, "expected a topic of at most 2,000,000 bytes, got more"),
    (GOOD + "\n".join(f'c{i} = ["w{i}"]' for i in range(99)), "classes: expected a table of two or more"),
    (GOOD.replace("giant", "g" * 1001), "specific: expected a text of at most 1,000 characters, got 1,001"),
]


@pytest.mark.parametrize(("text", "message"), ABSURD, ids=range(len(ABSURD)))
def test_absurd_files_are_refused_at_once_and_in_a_short_line(read, text, message):
    with pytest.raises(FormatError, match=message) as raised:
        read(text)
    assert len(str(raised.value)) < 500


def test_many_keys_take_no_time_that_grows_with_their_square(read):
    keys = ", ".join(f'"k{i}": 1' for i in range(20_000))
    started = time.process_time()
    with pytest.raises(FormatError, match="unknown key 'k0'"):
        read("{" + keys + "}")
    assert time.process_time() - started < 3  # 7 s where each key was looked for among all
    with pytest.raises(FormatError, match="the key 'k7' is there twice"):
        read("{" + keys + ', "k7": 2}')


def test_a_byte_order_mark_is_no_part_of_the_first_key(read):
    assert read("\ufeff" + GOOD).name == "size"
    assert read("\ufeff" + json.dumps(read(GOOD).document)).name == "size"
