"""Who looks after a run: a server's process, told apart from a later one that got the same number."""

from __future__ import annotations

import functools
import os
import platform

import msgspec
import psutil  # type: ignore[import-untyped]  # it ships no types

CLOCK_TOLERANCE = 2.0  # seconds; start times are derived from the machine's clock, which may be set meanwhile
SILENCE = 120.0  # seconds without a heartbeat after which an owner on another machine counts as dead


class Owner(msgspec.Struct, frozen=True):
    """A process: ``started`` is when it began, in seconds since the Unix epoch."""

    host: str
    process: int
    started: float

    @classmethod
    def current(cls) -> Owner:
        """This process."""
        return _of_process(os.getpid())

    def alive(self, heartbeat: float, now: float) -> bool:
        """Whether the process still runs. On this machine that is looked up; of one elsewhere (a shared home
        directory) only its last ``heartbeat`` is known."""
        if self.host != platform.node():
            return now - heartbeat < SILENCE
        try:
            process = psutil.Process(self.process)
            same = abs(process.create_time() - self.started) < CLOCK_TOLERANCE
            return bool(same and process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True


@functools.cache
def _of_process(process: int) -> Owner:
    return Owner(platform.node(), process, psutil.Process(process).create_time())
