"""`run_service`: the service run by uvicorn, in this process or in several that share the mapped vectors."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.errors import DependencyError, InputError
from embedkit.leftovers import temporary_folder
from embedkit.service.keys import ServiceKeys
from embedkit.service.settings import ServiceSettings
from embedkit.service.worker import SETTINGS, settings_as_json

if TYPE_CHECKING:
    from uvicorn import Config

PACKAGES = ("fastapi", "uvicorn", "prometheus_client")
BACKLOG = 2048  # connections that wait to be accepted
STOPPING = 5  # seconds beyond those of a request until the last is given up
HEALTH_CHECK = 30  # seconds in which a worker must say that it is well, on a machine with much to do
KEEP_ALIVE = 30  # seconds that a connection may rest between requests
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # for each of several workers
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "uvicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "embedkit.service": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def run_service(settings: ServiceSettings, tell: Callable[[str], None] = lambda line: None) -> None:
    """Serve until Ctrl-C or SIGTERM; then requests in hand are answered first.

    Args:
        settings: what is served, and where.
        tell: is given a line once the service listens.

    Raises:
        InputError: an address that cannot be listened on, a file that cannot be used, or an address beyond
            this machine without keys.
        DependencyError: a package of the extra `serve` is not installed.
    """
    check_installed()
    settings.check_access()
    if settings.keys:
        ServiceKeys.read(settings.keys)
    with (
        listening_socket(settings.listening.host, settings.listening.port) as listener,
        temporary_folder() as folder,
    ):
        run = _prepared(settings, listener, folder)
        listener.listen(BACKLOG)
        tell(_welcome(settings, listener))
        run()


def check_installed() -> None:
    """Raise `DependencyError` if a package is missing without which there is no service."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise DependencyError(f"a service needs {', '.join(missing)}: pip install 'embedkit[serve]'")


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that is bound to an address but does not listen yet.

    Raises:
        InputError: the address is in use, or none of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"cannot listen on {host!r:.100}: {error}; expected an address of this machine"
        ) from None
    listener = socket.socket(family, kind, protocol)  # asyncio sends at once only where it reads TCP here
    try:
        if os.name == "posix":  # elsewhere it would let two services listen at once
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise InputError(f"cannot listen on port {port} of {host}: {_hint(error)}") from None
    listener.set_inheritable(True)
    return listener


def _hint(error: OSError) -> str:
    hints = {
        errno.EADDRINUSE: "it is in use; choose another by --port, 0 for any that is free",
        errno.EACCES: "only an administrator may listen on it; choose one above 1023 by --port",
        errno.EADDRNOTAVAIL: "this machine has no such address; 0.0.0.0 stands for all that it has",
    }
    return hints.get(error.errno or 0, error.strerror or str(error))


def _prepared(settings: ServiceSettings, listener: socket.socket, folder: Path) -> Callable[[], None]:
    """What serves, once all files were opened: one process, or the parent of several."""
    import uvicorn

    from embedkit.service.application import create_application
    from embedkit.service.resources import check_files

    if settings.listening.workers == 1:
        server = uvicorn.Server(uvicorn_config(settings, create_application(settings)))
        return lambda: _until_interrupted(lambda: server.run([listener]))
    from uvicorn.supervisors import Multiprocess

    settings = replace(settings, vectors=check_files(settings, folder))
    os.environ[SETTINGS] = settings_as_json(settings, folder)
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    config = uvicorn_config(settings, "embedkit.service.worker:application", factory=True)
    return Multiprocess(config, [listener]).run


def uvicorn_config(settings: ServiceSettings, application: Any, **more: Any) -> Config:
    """How uvicorn runs the application."""
    from uvicorn import Config

    from embedkit.service.connections import TimedConnection

    return Config(
        application,
        http=TimedConnection,
        ws="none",
        workers=settings.listening.workers,
        access_log=False,
        log_config=LOGGING,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_worker_healthcheck=HEALTH_CHECK,
        timeout_graceful_shutdown=int(settings.limits.timeout) + STOPPING,
        **more,
    )


def _until_interrupted(run: Callable[[], None]) -> None:
    """Call `run`, which ends with the signal that it was stopped by."""
    try:
        run()
    except KeyboardInterrupt:
        return


def _welcome(settings: ServiceSettings, listener: socket.socket) -> str:
    """What is served, and where."""
    host, port = listener.getsockname()[:2]
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    served = ", ".join([*settings.vectors, *settings.models])
    if settings.keys:
        who = "anybody with a key may ask"
    else:
        who = (
            "only this machine may ask"
            if settings.listening.is_local
            else "ANYBODY may ask: there are no keys"
        )
    return f"serving {served} at {address}, described at {address}/docs; {who}; Ctrl-C stops"
