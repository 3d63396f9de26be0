"""A whole notebook for the other framework, cell by cell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from diptych.conversion.comments import MARK
from diptych.conversion.convert import dialect_of, in_dialect
from diptych.conversion.left import left_before
from diptych.conversion.mapped import MappedNames, mapped_names
from diptych.conversion.model import Diagnostic, DialectChoice, Severity
from diptych.conversion.part import ended_like
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.catalog import Catalog
from diptych.equivalence.model import Dialect, Framework
from diptych.source.magics import cell_magic, is_python
from diptych.source.model import Cell, CellType, Notebook
from diptych.source.repair import parse
from diptych.source.scopes import BindingKind
from diptych.source.units import Unit, UnitCell, units

_IMPORTS_FRAMEWORK = re.compile(r"^\s*(?:import|from)\s+(?:torch|torchvision|mxnet)\b", re.MULTILINE)


class NotebookConversion(msgspec.Struct, frozen=True):
    """``cells`` are the texts of all cells, those of Markdown too, as many as there were. ``source`` is None where the
    notebook uses neither framework. Lines of diagnostics count in their ``cell`` (from 0)."""

    cells: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    source: Framework | None = None
    target: Framework = Framework.MXNET
    dialect: Dialect = Dialect.ND
    equivalences: tuple[str, ...] = ()
    names: MappedNames = MappedNames()


def convert_notebook(
    notebook: Notebook,
    to: Framework | None = None,
    dialect: DialectChoice = "auto",
    *,
    catalog: Catalog | None = None,
) -> NotebookConversion:
    """Every code cell rewritten in the light of the others that share its process; one dialect for the notebook.

    ``to`` None is the side that the notebook does not use, MXNet where it uses both. A cell that is not Python stays as
    it was, with an error; the others are converted without it. ``%%mxnet`` cells become cells of the kernel's own
    process in PyTorch, unless a name would then mean something else."""
    every = units(notebook)
    used = _frameworks(every)
    target = to or (used[0].other if len(used) == 1 else Framework.MXNET)
    choice: DialectChoice = _of_mxnet_cells(every) or dialect if dialect == "auto" else dialect
    texts = [cell.text for cell in notebook.cells]
    found: list[Diagnostic] = list(_unread(notebook))
    records: dict[str, None] = {}
    names = MappedNames()
    written = Dialect.ND if choice == "auto" else Dialect(choice)
    results: dict[str, tuple[Unit, dict[int, str]]] = {}
    for unit in every:
        found += [_not_python(cell) for cell in unit.cells if cell.problem is not None]
        chosen = dialect_of(unit.source, choice)
        if unit.source.problem is None and (left := left_before(unit.source, target)):
            found += [_in_cell(each, unit) for each in left]
            results[unit.process] = unit, {cell.number: texts[cell.number] for cell in unit.cells}
            continue
        rewriter = in_dialect(unit.source, target, chosen, choice == "auto", catalog)
        cells = _rendered(rewriter, unit) if rewriter is not None and unit.source.problem is None else None
        if rewriter is None or cells is None:
            found.append(_unsound(unit))
            continue
        found += [_in_cell(each, unit) for each in rewriter.diagnostics]
        records |= rewriter.records
        names += mapped_names(rewriter)
        written = rewriter.dialect if rewriter.records or unit.process else written
        results[unit.process] = unit, cells
    if (clash := _kept_apart(results, target)) is not None:
        found = [each for each in found if each.cell not in results["mxnet"][1]] + [clash]
    for _, cells in results.values():
        for number, text in cells.items():
            texts[number] = text
    return NotebookConversion(
        cells=tuple(texts),
        diagnostics=tuple(sorted(found, key=lambda each: (each.cell or 0, each.line, each.column))),
        source=target.other if target.other in used else None,
        target=target,
        dialect=written,
        equivalences=tuple(records),
        names=names,
    )


def _frameworks(every: tuple[Unit, ...]) -> list[Framework]:
    found: dict[Framework, None] = {}
    for unit in every:
        if unit.process == "mxnet":
            found[Framework.MXNET] = None
        found |= dict.fromkeys(unit.source.frameworks)
    return list(found)


def _of_mxnet_cells(every: tuple[Unit, ...]) -> DialectChoice | None:
    """The dialect that MXNet is already written in somewhere in the notebook."""
    for unit in every:
        if Framework.MXNET in unit.source.frameworks:
            return dialect_of(unit.source, "auto").value
    return None


def _rendered(rewriter: Rewriter, unit: Unit) -> dict[int, str] | None:
    """The new text of each cell by its number; None where one would not be Python any more."""
    found: dict[int, str] = {}
    for cell in unit.cells:
        if cell.problem is not None:
            continue
        original = unit.source.text.text[cell.start : cell.end]
        segments = rewriter.edits.render(cell.start, cell.end + 1)  # with the line break that a removal takes along
        text = ended_like(original, "".join(segment.text for segment in segments))
        if all(segment.kept for segment in segments):
            text = original
        if text != original and parse(text).problem is not None:
            return None
        found[cell.number] = text
    return found


def _in_cell(found: Diagnostic, unit: Unit) -> Diagnostic:
    """Lines of the cell, not of all cells together."""
    text = unit.source.text
    offset = text.offset(found.line, 0)
    cell = unit.cells[unit.source.cell_at(offset)]
    line = found.line - text.place(cell.start)[0] + 1
    return msgspec.structs.replace(found, line=line, cell=cell.number)


def _not_python(cell: UnitCell) -> Diagnostic:
    assert cell.problem is not None
    problem = cell.problem
    message = f"This is not Python yet: {problem.message}. The cell stays as it was; the others do not see its names."
    return Diagnostic(Severity.ERROR, problem.line, problem.column, "syntax-error", message, cell=cell.number)


def _unsound(unit: Unit) -> Diagnostic:
    message = "The conversion would not be sound Python, so no cell of this process was converted."
    return Diagnostic(Severity.ERROR, 1, 0, "not-converted", message, cell=unit.cells[0].number)


def _unread(notebook: Notebook) -> Iterator[Diagnostic]:
    """Cells whose magic takes something else than Python statements, but that speak of a framework."""
    for number, cell in enumerate(notebook.cells):
        magic = cell_magic(cell.text)
        if cell.type is not CellType.CODE or magic is None or is_python(magic):
            continue
        if _IMPORTS_FRAMEWORK.search(cell.text):
            message = f"What `%%{magic}` is given is not looked into: it stays as it was."
            yield Diagnostic(Severity.WARNING, 1, 0, "magic", message, cell=number)


# --- %%mxnet cells that become PyTorch


def _kept_apart(results: dict[str, tuple[Unit, dict[int, str]]], target: Framework) -> Diagnostic | None:
    """Puts ``%%mxnet`` cells back as they were where, in the kernel's process, a name would mean something else."""
    if target is not Framework.PYTORCH or len(results) < 2:
        return None
    unit, cells = results["mxnet"]
    shared = _exchanged(results[""][1], cells)
    if not shared:
        return None
    told = ", ".join(f"`{name}`" for name in shared)
    message = (
        f"In the kernel's own process these `%%mxnet` cells would share {told} with the other cells, which mean "
        "something else by it: they stay as they were."
    )
    comment = f"{MARK}stays in MXNet's process: {', '.join(shared)} would mean something else in the kernel's"
    for cell in unit.cells:
        text = unit.source.text.text[cell.start : cell.end]
        cells[cell.number] = text
    first = unit.cells[0].number
    if MARK not in cells[first]:
        head, line_break, rest = cells[first].partition("\n")
        cells[first] = f"{head}\n{comment}{line_break}{rest}"
    advice = "Give them other names, or keep one side only."
    return Diagnostic(Severity.ERROR, 1, 0, "shared-names", message, advice, cell=first)


def _exchanged(kernel: dict[int, str], mxnet: dict[int, str]) -> tuple[str, ...]:
    """Names that a cell of one process would read although a cell of the other bound them last."""
    sides = {number: _Names(text) for number, text in {**kernel, **mxnet}.items()}
    bound = [set[str]().union(*(sides[number].bound for number in side)) for side in (kernel, mxnet)]
    both = bound[0] & bound[1]
    found: dict[str, None] = {}
    last: dict[str, bool] = {}
    for number in sorted(sides):
        names, own = sides[number], number in kernel
        for name in sorted(both):
            stale = name in names.first_read and last.get(name, own) is not own
            if stale or name in names.later_read:  # a function reads it when it is called: nobody knows when
                found[name] = None
            if name in names.bound:
                last[name] = own
    return tuple(sorted(found))


class _Names:
    """The global names of one cell: ``bound`` to other things than a framework's imports, ``first_read`` before the
    cell binds them, ``later_read`` inside functions."""

    def __init__(self, text: str) -> None:
        unit = units(Notebook((Cell(text),)))[0]
        scope = unit.source.scope
        self.bound = {
            name
            for name, bindings in scope.bindings.items()
            if any(binding.kind is not BindingKind.IMPORT for binding in bindings)
        }
        firsts = {name: bindings[0].place for name, bindings in scope.bindings.items()}
        self.first_read: set[str] = set()
        self.later_read: set[str] = set()
        for node in ast.walk(unit.source.tree):
            if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store):
                continue
            offset = unit.source.text.range(node)[0]
            around = unit.source.scope_at(unit.source.path_to(offset))
            owner, _ = around.resolve(node.id, (node.lineno, node.col_offset))
            if owner is not None and not owner.is_module:
                continue
            if not around.is_module:
                self.later_read.add(node.id)
            elif node.id not in firsts or (node.lineno, node.col_offset) < firsts[node.id]:
                self.first_read.add(node.id)
