"""A check in the terminal: its progress, its table, its exit code."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext

from rich.console import Console

from diptych.checking.check import check_document
from diptych.checking.check_model import Check, CheckState, Limits, Lines, Row, Side, Verdict
from diptych.cli import terminal
from diptych.cli.exits import FAILED, FINE
from diptych.cli.progress import NAMES
from diptych.conversion.model import DialectChoice
from diptych.equivalence.model import Framework
from diptych.source.model import Document

NOT_RUN = 3
REFUSED = 4
_EXITS = {
    CheckState.EQUAL: FINE,
    CheckState.CLOSE: FINE,
    CheckState.DIFFERS: FAILED,
    CheckState.CONVERSION_REFUSED: REFUSED,
}
_STYLES = {Verdict.EQUAL: "green", Verdict.CLOSE: "yellow", Verdict.DIFFERS: "red", Verdict.NOT_COMPARED: "dim"}
_OUTPUT = 2000  # characters of what a failed side printed last


def run(
    name: str,
    document: Document,
    to: Framework | None,
    dialect: DialectChoice,
    limits: Limits,
    *,
    seed: int,
    force: bool,
) -> Check:
    """Check ``document`` while telling on standard error which lines run. Ctrl-C ends both processes."""
    console = terminal.console(stderr=True)
    told = f"Running {name} and its conversion, each in a process of its own (Ctrl-C ends both)"
    places: dict[Framework, int] = {}
    status = console.status(told) if console.is_terminal else nullcontext()
    if not console.is_terminal:
        console.print(f"{told}.", markup=False)
    with status as shown:

        def hear(framework: Framework, first: int, _: int) -> None:
            places[framework] = first
            if shown is not None:
                shown.update(" · ".join([told, *(f"{NAMES[side]}: line {line}" for side, line in places.items())]))

        work = check_document(document, to, dialect, limits, seed=seed, force=force, progress=hear)
        return asyncio.run(work)


def exit_code(found: Check) -> int:
    """0 where the values agree, 1 where one differs, 3 where a side did not run, 4 where nothing was run."""
    return _EXITS.get(found.state, NOT_RUN)


def tell(writer: Console, name: str, found: Check) -> None:
    """The table, where both sides part, what went wrong, and the one sentence."""
    if found.rows:
        _table(writer, found.rows)
    if found.parting is not None:
        place, there = _words(found.parting.original), _words(found.parting.converted)
        turn = f", in pass {found.parting.turn}" if found.parting.turn > 1 else ""
        writer.print(f"{found.parting.name} parts after {name}:{place} (conversion: {there}){turn}", markup=False)
    for side in (found.original, found.converted):
        if side is not None and side.problem:
            _trouble(writer, side)
    writer.print(found.message, markup=False, soft_wrap=True, style="bold")


def _table(writer: Console, rows: tuple[Row, ...]) -> None:
    table = terminal.table(writer, "name", "verdict", "largest difference", "from line", "original", "conversion", "")
    for row in rows:
        place = "" if row.line is None else _words(Lines(row.line, row.line, row.cell))
        difference = "" if row.difference is None else f"{row.difference:.3g}"
        cells = (row.name, row.verdict.value, difference, place, row.original, row.converted, row.note)
        table.add_row(*cells, style=_STYLES[row.verdict] if writer.is_terminal else None)
    writer.print(table, markup=False)


def _words(lines: Lines) -> str:
    """ "3", "3-8", or "cell 2:3" (cells from 1)."""
    span = f"{lines.first}" if lines.first == lines.last else f"{lines.first}-{lines.last}"
    return span if lines.cell is None else f"cell {lines.cell + 1}:{span}"


def _trouble(writer: Console, side: Side) -> None:
    writer.print(f"{NAMES[side.framework]}: {side.problem}", markup=False, soft_wrap=True)
    printed = (side.traceback or side.stderr or side.stdout).strip()
    if printed:
        writer.print(printed[-_OUTPUT:], markup=False, soft_wrap=True, style="dim")
