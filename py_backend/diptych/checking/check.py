"""Checking a text by execution: it runs in its framework, its conversion in the other, and all values are compared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from diptych.checking.check_model import Check, CheckState, Limits, Side, Verdict
from diptych.checking.execution import Execution, execute
from diptych.checking.rows import Table, table
from diptych.conversion.convert import convert_document
from diptych.conversion.model import Conversion, DialectChoice, Severity
from diptych.equivalence.model import Framework
from diptych.source.model import Module

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
    ``force`` asks for it. Raises ``ValueError`` where ``to`` is no framework; all else is in the answer's state."""
    target = Framework(to) if to is not None else None
    return asyncio.run(check_async(source, target, dialect, limits, seed=seed, force=force, progress=progress))


async def check_async(
    source: str,
    to: Framework | None = None,
    dialect: DialectChoice = "auto",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    seed: int = 0,
    force: bool = False,
    progress: Progress = _silent,
) -> Check:
    """``check`` for an event loop. Cancelling it ends both processes."""
    conversion = await asyncio.to_thread(convert_document, Module(source), to, dialect)
    errors = [found for found in conversion.diagnostics if found.severity is Severity.ERROR]
    if errors and not (force and errors[0].code != "syntax-error"):
        message = f"The converter leaves {len(errors)} places as they were, so there is nothing whole to run."
        return Check(CheckState.CONVERSION_REFUSED, message, conversion)
    original, converted = await _both(source, conversion, limits, seed, progress)
    found = await asyncio.to_thread(table, source, conversion, original.steps, converted.steps)
    state, message = _judged(original, converted, found, limits)
    return Check(state, message, conversion, found.rows, found.parting, original.side, converted.side)


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


def _judged(original: Execution, converted: Execution, found: Table, limits: Limits) -> tuple[CheckState, str]:
    for name, execution in (("original", original), ("conversion", converted)):
        if execution.unavailable:
            return CheckState.UNAVAILABLE, execution.side.problem
        if execution.timed_out:
            return CheckState.TIMED_OUT, f"The {name} did not end within {limits.seconds:g} s{_at(execution.side)}."
        if execution.out_of_memory:
            size = f"{limits.memory / 2**30:.3g} GiB"
            return CheckState.OUT_OF_MEMORY, f"The {name} took more than {size}{_at(execution.side)}."
        if not execution.finished:
            state = CheckState.ORIGINAL_FAILED if execution is original else CheckState.CONVERTED_FAILED
            return state, f"The {name} fails{_at(execution.side)}: {execution.side.problem}"
    equal = sum(row.verdict is Verdict.EQUAL for row in found.rows)
    apart = [row.name for row in found.rows if row.verdict is Verdict.DIFFERS]
    if apart and found.parting is not None:
        return CheckState.DIFFERS, (
            f"Both sides part at line {found.parting.original.last}, in {found.parting.name}: "
            f"{len(apart)} of {equal + len(apart)} values differ."
        )
    close = sum(row.verdict is Verdict.CLOSE for row in found.rows)
    if close:
        return CheckState.CLOSE, (
            f"{equal} values agree; {close} differ by what rounding can explain. Their difference is in the table."
        )
    if not equal:
        return CheckState.NOTHING_COMPARED, "Both sides ran, but no top-level value could be compared."
    return CheckState.EQUAL, f"All {equal} values that were compared agree."


def _at(side: Side) -> str:
    return f" at line {side.line}" if side.line else ""
