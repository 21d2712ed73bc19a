import multiprocessing
import os
import signal

import pytest

from embedkit import leftovers
from embedkit.files import atomic_file, atomic_folder
from embedkit.leftovers import temporary_file, temporary_folder, unfinished_folder

pytestmark = pytest.mark.skipif(leftovers.fcntl is None, reason="Windows lets no file go that is open")


def killed(begin, place):
    """What a process leaves that begins to write and is killed."""
    child = os.fork()
    if not child:
        with begin(place) as path:
            (path / "ids" if path.is_dir() else path).write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return {path.name for path in place.iterdir()}


@pytest.mark.parametrize("begin", [temporary_file, temporary_folder])
@pytest.mark.parametrize("begin_next", [temporary_file, temporary_folder])
def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path, begin, begin_next):
    (left,) = killed(begin, tmp_path)
    with begin_next(tmp_path) as path:
        assert {entry.name for entry in tmp_path.iterdir()} == {path.name} != {left}
    assert list(tmp_path.iterdir()) == []


def test_what_another_run_writes_is_let_alone(tmp_path):
    with temporary_file(tmp_path) as file, temporary_folder(tmp_path) as folder:
        killed(temporary_file, tmp_path)
        with atomic_file(tmp_path / "a") as stream:
            stream.write(b"new")
        with atomic_folder(tmp_path / "b", "manifest"):
            assert file.exists()
            assert folder.exists()
        assert sorted(tmp_path.iterdir()) == sorted([file, folder, tmp_path / "a", tmp_path / "b"])


def test_the_lock_is_kept_until_the_file_has_its_name(tmp_path):
    with temporary_file(tmp_path) as path:
        path.write_bytes(b"whole")
        with temporary_file(tmp_path):
            pass
        path.replace(tmp_path / "target")
    assert [entry.name for entry in tmp_path.iterdir()] == ["target"]


def test_other_machines_other_names_and_links_are_let_alone(tmp_path):
    foreign = {"somebody.tmp", ".embedkit-01234567-abc.tmp", f"{leftovers.PREFIX}link.tmp"}
    (tmp_path / "somebody.tmp").touch()
    (tmp_path / ".embedkit-01234567-abc.tmp").touch()
    (tmp_path / f"{leftovers.PREFIX}link.tmp").symlink_to(tmp_path / "somebody.tmp")
    with temporary_file(tmp_path):
        pass
    assert {path.name for path in tmp_path.iterdir()} == foreign


def test_where_nothing_can_be_locked_nothing_is_removed(tmp_path, monkeypatch):
    killed(temporary_file, tmp_path)

    def refuse(handle, how):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(leftovers.fcntl, "flock", refuse)
    with temporary_file(tmp_path) as path:
        assert len(list(tmp_path.iterdir())) == 2
    assert not path.exists()


def write_many(folder):
    for number in range(30):
        with atomic_file(folder / f"{os.getpid()}") as stream:
            stream.write(b"%d" % number)


def test_runs_beside_each_other_take_nothing_away(tmp_path):
    """Each removes leftovers thirty times while the others make files, lock and rename them."""
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(tmp_path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"29"] * 3


def interrupted(place, error, name="1.done"):
    """What is left of work that wrote a file and was ended by an error."""

    def work():
        with unfinished_folder(place, "corpus", "*.done") as path:
            (path / name).write_bytes(b"whole")
            raise error

    with pytest.raises(error):
        work()
    return list(place.iterdir())


def test_an_interruption_leaves_what_is_worth_it(tmp_path):
    (left,) = interrupted(tmp_path, KeyboardInterrupt)
    with temporary_file(tmp_path), unfinished_folder(tmp_path, "other", "*.done") as other:
        assert list(other.iterdir()) == []
    with unfinished_folder(tmp_path, "corpus", "*.done") as path:
        assert (path, [file.name for file in path.iterdir()]) == (left, ["1.done"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("error", "name"), [(KeyboardInterrupt, "1.half"), (ValueError, "1.done")])
def test_nothing_is_left_by_an_error_or_without_anything_of_worth(tmp_path, error, name):
    assert interrupted(tmp_path, error, name) == []


def test_what_a_killed_run_left_is_found_by_the_next(tmp_path):
    killed(lambda place: unfinished_folder(place, "corpus", "*.done"), tmp_path)
    with unfinished_folder(tmp_path, "corpus", "*.done") as path:
        assert (path / "ids").read_bytes() == b"half"


def test_two_runs_at_once_do_not_share_a_folder(tmp_path):
    with (
        unfinished_folder(tmp_path, "corpus", "*") as one,
        unfinished_folder(tmp_path, "corpus", "*") as other,
    ):
        assert one != other
    assert list(tmp_path.iterdir()) == []


def test_nobody_waits_longer_than_a_week(tmp_path):
    (left,) = interrupted(tmp_path, KeyboardInterrupt)
    week = left.stat().st_mtime - leftovers.KEPT
    os.utime(left, (week + 60, week + 60))
    with temporary_file(tmp_path):
        assert left.exists()
    os.utime(left, (week - 60, week - 60))
    with temporary_file(tmp_path):
        assert not left.exists()


def test_a_link_in_the_place_of_the_folder_is_let_alone(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    link = leftovers.unfinished_path(tmp_path, "corpus")
    link.symlink_to(mine)
    with unfinished_folder(tmp_path, "corpus", "*") as path:
        assert path.resolve() not in (link, mine)
    assert sorted(tmp_path.iterdir()) == sorted([link, mine])
