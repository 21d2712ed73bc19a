"""Tunes to MIDI and back."""

import pytest

from embedkit import Tune
from embedkit.errors import FormatError, InputError
from embedkit.music.melody import played_notes
from embedkit.music.midi import read_midi, write_midi

mido = pytest.importorskip("mido")


@pytest.mark.parametrize(
    "line",
    [
        "M:3/4 K:G G2 B2 d2 | ^d3 e3 ||",
        "M:6/8 K:Bb B,2 =E _G f2 | z3 c'3- | c'3 b3 ||",
        "M:4/4 K:C c2/3 d2/3 e2/3 f2 z/2 g/2 a3 | B4 ^c4 ||",
    ],
)
def test_what_is_written_is_read_again(tmp_path, line):
    path, tune = tmp_path / "a.mid", Tune.from_line(line)
    write_midi(path, tune)
    assert read_midi(path).line == line


def test_the_file_says_what_other_programs_need(tmp_path):
    path, tune = tmp_path / "a.mid", Tune("6/8", "Ador", ["A3", "c3", ":|"], "Sköl 道")
    write_midi(path, tune, tempo=90)
    file = mido.MidiFile(path)
    assert file.type == 0
    found = {message.type: message for message in file.tracks[0] if message.is_meta}
    assert (found["time_signature"].numerator, found["time_signature"].denominator) == (6, 8)
    assert found["key_signature"].key == "G"
    assert found["track_name"].name == "Sköl ?"
    assert file.length == pytest.approx(12 / 2 * 60 / 90)
    assert [message.note for message in file.tracks[0] if message.type == "note_on"] == [69, 72, 69, 72]


def test_of_chords_the_highest_note_is_read(tmp_path):
    track = mido.MidiTrack()
    for note in (60, 64, 67):
        track.append(mido.Message("note_on", note=note, time=0))
    for number, note in enumerate((60, 64, 67)):
        track.append(mido.Message("note_off", note=note, time=0 if number else 480))
    mido.MidiFile(tracks=[mido.MidiTrack(), track]).save(tmp_path / "a.mid")
    assert [(note.pitch, note.length) for note in played_notes(read_midi(tmp_path / "a.mid"))] == [(67, 2)]


@pytest.mark.parametrize("content", [b"", b"no midi", b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\xff\xff\x90"])
def test_what_is_no_midi_is_refused(tmp_path, content):
    (tmp_path / "a.mid").write_bytes(content)
    with pytest.raises(FormatError, match="no MIDI file"):
        read_midi(tmp_path / "a.mid")


def test_a_file_without_notes_and_a_wrong_tempo_are_refused(tmp_path):
    mido.MidiFile(tracks=[mido.MidiTrack()]).save(tmp_path / "a.mid")
    with pytest.raises(FormatError, match="has no notes"):
        read_midi(tmp_path / "a.mid")
    with pytest.raises(InputError, match="expected a tempo from 10 to 600"):
        write_midi(tmp_path / "b.mid", Tune("2/4", "C", ["C4"]), tempo=5)
    with pytest.raises(InputError, match="No such file"):
        read_midi(tmp_path / "none.mid")
