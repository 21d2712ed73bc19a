"""One file over HTTP: resumed where a connection or a run broke off, never renamed before it is verified.

A server may be slow, cut off, redirect, ignore that only the rest was asked for, or send something else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from embedkit.downloads.remote_file import RemoteFile
from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.files import replace_file
from embedkit.leftovers import unfinished_folder
from embedkit.progress import Progress

CHUNK = 2**16  # bytes read at once, at most
TIMEOUT = 30  # seconds in which a server must send anything
PATIENCE = 60  # seconds over which the speed is taken
SLOWEST = 1000  # bytes a second, on average
ATTEMPTS = 5  # times in a row that a server may send nothing new
PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds before the next attempt
RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
OK, PARTIAL, UNSATISFIABLE = 200, 206, 416  # HTTP status
NEEDS_REQUESTS = "downloading needs requests: pip install 'embedkit[download]'"


def transfer(remote: RemoteFile, target: Path, progress: Progress) -> None:
    """Download `remote` to `target`, which appears, or is replaced, once it is complete and verified.

    What an interruption or a lost connection leaves is kept for a week, for the next call to go on from.

    Raises:
        DependencyError: requests is not installed.
        InputError: the file cannot be had.
        FormatError: the server has something else than what was published.
    """
    _requests()  # raises before anything is made
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = (KeyboardInterrupt, OSError)
    with unfinished_folder(target.parent, target.name, "content", kept) as folder:
        _Download(remote, folder, progress).run()
        replace_file(folder / "content", target)


class _Download:
    """The content received so far, a file in `folder`, and beside it what the server calls that version."""

    def __init__(self, remote: RemoteFile, folder: Path, progress: Progress) -> None:
        self._remote, self._progress = remote, progress
        self._content, self._validator = folder / "content", folder / "validator"  # missing at first

    def run(self) -> None:
        """Receive and verify all of it; what was resumed and is wrong is fetched once more from its start."""
        self._progress.start(f"fetching {self._remote.file}", self._remote.size)
        if resumed := self._received() > 0:
            self._progress.note(f"continuing: {self._received():,} bytes are here")
            self._progress.go_on(self._received())
        self._receive_all()
        try:
            self._remote.verify(self._content)
        except FormatError:
            if not resumed:
                raise
            self._forget()
            self._receive_all()
            self._remote.verify(self._content)
        self._progress.finish(f"{self._received():,} bytes")

    def _receive_all(self) -> None:
        """Receive what is missing, in as many attempts as bring more than ever before."""
        failures, most = 0, self._received()
        while True:
            try:
                return self._receive()
            except ConnectionError:
                failures = 0 if self._received() > most else failures + 1
                most = max(most, self._received())
                if failures >= ATTEMPTS:
                    raise
                time.sleep(PAUSES[min(failures, len(PAUSES)) - 1] if failures else 0)

    def _receive(self) -> None:
        """Receive what is missing in one answer.

        Raises:
            ConnectionError: it broke off.
            OSError: there is no use in asking again.
            FormatError: more bytes are sent than were published.
        """
        begin = self._received()
        with closing(_response(self._remote.url, self._headers(begin))) as response:
            if response.status_code == UNSATISFIABLE and begin:
                self._forget()
                raise ConnectionError("the server has no more than what is here, which is not all")
            response.raise_for_status()
            begin = self._begin_of(response, begin)
            expected = self._expected(response, begin)
            if not begin:
                self._forget()
            self._validator.write_text(response.headers.get("ETag", ""), encoding="utf-8")
            self._append(response, begin, expected)

    def _append(self, response: Any, begin: int, expected: int | None) -> None:
        """Add what arrives to the `begin` bytes that are there; together they must be `expected` bytes."""
        received = begin
        for chunk in _arriving(response):
            received += len(chunk)
            if expected is not None and received > expected:
                raise FormatError(
                    f"{self._remote.url}: expected {expected:,} bytes, and more are sent: not what was "
                    "published"
                )
            with self._content.open("ab") as stream:
                stream.write(chunk)
            self._progress.update(received)
        if expected is not None and received < expected:
            raise ConnectionError(f"{received:,} of {expected:,} bytes came")

    def _headers(self, begin: int) -> dict[str, str]:
        """What asks for the content from byte `begin` on, if it is still the same."""
        headers = {"Accept-Encoding": "identity"}
        if begin:
            headers["Range"] = f"bytes={begin}-"
            validator = self._validator.read_text(encoding="utf-8") if self._validator.exists() else ""
            if validator.startswith('"'):  # a strong one, by which the server sends all of a changed file
                headers["If-Range"] = validator
        return headers

    def _begin_of(self, response: Any, asked: int) -> int:
        """The byte with which an answer begins: that asked for, or 0 if the server sends all."""
        if response.status_code != PARTIAL:
            return 0
        match = RANGE.match(response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != asked:
            self._forget()
            raise ConnectionError(f"asked for the bytes from {asked:,} on, and others are sent")
        return asked

    def _expected(self, response: Any, begin: int) -> int | None:
        """How many bytes the whole file has, as published and as the server says, who must agree."""
        length = response.headers.get("Content-Length", "")
        announced = begin + int(length) if length.isdigit() else None
        published = self._remote.size
        if published is not None and announced not in (None, published):
            raise FormatError(
                f"{self._remote.url}: expected {published:,} bytes, the server has {announced:,}: not what "
                "was published"
            )
        return announced if published is None else published

    def _received(self) -> int:
        return self._content.stat().st_size if self._content.exists() else 0

    def _forget(self) -> None:
        self._content.unlink(missing_ok=True)
        self._validator.unlink(missing_ok=True)


def _requests() -> Any:
    try:
        return import_module("requests")
    except ImportError:
        raise DependencyError(NEEDS_REQUESTS) from None


def _response(url: str, headers: dict[str, str]) -> Any:
    """The answer of a server, after redirections, none of which may lead from https to http."""
    requests = _requests()
    try:
        response = requests.get(url, stream=True, timeout=TIMEOUT, headers=headers)
    except (requests.ConnectionError, requests.Timeout) as error:
        raise ConnectionError(str(error)) from error
    way = [step.url for step in (*response.history, response)]
    open_step = next((step for step in way if not step.startswith("https:")), None)
    if url.startswith("https:") and open_step is not None:
        response.close()
        raise InputError(f"{url} leads to {open_step}, which is not encrypted; nothing of it was kept")
    return response


def _arriving(response: Any) -> Iterator[bytes]:
    """What a server sends, in chunks as they arrive.

    Raises:
        ConnectionError: it broke off.
        OSError: it comes so slowly that it would take days.
    """
    http = import_module("urllib3.exceptions")
    begin, received = monotonic(), 0
    try:
        while chunk := response.raw.read1(CHUNK):
            yield chunk
            received += len(chunk)
            if (waited := monotonic() - begin) > PATIENCE:
                if received < SLOWEST * waited:
                    raise OSError(f"{received:,} bytes in {waited:.0f} s are too slow")
                begin, received = monotonic(), 0
    except http.HTTPError as error:
        raise ConnectionError(str(error)) from error
