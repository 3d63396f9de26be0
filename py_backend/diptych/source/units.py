"""A whole notebook as its units of names: the cells of the kernel's own process, and those of ``%%mxnet``'s."""

from __future__ import annotations

from dataclasses import dataclass

from diptych.source.model import CellType, Notebook
from diptych.source.repair import Problem, parse
from diptych.source.source import BETWEEN_CELLS, Source, process_of


@dataclass(frozen=True)
class UnitCell:
    """One cell of a unit: ``number`` in the notebook (from 0), its text's ``start`` and ``end`` in the unit's text.

    A cell with a ``problem`` is no Python: the unit holds blanks in its place."""

    number: int
    start: int
    end: int
    problem: Problem | None = None


@dataclass(frozen=True)
class Unit:
    """The code cells that share a process: "" is the kernel's own, "mxnet" that of ``%%mxnet`` cells.

    Behind each cell comes ``BETWEEN_CELLS``, behind the last one as well."""

    process: str
    source: Source
    cells: tuple[UnitCell, ...]


def units(notebook: Notebook) -> tuple[Unit, ...]:
    """The units of a notebook in the order of their first cells."""
    processes: dict[str, list[int]] = {}
    for number, cell in enumerate(notebook.cells):
        if cell.type is CellType.CODE:
            processes.setdefault(process_of(cell.text), []).append(number)
    return tuple(_unit(process, notebook, numbers) for process, numbers in processes.items())


def _unit(process: str, notebook: Notebook, numbers: list[int]) -> Unit:
    shown: list[str] = []
    masked: list[str] = []
    cells: list[UnitCell] = []
    start = 0
    for number in numbers:
        text = notebook.cells[number].text
        parsed = parse(text)
        blank = parsed.problem is not None
        shown.append(_blank(text) if blank else text)
        masked.append(_blank(text) if blank else parsed.text)
        cells.append(UnitCell(number, start, start + len(text), parsed.problem))
        start += len(text) + len(BETWEEN_CELLS)
    whole = parse("".join(text + BETWEEN_CELLS for text in masked))
    joined = "".join(text + BETWEEN_CELLS for text in shown)
    source = Source(joined, whole, joined, cells=tuple(cell.start for cell in cells))
    return Unit(process, source, tuple(cells))


def _blank(text: str) -> str:
    return "".join(character if character in "\r\n" else " " for character in text)
