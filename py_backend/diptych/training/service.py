"""The queue of training runs: starting, following, cancelling and forgetting them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from diptych.runtime.discovery import discover
from diptych.runtime.errors import FrameworkError
from diptych.runtime.model import Runtime
from diptych.training.comparison import compare
from diptych.training.errors import RuntimeUnavailable, ServiceClosed, StoreUnavailable, UnknownRun
from diptych.training.journal import Backlog, Journal
from diptych.training.machine_lock import MachineLock
from diptych.training.model import Comparison, Event, Run, RunRequest, RunState, Script, StateEvent
from diptych.training.requests import Planned, plan
from diptych.training.side import run_side
from diptych.training.store import RunStore
from diptych.training.threads import ThreadChoice

BEAT = 2.0  # seconds between heartbeats, and between looks at what other servers asked
GLANCE = 0.3  # seconds between looks at a run that another server looks after
LOCK_PATIENCE = 0.5  # seconds between attempts at the machine's lock
PATIENCE = 20.0  # seconds that others wait, after a run's end, for a database that can't be written
SERVER_STOPPED = "The server was stopped before this run had ended."


_log = logging.getLogger(__name__)


class Started(NamedTuple):
    """What one press of a button began: all its runs share one comparison id."""

    comparison: str
    runs: tuple[Run, ...]


class TrainingService:
    """Runs scripts in processes of their own and keeps what they report.

    All methods are coroutines of one event loop and never block it. Errors are subclasses of ``TrainingError``.
    Several services (of several servers) may share one data directory."""

    def __init__(self, directory: Path | None = None, runtimes: Callable[[], Sequence[Runtime]] | None = None) -> None:
        """``directory`` holds the database; by default ``DIPTYCH_DATA_DIR`` or the user's data directory. ``runtimes``
        finds the frameworks' interpreters, by default ``diptych.runtime.discover``. Nothing is opened before it is
        needed."""
        self._directory = directory
        self._find_runtimes = runtimes or _discover
        self._store: RunStore | None = None
        self._opening = asyncio.Lock()
        self._turn = asyncio.Lock()  # comparisons of this service run one after the other
        self._threads = ThreadChoice()
        self._comparisons: set[asyncio.Task[None]] = set()
        self._cancels: dict[str, asyncio.Event] = {}  # of the runs that are waiting or under way here
        self._backlog = Backlog()
        self._beating: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._looked = 0.0
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether runs of this service wait or are under way, or are not all written yet."""
        return bool(self._comparisons or self._backlog)

    async def start(self, request: RunRequest) -> Started:
        """Queue one run per framework and repeat. Raises ``InvalidRequest``, ``UnknownParameter``, ``UnknownDevice``,
        ``RuntimeUnavailable``, ``StoreUnavailable``, ``ServiceClosed``; nothing is queued then."""
        store = await self._opened()
        runtimes = await asyncio.to_thread(self._find_runtimes)
        groups = await asyncio.to_thread(plan, request, runtimes)
        runs = tuple(planned.run for group in groups for planned in group)
        await asyncio.to_thread(store.create, [(planned.run, planned.script) for group in groups for planned in group])
        for run in runs:
            self._cancels[run.id] = asyncio.Event()
        task = asyncio.create_task(self._run_comparison(store, request, groups))
        self._comparisons.add(task)
        task.add_done_callback(self._comparisons.discard)
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat(store))
        return Started(runs[0].comparison, runs)

    async def runs(self, limit: int = 50, offset: int = 0) -> tuple[tuple[Run, ...], int]:
        """A page of all runs, newest first, and how many there are in all."""
        store = await self._looked_over()
        runs, total = await asyncio.to_thread(store.runs, limit, offset)
        return tuple(self._backlog.explain(run) for run in runs), total

    async def run(self, run_id: str) -> Run:
        """One run as it stands. Raises ``UnknownRun``."""
        store = await self._looked_over()
        return self._backlog.explain(await asyncio.to_thread(store.run, run_id))

    async def script(self, run_id: str) -> Script:
        """The code that the run ran; the values of its parameters are the run's own. Raises ``UnknownRun``."""
        store = await self._looked_over()
        return await asyncio.to_thread(store.script, run_id)

    async def events(self, run_id: str, since: int = 0) -> tuple[Event, ...]:
        """The events with a sequence number above ``since``, in order. Raises ``UnknownRun``."""
        store = await self._looked_over()
        return (await asyncio.to_thread(store.read, run_id, since))[1]

    async def follow(self, run_id: str, since: int = 0) -> AsyncIterator[Event]:
        """The events above ``since``, then each new one as it comes, until the run has ended (or is deleted). Raises
        ``UnknownRun``."""
        store = await self._looked_over()
        run, events = await asyncio.to_thread(store.read, run_id, since)
        while True:
            news = self._news
            for event in events:
                yield event
            if run.state.final:
                return
            if not events:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(news.wait(), GLANCE)
            await self._looked_over()
            try:
                run, events = await asyncio.to_thread(store.read, run_id, max(since, run.sequence))
            except UnknownRun:
                return

    async def compare(self, run_ids: Sequence[str]) -> Comparison:
        """The comparison of any stored runs. Raises ``UnknownRun``."""
        store = await self._looked_over()
        return compare([await asyncio.to_thread(store.run, run_id) for run_id in run_ids])

    async def comparison(self, comparison_id: str) -> Comparison:
        """The comparison of the runs that were started together. Raises ``UnknownRun`` if there are none."""
        store = await self._looked_over()
        runs = await asyncio.to_thread(store.comparison, comparison_id)
        if not runs:
            raise UnknownRun(comparison_id)
        return compare(runs)

    async def cancel(self, run_id: str) -> Run:
        """Ask a run to stop (an interrupt, then a kill); one that has ended is left as it is. Raises ``UnknownRun``."""
        store = await self._looked_over()
        await asyncio.to_thread(store.ask_to_cancel, run_id)
        await self._cancel_here(store, run_id)
        return await asyncio.to_thread(store.run, run_id)

    async def delete(self, run_id: str) -> None:
        """Forget a run and its events. Raises ``UnknownRun``, ``RunIsActive``."""
        store = await self._looked_over()
        await asyncio.to_thread(store.delete, run_id)

    async def close(self) -> None:
        """End what is under way (it becomes interrupted) and close the database."""
        self._closed = True
        tasks = [*self._comparisons, *([self._beating] if self._beating else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._backlog.abandon()
        if self._store is not None:
            for run_id in tuple(self._cancels):
                with contextlib.suppress(StoreUnavailable, UnknownRun):
                    await self._record(self._store, run_id, RunState.INTERRUPTED, SERVER_STOPPED)
            self._store.close()
            self._store = None

    # --- the store --------------------------------------------------------------------------------------------------

    async def _opened(self) -> RunStore:
        async with self._opening:
            if self._closed:
                raise ServiceClosed
            if self._store is None:
                self._store = await asyncio.to_thread(RunStore, self._directory)
            return self._store

    async def _looked_over(self) -> RunStore:
        """The store, in which runs whose server has died meanwhile are marked."""
        store = await self._opened()
        now = time.monotonic()
        if now - self._looked > 1.0 or self._looked == 0.0:
            self._looked = now
            await asyncio.to_thread(store.interrupt_ownerless)
        return store

    async def _record(self, store: RunStore, run_id: str, state: RunState, reason: str = "") -> None:
        await asyncio.to_thread(store.append, run_id, [StateEvent(0, time.time(), state, reason)])
        self._announce()

    def _announce(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _beat(self, store: RunStore) -> None:
        while self._cancels or self._backlog:
            with contextlib.suppress(StoreUnavailable):
                await asyncio.to_thread(store.beat)
                for run_id in await asyncio.to_thread(store.asked_to_cancel):
                    await self._cancel_here(store, run_id)
            await asyncio.sleep(BEAT)

    async def _cancel_here(self, store: RunStore, run_id: str) -> None:
        """Cancel a run of this service; one that still waits ends at once."""
        if run_id in self._cancels:
            self._cancels[run_id].set()
            if (await asyncio.to_thread(store.run, run_id)).state is RunState.QUEUED:
                await self._record(store, run_id, RunState.CANCELLED)

    # --- the queue --------------------------------------------------------------------------------------------------

    async def _run_comparison(
        self, store: RunStore, request: RunRequest, groups: tuple[tuple[Planned, ...], ...]
    ) -> None:
        waiting = tuple(planned for group in groups for planned in group)
        lock = MachineLock()
        try:
            if self._turn.locked():
                await self._explain_wait(store, waiting, "Waiting for the runs that were started before it.")
            async with self._turn:
                await self._wait_for_machine(store, lock, waiting)
                threads = request.threads or await self._choose_threads(store, waiting)
                later = [planned for group in groups[1:] for planned in group]
                await self._explain_wait(store, later, "Waiting for the run before it.")
                for group in groups:
                    await asyncio.gather(*(self._execute(store, planned, threads) for planned in group))
        except Exception as error:  # noqa: BLE001 -- whatever goes wrong here, no run may be left hanging
            _log.exception("The comparison %s could not go on", waiting[0].run.comparison)
            for planned in waiting:
                journal = Journal(store, planned.run.id, self._announce)
                journal.add(StateEvent(0, time.time(), RunState.FAILED, f"{type(error).__name__}: {error}"))
                await self._close(journal)
        finally:
            lock.release()
            if not self._closed:
                for planned in waiting:
                    self._cancels.pop(planned.run.id, None)

    async def _wait_for_machine(self, store: RunStore, lock: MachineLock, waiting: Sequence[Planned]) -> None:
        """Take the lock, unless all of the runs are cancelled meanwhile."""
        told = False
        while not lock.acquire():
            if self._all_cancelled(waiting):
                return
            if not told:
                await self._explain_wait(store, waiting, await self._who_is_timing(store))
                told = True
            await asyncio.sleep(LOCK_PATIENCE)

    async def _who_is_timing(self, store: RunStore) -> str:
        others = ", ".join(str(owner.process) for owner in await asyncio.to_thread(store.others_at_work))
        process = f" (process {others})" if others else ""
        return f"Waiting for a timed run of another server{process}: two at once would disturb each other."

    async def _choose_threads(self, store: RunStore, waiting: Sequence[Planned]) -> int:
        """Measure, unless all of the runs are cancelled meanwhile."""
        if self._all_cancelled(waiting):
            return 1
        await self._explain_wait(store, waiting, "Measuring how many threads serve both sides best.")
        cancels = [self._cancels[planned.run.id] for planned in waiting]
        return await self._threads.choose_unless(cancels, [planned.runtime for planned in waiting])

    def _all_cancelled(self, waiting: Sequence[Planned]) -> bool:
        return all(self._cancels[planned.run.id].is_set() for planned in waiting)

    async def _explain_wait(self, store: RunStore, waiting: Sequence[Planned], reason: str) -> None:
        with contextlib.suppress(StoreUnavailable):  # only an explanation
            for planned in waiting:
                if not self._cancels[planned.run.id].is_set():
                    await self._record(store, planned.run.id, RunState.QUEUED, reason)

    async def _execute(self, store: RunStore, planned: Planned, threads: int) -> None:
        run_id = planned.run.id
        journal = Journal(store, run_id, self._announce)
        cancel = self._cancels[run_id]
        try:
            if cancel.is_set():
                journal.add(StateEvent(0, time.time(), RunState.CANCELLED))
            else:
                journal.add(StateEvent(0, time.time(), RunState.STARTING))
                await run_side(planned.job, planned.runtime, threads, journal.add, cancel)
            await self._close(journal)
        except asyncio.CancelledError:
            journal.add(StateEvent(0, time.time(), RunState.INTERRUPTED, SERVER_STOPPED))
            await journal.abandon()
            raise

    async def _close(self, journal: Journal) -> None:
        if not await journal.close(PATIENCE):
            self._backlog.add(journal)


def _discover() -> Sequence[Runtime]:
    try:
        return discover()
    except FrameworkError as error:
        raise RuntimeUnavailable(str(error)) from error
