"""How often a client may ask: the generic cell rate algorithm, in a file that all workers map."""

from __future__ import annotations

import mmap
import struct
import time
from hashlib import blake2b
from pathlib import Path

SLOTS = 1 << 16  # of clients; two that share one share what they may ask
BURST = 10.0  # seconds' worth of requests that may come at once
NUMBER = struct.Struct("d")


class ClientRates:
    """Tells whether a client may ask now.

    Of each client the time is kept at which it will have used up what it asked so far, at the rate allowed
    (ITU-T I.371, the virtual scheduling algorithm). Workers that write at the same moment may lose a request
    of the count.

    Args:
        rate: requests a second.
        path: the file that workers share, made if it is missing; None for one process.
    """

    def __init__(self, rate: float, path: Path | None = None) -> None:
        self.rate, size = rate, SLOTS * NUMBER.size
        if path is None:
            self._times = mmap.mmap(-1, size)
            return
        with path.open("ab+") as file:
            file.truncate(size)
            self._times = mmap.mmap(file.fileno(), size)

    def seconds_to_wait(self, client: bytes) -> float:
        """0 if the client may ask now, which is then counted; else how long it has to wait."""
        slot = int.from_bytes(blake2b(client, digest_size=4).digest(), "big") % SLOTS * NUMBER.size
        now = time.time()
        (kept,) = NUMBER.unpack_from(self._times, slot)
        used_up: float = max(now, kept)
        wait = used_up + 1 / self.rate - now - max(BURST, 1 / self.rate)
        if wait > 0:
            return wait
        NUMBER.pack_into(self._times, slot, used_up + 1 / self.rate)
        return 0.0
