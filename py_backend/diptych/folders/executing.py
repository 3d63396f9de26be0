"""Both sides of what was converted, executed and compared, file by file (``diptych check`` does one)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from diptych.checking.check_model import Check, CheckState, Limits
from diptych.conversion.model import DialectChoice
from diptych.folders.journal import Checked, Journal, asks, digest_of
from diptych.folders.model import CheckedFile, FileReport, Kind, Options, Outcome
from diptych.folders.notebook import NotANotebook, read_cells
from diptych.source.coding import NotText, decode
from diptych.source.model import CellType, Document, Module, Notebook

_RAN = (CheckState.EQUAL, CheckState.CLOSE, CheckState.DIFFERS, CheckState.NOTHING_COMPARED)
_NOT_HERE = (CheckState.UNAVAILABLE, CheckState.TIMED_OUT)  # another time, or machine, may say more


def is_executed(file: FileReport) -> bool:
    """Whether a file is one to execute: it was converted, and stands in OUT as it was."""
    return file.outcome is Outcome.CONVERTED and file.kind in (Kind.PYTHON, Kind.NOTEBOOK)


def executed(
    root: Path,
    files: Iterable[FileReport],
    paths: dict[str, str],
    *,
    options: Options,
    limits: Limits,
    journal: Journal,
) -> Iterator[FileReport]:
    """The files with what execution said, one after the other. ``paths`` are the files' own names by those shown.

    Each file runs alone, in a directory of its own: what needs other files of the directory fails there, and is told
    as not executed. What an earlier run found for the same content is not executed again."""
    from diptych.checking.check import check_document  # noqa: PLC0415  # loads jupyter_client: no conversion needs it

    for file in files:
        try:
            data = (root / paths[file.path]).read_bytes()
            document = _document(file.kind, data)
        except (OSError, NotText, NotANotebook) as error:
            yield msgspec.structs.replace(file, checked=CheckedFile(1, problems=(str(error),)))
            continue
        dialect: DialectChoice = file.dialect.value if file.dialect is not None else "auto"
        key = asks(options, dialect, str(limits.seconds))
        known = journal.checks.get(file.path)
        if known is None or known.digest != digest_of(data) or known.asks != key:
            found = asyncio.run(check_document(document, file.target, dialect, limits))
            known = Checked(file.path, digest_of(data), key, _told(found))
            if found.state not in _NOT_HERE:
                journal.add(known)
        yield msgspec.structs.replace(file, checked=known.found)


def _document(kind: Kind, data: bytes) -> Document:
    if kind is Kind.PYTHON:
        return Module(decode(data)[0])
    cells = read_cells(data)
    first = next((number for number, cell in enumerate(cells) if cell.type is CellType.CODE), 0)
    return Notebook(cells, first)


def _told(found: Check) -> CheckedFile:
    ran, equal = found.state in _RAN, found.state is CheckState.EQUAL
    return CheckedFile(1, int(ran), int(equal), () if equal else (found.message,))
