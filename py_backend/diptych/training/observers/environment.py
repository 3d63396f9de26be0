"""What a run is measured on, as the process itself sees it."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any


def describe(framework: Any, threads: int, device: str) -> dict[str, Any]:
    """The fields of ``diptych.training.model.Environment`` for an imported framework."""
    numpy = sys.modules.get("numpy")
    return {
        "python": platform.python_version(),
        "framework": str(getattr(framework, "__version__", "")),
        "numpy": str(getattr(numpy, "__version__", "")),
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": cores(),
        "threads": threads,
        "device": device,
    }


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # a container may be given fewer than the machine has
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass  # not Linux
    return platform.processor() or platform.machine()
