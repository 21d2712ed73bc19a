"""Checkpoints: whose they are, when they are due, and what becomes of damaged, foreign and old ones."""

import errno
import time
from contextlib import contextmanager, suppress

import numpy as np
import pytest

from embedkit import Checkpoint, InputError, leftovers
from embedkit.checkpoints import SUFFIX
from embedkit.errors import DivergenceError
from embedkit.leftovers import unfinished_path
from embedkit.saver import FORMAT, UNSAVED, Saver
from tests.marks import NEEDS_LOCKS
from tests.notes import Notes

pytestmark = NEEDS_LOCKS
JOB = {"trainer": "example", "parameters": {"rate": 0.5}, "corpus": "abc"}
STATE = {"losses": [0.1, None], "done": 3}


@pytest.fixture
def target(tmp_path):
    return tmp_path / "made"


@pytest.fixture
def notes():
    return Notes()


def save(saver, number=1.0):
    saver.save("epoch 2 of 4", 0.41, STATE, {"numbers": np.full(3, number)})


@contextmanager
def unfinished(target, **options):
    """The checkpoint of a run that does not come to its end."""
    with suppress(KeyboardInterrupt), Checkpoint(target, **options) as checkpoint:
        yield checkpoint
        raise KeyboardInterrupt


def interrupted(target, job=JOB, number=1.0):
    """Save in such a run; returns the file."""
    with unfinished(target) as checkpoint:
        save(Saver(checkpoint, job), number)
    (path,) = unfinished_path(target.parent, target.name).glob(f"*{SUFFIX}")
    return path


def restored(target, notes, job=JOB, **options):
    """What the next run finds, and its arrays."""
    numbers = np.zeros(3)
    with Checkpoint(target, **options) as checkpoint:
        return Saver(checkpoint, job, notes).restore({"numbers": numbers}), numbers.tolist()


def test_the_next_run_goes_on_and_the_end_removes_all(target, notes):
    interrupted(target)
    assert restored(target, notes) == (STATE, [1, 1, 1])
    assert notes.notes == ["continuing: epoch 2 of 4, 41% done"]
    assert list(target.parent.iterdir()) == []


def test_other_settings_begin_anew_and_leave_what_was_saved(target, notes):
    path = interrupted(target)
    other = {**JOB, "parameters": {"rate": 0.25}}
    with unfinished(target) as checkpoint:
        assert Saver(checkpoint, other, notes).saved is None
    assert notes.notes == ["beginning anew, as what was saved is of another run: rate 0.5 there, 0.25 here"]
    assert path.exists()
    assert restored(target, notes)[0] == STATE


@pytest.mark.parametrize("damage", ["cut off", "another number", "no file of ours"])
def test_what_is_damaged_is_not_believed(target, notes, damage):
    path = interrupted(target)
    content = path.read_bytes()
    damaged = {
        "cut off": content[:-8],
        "another number": content[:-1] + b"\xff",
        "no file of ours": b"x" * len(content),
    }
    path.write_bytes(damaged[damage])
    assert restored(target, notes) == (None, [0, 0, 0])
    (note,) = notes.notes
    assert note.startswith("Warning: what was saved is not believed, so this begins anew: ")


@pytest.mark.parametrize(("error", "kept"), [(DivergenceError, False), (InputError, True)])
def test_what_diverged_is_not_kept_and_would_do_so_again(target, error, kept):
    other = interrupted(target, {**JOB, "corpus": "another"})
    checkpoint = Checkpoint(target)

    def train():
        with checkpoint, Saver(checkpoint, JOB) as saver:
            save(saver)
            raise error("the loss is nan")

    with pytest.raises(error):
        train()
    left = {path.stem for path in other.parent.iterdir()}
    assert left == {other.stem, *([checkpoint.job] if kept else [])}


def test_restart_begins_anew(target, notes):
    interrupted(target)
    assert restored(target, notes, restart=True)[0] is None
    assert notes.notes == []


def test_two_targets_and_two_runs_share_nothing(target, notes):
    with Checkpoint(target) as one, Checkpoint(target.with_name("other")) as other:
        for checkpoint in (one, other):
            save(Saver(checkpoint, JOB))
        with Checkpoint(target) as second:
            saver = Saver(second, JOB, notes)
            assert saver.saved is None
            assert not saver.due()
        assert Saver(one, JOB).saved
    assert notes.notes == [f"no checkpoints: another run writes {target}, or its folder cannot be locked"]


def test_the_last_good_one_stays_where_the_disk_is_full(target, notes, monkeypatch):
    interrupted(target, number=1.0)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with unfinished(target) as checkpoint, monkeypatch.context() as patch:
        saver = Saver(checkpoint, JOB, notes)
        patch.setattr("embedkit.container.model_format.write_tensors", full)
        save(saver, 2.0)
    assert "Warning: no checkpoint was saved: " in notes.notes[-1]
    assert restored(target, notes) == (STATE, [1, 1, 1])


def test_checkpoints_take_no_more_than_two_percent(target, monkeypatch):
    """By a clock of our own: each takes 10 seconds, and one is asked for every 60."""
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(type(FORMAT), "write", lambda *_: clock.__setitem__(0, clock[0] + 10))
    saved = []
    with Checkpoint(target, minutes=1) as checkpoint:
        saver = Saver(checkpoint, JOB)
        while clock[0] < 6000:
            clock[0] += 1
            if saver.due():
                saved.append(clock[0])
                save(saver)
    assert saved[0] == 60
    assert np.diff(saved).tolist() == pytest.approx([510] * 11)


def test_a_stop_saves_at_once_and_is_raised(target, notes):
    asked = []
    with unfinished(target, minutes=0, stop=lambda: asked[0] if asked else None) as checkpoint:
        with Saver(checkpoint, JOB) as saver:
            numbers = saver.until_due(range(10), together=2)
            assert not checkpoint.running
            assert [next(numbers), next(numbers), next(numbers)] == [0, 1, 2]
            assert checkpoint.running
            asked.append(KeyboardInterrupt("enough"))
            assert list(numbers) == [3]
            with pytest.raises(KeyboardInterrupt, match="enough"):
                save(saver)
        assert not checkpoint.running
    assert restored(target, notes)[0] == STATE


def test_without_a_checkpoint_nothing_is_due():
    assert list(UNSAVED.until_due(range(5), 2)) == [0, 1, 2, 3, 4]
    assert UNSAVED.restore({}) is None


def test_what_is_asked_for_wrongly_is_told(target):
    with pytest.raises(InputError, match="minutes must be 0 or more, got -1"):
        Checkpoint(target, minutes=-1)
    with pytest.raises(InputError, match="is to be used in a with block"):
        Saver(Checkpoint(target), JOB)
    with pytest.raises(InputError, match="does not exist; create it first"), Checkpoint(target / "in"):
        pass


def test_a_week_later_it_is_gone(target, notes, monkeypatch):
    path = interrupted(target)
    monkeypatch.setattr(leftovers, "KEPT", -1)
    with Checkpoint(target.with_name("other")):
        assert not path.exists()
