"""Checks for clients that ask how far they are: one runs at a time, the others wait."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec

from diptych.checking.check import Progress, check_document
from diptych.checking.check_errors import TooManyChecks, UnknownCheck
from diptych.checking.check_model import Check, CheckProgress, Limits, Phase
from diptych.conversion.model import DialectChoice
from diptych.equivalence.model import Framework
from diptych.source.model import Document

_KEPT = 20  # checks that have ended, for clients that ask late
_WAITING = 10


class CheckService:
    """Starts checks, tells how they are, and ends them. All methods belong to one event loop."""

    def __init__(self) -> None:
        self._checks: dict[str, CheckProgress] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    @property
    def busy(self) -> bool:
        """Whether any check waits or runs."""
        return bool(self._tasks)

    def start(
        self, document: Document, to: Framework | None, dialect: DialectChoice, limits: Limits, force: bool
    ) -> CheckProgress:
        """Begin a check, which executes the document's code. Raises ``TooManyChecks``."""
        if len(self._tasks) >= _WAITING:
            raise TooManyChecks
        progress = CheckProgress(uuid.uuid4().hex, Phase.WAITING)
        self._checks[progress.id] = progress
        work = partial(check_document, document, to, dialect, limits, force=force)
        task = asyncio.create_task(self._run(progress.id, lambda hear: work(progress=hear)))
        self._tasks[progress.id] = task
        task.add_done_callback(lambda _: self._forget(progress.id))
        return progress

    def read(self, id: str) -> CheckProgress:
        """A check as it stands. Raises ``UnknownCheck``."""
        try:
            return self._checks[id]
        except KeyError:
            raise UnknownCheck from None

    async def cancel(self, id: str) -> None:
        """End a check with both its processes, and forget it. Raises ``UnknownCheck``."""
        self.read(id)
        del self._checks[id]
        task = self._tasks.get(id)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """End everything."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, id: str, work: Callable[[Progress], Awaitable[Check]]) -> None:
        def hear(framework: Framework, first: int, _: int) -> None:
            self._change(id, **{framework.value: first})

        try:
            async with self._turn:
                self._change(id, phase=Phase.RUNNING)
                found = await work(hear)
            self._change(id, phase=Phase.DONE, check=found)
        except Exception:  # whatever it is, the client that polls has to hear of it
            logging.getLogger(__name__).exception("a check ended by a fault of Diptych's own")
            self._change(id, phase=Phase.BROKEN)

    def _change(self, id: str, **fields: object) -> None:
        if id in self._checks:
            self._checks[id] = msgspec.structs.replace(self._checks[id], **fields)

    def _forget(self, id: str) -> None:
        self._tasks.pop(id, None)
        ended = [known for known in self._checks if known not in self._tasks]
        for known in ended[:-_KEPT]:
            del self._checks[known]
