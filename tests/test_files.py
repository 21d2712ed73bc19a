import os
import resource
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from embedkit import files
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file, atomic_folder, check_writable


def write_half(target, error):
    with atomic_file(target) as stream:
        stream.write(b"half")
        raise error


def make_half(target, error):
    with atomic_folder(target, "manifest") as folder:
        (folder / "manifest").write_text("new")
        raise error


def test_a_file_appears_whole_with_ordinary_permissions(tmp_path):
    target = tmp_path / "vectors.bin"
    with atomic_file(target) as stream:
        stream.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    mask = os.umask(0)
    os.umask(mask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "vectors.bin"
    target.write_bytes(b"old")
    with pytest.raises(error):
        write_half(target, error)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failed_folder_leaves_the_old_one_and_nothing_else(tmp_path, error):
    target = tmp_path / "corpus"
    with atomic_folder(target, "manifest") as folder:
        (folder / "manifest").write_text("old")
    with pytest.raises(error):
        make_half(target, error)
    assert (target / "manifest").read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_somebody_puts_there_meanwhile_is_kept(tmp_path):
    target = tmp_path / "photos"

    def take_its_place():
        with atomic_folder(target, "manifest"):
            target.mkdir()
            (target / "holiday.jpg").write_text("sun")

    with pytest.raises(InputError, match="something else"):
        take_its_place()
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    assert (target / "holiday.jpg").read_text() == "sun"


def test_a_folder_replaces_its_like_whole(tmp_path):
    target = tmp_path / "corpus"
    for content in ("one", "two"):
        with atomic_folder(target, "manifest") as folder:
            (folder / "manifest").write_text(content)
            (folder / content).touch()
    assert sorted(path.name for path in target.iterdir()) == ["manifest", "two"]
    assert list(tmp_path.iterdir()) == [target]


def test_somebodys_folder_is_not_replaced(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with (
        pytest.raises(InputError, match="holds something else"),
        atomic_folder(tmp_path / "photos", "manifest"),
    ):
        pass
    assert (tmp_path / "photos" / "cat.jpg").exists()


def test_what_cannot_be_written_is_said_beforehand(tmp_path):
    with pytest.raises(InputError, match="does not exist; create it first"):
        check_writable(tmp_path / "none" / "file")
    with pytest.raises(InputError, match="it is a folder"), atomic_file(tmp_path):
        pass


LINUX = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param(
            "/proc/vectors.bin", "No such file or directory", marks=LINUX
        ),  # a mode that promises more
        ("v" * 300, "File name too long"),
        ("link/vectors.bin", "does not exist; create it first"),
    ],
)
def test_a_folder_that_only_looks_writable_is_found_beforehand(tmp_path, name, reason):
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match=f"^cannot write .*{reason}"):
        check_writable(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


def test_a_link_is_as_writable_as_what_it_points_to(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "gone" / "vectors.bin")
    with pytest.raises(InputError, match=r"gone does not exist; create it first"):
        check_writable(tmp_path / "link")
    (tmp_path / "gone").mkdir()
    check_writable(tmp_path / "link")
    assert not list((tmp_path / "gone").iterdir())


def test_the_longest_names_can_be_written(tmp_path):
    with atomic_file(tmp_path / ("v" * 255)) as stream:
        stream.write(b"new")
    with atomic_folder(tmp_path / ("c" * 255), "manifest") as folder:
        (folder / "manifest").touch()
    assert sorted(len(path.name) for path in tmp_path.iterdir()) == [255, 255]


@contextmanager
def full_disk():
    """No file may grow beyond 1000 bytes, which the system reports as it does a full disk: without a name.

    Not a fixture: the limit holds for the whole process, and pytest reports a test before its fixtures end,
    into a file that is longer than that.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_names_the_target_and_leaves_nothing(tmp_path):
    target = tmp_path / "vectors.bin"
    with full_disk(), pytest.raises(OSError, match="File too large") as caught, atomic_file(target) as stream:
        stream.write(bytes(1 << 20))
    assert caught.value.filename == str(target)
    target = tmp_path / "corpus"
    with full_disk(), pytest.raises(OSError, match="large") as caught, atomic_folder(target, "m") as folder:
        (folder / "ids").write_bytes(bytes(1 << 20))
    assert caught.value.filename == str(target)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "error", [FileNotFoundError(2, "No such file", "text.txt"), ConnectionResetError(104)]
)
def test_errors_of_others_pass_as_they_are(tmp_path, error):
    with pytest.raises(type(error)) as caught:
        write_half(tmp_path / "vectors.bin", error)
    assert caught.value is error


def test_a_link_to_a_folder_stays(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for content in ("one", "two"):
        with atomic_folder(tmp_path / "link", "manifest") as folder:
            (folder / "manifest").write_text(content)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "manifest").read_text() == "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


def test_a_link_stays_and_a_device_is_no_file(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with atomic_file(tmp_path / "link") as stream:
        stream.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    with pytest.raises(InputError, match="it is a device"), atomic_file(Path("/dev/null")):
        pass


@pytest.mark.parametrize("winerror", [5, 32, 1224])
def test_a_target_in_use_on_windows_is_told(tmp_path, monkeypatch, winerror):
    def refuse(self, other):
        error = PermissionError(13, "Access is denied", str(self), winerror, str(other))
        error.winerror, error.filename2 = winerror, str(other)
        raise error

    target = tmp_path / "vectors.bin"
    target.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(InputError, match=r"cannot replace .*vectors.bin: it is in use"), atomic_file(target):
        pass
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_in_use_on_windows_is_told(tmp_path, monkeypatch):
    def refuse(self, other):
        error = PermissionError(13, "Access is denied", str(self), 32, str(other))
        error.winerror, error.filename2 = 32, str(other)
        raise error

    with atomic_folder(tmp_path / "corpus", "manifest") as folder:
        (folder / "manifest").write_text("old")
    monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    monkeypatch.setattr(Path, "replace", refuse)
    with (
        pytest.raises(InputError, match=r"cannot replace .*corpus: it is in use"),
        atomic_folder(tmp_path / "corpus", "manifest"),
    ):
        pass
    assert (tmp_path / "corpus" / "manifest").read_text() == "old"
    assert list(tmp_path.iterdir()) == [tmp_path / "corpus"]


def test_a_file_keeps_its_mode_and_its_link(tmp_path):
    target, link = tmp_path / "vectors.bin", tmp_path / "link.bin"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    with atomic_file(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o600)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_keeps_its_owner(tmp_path):
    target = tmp_path / "vectors.bin"
    target.touch()
    os.chown(target, 12345, 23456)
    with atomic_file(target) as stream:
        stream.write(b"new")
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 23456)


def test_a_folder_keeps_its_mode(tmp_path):
    target = tmp_path / "corpus"
    for _ in range(2):
        with atomic_folder(target, "manifest") as folder:
            (folder / "manifest").touch()
        target.chmod(0o700)
    assert target.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is a call of Linux")
def test_a_folder_is_replaced_in_one_step(tmp_path):
    """A watcher that looks as fast as it can never finds the folder missing."""
    target = tmp_path / "corpus"
    (target).mkdir()
    (target / "manifest").touch()
    missing, stop = [], threading.Event()

    def watch():
        while not stop.is_set():
            try:
                target.stat()
            except FileNotFoundError as error:
                missing.append(error)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(200):
        with atomic_folder(target, "manifest") as folder:
            (folder / "manifest").touch()
    stop.set()
    watcher.join()
    assert not missing


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_without_an_exchange_an_interrupt_puts_the_old_folder_back(tmp_path, monkeypatch, error):
    monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    target, rename = tmp_path / "corpus", Path.replace
    with atomic_folder(target, "manifest") as folder:
        (folder / "manifest").write_text("old")

    def interrupted(path, other):
        if path.suffix == ".tmp":
            raise error
        return rename(path, other)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(error):
        replace_folder(target)
    assert (target / "manifest").read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_without_an_exchange_an_interrupt_after_the_last_rename_leaves_no_old_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    target, rename = tmp_path / "corpus", Path.replace
    with atomic_folder(target, "manifest") as folder:
        (folder / "manifest").write_text("old")

    def interrupted(path, other):
        rename(path, other)
        if path.suffix == ".tmp":
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(target)
    assert (target / "manifest").read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_without_an_exchange_the_next_run_finds_what_a_kill_left_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    target = tmp_path / "corpus"
    with atomic_folder(target, "manifest") as folder:
        (folder / "manifest").write_text("old")
    target.replace(files._aside(target))  # killed here
    with pytest.raises(ZeroDivisionError):
        make_half(target, ZeroDivisionError)
    assert (target / "manifest").read_text() == "old"
    replace_folder(target)
    assert (target / "manifest").read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def replace_folder(target):
    with atomic_folder(target, "manifest") as folder:
        (folder / "manifest").write_text("new")


def test_a_file_that_is_cut_off_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(bytes(30_000))
    chunks = files.read_whole(path, 10_000)
    next(chunks)
    os.truncate(path, 20_000)
    with pytest.raises(FormatError, match=r"text.txt was cut off while it was read"):
        list(chunks)
    assert b"".join(files.read_whole(path, 10_000)) == bytes(20_000)


@pytest.mark.parametrize("name", [".", "..", "../here"])
def test_the_current_folder_is_not_replaced(tmp_path, monkeypatch, name):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(InputError, match="current folder"), atomic_folder(Path(name), "manifest.json"):
        pytest.fail("it was written")
    assert list(tmp_path.iterdir()) == [tmp_path / "here"]
