"""What the machine gives: disk, memory, cores, open files, clock. Each look says what it saw, or warns."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from archive.db.location import Location

GIB = 1 << 30
# Below this many free bytes a batch is likely to fill the disk; below the other nothing works.
LOW_DISK, NO_DISK = 2 * GIB, GIB >> 3
LOW_INODES = 10_000
# What a worker takes at most on the pages measured (docs/performance.md), and the command beside it.
WORKER_BYTES, COMMAND_BYTES = 700 << 20, 200 << 20
LOW_FILES = 256
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs", "lustre", "afs"}
CLOCK_MAY_DIFFER = 2.0
THIS_YEAR = 2026


class DoubtfulError(Exception):
    """Something works, but not as well as it should; the message says what was seen."""


def disk(place: Path) -> str:
    """Free bytes and inodes where a folder is or will be. Raises OSError if nothing could be written."""
    existing = existing_part(place)
    free, found = shutil.disk_usage(existing).free, os.statvfs(existing)
    said = f"{free / GIB:.1f} GiB free at {existing}"
    if free < NO_DISK:
        raise OSError(said)
    if found.f_files and found.f_favail < LOW_INODES:
        raise DoubtfulError(f"{said}, but only {found.f_favail:,} inodes")
    if free < LOW_DISK:
        raise DoubtfulError(f"only {said}")
    return said + (f", {found.f_favail:,} inodes" if found.f_files else "")


def temporary() -> str:
    """The same of the folder for temporary files."""
    return disk(Path(tempfile.gettempdir()))


def folder(place: Path) -> str:
    """Whether an archive could be written there. Raises PermissionError if not."""
    existing = existing_part(place)
    mode = f"{existing.stat().st_mode & 0o7777:o}"
    if not os.access(existing, os.W_OK | os.X_OK):
        raise PermissionError(f"{existing} (mode {mode}) cannot be written by user id {os.geteuid()}")
    said = f"{existing}, mode {mode}" + ("" if existing == place.absolute() else ", to be made in")
    if existing == place.absolute() and existing.stat().st_mode & 0o002:
        raise DoubtfulError(f"{said}: everybody may write there")
    return said


def file_system(place: Path) -> str:
    """The kind of file system under a folder; a network's cannot keep an SQLite database safe."""
    kind, mount = mounted(place, Path("/proc/self/mounts").read_text(encoding="utf-8"))
    if kind in NETWORK:
        raise DoubtfulError(f"{kind} at {mount}, a network file system")
    return f"{kind} at {mount}"


def mounted(place: Path, mounts: str) -> tuple[str, str]:
    """The type and mount point of the file system that holds a path, by a table like /proc/mounts."""
    path = existing_part(place).resolve()
    lines = [line.split() for line in mounts.splitlines()]
    # Spaces in a mount point are written as octal escapes.
    table = [(Path(line[1].replace("\\040", " ")), line[2]) for line in lines if len(line) > 2]
    held = [(point, kind) for point, kind in table if path.is_relative_to(point)]
    # Of two at one point the later one covers the earlier.
    point, kind = max(enumerate(held), key=lambda one: (len(one[1][0].parts), one[0]))[1]
    return kind, str(point)


def memory() -> str:
    """Memory of the machine, its group and this process, against a worker a core."""
    limit, whose = memory_limit()
    workers = os.cpu_count() or 1
    needed = workers * WORKER_BYTES + COMMAND_BYTES
    said = f"{limit / GIB:.1f} GiB ({whose}), {workers} workers want up to {needed / GIB:.1f} GiB"
    if limit < needed:
        raise DoubtfulError(said)
    return said


def memory_limit() -> tuple[int, str]:
    """The least of the limits on memory, in bytes, and whose it is."""
    limits = [(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), "the machine")]
    limits += [
        (int(text), "control group") for text in map(_first_line, _GROUP_LIMITS) if text and text.isdecimal()
    ]
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        limits.append((soft, "ulimit -v"))
    return min(limits)


_GROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:  # another version of control groups, or none
        return ""


def cores() -> str:
    """Cores that this process may use, against one worker for each of the machine."""
    here, usable = os.cpu_count() or 1, len(os.sched_getaffinity(0))
    quota = _first_line(Path("/sys/fs/cgroup/cpu.max")).split()
    allowed = int(quota[0]) / int(quota[1]) if quota and quota[0].isdecimal() else float(usable)
    said = f"{here} cores, so {here} workers by default"
    if min(allowed, usable) < here:
        raise DoubtfulError(f"{said}, but this process may use {min(allowed, usable):g}")
    return said


def open_files() -> str:
    """The limit on open files, which a crawl and a pool of workers need some hundred of."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < LOW_FILES:
        raise DoubtfulError(f"{soft} (at most {hard})")
    return f"{soft:,}"


def clock() -> str:
    """Whether the clock runs, in a year that can be, and as fast as the monotonic one."""
    wall, steady = time.time(), time.monotonic()
    time.sleep(0.05)
    drift = (time.time() - wall) - (time.monotonic() - steady)
    now = datetime.now().astimezone()
    said = f"{now:%Y-%m-%d %H:%M:%S} {now.tzname()} (UTC{now:%z}), {datetime.now(UTC):%H:%M} UTC"
    if now.year < THIS_YEAR:
        raise ValueError(f"{said}: older than this program")
    if abs(drift) > 0.04:
        raise DoubtfulError(f"{said}: it was set by {drift:+.2f} s while it was watched")
    return said


def server_clock(location: str | Location) -> str:
    """The difference to the clock of a PostgreSQL server."""
    from archive.db.server_clock import server_ahead

    ahead = server_ahead(location)
    if ahead is None:
        return "the archive has no server"
    if abs(ahead) > CLOCK_MAY_DIFFER:
        raise DoubtfulError(f"the server is {ahead:+.1f} s from this machine")
    return f"the server is {ahead:+.2f} s from this machine"


def existing_part(place: Path) -> Path:
    """The path itself if it is there, or the nearest folder above it."""
    return next(one for one in (place.absolute(), *place.absolute().parents) if one.exists())
