"""Tunes: ABC notation in one form, bars that add up, and pitches as they sound."""

import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Tune, TuneTraining, read_tunes, train_tunes
from embedkit.errors import FormatError, InputError
from embedkit.music.abc_reader import read_abc
from embedkit.music.checks import tune_problems
from embedkit.music.melody import key_sharps, played_notes
from embedkit.music.tune import note_length, written_length
from tests.marks import NEEDS_LOCKS

REAL = Path(os.environ.get("EMBEDKIT_DATA", "none"), "more/music")


def body(music, head="M:4/4\nL:1/8\nK:C"):
    [tune] = read_abc(f"X:1\nT:A\n{head}\n{music}\n")
    return " ".join(tune.tokens)


@pytest.mark.parametrize(
    ("music", "tokens"),
    [
        ('"G"GABc d2 e/2f/2|', "G A B c d2 e/2 f/2 |"),
        ("A>B c<d", "A3/2 B/2 c/2 d3/2"),
        ("(3ABc d (2ef", "A2/3 B2/3 c2/3 d e3/2 f3/2"),
        ("(3:2:2A2B c", "A4/3 B2/3 c"),
        ("A// B/ c3/2", "A/4 B/2 c3/2"),
        ("{g}A !trill!B ~c (de) .f vg", "A B c d e f g"),
        ("[CEG]2 z2 x", "C2 z2 z"),
        ("^c' _B,, =F A-|A", "^c' _B,, =F A- | A"),
        ("|:A:|B|]c||d:||:e::f", "|: A :| B || c || d :: e :: f"),
        ("|1 A :|2 B |[1 c", "| [1 A :| [2 B | [1 c"),
        ("A % a remark B", "A"),
        ("A\nM:3/4\nK:D\nB [K:G] c\nM:3/4\nd", "A [M:3/4] [K:D] B [K:G] c d"),
        ("A\nL:1/4\nB\nP:B\nc", "A B2 c2"),
    ],
)
def test_abc_is_read_in_one_form(music, tokens):
    assert body(music) == tokens


def test_the_usual_unit_follows_from_the_metre():
    assert body("A", "M:2/4\nK:C") == "A/2"
    assert body("A", "M:6/8\nK:C") == "A"


@pytest.mark.parametrize(
    ("key", "read"), [("G", "G"), ("Em", "Em"), ("A minor", "Am"), ("D Mix", "Dmix"), ("Bb major", "Bb")]
)
def test_keys_are_read_in_one_form(key, read):
    [tune] = read_abc(f"X:1\nM:4/4\nK:{key}\nA\n")
    assert tune.key == read


@given(st.fractions(min_value=Fraction(1, 64), max_value=64, max_denominator=64))
def test_lengths_are_read_as_they_are_written(length):
    assert note_length("^c'" + written_length(length)) == length


def test_a_tune_is_read_back_from_its_line_and_its_abc():
    tune = Tune.from_line("M:6/8 K:Em B | E2 G B2 e | [K:D] d3- d2 :| [1 z3/2 ^c,/2 z ||")
    assert Tune.from_line(tune.line) == tune
    [again] = read_abc(tune.abc(3))
    assert (again.line, again.title) == (tune.line, "Tune 3")
    with pytest.raises(FormatError, match="begins with M: and K:"):
        Tune.from_line("G A B")


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        ("M:2/4 K:G G | A2 B2 | c3 :| d | e2 f2 | g3 ||", []),
        ("M:2/4 K:G G | A B | c4 ||", ["bar 2 has 2 eighths, its metre 4"]),
        ("M:2/4 K:G G4 | A5 ||", ["bar 2 has 5 eighths, its metre 4"]),
        ("M:2/4 K:G A4 | [M:3/4] B6 | c6", []),
        ("M:2/4 K:G [1 A4 | [M:0/4] q |", ["'[M:0/4]' is no token of ABC", "'q' is no token of ABC"]),
        ("M:2/x K:G A4", ["'2/x' is no metre"]),
        ("M:2/4 K:H A4", ["'H' is no key"]),
        ("M:2/4 K:G | ||", ["there are no notes"]),
        ("M:2/4 K:G A4/0 | B4", ["'A4/0' is no token of ABC"]),
    ],
)
def test_problems_are_told_with_their_bar(line, problems):
    assert tune_problems(Tune.from_line(line)) == problems


@pytest.mark.parametrize(
    ("key", "sharps"), [("C", 0), ("D", 2), ("Bm", 2), ("F#m", 3), ("Eb", -3), ("Ddor", 0), ("Amix", 2)]
)
def test_keys_have_their_sharps(key, sharps):
    assert key_sharps(key) == sharps


def pitches(line):
    return [note.pitch for note in played_notes(Tune.from_line(line))]


def test_an_accidental_holds_to_the_end_of_the_bar_and_its_octave():
    assert pitches("M:4/4 K:F B =B B b | B ||") == [70, 71, 71, 82, 70]


@pytest.mark.parametrize(
    ("body", "played"),
    [
        ("C :| D", "CCD"),
        ("C |: D :| E", "CDDE"),
        ("C :: D :| E", "CCDDE"),
        ("C |: D | [1 E :| [2 F || G", "CDEDFG"),
        ("C :| D :|", "CCDD"),
        ("C |: D", "CD"),
    ],
)
def test_repeats_are_played(body, played):
    names = {60: "C", 62: "D", 64: "E", 65: "F", 67: "G"}
    assert "".join(names[pitch] for pitch in pitches(f"M:4/4 K:C {body}")) == played


def test_ties_join_notes_of_one_pitch():
    notes = played_notes(Tune.from_line("M:2/4 K:C C4- | C2 D2- | E4 ||"))
    assert [(int(note.start), int(note.length), note.pitch) for note in notes] == [
        (0, 6, 60),
        (6, 2, 62),
        (8, 4, 64),
    ]


def test_files_and_folders_are_read_and_what_is_wrong_is_told(tmp_path):
    (tmp_path / "a.abc").write_text("X:1\nT:One\nM:2/4\nL:1/8\nK:G\nA2B2|\nX:2\nT:Two\nM:2/4\nK:G\nA9|\n")
    (tmp_path / "b.txt").write_text("X:1")
    found = read_tunes([tmp_path])
    assert ([tune.title for tune in found.tunes], len(found.left_out)) == (["One"], 1)
    for path, message in [("no.abc", "No such file"), ("b.txt", "expected files of .abc")]:
        with pytest.raises(InputError, match=message):
            read_tunes([tmp_path / path])
    (tmp_path / "a.abc").write_text("")
    with pytest.raises(InputError, match="none that is valid"):
        read_tunes([tmp_path])


@pytest.mark.skipif(not REAL.is_dir(), reason="needs $EMBEDKIT_DATA")
def test_nearly_all_folk_tunes_are_valid_and_sound():
    found = read_tunes([REAL])
    assert len(found.tunes) + len(found.left_out) == 1034
    assert len(found.left_out) < 40
    assert all(40 < note.pitch < 100 for tune in found.tunes for note in played_notes(tune))


@given(st.text("ABcgz0123456789/(:|[]\"{}^_=',-<>~!\\ \n%MKLX", max_size=60))
def test_no_text_breaks_the_reader(text):
    for tune in read_abc(f"X:1\nM:4/4\nK:C\n{text}"):
        assert isinstance(tune_problems(tune), list)
        assert Tune.from_line(tune.line).tokens == tune.tokens
        if not tune_problems(tune):
            assert all(note.length > 0 for note in played_notes(tune))


def test_a_metre_may_come_after_the_first_notes():
    [tune] = read_abc("X:1\nK:G\nG2 A2 |\nM:3/8\nG3 |\n")
    assert "[M:3/8]" in tune.tokens


@NEEDS_LOCKS
def test_an_interrupted_training_goes_on_to_the_same_bytes(resumed):
    tunes = [Tune.from_line(f"M:2/4 K:{key} G2 A B | c2 d2 ||") for key in "GD"] * 12
    small = TuneTraining(units=8, vector_size=8, epochs=4)
    whole, found, (told,) = resumed(lambda path, **watched: train_tunes(tunes, small, **watched).save(path))
    assert told.startswith("continuing: epoch ")
    assert found == whole
