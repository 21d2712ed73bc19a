"""What tells that a command is at work while it says nothing."""

import io
import sys
import threading

import pytest

from embedkit import progress
from embedkit_cli.shared import silence
from embedkit_cli.shared.silence import CLEAR, AtWork, watched_silence
from embedkit_cli.shared.streams import GuardedStream


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Ticks(threading.Event):
    """An event whose waits last no time, so many of them, before it is set."""

    def __init__(self, count, act=lambda wait: None):
        super().__init__()
        self._left, self._act = count, act

    def wait(self, timeout=None):
        self._act(self._left)
        self._left -= 1
        return self._left < 0


@pytest.fixture
def watched(monkeypatch):
    """What is written by a watch of so many ticks, a second each; `act` is called before each of them."""

    def watched(stream, ticks, act=lambda watch, left: None):
        monkeypatch.setenv("TERM", "xterm")
        seconds = iter(range(100))
        watch = AtWork(stream, lambda: next(seconds))
        watch._over = Ticks(ticks, lambda left: act(watch, left))
        watch._watch()
        watch.end()
        return stream.getvalue()

    return watched


def test_a_line_at_a_terminal_counts_the_seconds(watched):
    assert watched(Terminal(), 3) == f"{CLEAR}at work for 2 s{CLEAR}at work for 3 s{CLEAR}"


def test_it_goes_away_where_something_is_said(watched):
    told = watched(Terminal(), 6, lambda watch, left: left == 3 and watch.said())
    seconds = [part.removeprefix("at work for ").removesuffix(" s") for part in told.split(CLEAR)]
    assert seconds == ["", "2", "3", "", "6", "7", ""]


def test_logs_get_a_line_every_half_a_minute(watched, monkeypatch):
    monkeypatch.setattr(progress, "LINE_INTERVAL", 1)
    assert watched(io.StringIO(), 13) == "at work for 6 s\nat work for 12 s\n"


def test_short_work_says_nothing():
    stream = Terminal()
    with AtWork(stream):
        pass
    assert stream.getvalue() == ""


@pytest.mark.parametrize("arguments", [["neighbors", "-"], ["serve"], ["convert", "a", "b", "-q"]])
def test_nothing_is_said_where_somebody_is_waited_for_or_silence_is_asked_for(monkeypatch, arguments):
    monkeypatch.setattr(sys, "stdout", GuardedStream(io.StringIO(), print))
    monkeypatch.setattr(sys, "stderr", GuardedStream(Terminal(), print))
    assert not isinstance(watched_silence(arguments), AtWork)


def test_an_answer_ends_it(monkeypatch):
    out, err = GuardedStream(io.StringIO(), print), GuardedStream(Terminal(), print)
    monkeypatch.setattr(silence.sys, "stdout", out)
    monkeypatch.setattr(silence.sys, "stderr", err)
    with watched_silence(["neighbors", "king"]) as watch:
        assert isinstance(watch, AtWork)
        err.write("Note\n")
        assert not watch._over.is_set()
        out.write("queen\n")
        assert watch._over.is_set()
    assert err.unguarded.getvalue() == "Note\n"


def test_without_a_thread_the_work_is_done(monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    stream = io.StringIO()
    with AtWork(stream):
        pass
    assert stream.getvalue() == ""
