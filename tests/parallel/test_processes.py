"""Worker processes: an executor like others, and how children begin and end."""

import operator
import os
import pickle
import subprocess
import sys
import textwrap
import time

import pytest

from embedkit.errors import EmbedkitError, InputError
from embedkit.parallel.mapping import map_in_order
from embedkit.parallel.processes import ProcessPool
from embedkit.text.tokenization.factory import make_tokenizer


def test_an_executor_like_others():
    with ProcessPool(2) as pool:
        assert list(pool.map(operator.sub, range(20), range(1, 21))) == [-1] * 20
        assert pool.submit(int, "ff", base=16).result() == 255
        assert str(pool.submit(make_tokenizer, "b").exception()).startswith("unknown tokenizer 'b'")
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(abs, -1)


def test_an_error_keeps_its_class():
    with ProcessPool(2) as pool, pytest.raises(InputError, match="unknown tokenizer 'b'"):
        list(map_in_order(pool, make_tokenizer, ["words", "b", "words"], 3))


def test_a_worker_that_dies_is_reported_and_replaced():
    with ProcessPool(1) as pool:
        with pytest.raises(EmbedkitError, match="ended with code 7"):
            pool.submit(os._exit, 7).result()
        assert pool.submit(abs, -1).result() == 1


def test_a_task_that_cannot_travel_is_reported_and_harms_no_other():
    with ProcessPool(1) as pool:
        for _ in range(2):
            with pytest.raises(Exception, match=r"[Pp]ickle"):
                pool.submit(lambda: 1).result()
        assert pool.submit(abs, -1).result() == 1


def test_leaving_ends_the_children_after_all_tasks():
    with ProcessPool(2) as pool:
        tasks = [pool.submit(time.sleep, 0.1) for _ in range(3)]
    assert [task.result() for task in tasks] == [None] * 3
    assert [child._child.returncode is not None for child in pool._children] == [True, True]


def test_an_exception_ends_the_children_whatever_they_are_doing():
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt), ProcessPool(2) as pool:  # noqa: PT012
        tasks = [pool.submit(time.sleep, 100) for _ in range(9)]
        while len(pool._children) < 2:
            time.sleep(0.01)
        raise KeyboardInterrupt
    assert all(task.done() for task in tasks)
    assert [child._child.returncode is not None for child in pool._children] == [True, True]
    assert time.monotonic() - begin < 50


def test_shutting_down_without_waiting():
    pool = ProcessPool(1)
    task = pool.submit(abs, -1)
    pool.shutdown(wait=False)
    assert task.result() == 1
    deadline = time.monotonic() + 20
    while pool._children[0]._child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert pool._children[0]._child.poll() is not None


def test_no_more_children_than_tasks_or_workers():
    for workers, tasks, children in ((50, 2, 2), (2, 9, 2)):
        with ProcessPool(workers) as pool:
            list(pool.map(time.sleep, [0.1] * tasks))
            assert len(pool._children) == children


def test_an_idle_child_takes_the_next_task():
    with ProcessPool(9) as pool:
        for _ in range(3):
            assert list(pool.map(abs, [-1])) == [1]
        assert len(pool._children) == 1


def test_a_child_that_cannot_be_started_is_reported(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with (
        ProcessPool(1) as pool,
        pytest.raises(EmbedkitError, match="cannot start a worker process: No such file"),
    ):
        list(pool.map(abs, [-1]))


def test_a_script_needs_no_main_guard(tmp_path):
    """The main module is not imported again: multiprocessing would need `if __name__ == "__main__"` here."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
            from embedkit.parallel.processes import ProcessPool
            with ProcessPool(2) as pool:
                print(*pool.map(abs, [-1, -2, -3]))
        """)
    )
    for arguments, text in (([str(script)], None), (["-"], script.read_text())):
        done = subprocess.run([sys.executable, *arguments], input=text, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("1 2 3\n", "")


@pytest.mark.parametrize("sent", [(bytes, (1 << 20,), {}), None])
def test_a_child_whose_parent_is_gone_ends_silently(sent):
    """Whether it is about to answer, or has half of a task."""
    program = "from embedkit.parallel.processes import serve; serve()"
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    child.stdout.close()
    child.stdin.write(pickle.dumps(sent) if sent else pickle.dumps(b"half of it")[:-3])
    child.stdin.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait() == 0
