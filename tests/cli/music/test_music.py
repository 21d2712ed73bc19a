"""embedkit train-music and compose: from tunes to new ones, as ABC, MIDI and pictures."""

import json
from importlib.util import find_spec

import pytest

from embedkit.music.abc_reader import read_abc
from embedkit.music.checks import tune_problems

SMALL = "--units 8 --vector-size 8 --epochs 25 --learning-rate 0.05 --output-dropout 0 --validation 0"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def model(run, tmp_path):
    tunes = [
        f"X:{number}\nT:Tune {number}\nM:2/4\nL:1/8\nK:{key}\nG2A2|B4|\n"
        for number, key in enumerate("GD" * 12)
    ]
    (tmp_path / "tunes.abc").write_text("\n".join([*tunes, "X:99\nT:Long\nM:2/4\nK:G\nG9|\n"]))
    result = run(f"train-music tunes.abc -o model {SMALL}")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "left out 1 tunes: Long: bar 1 has 9/2 eighths, its metre 4" in result.stderr
    assert "wrote model: 24 tunes" in result.stderr


def test_new_tunes_are_valid_abc(run, model, tmp_path):
    result = run("compose -m model -n 3 --plots notes")
    assert result.exit_code == 0
    tunes = list(read_abc(result.stdout))
    assert len(tunes) == 3
    assert [tune_problems(tune) for tune in tunes] == [[], [], []]
    assert {path.read_bytes()[:8] for path in (tmp_path / "notes").iterdir()} == {PNG}
    assert "of which 3 are valid" in result.stderr
    assert run("compose -m model -n 3 -q").stdout == result.stdout


def test_a_tune_begins_as_asked(run, model):
    told = json.loads(run("compose -m model --prefix 'M:2/4 K:D' --format json -q").stdout)
    assert (told["metre"], told["key"]) == ("2/4", "D")
    assert set(told) == {"metre", "key", "tokens"}


def test_tunes_are_written_as_midi(run, model, tmp_path):
    result = run("compose -m model -n 2 --midi played")
    if find_spec("mido") is None:
        assert (result.exit_code, "pip install 'embedkit[music]'" in result.stderr) == (2, True)
    else:
        assert sorted(path.name for path in (tmp_path / "played").iterdir()) == ["tune1.mid", "tune2.mid"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("compose -m model --prefix 'M:7/4 K:D'", "cannot read"),
        ("compose -m none", "none"),
        ("train-music none.abc -o b", "No such file"),
        ("train-music tunes.abc -o b --units 0", "units must be"),
        ("train-music none.abc -o b --units 64", "got units 64; leave units out"),
    ],
)
def test_bad_input_is_told(run, model, line, message):
    result = run(line)
    assert result.exit_code == 2
    assert message in result.output


def test_a_model_that_writes_no_tunes_is_told(run, tmp_path):
    (tmp_path / "text.txt").write_text("a rose is a rose\n" * 40)
    run("train-lm text.txt -o words --units 4 --vector-size 4 --epochs 1 --independent-lines -q")
    result = run("compose -m words")
    assert (result.exit_code, "expected 1 valid tune, got 0" in result.output) == (2, True)
