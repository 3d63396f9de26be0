"""Framework interpreters: import shims, MNIST, discovery, and one process per framework.

Importing this package loads nothing heavy; its public face is loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from diptych.runtime.discovery import ConfigurationError, discover, find
    from diptych.runtime.doctor import Finding, Report, Status, diagnose
    from diptych.runtime.errors import ExecutionError, FrameworkError, KernelDied, RuntimeUnavailable
    from diptych.runtime.messages import EVENT_MIME, Clear, Display, Failure, Output, Stream
    from diptych.runtime.mnist import MnistError
    from diptych.runtime.process import FrameworkProcess
    from diptych.runtime.shims import ShimError

__all__ = [
    "EVENT_MIME",
    "Clear",
    "ConfigurationError",
    "Display",
    "ExecutionError",
    "Failure",
    "Finding",
    "FrameworkError",
    "FrameworkProcess",
    "KernelDied",
    "MnistError",
    "Output",
    "Report",
    "RuntimeUnavailable",
    "ShimError",
    "Status",
    "Stream",
    "diagnose",
    "discover",
    "enable_shims",
    "find",
]

_HOMES = {
    "discovery": ("ConfigurationError", "discover", "find"),
    "doctor": ("Finding", "Report", "Status", "diagnose"),
    "errors": ("ExecutionError", "FrameworkError", "KernelDied", "RuntimeUnavailable"),
    "messages": ("EVENT_MIME", "Clear", "Display", "Failure", "Output", "Stream"),
    "mnist": ("MnistError",),
    "process": ("FrameworkProcess",),
    "shims": ("ShimError",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'diptych.runtime' has no attribute {name!r}")
    return getattr(importlib.import_module(f"diptych.runtime.{home}"), name)


def enable_shims(mnist: Path | None = None) -> None:
    """Let MXNet 1.9.1 import on Python 3.10 to 3.13 and NumPy 1.23 to 2, torchvision on a CPU-only torch, and both
    frameworks' ``datasets.MNIST`` read the same verified files (in the folder ``mnist`` if given).

    Call it before importing MXNet. It imports nothing, touches nothing global, and calling it again does nothing.
    Raises ``ShimError`` if MXNet was imported before and failed."""

    from diptych.runtime.shims import arm  # noqa: PLC0415  # the server imports this package and arms nothing

    def locate() -> str:
        # only when a dataset is made
        from diptych.runtime import download  # noqa: PLC0415
        from diptych.runtime import mnist as files  # noqa: PLC0415

        return str(files.locate(mnist, progress=download.bar_on_terminal).folder)

    arm(locate)
