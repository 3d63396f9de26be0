"""Which lines of the source became which lines of the result."""

from __future__ import annotations

from diptych.conversion.edits import Segment
from diptych.conversion.model import LineLink
from diptych.source.text import Text, lines_of


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
    pieces = lines_of(segment.text)
    for number, piece in enumerate(pieces):
        if piece.strip():
            groups.join(line + number, target + number)
    return target + len(pieces) - 1


def _written(segment: Segment, source: Text, groups: _Groups, target: int) -> int:
    """New text belongs to all the lines that explain it."""
    first, _ = source.place(segment.origin.start)
    last, _ = source.place(max(segment.origin.end - 1, segment.origin.start))
    pieces = lines_of(segment.text)
    held = [target + number for number, piece in enumerate(pieces) if piece.strip()]
    for line in range(first, last + 1):
        groups.join(line, *held, records=segment.records)
    return target + len(pieces) - 1


class _Groups:
    """Lines of the source (counted from 1 up) and of the result (from -1 down) that belong together."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._records: dict[int, dict[str, None]] = {}

    def join(self, source: int, *targets: int, records: tuple[str, ...] = ()) -> None:
        root = self._root(source)
        for target in targets:
            other = self._root(-target)
            if other != root:
                self._parent[other] = root
                if other in self._records:
                    self._records.setdefault(root, {}).update(self._records.pop(other))
        if records:
            self._records.setdefault(root, {}).update(dict.fromkeys(records))

    def _root(self, line: int) -> int:
        parent = self._parent
        above = parent.setdefault(line, line)
        while above != line:
            parent[line] = parent[above]
            line, above = above, parent[above]
        return line

    def links(self, first_line: int) -> list[LineLink]:
        found: dict[int, tuple[list[int], list[int]]] = {}
        for line in self._parent:
            sides = found.setdefault(self._root(line), ([], []))
            sides[line < 0].append(abs(line))
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
