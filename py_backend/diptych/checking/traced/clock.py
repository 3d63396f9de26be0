"""A clock for the code that is checked: both sides read the same times, whatever the machine does."""

from __future__ import annotations

import sys
import time
from typing import Any

_READINGS = ("time", "perf_counter", "monotonic", "process_time")
_TICK = 0.001  # seconds between two readings


def install(filename: str) -> None:
    """Calls from the file ``filename`` read a clock that each reading moves on; everybody else the real one."""
    readings = [0]
    for name in _READINGS:
        setattr(time, name, _replaced(getattr(time, name), filename, readings))


def _replaced(real: Any, filename: str, readings: list[int]) -> Any:
    def reading() -> float:
        if sys._getframe(1).f_code.co_filename != filename:
            return float(real())
        readings[0] += 1
        return 1_000_000.0 + readings[0] * _TICK

    return reading
