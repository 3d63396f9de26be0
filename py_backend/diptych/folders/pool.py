"""Conversion on all cores. A worker that dies (out of memory, a stack too deep for C) takes one file down, no more."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from diptych.folders.work import Answer, Task, work

_INLINE = 2  # files: fewer are not worth the start of processes
_DIED = "the process that converted it died, perhaps for want of memory"


def cores() -> int:
    """How many processes can run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def answers(tasks: Iterable[Task], jobs: int) -> Iterator[Answer]:
    """What comes of the tasks, as it comes."""
    waiting = list(tasks)
    if jobs == 1 or len(waiting) <= _INLINE:
        yield from map(work, waiting)
        return
    while waiting:
        done: set[int] = set()
        for number, answer in _pooled(waiting, jobs):
            done.add(number)
            yield answer
        left = [task for number, task in enumerate(waiting) if number not in done]
        suspects, waiting = left[: 2 * jobs + 1], left[2 * jobs + 1 :]  # one of those that were under way is to blame
        for task in suspects:
            yield next((answer for _, answer in _pooled([task], 1)), Answer(task, failure=_DIED))


def _pooled(tasks: list[Task], jobs: int) -> Iterator[tuple[int, Answer]]:
    """Answers with their task's number, until all are there or a worker dies."""
    executor = ProcessPoolExecutor(min(jobs, len(tasks)), multiprocessing.get_context("spawn"))
    try:
        futures: dict[Future[Answer], int] = {executor.submit(work, task): number for number, task in enumerate(tasks)}
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenProcessPool:
        return
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
