"""Metrics for Prometheus: a file for the textfile collector of its node exporter, or over HTTP."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, Metric, start_http_server, write_to_textfile
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from core.errors import UsageError

LOOPBACK = "127.0.0.1"
ENDING = ".prom"
# Puts metrics into a registry.
Fill = Callable[[CollectorRegistry], None]


def gauge(registry: CollectorRegistry, name: str, what: str, labels: Sequence[str] = ()) -> Gauge:
    """A new metric `guidang_NAME`; its unit is the end of its name."""
    return Gauge(f"guidang_{name}", what, labels, registry=registry)


def check_place(path: Path) -> None:
    """Raise UsageError for a file that the node exporter passes over, or whose folder is not there."""
    if path.suffix != ENDING:
        raise UsageError(f"{path} would be passed over: the node exporter reads files that end in {ENDING}")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {path.absolute().parent}")


def save(path: Path, *fills: Fill) -> None:
    """Write metrics into a `.prom` file, which is replaced as a whole. Raises UsageError if it cannot be."""
    check_place(path)
    try:
        write_to_textfile(str(path), filled(*fills))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def saved_value(path: Path, name: str) -> float | None:
    """What a file of ours says of the metric `guidang_NAME` without labels; None if it does not."""
    try:
        families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):  # no file yet, or another's
        return None
    found = (one.value for family in families for one in family.samples if one.name == f"guidang_{name}")
    return next(found, None)


def filled(*fills: Fill) -> CollectorRegistry:
    """A new registry with some metrics."""
    registry = CollectorRegistry()
    for fill in fills:
        fill(registry)
    return registry


@dataclass(frozen=True, slots=True)
class _Fresh(Collector):
    """Metrics that are filled in when somebody asks."""

    fills: tuple[Fill, ...]

    def add_to(self, registry: CollectorRegistry) -> None:
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        return iter(filled(*self.fills).collect())


@contextmanager
def served(port: int, *fills: Fill, address: str = LOOPBACK) -> Iterator[int]:
    """Serve metrics at `http://ADDRESS:PORT/metrics`, made anew for each question; give the port.

    Port 0 takes any that is free. There is no password: an address that others can
    reach shows them the counts. Raises UsageError if the port cannot be had.
    """
    try:
        ipaddress.ip_address(address)
        server, thread = start_http_server(port, address, filled(_Fresh(fills).add_to))
    except (OSError, OverflowError, ValueError) as error:
        raise UsageError(f"cannot serve metrics at {address}:{port}: {error}") from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
