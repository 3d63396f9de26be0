"""Conversion on all cores. A worker that dies (out of memory, a stack too deep for C) takes one file down, no more.

``concurrent.futures`` tells of a dead worker only that all its tasks are lost, and may then wait for ever; here each
worker has a pipe of its own and one task at a time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from diptych.folders.work import Answer, Task, work

_DIED = "the process that converted it died, perhaps for want of memory"


def cores() -> int:
    """How many processes can run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def answers(tasks: Iterable[Task], jobs: int) -> Iterator[Answer]:
    """What comes of the tasks, as it comes. One job is done in this very process, which a file could then take down."""
    waiting = deque(tasks)
    if jobs == 1:
        yield from map(work, waiting)
        return
    with contextlib.ExitStack() as stack:
        busy: dict[Connection, Task] = {}
        for _ in range(min(jobs, len(waiting))):
            _give(stack.enter_context(_worker()), waiting, busy)
        while busy:
            for pipe in wait(list(busy)):
                assert isinstance(pipe, Connection)
                task = busy.pop(pipe)
                try:
                    answer = pipe.recv()
                except (EOFError, OSError):
                    answer = Answer(task, failure=_DIED)
                    if waiting:
                        _give(stack.enter_context(_worker()), waiting, busy)
                else:
                    _give(pipe, waiting, busy)
                yield answer


def _give(pipe: Connection, waiting: deque[Task], busy: dict[Connection, Task]) -> None:
    """The next task for a worker that has none."""
    if waiting:
        task = busy[pipe] = waiting.popleft()
        with contextlib.suppress(OSError):  # it has died: reading tells
            pipe.send(task)


@contextlib.contextmanager
def _worker() -> Iterator[Connection]:
    """A process that converts what comes through the pipe, ended with the context."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.terminate()
        process.join()


def _serve(pipe: Connection) -> None:
    """Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(work(pipe.recv()))
