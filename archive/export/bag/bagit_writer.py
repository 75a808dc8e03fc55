"""BagIt 1.0: files with their checksums, written as they come (RFC 8493)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import new as new_digest
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self, TextIO

ALGORITHMS = ("sha256", "sha512")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
CHUNK = 1 << 20


class ChecksummedFile(io.RawIOBase):
    """A file that knows the checksums and the number of the bytes written to it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digests = {name: new_digest(name) for name in ALGORITHMS}
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        written = self._stream.write(data)
        for digest in self._digests.values():
            digest.update(data)
        self.size += written
        return written

    @property
    def sums(self) -> dict[str, str]:
        return {name: digest.hexdigest() for name, digest in self._digests.items()}


class BagWriter:
    """A bag in an empty folder; use it as a context manager and `finish` it.

    Manifests are written line by line as files are closed: a bag may hold any number.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.octets = 0
        self.files = 0
        self._open = ExitStack()

    def __enter__(self) -> Self:
        (self.folder / "data").mkdir()
        self._manifests = {name: self._manifest(f"manifest-{name}.txt") for name in ALGORITHMS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @contextmanager
    def file(self, name: str) -> Iterator[ChecksummedFile]:
        """A new file of the payload, by its path below `data`."""
        path = self.folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            summed = ChecksummedFile(stream)
            yield summed
        for algorithm, digest in summed.sums.items():
            self._manifests[algorithm].write(f"{digest}  data/{name}\n")
        self.octets += summed.size
        self.files += 1

    @contextmanager
    def text(self, name: str) -> Iterator[TextIO]:
        """The same for text, as UTF-8 with the line ends that are written."""
        with self.file(name) as summed:
            text = io.TextIOWrapper(io.BufferedWriter(summed, CHUNK), encoding="utf-8", newline="")
            yield text
            text.flush()
            text.detach().detach()

    def copy(self, name: str, stream: BinaryIO) -> dict[str, str]:
        """Copy the rest of a stream into a new file; give its checksums by algorithm."""
        with self.file(name) as summed:
            while chunk := stream.read(CHUNK):
                summed.write(chunk)
        return summed.sums

    def finish(self, info: Mapping[str, str]) -> None:
        """Write what is known of the bag, and the checksums of these files too."""
        self._open.close()
        told = {**info, "Payload-Oxum": f"{self.octets}.{self.files}"}
        # A line break in a value would begin another one.
        lines = "".join(f"{label}: {' '.join(text.split())}\n" for label, text in told.items())
        (self.folder / "bagit.txt").write_text(DECLARATION, encoding="utf-8", newline="\n")
        (self.folder / "bag-info.txt").write_text(lines, encoding="utf-8", newline="\n")
        tags = sorted(path for path in self.folder.iterdir() if path.is_file())
        for algorithm in ALGORITHMS:
            sums = [f"{_digest(path, algorithm)}  {path.name}\n" for path in tags]
            (self.folder / f"tagmanifest-{algorithm}.txt").write_text("".join(sums), encoding="utf-8")

    def _manifest(self, name: str) -> TextIO:
        return self._open.enter_context((self.folder / name).open("w", encoding="utf-8", newline="\n"))


def _digest(path: Path, algorithm: str) -> str:
    digest = new_digest(algorithm)
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
