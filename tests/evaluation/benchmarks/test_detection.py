import gzip

import pytest

from embedkit import FormatError, InputError
from embedkit.evaluation.benchmarks.analogy_items import AnalogyBenchmark, is_syntactic
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.benchmarks.file import read_file
from embedkit.evaluation.benchmarks.relation_items import RelationBenchmark
from embedkit.evaluation.benchmarks.similarity_items import SimilarityBenchmark

GOOGLE = ": capitals\nParis France Rome Italy\nRome Italy Paris France\n\n: gram8-plural\ncat cats dog dogs\n"
MSR = "good better bad JJ_JJR worse\ncat cats dog nn_nns dogs\n"
RELATION = ": is-a\noak:tree, rose:flower\nelm:tree 3.5\ntree:elm -1\n: part\ntoe:foot\nlid:pot 2\n"


@pytest.fixture
def read(tmp_path):
    """What `read_benchmark` makes of a text."""

    def read_text(text, name="some-set.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_benchmark(path)

    return read_text


def test_google_form(read):
    found = read(GOOGLE)
    assert isinstance(found, AnalogyBenchmark)
    assert (found.name, len(found), found.categories) == ("some-set", 3, ("capitals", "gram8-plural"))
    assert found.questions[0] == ("capitals", "Paris", "France", "Rome", "Italy")
    assert found.questions[2].words == ("cat", "cats", "dog", "dogs")


TABLES = {
    "similarity": (
        ',similarity,word1,word2,relation\n0,6.5,take,remove,x\n1,1.5,feed,"Promised Land",y\n',
        (("take", "remove", 6.5), ("feed", "Promised Land", 1.5)),
        "pairs",
    ),
    "analogies": (
        "n\ttype\tword1\tword2\tword3\ttarget\n0\tJJ_JJR\tgood\tbetter\trough\trougher\n"
        "1\t2c\twater \t drop\thour\t minute \n",
        (("JJ_JJR", "good", "better", "rough", "rougher"), ("2c", "water", "drop", "hour", "minute")),
        "questions",
    ),
    "outliers": (
        ",category,outliers,words\n0,cars,\"['cat', 'New York', '']\",\"['Opel', 'Audi']\"\n",
        (("cars", ("Opel", "Audi"), ("cat", "New_York")),),
        "topics",
    ),
    "categories": (
        "category,word\nbird,crow\nbird,\ncat,tiger\n",
        (("crow", "bird"), ("tiger", "cat")),
        "members",
    ),
}


@pytest.mark.parametrize(("text", "items", "kind"), TABLES.values(), ids=TABLES)
def test_tables_that_name_their_columns(read, text, items, kind):
    found = read(text, "some-set.csv")
    assert getattr(found, kind) == items
    assert found.name == "some-set"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (",word1,word2,similarity\n0,a,b,1\n1,a,b\n", "cells, with word1, .*line 3 '1,a,b'"),
        ("word1,word2,similarity\na,b,high\n", "line 2 'a,b,high'"),
        ("category,words,outliers\nx,print(1),['a']\n", "line 2"),
        ("category,words,outliers\nx,\"['a', 'b']\",7\n", "line 2"),
    ],
)
def test_rows_that_are_not_what_the_columns_say(read, text, message):
    with pytest.raises(FormatError, match=message):
        read(text)


def test_a_line_that_is_too_long_for_a_table(read):
    with pytest.raises(FormatError):
        read("x" * 200_000 + ",word1\n")


def test_a_table_without_rows(read):
    with pytest.raises(InputError, match="expected pairs"):
        read("word1,word2,similarity\n")


def test_questions_without_a_category_have_the_name_of_the_file(read):
    assert read("cat cats dog dogs\n").categories == ("some-set",)


@pytest.mark.parametrize("text", [MSR, "good better bad worse JJ_JJR\ncat cats dog dogs NN_NNS\n"])
def test_msr_form_in_one_file(read, text):
    assert read(text).questions == (
        ("JJ_JJR", "good", "better", "bad", "worse"),
        ("NN_NNS", "cat", "cats", "dog", "dogs"),
    )


def test_msr_form_in_two_files(read, tmp_path):
    (tmp_path / "word_relationship.answers").write_text("JJ_JJR worse\nNN_NNS dogs\n")
    found = read("good better bad\ncat cats dog\n", "word_relationship.questions")
    assert found.questions == read(MSR).questions


@pytest.mark.parametrize(
    ("answers", "message"),
    [("JJ_JJR worse\n", "2 questions.* 1 answers"), ("worse\nNN_NNS dogs\n", "line 1 'worse'")],
)
def test_msr_answers_that_do_not_fit(read, tmp_path, answers, message):
    (tmp_path / "w.answers").write_text(answers)
    with pytest.raises(FormatError, match=message):
        read("good better bad\ncat cats dog\n", "w.questions")


def test_syntactic_categories():
    assert all(map(is_syntactic, ["gram1-adjective-to-adverb", "JJ_JJR", "NN_NNPOS", "verb-past"]))
    assert not any(map(is_syntactic, ["family", "capital-world", "grammar schools", "NN", "male-female"]))


@pytest.mark.parametrize(
    "text",
    [
        "old new 1.58\nsmart clever 9.2\n",
        "# a comment\n\nold\tnew\t1.58\r\nsmart\tclever\t9.20\r\n",
        "old,new,1.58\nsmart,clever,9.2\n",
        "\ufeffold;new;1.58\nsmart;clever;9.2\n".replace(";", " \t "),
        "old\tnew\tA\t1.58\t2.72\nsmart\tclever\tA\t9.2\t1\n",
    ],
)
def test_similarity_forms(read, text):
    found = read(text)
    assert isinstance(found, SimilarityBenchmark)
    assert found.pairs == (("old", "new", 1.58), ("smart", "clever", 9.2))
    assert found.scores.tolist() == [1.58, 9.2]


def test_a_header_is_no_pair(read):
    found = read("Word 1,Word 2,Human (mean)\nold,new,1.58\n")
    assert found.pairs == (("old", "new", 1.58),)


def test_relation_form(read):
    found = read(RELATION)
    assert isinstance(found, RelationBenchmark)
    is_a, part = found.relations
    assert is_a.prototypes == (("oak", "tree"), ("rose", "flower"))
    assert is_a.pairs == (("elm", "tree", 3.5), ("tree", "elm", -1))
    assert (part.name, len(found)) == ("part", 3)


def test_relation_form_of_the_gold_files(read):
    found = read('oak:tree,rose:flower\n3.5 "elm:tree"\n-1.0 "tree:elm"\n', "1a.txt")
    assert found.relations == (("1a", *read(RELATION).relations[0][1:]),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            GOOGLE + "three words only\na b c d e\n",
            "four words.*line 7 'three words only', line 8 'a b c d e'$",
        ),
        ("a b 1\n" * 20 + "a b\n" * 9, "line 21 'a b', .*line 25 'a b' and 4 more"),
        ("a b 1\na b nan\na b inf\n a c 2\n a d 3\n", "line 2 'a b nan', line 3 'a b inf'"),
        ("a b 1\nword word score\nb c 2\n", "line 2 'word word score'"),
        (RELATION + "elm tree 4\n", "line 8 'elm tree 4'"),
        ("elm:tree 3.5\noak:tree 2\n", "prototypes.*line 1 'elm:tree 3.5'"),
        (
            "some text\nof no form at all, but long\n",
            "relations.*analogies.*similarity.*line 1: 'some text', line 2: 'of no form at all, but long'",
        ),
        ("# nothing\n\n", "without items"),
        (": family\nno\nquestions here\n", "line 2: 'no', line 3: 'questions here'"),
        (": family\na b c d\n:\na b c d\n", "line 3: expected a name after the colon"),
        (": family\na b c d\n: syntactic\na b c d\n", "line 3: 'syntactic' stands for a sum of parts"),
        (RELATION + ": is-a\noak:tree\nelm:tree 1\n", "line 8: expected another name than 'is-a', .* line 1"),
        (": pets\na\nb\n\nc\n: pets\na\nb\n\nc\n", "line 6: expected another name than 'pets'"),
        (b"caf\xc3\xa9 bar 1\ncaf\xe9 bar 2\n", "line 2: not UTF-8"),
    ],
)
def test_files_that_are_not_understood(read, text, message):
    with pytest.raises(FormatError, match=message):
        read(text)


def test_a_compressed_file(read):
    found = read(gzip.compress(b"old new 1.58\n"), "men.txt.gz")
    assert (found.name, found.pairs) == ("men", (("old", "new", 1.58),))


def test_a_relation_without_pairs(read):
    with pytest.raises(InputError, match="no prototypes or no pairs for 'is-a'"):
        read(": is-a\noak:tree\n")


def test_msr_questions_without_their_answers(read):
    with pytest.raises(InputError, match=r"cannot read .*w\.answers"):
        read("good better bad\n", "w.questions")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*nowhere"):
        read_benchmark(tmp_path / "nowhere")


@pytest.mark.parametrize("score", ["NaN", "n/a", "-", "inf"])
def test_a_first_line_without_a_score_is_no_header(tmp_path, score):
    (tmp_path / "pairs.txt").write_text(f"cat\tdog\t{score}\ncat\then\t3\nhen\tdog\t4\ncow\tdog\t5\n")
    with pytest.raises(FormatError, match="line 1"):
        read_benchmark(tmp_path / "pairs.txt")


def test_a_file_without_end_is_no_benchmark(tmp_path, monkeypatch):
    monkeypatch.setattr("embedkit.evaluation.benchmarks.file.LONGEST", 1000)
    (tmp_path / "long.txt").write_text("king queen 1\n" * 100)
    with pytest.raises(FormatError, match="expected a benchmark of at most 1,000 bytes, got a longer file"):
        read_file(tmp_path / "long.txt")
