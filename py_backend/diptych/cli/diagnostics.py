"""Diagnostics of a conversion on standard error, one a line, and a single file's conversion as JSON."""

from __future__ import annotations

import sys

from diptych.conversion.convert import convert_document
from diptych.conversion.model import Conversion
from diptych.conversion.notebook import NotebookConversion, convert_notebook
from diptych.folders.model import Kind, Options, Remark
from diptych.folders.notebook import read_cells
from diptych.source.coding import decode
from diptych.source.model import Module, Notebook


def tell(name: str, remark: Remark) -> None:
    """``FILE:LINE:COLUMN: severity: message [code] suggestion``; in notebooks ``FILE:cell N:LINE:COLUMN``."""
    found = remark.diagnostic
    cell = "" if found.cell is None else f"cell {found.cell + 1}:"
    place = f"{cell}{found.line}:{found.column}: " if found.line else ""
    suggestion = f" {found.suggestion}" if found.suggestion else ""
    told = f"{name}:{place or ' '}{found.severity.value}: {found.message} [{found.code}]{suggestion}"
    print(told.encode(errors="backslashreplace").decode(), file=sys.stderr)


def document(kind: Kind, data: bytes, options: Options) -> Conversion | NotebookConversion:
    """What --json prints of a single file."""
    if kind is Kind.NOTEBOOK:
        return convert_notebook(Notebook(read_cells(data)), options.to, options.dialect)
    return convert_document(Module(decode(data)[0]), options.to, options.dialect)
