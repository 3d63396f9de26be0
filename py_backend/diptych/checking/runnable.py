"""A document as the one text that is executed: a file, or the code cells of a notebook that share a process."""

from __future__ import annotations

from dataclasses import dataclass

from diptych.checking.check_model import Lines
from diptych.source.model import CellType, Document, Module, Notebook
from diptych.source.repair import Problem, parse
from diptych.source.source import process_of
from diptych.source.units import Unit, units


@dataclass(frozen=True)
class Runnable:
    """``text`` is Python without magics, at unchanged lines, unless ``problem`` says why it is none."""

    text: str
    problem: Problem | None = None
    problem_cell: int | None = None
    unit: Unit | None = None

    def place(self, line: int) -> tuple[int | None, int]:
        """The cell (from 0, None in a file) and the line in it of a line of ``text``."""
        if self.unit is None:
            return None, line
        source = self.unit.source
        line = min(max(line, 1), len(source.text.starts))
        cell = self.unit.cells[source.cell_at(source.text.offset(line, 0))]
        return cell.number, line - source.text.place(cell.start)[0] + 1

    def lines(self, lines: Lines) -> Lines:
        """The same lines, counted in their cell."""
        cell, first = self.place(lines.first)
        return Lines(first, first + lines.last - lines.first, cell)

    def words(self, line: int) -> str:
        """ "line 3", or "cell 2, line 3" (cells from 1)."""
        cell, inside = self.place(line)
        return f"line {inside}" if cell is None else f"cell {cell + 1}, line {inside}"


def runnable(document: Document) -> Runnable:
    """What of ``document`` is executed. Of a notebook, the cells that share the active one's process."""
    if isinstance(document, Module):
        parsed = parse(document.text)
        return Runnable(parsed.text if parsed.problem is None else document.text, parsed.problem)
    unit = _unit(document)
    if unit is None:
        return Runnable("")
    broken = next((cell for cell in unit.cells if cell.problem is not None), None)
    if broken is not None:
        return Runnable(unit.source.text.text, broken.problem, broken.number, unit)
    return Runnable(unit.source.parsed.text, unit.source.problem, None, unit)


def _unit(notebook: Notebook) -> Unit | None:
    active = notebook.cells[notebook.active] if notebook.active < len(notebook.cells) else None
    process = process_of(active.text) if active is not None and active.type is CellType.CODE else ""
    found = {unit.process: unit for unit in units(notebook)}
    return found.get(process) or next(iter(found.values()), None)
