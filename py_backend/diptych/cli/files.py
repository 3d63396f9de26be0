"""Reading and writing the files that commands are given."""

from __future__ import annotations

import sys
from pathlib import Path

from diptych.cli.exits import CommandError, UsageError
from diptych.source.coding import NotText, decode

STDIN = "-"
NOTEBOOK = (
    "Notebooks are read in JupyterLab (`diptych lab`), or converted as a whole (`diptych convert`); "
    "export this one with `jupyter nbconvert --to script` first."
)


def read(name: str) -> str:
    """The text of a Python file, in the encoding that it declares; ``-`` is standard input.

    Raises ``UsageError`` for a notebook, ``CommandError`` if the file can't be read."""
    if name.endswith(".ipynb"):
        raise UsageError(f"{name} is a notebook. {NOTEBOOK}")
    try:
        return decode(read_bytes(name))[0]
    except NotText as error:
        raise CommandError(f"{name}: {error}") from error


def read_bytes(name: str) -> bytes:
    """A file as it is; ``-`` is standard input. Raises ``CommandError`` if it can't be read."""
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} can't be read: {error.strerror or error}.") from error


def write_bytes(name: str, data: bytes) -> None:
    """Write a file. Raises ``CommandError`` if that fails."""
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        raise CommandError(f"{name} can't be written: {error.strerror or error}.") from error


def print_bytes(data: bytes) -> None:
    """A file as it is, on standard output."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
