"""The state in OUT: what was done for which content, version and options. One line a file, written when it is done.

A run that was cut off leaves at most one torn line, which is passed over."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import msgspec

from diptych.equivalence.catalog import load
from diptych.equivalence.model import Dialect
from diptych.folders.model import CheckedFile, FileReport, Options, WrongFolder

_FORMAT = 1


class Head(msgspec.Struct, frozen=True, tag="head"):
    """The first line: which source OUT belongs to."""

    format: int
    source: str


class Study(msgspec.Struct, frozen=True, tag="study"):
    """What is known of a file before the directory's dialect is chosen. ``asks`` says under which options and version.

    ``used`` is the dialect that the file itself is written in, None where it holds no MXNet; ``np_errors`` is None
    where nd has no errors."""

    path: str
    digest: str
    asks: str
    framework: bool
    to_mxnet: bool
    used: Dialect | None = None
    nd_errors: int = 0
    np_errors: int | None = None
    imports: tuple[str, ...] = ()


class Done(msgspec.Struct, frozen=True, tag="done"):
    """A file that stands in OUT. ``result`` is the digest of what was written."""

    path: str
    digest: str
    asks: str
    result: str
    report: FileReport


class Checked(msgspec.Struct, frozen=True, tag="checked"):
    """What executing a file and its conversion said."""

    path: str
    digest: str
    asks: str
    found: CheckedFile


_Line = Head | Study | Done | Checked


def asks(options: Options, *more: str) -> str:
    """A digest of all that a result depends on beside the file: version, records, options."""
    parts = (metadata.version("diptych"), load().fingerprint, msgspec.json.encode(options).decode(), *more)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def digest(path: Path) -> str:
    """Of a file's content."""
    state = hashlib.blake2b(digest_size=20)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            state.update(piece)
    return state.hexdigest()


def digest_of(data: bytes) -> str:
    """Of content that is at hand."""
    return hashlib.blake2b(data, digest_size=20).hexdigest()


class Journal:
    """What earlier runs left, and what this one adds."""

    def __init__(self, path: Path, source: Path) -> None:
        """Raises ``WrongFolder`` where the state is another source's, or of a format that is not known."""
        self._path = path
        self._head = Head(_FORMAT, os.fsencode(source).decode("utf-8", "backslashreplace"))
        self.studies: dict[str, Study] = {}
        self.done: dict[str, Done] = {}
        self.checks: dict[str, Checked] = {}
        self._read()

    def _read(self) -> None:
        if not self._path.is_file():
            return
        for number, line in enumerate(self._path.read_bytes().split(b"\n")):
            try:
                found = msgspec.json.decode(line, type=_Line)
            except msgspec.DecodeError:
                if number == 0:
                    raise WrongFolder(f"{self._path} is no state of Diptych; choose a new directory.") from None
                continue
            if isinstance(found, Head):
                if found != self._head:
                    raise WrongFolder(
                        f"This OUT holds the conversion of {found.source}; choose a new directory for another source."
                    )
            else:
                self._keep(found)

    def _keep(self, line: Study | Done | Checked) -> None:
        if isinstance(line, Study):
            self.studies[line.path] = line
        elif isinstance(line, Done):
            self.done[line.path] = line
        else:
            self.checks[line.path] = line

    @contextmanager
    def open(self) -> Iterator[Journal]:
        """For adding lines: what was read is kept, torn lines go."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        with part.open("wb") as file:
            for line in (self._head, *self.studies.values(), *self.done.values(), *self.checks.values()):
                file.write(msgspec.json.encode(line) + b"\n")
        os.replace(part, self._path)
        with self._path.open("ab") as self._file:
            yield self

    def add(self, line: Study | Done | Checked) -> None:
        """Notes what is known, or done, at once."""
        self._file.write(msgspec.json.encode(line) + b"\n")
        self._file.flush()
        self._keep(line)
