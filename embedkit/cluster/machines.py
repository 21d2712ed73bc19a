"""What machines of a cluster say of themselves, whether they fit together, and which has least to do."""

from __future__ import annotations

import platform
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from embedkit.errors import EmbedkitError, InputError
from embedkit.files import FULL_DISK
from embedkit.remote_files import size_of

Item = TypeVar("Item")
Result = TypeVar("Result")
PathOrAddress = Path | str  # a path or an address
FOLDER = -1  # in place of a size


class Machine(NamedTuple):
    """A machine as those see it that run there; `features` are those of its processor, as LLVM names them."""

    host: str
    embedkit: str
    python: str
    numpy: str
    numba: str
    processor: str
    features: str


def this_machine() -> Machine:
    """The machine that this runs on."""
    from llvmlite import binding

    return Machine(
        socket.gethostname(),
        _version("embedkit"),
        platform.python_version(),
        _version("numpy"),
        _version("numba"),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
    )


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def check_versions(here: Machine, machines: Iterable[Machine]) -> None:
    """Raise `InputError` if another version of embedkit than `here` works on a machine."""
    for machine in machines:
        if machine.embedkit != here.embedkit:
            raise InputError(
                f"the workers on {machine.host} have embedkit {machine.embedkit}, and this is "
                f"{here.embedkit}; install the same version on all machines"
            )


def check_alike(machines: Sequence[Machine], allow_other_processors: bool) -> None:
    """Raise `InputError` if two of the machines may round sums of floats differently."""
    first = machines[0]
    for machine in machines[1:]:
        for package in ("python", "numpy", "numba"):
            one, other = getattr(first, package), getattr(machine, package)
            if one != other:
                raise InputError(
                    f"{first.host} has {package} {one} and {machine.host} {other}, which may round "
                    "differently; install the same versions on all machines"
                )
        same = (machine.processor, machine.features) == (first.processor, first.features)
        if not (same or allow_other_processors):
            raise InputError(
                f"the processor of {first.host} is {first.processor} and that of {machine.host} "
                f"{machine.processor}{' with other features' * (machine.processor == first.processor)}, so "
                "the bytes of a result may differ; use machines of one kind, or allow other processors"
            )


def told_unseen(
    each_machine: Callable[..., dict[str, list[PathOrAddress]]], places: Sequence[PathOrAddress]
) -> str:
    """Which machine does not see a path, or what is at an address, as this one does; nothing if all do."""
    looks = [(place, _look(place)) for place in places]
    unseen = {host: missed for host, missed in each_machine(_unseen, looks).items() if missed}
    others = len(unseen) - 1
    more = f" (nor {others} other machine{'s'[: others - 1]})" if others > 0 else ""
    return next((f"{host} does not see {missed[0]}{more}" for host, missed in unseen.items()), "")


def _look(place: PathOrAddress) -> int | None:
    """The size of a file, FOLDER for a folder, None where there is nothing that can be seen."""
    if isinstance(place, str):
        try:
            return size_of(place)
        except EmbedkitError:
            return None
    if place.is_file():
        return place.stat().st_size
    return FOLDER if place.exists() else None


def _unseen(looks: list[tuple[PathOrAddress, int | None]]) -> list[PathOrAddress]:
    """On another machine: what looks different here."""
    return [place for place, look in looks if look is None or _look(place) != look]


def tell_host(function: Callable[[Item], Result], item: Item) -> Result:
    """In a worker: `function(item)`; that a disk is full is told with the name of the machine.

    Raises:
        InputError: a disk is full.
    """
    try:
        return function(item)
    except (OSError, InputError) as error:
        full = error if isinstance(error, OSError) else error.__context__
        if not (isinstance(full, OSError) and full.errno in FULL_DISK):
            raise
        place = full.filename or f"temporary files in {tempfile.gettempdir()}"
        told = error if isinstance(error, InputError) else f"cannot write {place}: {full.strerror}"
        raise InputError(f"on {socket.gethostname()}: {told}; make room there") from None


def least_loaded(hosts: Sequence[str], held: Sequence[str | None]) -> str:
    """The machine that holds least for its cores, the first of several.

    Args:
        hosts: the machine of each core.
        held: the machine of each thing that one holds; None for what none holds any more.

    Example:
        >>> from embedkit.cluster.machines import least_loaded
        >>> least_loaded(["a", "b", "a", "a"], ["a", "b", "a"])
        'a'
    """
    cores, load = Counter(hosts), Counter(held)
    return min(cores, key=lambda host: load[host] / cores[host])
