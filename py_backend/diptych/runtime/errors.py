"""What can go wrong with a framework's process; every message says what to do."""

from __future__ import annotations

from collections.abc import Sequence


class FrameworkError(RuntimeError):
    """A framework's process can't do what was asked."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the sentence alone, for the way through this package tells the user nothing."""
        return [f"{type(self).__name__}: {self}"]


class RuntimeUnavailable(FrameworkError):
    """There is no working interpreter for the framework, or it has no ipykernel."""


class KernelDied(FrameworkError):
    """The process ended by itself or was killed; ``log`` is the end of what it wrote to its error stream."""

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log


class ExecutionError(FrameworkError):
    """The code raised: the exception's name, its text, and IPython's traceback (with ANSI colours)."""

    def __init__(self, name: str, value: str, traceback: Sequence[str]) -> None:
        super().__init__(f"{name}: {value}" if value else name)
        self.name = name
        self.value = value
        self.traceback = tuple(traceback)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the traceback of the other process."""
        return list(self.traceback)
