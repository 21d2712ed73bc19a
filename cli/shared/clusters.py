"""The option --cluster, and the cluster that it names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from embedkit import Cluster
from embedkit.progress import Progress
from embedkit_cli.shared.headings import OUTPUT, under

cluster_option = click.option(
    "--cluster",
    "address",
    metavar="ADDRESS",
    help="Cluster to work on: local:N for N worker processes here, or Ray's auto, HOST:PORT or ray://HOST:PORT.",
    **under(OUTPUT),
)
other_processors_option = click.option(
    "--other-processors",
    is_flag=True,
    help="Train also where processors of the cluster may round differently, so that bytes may differ.",
    **under(OUTPUT),
)


@contextmanager
def connected(
    address: str | None, progress: Progress, other_processors: bool = False
) -> Iterator[Cluster | None]:
    """The cluster at an address, of which is told; None for no address."""
    if address is None:
        if other_processors:
            raise click.UsageError("--other-processors is about the machines of a --cluster; name that")
        yield None
        return
    with Cluster.connect(address, other_processors=other_processors) as cluster:
        progress.note(f"cluster {address}: {cluster.told}")
        yield cluster
