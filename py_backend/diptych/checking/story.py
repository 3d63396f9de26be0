"""What one side of a check did, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """The values that changed with a statement: of the lines ``first`` to ``last``, in the ``turn``-th pass."""

    first: int
    last: int
    turn: int
    changed: dict[str, Any]  # as ``traced.values`` encodes them
    gone: tuple[str, ...]
    random: bool  # numbers were drawn from a source that both sides do not share
    end: bool  # what is there at the end, after no statement of its own


@dataclass(frozen=True)
class Story:
    """What one side did: its steps, and the line in which it stopped before its end, None where it did not."""

    steps: tuple[Step, ...]
    stopped: int | None = None


class History:
    """The values of one side over its steps."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self._values: dict[str, list[tuple[int, Any]]] = {}
        for index, step in enumerate(steps):
            for name, encoded in step.changed.items():
                self._values.setdefault(name, []).append((index, encoded))
            for name in step.gone:
                self._values.setdefault(name, []).append((index, None))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that ever had a value, in the order in which they appeared."""
        return tuple(self._values)

    def at(self, name: str, index: int) -> Any:
        """The encoded value of ``name`` after step ``index``; None where it has none."""
        found = None
        for place, encoded in self._values.get(name, ()):
            if place > index:
                break
            found = encoded
        return found

    def last(self, name: str) -> Any:
        """The last value that ``name`` had."""
        return next((encoded for _, encoded in reversed(self._values.get(name, [])) if encoded is not None), None)

    def changed(self, after: int, until: int) -> dict[str, None]:
        """Names whose values changed in the steps after ``after`` up to ``until``."""
        return {name: None for step in self.steps[after + 1 : until + 1] for name in step.changed}
