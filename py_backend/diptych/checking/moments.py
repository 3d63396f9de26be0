"""Moments of a check: places at which both sides have done the same statements, and so have to hold the same values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diptych.checking.check_model import Lines
from diptych.checking.story import Step, Story
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


def moments(original: Story, converted: Story, links: tuple[LineLink, ...]) -> Iterator[Moment]:
    """In the order of the original. Statements correspond if lines of theirs are linked; where the conversion put some
    in another order, there is no moment until both sides have done them all. Statements of which some did not come to
    their end have none."""
    groups = _Groups(original.steps, converted.steps, links)
    ours = {groups.key(step, source=True): index for index, step in enumerate(original.steps)}
    theirs = {groups.key(step, source=False): index for index, step in enumerate(converted.steps)}
    undone = {groups.root_of_line(original.stopped, True), groups.root_of_line(converted.stopped, False)} - {None}
    shared = {key for key in ours.keys() & theirs.keys() if not (key[0] == "leaf" and key[1] in undone)}
    for key in sorted(shared, key=lambda key: ours[key]):
        before = {other for other in shared if ours[other] <= ours[key]}
        if before == {other for other in shared if theirs[other] <= theirs[key]}:
            here, there = original.steps[ours[key]], converted.steps[theirs[key]]
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

    def root_of_line(self, line: int | None, source: bool) -> int | None:
        """What the statements that are linked with a line have in common."""
        link = (self._source if source else self._target).get(line) if line is not None else None
        return None if link is None else self._root(link)

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
