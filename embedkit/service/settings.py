"""`ServiceSettings`: what a service serves, where it listens and what it allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_WORKERS, check, described, hyperparameter

MAX_BODY, MAX_PORT = 1 << 30, 65_535
MAX_SECONDS = 86_400.0
LOOPBACK = "127.0.0.1"

NamedFiles = Mapping[str, str | Path]


@dataclass(kw_only=True)
class Limits:
    """What a request may cost; each field is an option of the command and a key of the table [limits]."""

    max_body: int = hyperparameter(
        4_000_000, "largest body of a request, in bytes", minimum=1, maximum=MAX_BODY
    )
    max_items: int = hyperparameter(
        1_000, "largest number of words, pairs, questions or texts of a request", minimum=1
    )
    max_characters: int = hyperparameter(200_000, "largest number of characters of a word or text", minimum=1)
    timeout: float = hyperparameter(30.0, "seconds that a request may take", above=0, maximum=MAX_SECONDS)
    max_waiting: int = hyperparameter(
        256, "largest number of requests that a process has in hand; more are turned away with 503", minimum=1
    )
    max_rate: float | None = hyperparameter(
        None,
        "requests a second that a client may make, in bursts of ten seconds' worth; more are turned away "
        "with 429. A client is a key or, without keys, an address",
        above=0,
    )

    def __post_init__(self) -> None:
        check(self)


@dataclass(kw_only=True)
class Listening:
    """Where a service listens and who may ask; each field is an option and a key of the table [server]."""

    host: str = described(LOOPBACK, "address to listen on; beyond this machine only with --keys or --no-auth")
    port: int = hyperparameter(8000, "port to listen on; 0 for any that is free", minimum=0, maximum=MAX_PORT)
    workers: int = hyperparameter(
        1, "number of processes that answer, which share the mapped vectors", minimum=1, maximum=MAX_WORKERS
    )
    auth: bool = hyperparameter(True, "ask for a key where the service can be reached from other machines")
    access_log: bool = hyperparameter(
        False, "log the path, status and time of each request to stderr; never its content"
    )

    def __post_init__(self) -> None:
        check(self)
        if not isinstance(self.host, str) or not self.host:
            raise InputError(f"host must be an address, such as {LOOPBACK!r}, got {self.host!r:.100}")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the service."""
        return is_loopback(self.host)


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """All that a service is told when it starts.

    Args:
        listening: where it listens.
        limits: what a request may cost.
        vectors: their files by name; the first are those asked if a question names none.
        models: files of classifiers, regressors and emojifiers by name; of each kind the first likewise.
        keys: a file of keys, one a line.
        cors_origins: the web sites whose pages may ask the service from a browser, such as
            "https://example.org"; none by default.
    """

    listening: Listening
    limits: Limits
    vectors: NamedFiles
    models: NamedFiles
    keys: Path | None = None
    cors_origins: tuple[str, ...] = ()

    def check_access(self) -> None:
        """Raise `InputError` if the service would answer anybody on other machines."""
        if self.listening.auth and not self.keys and not self.listening.is_local:
            raise InputError(
                f"{self.listening.host} can be reached from other machines: give a file of keys (--keys), "
                f"listen on {LOOPBACK}, or let anybody ask (--no-auth)"
            )


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone; a name but localhost may be any.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("example.org")
        (True, True, False, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
