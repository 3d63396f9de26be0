"""Writing a run's events down as they come, without holding up the run and without losing any."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from diptych.training.errors import StoreUnavailable, UnknownRun
from diptych.training.model import Event
from diptych.training.store import RunStore

RETRY = 1.0  # seconds between attempts while the database can't be written

_log = logging.getLogger(__name__)


class Journal:
    """Events of one run on their way into the store, in order. While the disk is full they wait in memory."""

    def __init__(self, store: RunStore, run_id: str, announce: Callable[[], None]) -> None:
        """``announce`` is called after each write."""
        self._store = store
        self._run_id = run_id
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

    async def close(self) -> None:
        """Wait until everything is written, however long the database can't be."""
        self._closing = True
        self._wake.set()
        await asyncio.shield(self._writer)

    async def abandon(self) -> None:
        """Write what can be written now, and give up the rest: the server is going."""
        self._last_attempt = True
        await self.close()

    async def _write(self) -> None:
        while self._pending or not self._closing:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                await self._write_pending()

    async def _write_pending(self) -> None:
        batch = tuple(self._pending)
        try:
            await asyncio.to_thread(self._store.append, self._run_id, batch)
        except StoreUnavailable as error:
            if not self._last_attempt:
                _log.warning("%s", error)
                await asyncio.sleep(RETRY)
                return
            _log.error("%d events of run %s are lost: %s", len(batch), self._run_id, error)
        except UnknownRun as error:
            _log.error("%d events are lost: %s", len(batch), error)
        del self._pending[: len(batch)]
        self._announce()
