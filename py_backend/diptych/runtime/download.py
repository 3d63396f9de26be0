"""Reading gzipped files off the web, with word of how far it is."""

from __future__ import annotations

import contextlib
import gzip
import sys
import urllib.request
from collections.abc import Callable, Iterator
from typing import Protocol

_TIMEOUT = 15.0  # seconds without a byte
_BAR = 30  # characters


class Progress(Protocol):
    """Is told how a download proceeds."""

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """Called with a file's name, the bytes so far, and their total (None if the mirror doesn't say)."""


@contextlib.contextmanager
def unpacked(url: str, name: str, progress: Progress | None) -> Iterator[Callable[[int], bytes]]:
    """A function that reads the unpacked content of a gzipped file; it and this raise ``OSError`` or ``EOFError``."""
    with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:
        counted = _Counted(answer.read, name, answer.headers.get("Content-Length"), progress)
        with gzip.GzipFile(fileobj=counted) as packed:  # type: ignore[call-overload]  # it reads, no more
            yield packed.read


def bar_on_terminal(name: str, done: int, total: int | None) -> None:
    """A ``Progress`` for scripts: a bar on the error stream if that is a terminal, else one line a file."""
    if not sys.stderr.isatty():
        if done == total:
            print(f"Fetched {name}: {done:,} bytes", file=sys.stderr)
        return
    filled = _BAR * done // total if total else 0
    end = "\n" if done == total else ""
    sys.stderr.write(f"\r{name:<24} [{'#' * filled:<{_BAR}}] {done / 1e6:6.1f} MB{end}")
    sys.stderr.flush()


class _Counted:
    """A stream that tells how much of it was read."""

    def __init__(self, read: Callable[[int], bytes], name: str, length: str | None, progress: Progress | None) -> None:
        self._read = read
        self._name = name
        self._total = int(length) if length else None
        self._progress = progress
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        block = self._read(size)
        self._done += len(block)
        if block and self._progress is not None:
            self._progress(self._name, self._done, self._total)
        return block
