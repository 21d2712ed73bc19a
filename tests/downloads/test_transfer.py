"""Servers that are slow, cut off, lie, redirect or send something else; and what is left behind."""

import pytest

from embedkit.downloads import transfer
from embedkit.downloads.fetching import fetch_file
from embedkit.errors import FormatError, InputError
from embedkit.progress import Progress


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


class Told(Progress):
    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


def interrupted_after(count):
    class Interrupted(Progress):
        def update(self, completed, figures=""):
            if completed >= count:
                raise KeyboardInterrupt

    return Interrupted()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.replace(b"3", b"4"), "expected sha256:.*, got sha256:.*: not what was published"),
        (lambda data: data * 2, "expected 260,000 bytes, the server has 520,000: not what was published"),
        (lambda data: data[:100], "expected 260,000 bytes, the server has 100: not what was published"),
    ],
)
def test_another_file_is_refused_and_not_kept(server, folder, remote, data, change, message):
    with pytest.raises(FormatError, match=message):
        fetch_file(remote(server.serve("pairs.txt", change(data))))
    assert names(folder) == []


def test_a_connection_that_breaks_off_is_resumed(server, folder, remote, data):
    wanted = remote(server.serve("pairs.txt", cuts=(100_000, 50_000)))
    assert fetch_file(wanted).read_bytes() == data
    assert server.asked == [("/pairs.txt", 0), ("/pairs.txt", 100_000), ("/pairs.txt", 150_000)]
    assert names(folder) == ["pairs.txt"]


def test_a_run_goes_on_where_an_interrupted_one_was(server, folder, remote, data):
    wanted = remote(server.serve("pairs.txt"))
    with pytest.raises(KeyboardInterrupt):
        fetch_file(wanted, interrupted_after(100_000))
    assert not (folder / "pairs.txt").exists()
    assert fetch_file(wanted, told := Told()).read_bytes() == data
    assert server.asked[-1][1] >= 100_000
    assert f"continuing: {server.asked[-1][1]:,} bytes are here" in told.notes
    assert names(folder) == ["pairs.txt"]


def test_a_server_that_sends_no_more_keeps_what_came_for_another_day(server, folder, remote, data):
    url = server.serve("pairs.txt", cuts=(100_000, 0, 0, 0, 0, 0, 0))
    with pytest.raises(InputError, match="try again"):
        fetch_file(remote(url))
    assert not (folder / "pairs.txt").exists()
    server.serve("pairs.txt")
    assert fetch_file(remote(url)).read_bytes() == data
    assert server.asked[-1] == ("/pairs.txt", 100_000)


def test_a_server_that_ignores_ranges_is_heard_from_the_start(server, remote, data):
    wanted = remote(server.serve("pairs.txt", cuts=(100_000,), ranges="ignored"))
    assert fetch_file(wanted).read_bytes() == data


def test_a_server_that_sends_another_range_is_asked_from_the_start(server, remote, data):
    wanted = remote(server.serve("pairs.txt", cuts=(100_000,), ranges="wrong"))
    assert fetch_file(wanted).read_bytes() == data
    assert [begin for _, begin in server.asked] == [0, 100_000, 0]


def test_a_file_that_was_replaced_meanwhile_begins_anew(server, remote, data):
    url = server.serve("pairs.txt", data.upper(), etag='"before"')
    with pytest.raises(KeyboardInterrupt):
        fetch_file(remote(url), interrupted_after(100_000))
    server.serve("pairs.txt", etag='"after"')
    assert fetch_file(remote(url)).read_bytes() == data
    assert len(server.asked) == 2


def test_what_was_resumed_and_is_wrong_is_fetched_once_more(server, remote, data):
    url = server.serve("pairs.txt", data.upper(), etag="")
    with pytest.raises(KeyboardInterrupt):
        fetch_file(remote(url), interrupted_after(100_000))
    server.serve("pairs.txt", etag="")
    assert fetch_file(remote(url)).read_bytes() == data
    assert [begin > 0 for _, begin in server.asked] == [False, True, False]


def test_a_server_that_sends_more_than_it_says_is_not_listened_to(server, folder, remote, data):
    url = server.serve("pairs.txt", data * 2, endless=True)
    with pytest.raises(FormatError, match="expected 260,000 bytes, and more are sent"):
        fetch_file(remote(url))
    assert names(folder) == []


def test_a_file_without_a_published_size_is_as_long_as_the_server_says(server, folder, remote, data):
    wanted = remote(server.serve("pairs.txt", cuts=(1000,)), checksum=None, size=False)
    assert fetch_file(wanted).read_bytes() == data


def test_redirections_are_followed(server, remote, data):
    url = server.serve("old.txt", redirect="/new.txt")
    server.serve("new.txt")
    assert fetch_file(remote(url)).read_bytes() == data


def test_redirections_in_a_circle_end(server, folder, remote):
    with pytest.raises(InputError, match="cannot fetch"):
        fetch_file(remote(server.serve("a.txt", redirect="/a.txt")))
    assert names(folder) == []


def test_redirections_to_files_of_this_machine_are_not_followed(server, folder, remote):
    with pytest.raises(InputError, match="cannot fetch"):
        fetch_file(remote(server.serve("a.txt", redirect="file:///etc/passwd")))
    assert names(folder) == []


def test_a_server_that_sends_a_byte_at_a_time(server, folder, remote, monkeypatch):
    monkeypatch.setattr(transfer, "PATIENCE", 0.1)
    with pytest.raises(InputError, match=r"cannot fetch .*; the cause: \d+ bytes in 0 s are too slow"):
        fetch_file(remote(server.serve("pairs.txt", slowly=True)))
    assert not (folder / "pairs.txt").exists()


def test_no_step_of_the_way_may_be_unencrypted(folder, remote, monkeypatch):
    class Answer:
        url, status_code = "https://example.org/pairs.txt", 200

        def __init__(self, *history):
            self.history = history

        def close(self):
            pass

    between = Answer()
    between.url = "http://example.org/pairs.txt"
    monkeypatch.setattr("requests.get", lambda *_, **__: Answer(between))
    with pytest.raises(InputError, match=r"leads to http://.*, which is not encrypted"):
        fetch_file(remote("https://example.org/pairs.txt"))
    assert names(folder) == []
