import threading

import pytest

from embedkit.parallel.threads import run_threads


@pytest.mark.parametrize("workers", [1, 3])
def test_every_piece_is_worked_on_once(workers):
    results = dict(run_threads(lambda piece: piece * 2, range(100), workers))
    assert results == {piece: piece * 2 for piece in range(100)}


def test_one_worker_keeps_the_order():
    seen = []
    list(run_threads(seen.append, range(50), 1))
    assert seen == list(range(50))


def test_an_error_ends_the_work_and_drops_what_waits():
    seen = []

    def work(piece):
        seen.append(piece)
        if piece == 3:
            raise ValueError("piece 3")

    with pytest.raises(ValueError, match="piece 3"):
        list(run_threads(work, range(1000), 1))
    assert len(seen) < 10


def test_pieces_are_taken_only_as_they_are_needed():
    taken = []

    def pieces():
        for piece in range(1000):
            taken.append(piece)
            yield piece

    results = run_threads(lambda piece: piece, pieces(), 2)
    next(results)
    assert len(taken) <= 4
    results.close()
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]
