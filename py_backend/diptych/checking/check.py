"""Checking a text by execution: it runs in its framework, its conversion in the other, and all values are compared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from diptych.checking.check_model import Check, CheckState, Limits, Parting, Row, Side, Verdict
from diptych.checking.execution import Execution, execute
from diptych.checking.rows import Table, table
from diptych.checking.runnable import Runnable, runnable
from diptych.conversion.convert import convert_document
from diptych.conversion.model import Conversion, Diagnostic, DialectChoice, Severity
from diptych.equivalence.model import Framework
from diptych.source.model import Document, Module

Progress = Callable[[Framework, int, int], None]
"""Hears which side runs which lines of its text (first and last)."""


def _silent(framework: Framework, first: int, last: int) -> None:
    """Nobody wants to hear."""


def check(
    source: str,
    to: Framework | str | None = None,
    dialect: DialectChoice = "auto",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    seed: int = 0,
    force: bool = False,
    progress: Progress = _silent,
) -> Check:
    """Execute ``source`` in its framework and its conversion in the other, each in a process of its own, and compare
    every top-level value. This runs the code, with all that it does.

    ``to`` None is the framework that the text does not use. What the converter refuses is not executed, unless
    ``force`` asks for it. Raises ``ValueError`` where ``to`` is no framework, and ``RuntimeError`` where an event loop
    runs already (use ``check_document`` there); all else is in the answer's state."""
    target = Framework(to) if to is not None else None
    work = check_document(Module(source), target, dialect, limits, seed=seed, force=force, progress=progress)
    return asyncio.run(work)


async def check_document(
    document: Document,
    to: Framework | None = None,
    dialect: DialectChoice = "auto",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    seed: int = 0,
    force: bool = False,
    progress: Progress = _silent,
) -> Check:
    """``check`` of a file or of the cells that share a notebook's process, for an event loop. Lines of a notebook count
    in their cell. Cancelling it ends both processes."""
    text = await asyncio.to_thread(runnable, document)
    conversion = await asyncio.to_thread(convert_document, Module(text.text), to, dialect)
    refusal = _refused(text, conversion, force)
    if refusal:
        return Check(CheckState.CONVERSION_REFUSED, refusal, _in_cells(conversion, text))
    original, converted = await _both(text.text, conversion, limits, seed, progress)
    found = await asyncio.to_thread(table, text.text, conversion, original.story, converted.story)
    state, message = _judged(text, original, converted, found, limits)
    return Check(
        state,
        message,
        _in_cells(conversion, text),
        tuple(_row_in_cells(row, text) for row in found.rows),
        _parting_in_cells(found.parting, text),
        _side_in_cells(original.side, text),
        converted.side,
    )


def _refused(text: Runnable, conversion: Conversion, force: bool) -> str:
    if text.problem is not None:
        cell = f" cell {text.problem_cell + 1}" if text.problem_cell is not None else ""
        return f"This is not Python yet{':' if not cell else f', in{cell}:'} {text.problem.message}."
    if conversion.source is None:
        return "This uses neither PyTorch nor MXNet, so there are no two sides to compare."
    errors = [found for found in conversion.diagnostics if found.severity is Severity.ERROR]
    if not errors or force:
        return ""
    many = "a place" if len(errors) == 1 else f"{len(errors)} places"
    return f"The converter leaves {many} as it was, the first at {text.words(errors[0].line)}: {errors[0].message}"


async def _both(
    source: str, conversion: Conversion, limits: Limits, seed: int, progress: Progress
) -> tuple[Execution, Execution]:
    def run(text: str, framework: Framework) -> asyncio.Task[Execution]:
        hear = lambda first, last: progress(framework, first, last)  # noqa: E731
        return asyncio.create_task(execute(text, framework, limits, seed, hear))

    sides = (run(source, conversion.target.other), run(conversion.code, conversion.target))
    try:
        original, converted = await asyncio.gather(*sides)
    finally:
        for side in sides:
            side.cancel()
        await asyncio.gather(*sides, return_exceptions=True)
    return original, converted


def _judged(
    text: Runnable, original: Execution, converted: Execution, found: Table, limits: Limits
) -> tuple[CheckState, str]:
    for name, execution in (("original", original), ("conversion", converted)):
        where = _at(execution.side, text if execution is original else None)
        if execution.unavailable:
            return CheckState.UNAVAILABLE, execution.side.problem
        if execution.timed_out:
            return CheckState.TIMED_OUT, f"The {name} did not end within {limits.seconds:g} s{where}."
        if execution.out_of_memory:
            size = f"{limits.memory / 2**30:.3g} GiB"
            return CheckState.OUT_OF_MEMORY, f"The {name} took more than {size}{where}."
        if not execution.finished:
            state = CheckState.ORIGINAL_FAILED if execution is original else CheckState.CONVERTED_FAILED
            return state, f"The {name} fails{where}: {execution.side.problem}"
    equal = sum(row.verdict is Verdict.EQUAL for row in found.rows)
    close = sum(row.verdict is Verdict.CLOSE for row in found.rows)
    apart = sum(row.verdict is Verdict.DIFFERS for row in found.rows)
    if apart and found.parting is not None:
        where = text.words(found.parting.original.first)
        told = f"Both sides part at {where}, in {found.parting.name}: {apart} of {equal + close + apart} values differ."
        return CheckState.DIFFERS, told
    if close:
        return CheckState.CLOSE, f"{equal} values agree, and {close} differ by no more than rounding can explain."
    if not equal:
        return CheckState.NOTHING_COMPARED, "Both sides ran, but there was no top-level value to compare."
    return CheckState.EQUAL, f"All {equal} values that were compared agree."


def _at(side: Side, text: Runnable | None) -> str:
    if side.line is None:
        return ""
    return f" at {text.words(side.line)}" if text is not None else f" at its line {side.line}"


# --- lines of a notebook


def _in_cells(conversion: Conversion, text: Runnable) -> Conversion:
    moved = tuple(_diagnostic_in_cells(found, text) for found in conversion.diagnostics)
    return msgspec.structs.replace(conversion, diagnostics=moved)


def _diagnostic_in_cells(found: Diagnostic, text: Runnable) -> Diagnostic:
    cell, line = text.place(found.line)
    return msgspec.structs.replace(found, cell=cell, line=line)


def _row_in_cells(row: Row, text: Runnable) -> Row:
    if row.line is None:
        return row
    cell, line = text.place(row.line)
    return msgspec.structs.replace(row, cell=cell, line=line)


def _parting_in_cells(parting: Parting | None, text: Runnable) -> Parting | None:
    return msgspec.structs.replace(parting, original=text.lines(parting.original)) if parting is not None else None


def _side_in_cells(side: Side, text: Runnable) -> Side:
    if side.line is None:
        return side
    cell, line = text.place(side.line)
    return msgspec.structs.replace(side, cell=cell, line=line)
