from types import SimpleNamespace

import pytest

from embedkit import progress
from embedkit.progress import SILENT, BarProgress, LineProgress, console_progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until its time is set."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_lines_come_every_few_seconds_with_the_time_left(clock, capsys):
    lines = LineProgress()
    lines.start("training", 1000)
    for clock[0], done in ((101.0, 10), (105.5, 100), (106.0, 120), (111.0, 500)):
        lines.update(done, "5.1 M words/s")
    clock[0] = 120.0
    lines.finish("80 words")
    assert capsys.readouterr().err.splitlines() == [
        "training: 10%, 5.1 M words/s, 50 s left",
        "training: 50%, 5.1 M words/s, 11 s left",
        "training: 80 words (20.0 s)",
    ]


def test_a_stream_of_unknown_length_has_no_share(clock, capsys):
    lines = LineProgress()
    lines.start("tokenizing")
    clock[0] += 10
    lines.update(5_000, "3.0 M words/s")
    assert capsys.readouterr().err == "tokenizing: 3.0 M words/s\n"


def test_a_bar_leaves_notes_and_the_summary(clock, capsys):
    bar = BarProgress()
    bar.start("training", 10)
    bar.update(5, "half")
    bar.note("epoch 1 of 2: mean loss 2.0000")
    bar.finish("[all] done")
    shown = capsys.readouterr().err
    assert "epoch 1 of 2: mean loss 2.0000" in shown
    assert shown.endswith("training: [all] done (0.0 s)\n")


def test_an_interrupted_bar_is_taken_away(capsys):
    with pytest.raises(KeyboardInterrupt), BarProgress() as bar:
        interrupt(bar)
    assert bar._bar is None


def interrupt(bar):
    bar.start("training", 10)
    raise KeyboardInterrupt


def test_libraries_are_silent_and_pipes_get_lines(capsys):
    SILENT.start("x")
    SILENT.update(1)
    SILENT.note("hello")
    SILENT.finish()
    assert capsys.readouterr() == ("", "")
    assert console_progress(quiet=True) is SILENT
    assert type(console_progress()) is LineProgress


@pytest.mark.parametrize(
    ("term", "kind"), [("xterm", BarProgress), ("dumb", LineProgress), ("unknown", LineProgress)]
)
def test_bars_are_for_terminals_that_can_rewrite_lines(monkeypatch, term, kind):
    monkeypatch.setattr(progress.sys, "stderr", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setenv("TERM", term)
    assert type(console_progress()) is kind
