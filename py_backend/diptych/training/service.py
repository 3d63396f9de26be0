"""The queue of training runs: starting, following, cancelling and forgetting them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NamedTuple

from diptych.training.model import Comparison, Event, Run, RunRequest


class Started(NamedTuple):
    """What one press of a button began: all its runs share one comparison id."""

    comparison: str
    runs: tuple[Run, ...]


class TrainingService:
    """Runs scripts in processes of their own and keeps what they report.

    All methods are coroutines of one event loop and never block it. Errors are subclasses of ``TrainingError``.
    Several services (of several servers) may share one data directory."""

    def __init__(self, directory: Path | None = None) -> None:
        """``directory`` holds the database; by default ``DIPTYCH_DATA_DIR`` or the user's data directory."""
        raise NotImplementedError

    async def start(self, request: RunRequest) -> Started:
        """Queue one run per framework and repeat. Raises ``InvalidRequest``, ``UnknownParameter``, ``UnknownDevice``,
        ``RuntimeUnavailable``, ``StoreUnavailable``, ``ServiceClosed``; nothing is queued then."""
        raise NotImplementedError

    async def runs(self, limit: int = 50, offset: int = 0) -> tuple[tuple[Run, ...], int]:
        """A page of all runs, newest first, and how many there are in all."""
        raise NotImplementedError

    async def run(self, run_id: str) -> Run:
        """One run as it stands. Raises ``UnknownRun``."""
        raise NotImplementedError

    async def events(self, run_id: str, since: int = 0) -> tuple[Event, ...]:
        """The events with a sequence number above ``since``, in order. Raises ``UnknownRun``."""
        raise NotImplementedError

    def follow(self, run_id: str, since: int = 0) -> AsyncIterator[Event]:
        """The events above ``since``, then each new one as it comes, until the run has ended. Raises ``UnknownRun``."""
        raise NotImplementedError

    async def compare(self, run_ids: Sequence[str]) -> Comparison:
        """The comparison of any stored runs. Raises ``UnknownRun``."""
        raise NotImplementedError

    async def comparison(self, comparison_id: str) -> Comparison:
        """The comparison of the runs that were started together. Raises ``UnknownRun`` if there are none."""
        raise NotImplementedError

    async def cancel(self, run_id: str) -> Run:
        """Ask a run to stop (an interrupt, then a kill); one that has ended is left as it is. Raises ``UnknownRun``."""
        raise NotImplementedError

    async def delete(self, run_id: str) -> None:
        """Forget a run and its events. Raises ``UnknownRun``, ``RunIsActive``."""
        raise NotImplementedError

    async def close(self) -> None:
        """End what is under way (it becomes interrupted) and close the database."""
        raise NotImplementedError
