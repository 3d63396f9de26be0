"""Moments of a check: places at which both sides have done the same statements, and so have to hold the same values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from diptych.checking.check_model import Lines
from diptych.checking.execution import Step
from diptych.conversion.model import LineLink

_END = ("end", 0, 0)
Key = tuple[str, int, int]


@dataclass(frozen=True)
class Moment:
    """After the step ``original`` of the one side and ``converted`` of the other (indices); where that is in both."""

    original: int
    converted: int
    lines: Lines
    converted_lines: Lines
    turn: int
    end: bool  # nothing comes after it


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


def moments(original: tuple[Step, ...], converted: tuple[Step, ...], links: tuple[LineLink, ...]) -> Iterator[Moment]:
    """In the order of the original. Statements correspond if lines of theirs are linked; where the conversion put some
    in another order, there is no moment until both sides have done them all."""
    groups = _Groups(original, converted, links)
    ours = {groups.key(step, source=True): index for index, step in enumerate(original)}
    theirs = {groups.key(step, source=False): index for index, step in enumerate(converted)}
    shared = ours.keys() & theirs.keys()
    for key in sorted(shared, key=lambda key: ours[key]):
        before = {other for other in shared if ours[other] <= ours[key]}
        if before == {other for other in shared if theirs[other] <= theirs[key]}:
            here, there = original[ours[key]], converted[theirs[key]]
            lines, converted_lines = Lines(here.first, here.last), Lines(there.first, there.last)
            yield Moment(ours[key], theirs[key], lines, converted_lines, max(1, here.turn), here.end)


class _Groups:
    """Statements of both sides that belong together."""

    def __init__(self, original: tuple[Step, ...], converted: tuple[Step, ...], links: tuple[LineLink, ...]) -> None:
        self._source = _by_line(links, source=True)
        self._target = _by_line(links, source=False)
        self._parent: dict[int, int] = {}
        self._compound = {True: _compound(original), False: _compound(converted)}
        for steps, source in ((original, True), (converted, False)):
            for span in {(step.first, step.last) for step in steps} - self._compound[source]:
                touched = self._touched(span, source)
                for link in touched[1:]:
                    self._parent[self._root(link)] = self._root(touched[0])

    def key(self, step: Step, source: bool) -> Key:
        """Equal for steps that belong together. A compound statement is known by its first line."""
        if step.end:
            return _END
        span = (step.first, step.last)
        if span in self._compound[source]:
            link = (self._source if source else self._target).get(step.first, -1)
            return ("compound" if link >= 0 else f"compound of {source}", link, step.turn)
        touched = self._touched(span, source)
        return ("leaf", self._root(touched[0]), step.turn) if touched else (f"leaf of {source}", step.first, step.turn)

    def _touched(self, span: tuple[int, int], source: bool) -> list[int]:
        lines = self._source if source else self._target
        return sorted({lines[line] for line in range(span[0], span[1] + 1) if line in lines})

    def _root(self, link: int) -> int:
        while self._parent.get(link, link) != link:
            link = self._parent[link]
        return link


def _by_line(links: tuple[LineLink, ...], source: bool) -> dict[int, int]:
    found: dict[int, int] = {}
    for number, link in enumerate(links):
        first, last = (link.source_start, link.source_end) if source else (link.target_start, link.target_end)
        found.update(dict.fromkeys(range(first, last + 1), number))
    return found


def _compound(steps: tuple[Step, ...]) -> set[tuple[int, int]]:
    """Spans of statements that hold other statements."""
    spans = {(step.first, step.last) for step in steps if not step.end}
    return {
        (first, last)
        for first, last in spans
        if any(first <= a and b <= last and (a, b) != (first, last) for a, b in spans)
    }
