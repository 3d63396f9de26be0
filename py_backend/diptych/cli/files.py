"""Reading and writing the files that commands are given."""

from __future__ import annotations

import io
import sys
import tokenize
from pathlib import Path

from diptych.cli.exits import CommandError, UsageError

STDIN = "-"
NOTEBOOK = (
    "Notebooks are read in JupyterLab (`diptych lab`); export this one with `jupyter nbconvert --to script` first."
)


def read(name: str) -> str:
    """The text of a Python file, in the encoding that it declares; ``-`` is standard input.

    Raises ``UsageError`` for a notebook, ``CommandError`` if the file can't be read."""
    if name.endswith(".ipynb"):
        raise UsageError(f"{name} is a notebook. {NOTEBOOK}")
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except OSError as error:
        raise CommandError(f"{name} can't be read: {error.strerror or error}.") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} is not a text in the encoding that it declares (UTF-8 without one).") from error


def write(name: str, text: str) -> None:
    """Write a file in UTF-8, line ends as they are. Raises ``CommandError`` if that fails."""
    try:
        Path(name).write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise CommandError(f"{name} can't be written: {error.strerror or error}.") from error
