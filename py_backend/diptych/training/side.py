"""One side of a comparison: a script in a process of its own, from its start to the reason of its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec

from diptych.runtime import FrameworkError, FrameworkProcess, Output, Stream
from diptych.runtime.model import Runtime
from diptych.training.model import Event, OutputEvent, RunState, StateEvent
from diptych.training.observers import code
from diptych.training.observers.script import Job

GRACE = 5.0  # seconds that an interrupted script has to end by itself
MOST_OUTPUT = 1_000_000  # characters of a script's output that are kept

Emit = Callable[[Event], None]


async def run_side(job: Job, runtime: Runtime, threads: int, emit: Emit, cancel: asyncio.Event) -> None:
    """Run ``job`` with ``threads`` threads an operation. The last event emitted is a final state. Setting ``cancel``
    interrupts the script and, if that does not end it, kills its process; cancelling the coroutine kills it at once."""
    side = _Side(emit, cancel)
    process = FrameworkProcess(runtime)
    try:
        problem = await _run(process, threads, job, side, cancel)
    finally:
        await process.kill()
    side.conclude(problem)


async def _run(process: FrameworkProcess, threads: int, job: Job, side: _Side, cancel: asyncio.Event) -> str:
    """Why the process could not run the script to its end; empty if it did, or if it had to be stopped."""
    running = asyncio.create_task(_start_and_execute(process, threads, job, side))
    cancelling = asyncio.create_task(cancel.wait())
    try:
        await asyncio.wait((running, cancelling), return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await process.interrupt()
            await asyncio.wait((running,), timeout=GRACE)
        if not running.done():
            return ""
        try:
            await running
        except FrameworkError as error:
            return str(error)
        return ""
    finally:
        running.cancel()
        cancelling.cancel()
        await asyncio.gather(running, cancelling, return_exceptions=True)


async def _start_and_execute(process: FrameworkProcess, threads: int, job: Job, side: _Side) -> None:
    await process.start(threads=threads)
    await process.execute(code(job), on_output=side.print, on_event=side.forward)


class _Side:
    """Turns what the process reports into events, and sees to it that exactly one final state comes last."""

    def __init__(self, emit: Emit, cancel: asyncio.Event) -> None:
        self._emit = emit
        self._cancel = cancel
        self._end: StateEvent | None = None
        self._output = 0

    def forward(self, message: Any) -> None:
        """An observer's event."""
        event: Event = msgspec.convert(message, Event)
        if isinstance(event, StateEvent) and event.state.final:
            self._end = event
        else:
            self._emit(event)

    def print(self, output: Output) -> None:
        """What the script wrote to its streams; other outputs have no place to be shown."""
        if isinstance(output, Stream) and self._output < MOST_OUTPUT:
            self._output += len(output.text)
            self._emit(OutputEvent(0, time.time(), output.name, output.text[:MOST_OUTPUT]))
            if self._output >= MOST_OUTPUT:
                self._emit(OutputEvent(0, time.time(), "stderr", "\n[No more output of this run is kept.]\n"))

    def conclude(self, problem: str) -> None:
        """Emit the final state: the script's own, or why it has none."""
        end = self._end
        if end is None and self._cancel.is_set():
            end = StateEvent(0, time.time(), RunState.CANCELLED)
        elif end is None:
            end = StateEvent(0, time.time(), RunState.FAILED, problem or "The process ended without a result.")
        elif end.state is RunState.CANCELLED and not self._cancel.is_set():
            end = StateEvent(0, end.time, RunState.FAILED, "KeyboardInterrupt: the script was interrupted.")
        self._emit(end)
