"""Ctrl-C in training: once to save and stop, twice to stop at once, and the same command to go on."""

import os
import signal

import pytest

from embedkit.leftovers import unfinished_path
from embedkit.saver import Saver
from embedkit.training.position import TrainingPosition
from embedkit_cli.shared.checkpoints import Saving
from embedkit_cli.shared.interrupts import Terminated
from tests.marks import NEEDS_LOCKS

pytestmark = NEEDS_LOCKS
TRAIN = "train-w2v text.txt -o v.safetensors --vector-size 16 --sample 0 --epochs 3 --workers 1"


@pytest.fixture(autouse=True)
def _heard():
    """Ctrl-C is heard, also where pytest was started in the background, or a test left it at the default."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def interrupted(run, monkeypatch):
    """Runs a command that gets a signal when its second epoch ends."""

    def interrupted(line, number=signal.SIGINT):
        end_epoch = TrainingPosition.end_epoch

        def end(self, loss):
            end_epoch(self, loss)
            if len(self.losses) == 2:
                os.kill(os.getpid(), number)

        with monkeypatch.context() as patch:
            patch.setattr(TrainingPosition, "end_epoch", end)
            return run(line)

    return interrupted


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Terminated")]
)
def test_the_sentence_says_how_to_go_on_and_the_result_is_the_same(
    run, interrupted, text, tmp_path, number, code, word
):
    assert run(TRAIN).exit_code == 0
    expected = (tmp_path / "v.safetensors").read_bytes()
    (tmp_path / "v.safetensors").unlink()
    result = interrupted(f"{TRAIN} --restart", number)
    assert result.exit_code == code
    assert result.stderr.splitlines()[-1] == (
        f"{word} before the end: v.safetensors was not written, what is finished is kept for a week; "
        f"to go on from there: embedkit {TRAIN}"
    )
    result = run(TRAIN)
    assert "\ncontinuing: epoch 3 of 3, 100% done\n" in result.stderr
    assert "epoch 2 of 3" not in result.stderr
    assert (tmp_path / "v.safetensors").read_bytes() == expected
    assert not unfinished_path(tmp_path, "v.safetensors").exists()


def test_other_options_and_restart_begin_anew(run, interrupted, text):
    assert interrupted(TRAIN).exit_code == 130
    result = run(f"{TRAIN} --restart")
    assert "epoch 1 of 3" in result.stderr
    assert "continuing" not in result.stderr
    assert interrupted(TRAIN).exit_code == 130
    result = run(f"{TRAIN} --window 4")
    assert "beginning anew, as what was saved is of another run: window 5 there, 4 here\n" in result.stderr


def test_the_best_epoch_of_those_before_is_not_forgotten(run, interrupted, text, tmp_path, monkeypatch):
    (tmp_path / "pairs.txt").write_text("cat dog 9\ncat hen 2\ncow fox 3\nhen fox 8\ndog cow 7\n")
    line = f"{TRAIN} --evaluate pairs.txt --best-epoch"
    scores = iter([0.5, 0.9, 0.9, 0.1, 0.5, 0.9, 0.1])  # the second one again where training goes on
    monkeypatch.setattr("embedkit_cli.training.epoch_evaluation._mean", lambda totals: next(scores))
    assert interrupted(line).exit_code == 130
    assert "epoch 2 is best, and written" in run(line).stderr
    resumed = (tmp_path / "v.safetensors").read_bytes()
    assert "epoch 2 is best, and written" in run(line).stderr
    assert resumed == (tmp_path / "v.safetensors").read_bytes()


def test_the_second_signal_and_those_that_nobody_listens_for_end_at_once(tmp_path, capfd):
    before = signal.getsignal(signal.SIGTERM)
    with Saving(5, False).beside(tmp_path / "made") as checkpoint:
        with pytest.raises(Terminated):
            signal.raise_signal(signal.SIGTERM)
        assert checkpoint.stop() is None
        with Saver(checkpoint, {}) as saver:
            assert not saver.due()
            signal.raise_signal(signal.SIGINT)
            assert isinstance(checkpoint.stop(), KeyboardInterrupt)
            assert "once more to stop at once" in capfd.readouterr().err
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before
