"""One side of a check: a text in its framework's own process, within a time and a memory."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types

from diptych.checking import traced
from diptych.checking.check_model import Limits, Side
from diptych.checking.story import Step, Story
from diptych.checking.traced.program import Job
from diptych.equivalence.model import Framework
from diptych.runtime import FrameworkError, FrameworkProcess, KernelDied, find

_LOOK = 0.1  # seconds between looks at the memory
_START = 120.0  # seconds that a process may take to start

_ENVIRONMENT = {"CUDA_VISIBLE_DEVICES": "", "MPLBACKEND": "agg"}  # no GPU, no windows: the same each time

OnLines = Callable[[int, int], None]


@dataclass(frozen=True)
class Execution:
    """What a side did: its record for people, and the steps to compare. Stopped sides say by which limit."""

    side: Side
    steps: tuple[Step, ...] = ()
    unavailable: bool = False
    timed_out: bool = False
    out_of_memory: bool = False

    @property
    def finished(self) -> bool:
        """Whether the code ran to its end."""
        return not self.side.problem

    @property
    def story(self) -> Story:
        """What there is to compare."""
        return Story(self.steps, None if self.finished else self.side.line or 0)


@dataclass
class _Seen:
    """What the process has reported so far."""

    steps: list[Step] = field(default_factory=list)
    line: int | None = None
    end: dict[str, Any] | None = None
    unavailable: str = ""
    began: float | None = None  # when the framework was imported and the code began, by the monotonic clock
    versions: dict[str, str] = field(default_factory=dict)
    memory: int = 0


async def execute(text: str, framework: Framework, limits: Limits, seed: int, on_lines: OnLines) -> Execution:
    """Run ``text`` and record its values. ``on_lines`` hears which lines run. Cancelling ends the process at once."""
    seen = _Seen()
    runtime = await asyncio.to_thread(find, framework)
    process = FrameworkProcess(runtime)
    with tempfile.TemporaryDirectory(prefix="diptych-check-") as folder:
        try:
            start = process.start(threads=1, env=_ENVIRONMENT, cwd=Path(folder))
            await asyncio.wait_for(start, _START)
        except (FrameworkError, asyncio.TimeoutError) as error:
            await process.kill()
            return Execution(Side(framework, str(error) or "The process did not start in time."), unavailable=True)
        job = Job(text, framework.value, seed)
        try:
            stopped = await _within(process, limits, seen, traced.code(job), lambda event: _note(event, seen, on_lines))
        except FrameworkError as error:
            stopped = str(error)
            died = isinstance(error, KernelDied)
            return _ended(seen, framework, stopped, died=died)
        finally:
            await process.kill()
    return _ended(seen, framework, stopped)


async def _within(
    process: FrameworkProcess, limits: Limits, seen: _Seen, code: str, on_event: Callable[[Any], None]
) -> str:
    """Run the code; which limit ended it, or "" for none. The time counts once the framework is imported."""
    running = asyncio.create_task(process.execute(code, on_event=on_event))
    sent = time.monotonic()
    try:
        while not running.done():
            deadline = seen.began + limits.seconds if seen.began is not None else sent + _START
            await asyncio.wait((running,), timeout=min(_LOOK, max(0.0, deadline - time.monotonic())))
            seen.memory = max(seen.memory, await asyncio.to_thread(_memory, process.pid))
            if running.done():
                break
            if seen.memory > limits.memory:
                return "memory"
            if time.monotonic() >= deadline:
                return "time"
        running.result()
        return ""
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _memory(pid: int | None) -> int:
    """Bytes that the process and those it started hold; 0 where there is no process here."""
    try:
        process = psutil.Process(pid) if pid is not None else None
        family = [process, *process.children(recursive=True)] if process is not None else []
        return sum(member.memory_info().rss for member in family)
    except psutil.Error:
        return 0


def _note(event: dict[str, Any], seen: _Seen, on_lines: OnLines) -> None:
    kind = event["type"]
    if kind == "at":
        seen.line = event["first"]
        on_lines(event["first"], event["last"])
    elif kind == "step":
        changed, gone = event["changed"], tuple(event["gone"])
        seen.steps.append(
            Step(event["first"], event["last"], event["pass"], changed, gone, event["random"], event["end"])
        )
    elif kind == "began":
        seen.versions, seen.began = event["versions"], time.monotonic()
    elif kind == "unavailable":
        seen.unavailable = event["error"]
    elif kind == "end":
        seen.end = event


def _ended(seen: _Seen, framework: Framework, stopped: str, died: bool = False) -> Execution:
    end = seen.end or {}
    line = end.get("line") or (seen.line if seen.end is None else None)
    problem = end.get("error", "")
    if seen.unavailable:
        problem = f"{framework.value} does not import: {seen.unavailable} Run `diptych doctor`."
    elif died or stopped not in ("", "time", "memory"):
        problem = stopped
    elif stopped:
        problem = "It took too long." if stopped == "time" else "It took too much memory."
    elif seen.end is None:
        problem = "The process ended without a result."
    side = Side(
        framework,
        problem,
        line,
        None,
        round(time.monotonic() - seen.began, 3) if seen.began is not None else 0.0,
        seen.memory,
        end.get("stdout", ""),
        end.get("stderr", ""),
        end.get("traceback", ""),
        seen.versions,
    )
    return Execution(
        side, tuple(seen.steps), bool(seen.unavailable), timed_out=stopped == "time", out_of_memory=stopped == "memory"
    )
