"""`ServiceMetrics`: what a service counts, as Prometheus reads it; of several workers all together."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the workers of prometheus_client keep their numbers
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
SIZES = (1, 2, 4, 8, 16, 32, 64)
OTHER = "other"  # stands for every path that there is not, of which anybody can make up any number


class ServiceMetrics:
    """The metrics of one process.

    Example:
        >>> metrics = ServiceMetrics()
        >>> metrics.observe("/neighbors", 200, 0.003)
        >>> print(metrics.render().decode().splitlines()[2])
        embedkit_requests_total{route="/neighbors",status="200"} 1.0
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "embedkit_requests", "Requests answered.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "embedkit_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._batches = Histogram(
            "embedkit_batch_items",
            "Words, pairs or texts that were answered together.",
            buckets=SIZES,
            registry=self._registry,
        )

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def observe_batch(self, size: int) -> None:
        """Count a batch of so many items."""
        self._batches.observe(size)

    def render(self) -> bytes:
        """All numbers, of all workers, in the text format of Prometheus."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)
