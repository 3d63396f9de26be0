"""Edits of exact source ranges. What no edit covers survives byte for byte.

A replacement is made of parts: new text, and ranges of the source that are rendered in their turn, so that the edits of
an argument hold wherever its call puts it. Of two edits of one range the earlier wraps the later: a call is looked at
before its arguments.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import msgspec


class Range(msgspec.Struct, frozen=True):
    """Half-open range of offsets in the source."""

    start: int
    end: int


Part = str | Range


class Edit(msgspec.Struct, frozen=True):
    """``origin`` is the range that explains it (for line links), ``records`` the ids of the equivalences behind it.

    Edits of one ``group`` (the arguments of a call that change places) do not apply inside each other's parts."""

    start: int
    end: int
    parts: tuple[Part, ...]
    order: int
    origin: Range
    records: tuple[str, ...] = ()
    group: int | None = None


class Segment(msgspec.Struct, frozen=True):
    """A piece of the result: source kept as it was (``kept``), or new text explained by ``origin``."""

    text: str
    origin: Range
    kept: bool
    records: tuple[str, ...] = ()


class Edits:
    """The edits of one source text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._edits: list[Edit] = []
        self._inserted: set[int] = set()
        self._sorted: list[Edit] | None = None
        self._starts: list[int] = []
        self._whole: list[Segment] | None = None  # the whole result, as long as nothing is added

    def __len__(self) -> int:
        return len(self._edits)

    def replace(
        self,
        start: int,
        end: int,
        *parts: Part,
        records: tuple[str, ...] = (),
        origin: Range | None = None,
        group: int | None = None,
        first: bool = False,
    ) -> None:
        """Replaces a range. An empty range inserts, before all that is inserted there if it is the ``first``; no two
        edits may overlap without one holding the other."""
        order = -1 if first else len(self._edits)
        self._whole = None
        self._edits.append(Edit(start, end, parts, order, origin or Range(start, end), records, group))
        if start == end:
            self._inserted.add(start)
        self._sorted = None

    def deepen(self, start: int, end: int, newline: str, step: str) -> None:
        """Sets the lines that were inserted between two offsets one step deeper, as what stands there is."""
        for number, edit in enumerate(self._edits):
            if edit.start == edit.end and start < edit.start <= end:
                parts = tuple(
                    part.replace(newline, newline + step) if isinstance(part, str) else part for part in edit.parts
                )
                self._edits[number] = msgspec.structs.replace(edit, parts=parts)
        self._sorted = self._whole = None

    def edited(self, start: int, end: int) -> bool:
        """Whether an edit covers exactly this range or holds it."""
        return any(edit.start <= start and end <= edit.end and edit.start < edit.end for edit in self._edits)

    def removed_up_to(self, start: int, end: int) -> bool:
        """Whether an edit that begins at ``start`` or later takes away what stands before ``end``, to the character."""
        return any(start <= edit.start < edit.end == end for edit in self._edits)

    def inserted(self, offset: int) -> bool:
        """Whether something is inserted at ``offset``."""
        return offset in self._inserted

    def render(self, start: int, end: int) -> list[Segment]:
        """The result for a range of the source, inserts at its start included."""
        if (start, end) != (0, len(self.text)):
            return self._rendered(start, end)
        if self._whole is None:
            self._whole = self._rendered(start, end)
        return self._whole

    def _rendered(self, start: int, end: int) -> list[Segment]:
        if self._sorted is None:
            self._sorted = sorted(self._edits, key=_position)
            self._starts = [edit.start for edit in self._sorted]
        return list(self._render(start, end, None))

    def result(self, text: str) -> str:
        """The whole result as it were for ``text``, which has the source's offsets (its magics masked)."""
        if text == self.text:
            return "".join(segment.text for segment in self.render(0, len(text)))
        own, self.text = self.text, text
        try:
            return "".join(segment.text for segment in self._rendered(0, len(text)))
        finally:
            self.text = own

    def _render(self, start: int, end: int, inside: Edit | None) -> Iterator[Segment]:
        assert self._sorted is not None
        position = start
        index = bisect_left(self._starts, start)
        while index < len(self._sorted):
            edit = self._sorted[index]
            index += 1
            if edit.start > end:
                break
            if edit.start < position or edit.end > end or not self._applies(edit, start, end, inside):
                continue
            yield from self._kept(position, edit.start)
            yield from self._replacement(edit)
            position = edit.end
        yield from self._kept(position, end)

    @staticmethod
    def _applies(edit: Edit, start: int, end: int, inside: Edit | None) -> bool:
        if inside is None:
            return True
        if edit.start == edit.end:
            return start < edit.start < end
        same = edit.start == inside.start and edit.end == inside.end
        if edit.group is not None and edit.group == inside.group:
            return False
        return not same or edit.order > inside.order

    def _kept(self, start: int, end: int) -> Iterator[Segment]:
        if start < end:
            yield Segment(self.text[start:end], Range(start, end), True)

    def _replacement(self, edit: Edit) -> Iterator[Segment]:
        for part in edit.parts:
            if isinstance(part, str):
                if part:
                    yield Segment(part, edit.origin, False, edit.records)
            else:
                yield from self._render(part.start, part.end, edit)
        if not any(edit.parts):
            yield Segment("", edit.origin, False, edit.records)


def _position(edit: Edit) -> tuple[int, bool, int, int]:
    """Inserts come before replacements at one place, outer edits before those inside them."""
    return edit.start, edit.end > edit.start, -edit.end, edit.order
