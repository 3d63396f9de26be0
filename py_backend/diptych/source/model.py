"""Documents and places in them, before anything is converted."""

from __future__ import annotations

from enum import Enum

import msgspec


class CellType(str, Enum):
    """The kinds of notebook cell."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


class Cell(msgspec.Struct, frozen=True):
    """A notebook cell as the editor holds it now (saved or not)."""

    text: str
    type: CellType = CellType.CODE
    id: str = ""


class Module(msgspec.Struct, frozen=True, tag="module", tag_field="type"):
    """A Python file, or any single text."""

    text: str


class Notebook(msgspec.Struct, frozen=True, tag="notebook", tag_field="type"):
    """All cells of a notebook; ``active`` is the index of the cell that lines and columns refer to."""

    cells: tuple[Cell, ...]
    active: int = 0


Document = Module | Notebook


class Span(msgspec.Struct, frozen=True, order=True):
    """Half-open range of text in one cell or module. Lines are 1-based, columns 0-based, in code points."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
