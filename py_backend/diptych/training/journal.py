"""Writing a run's events down as they come, without holding up the run and without losing any."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from msgspec.structs import replace

from diptych.training.errors import StoreUnavailable, UnknownRun
from diptych.training.model import Event, Run
from diptych.training.store import RunStore

RETRY = 1.0  # seconds between attempts while the database can't be written

_log = logging.getLogger(__name__)


class Journal:
    """Events of one run on their way into the store, in order. While the disk is full they wait in memory."""

    def __init__(self, store: RunStore, run_id: str, announce: Callable[[], None]) -> None:
        """``announce`` is called after each write."""
        self.run_id = run_id
        self.problem = ""  # why nothing can be written at present
        self._store = store
        self._announce = announce
        self._pending: list[Event] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._last_attempt = False
        self._writer = asyncio.create_task(self._write())

    def add(self, event: Event) -> None:
        """Take an event; its sequence number is given when it is written."""
        self._pending.append(event)
        self._wake.set()

    async def close(self, patience: float) -> bool:
        """Take no more events, and wait until all are written, but no longer than ``patience`` seconds. Answers with
        whether they are; if not, writing them goes on being tried."""
        self._finish()
        await asyncio.wait((self._writer,), timeout=patience)
        return self._writer.done()

    def when_written(self, act: Callable[[], object]) -> None:
        """Call ``act`` once nothing is left to be written."""
        self._writer.add_done_callback(lambda _: act())

    async def abandon(self) -> None:
        """Write what can be written now, and give up the rest: the server is going."""
        self._last_attempt = True
        self._finish()
        await asyncio.wait((self._writer,))

    def _finish(self) -> None:
        self._closing = True
        self._wake.set()

    async def _write(self) -> None:
        while self._pending or not self._closing:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                await self._write_pending()

    async def _write_pending(self) -> None:
        batch = tuple(self._pending)
        try:
            await asyncio.to_thread(self._store.append, self.run_id, batch)
        except StoreUnavailable as error:
            if not self._last_attempt:
                if self.problem != str(error):
                    _log.warning("%s", error)
                self.problem = str(error)
                await asyncio.sleep(RETRY)
                return
            _log.error("%d events of run %s are lost: %s", len(batch), self.run_id, error)
        except UnknownRun as error:
            _log.error("%d events are lost: %s", len(batch), error)
        self.problem = ""
        del self._pending[: len(batch)]
        self._announce()


class Backlog:
    """Journals of runs that have ended while the database could not be written: they hold up nobody else."""

    def __init__(self) -> None:
        self._journals: dict[str, Journal] = {}

    def __len__(self) -> int:
        return len(self._journals)

    def add(self, journal: Journal) -> None:
        """Keep a closed journal until all of it is written."""
        self._journals[journal.run_id] = journal
        journal.when_written(lambda: self._journals.pop(journal.run_id, None))

    def explain(self, run: Run) -> Run:
        """The run, which says so if it has ended and that can't be written yet."""
        journal = self._journals.get(run.id)
        if journal is None or run.state.final:
            return run
        return replace(run, reason=f"The run has ended, but its last events can't be written yet. {journal.problem}")

    async def abandon(self) -> None:
        """Try once more, and give up: the server is going."""
        await asyncio.gather(*(journal.abandon() for journal in tuple(self._journals.values())))
