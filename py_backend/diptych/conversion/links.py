"""Which lines of the source became which lines of the result."""

from __future__ import annotations

from diptych.conversion.edits import Segment
from diptych.conversion.model import LineLink
from diptych.source.text import Text


def line_links(segments: list[Segment], source: Text, first_line: int = 1) -> tuple[LineLink, ...]:
    """Links of every line that holds something; ``first_line`` of the source counts as line 1.

    Lines that share an edit share a link; lines kept as they were are linked one to one."""
    groups = _Groups()
    target = 1
    for segment in segments:
        trace = _kept if segment.kept else _written
        target = trace(segment, source, groups, target)
    return tuple(groups.links(first_line))


def _kept(segment: Segment, source: Text, groups: _Groups, target: int) -> int:
    """Each line of kept text belongs to its own line of the source."""
    line, _ = source.place(segment.origin.start)
    pieces = Text(segment.text)
    for number in range(1, len(pieces.starts) + 1):
        if pieces.line(number).strip():
            groups.join(line + number - 1, target + number - 1)
    return target + len(pieces.starts) - 1


def _written(segment: Segment, source: Text, groups: _Groups, target: int) -> int:
    """New text belongs to all the lines that explain it."""
    first, _ = source.place(segment.origin.start)
    last, _ = source.place(max(segment.origin.end - 1, segment.origin.start))
    pieces = Text(segment.text)
    breaks = len(pieces.starts) - 1
    held = [number for number in range(breaks + 1) if pieces.line(number + 1).strip()]
    for line in range(first, last + 1):
        groups.join(line, *(target + number for number in held), records=segment.records)
    return target + breaks


class _Groups:
    """Source lines and result lines that belong together."""

    def __init__(self) -> None:
        self._parent: dict[tuple[str, int], tuple[str, int]] = {}
        self._records: dict[tuple[str, int], dict[str, None]] = {}

    def join(self, source: int, *targets: int, records: tuple[str, ...] = ()) -> None:
        root = self._root(("source", source))
        for target in targets:
            other = self._root(("target", target))
            if other != root:
                self._parent[other] = root
                self._records.setdefault(root, {}).update(self._records.pop(other, {}))
        self._records.setdefault(root, {}).update(dict.fromkeys(records))

    def _root(self, node: tuple[str, int]) -> tuple[str, int]:
        self._parent.setdefault(node, node)
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def links(self, first_line: int) -> list[LineLink]:
        found: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
        for side, line in self._parent:
            sides = found.setdefault(self._root((side, line)), ([], []))
            sides[side == "target"].append(line)
        links = []
        for root, (sources, targets) in found.items():
            low = min(targets, default=0)
            links.append(
                LineLink(
                    min(sources) - first_line + 1,
                    max(sources) - first_line + 1,
                    low,
                    max(targets, default=low - 1),
                    tuple(self._records.get(root, {})),
                )
            )
        return sorted(links, key=lambda link: (link.source_start, link.target_start))
