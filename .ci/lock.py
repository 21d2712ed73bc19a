"""Prints the versions that are installed here of all that the extra `dev` needs, for pip's --constraint."""

import sys
from collections.abc import Iterator
from importlib.metadata import distribution

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed(requirement: Requirement, seen: set[tuple[str, str]]) -> Iterator[str]:
    """The names of what a requirement needs, itself first, each once an extra."""
    name = canonicalize_name(requirement.name)
    for extra in ("", *requirement.extras):
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        yield name
        environment = {**default_environment(), "extra": extra}
        for further in map(Requirement, distribution(name).requires or ()):
            if further.marker is None or further.marker.evaluate(environment):
                yield from needed(further, seen)


def main() -> None:
    """Print the lock."""
    version = ".".join(map(str, sys.version_info[:2]))
    names = set(needed(Requirement("embedkit[dev]"), set())) - {"embedkit"}
    lines = [f"{name}=={distribution(name).version}" for name in sorted(names)]
    told = f"# The versions with which the tests last passed with Python {version}; `make lock` writes them."
    sys.stdout.write("\n".join([told, *lines]) + "\n")


if __name__ == "__main__":
    main()
