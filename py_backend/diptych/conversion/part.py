"""Which part of a unit is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from diptych.conversion.imports import first_line
from diptych.source.magics import cell_magic
from diptych.source.model import Document, Notebook, Span
from diptych.source.source import Source, statements


@dataclass(frozen=True)
class Extent:
    """Offsets in the unit's text; ``span`` in lines of the module or the active cell, which begins at
    ``first_line`` of the unit. ``low`` and ``high`` are the part's lines in the unit. A cell's part reaches over the
    line break behind it (``tail``), which a removal of its last line takes along."""

    start: int
    end: int
    first_line: int
    low: int
    high: int
    span: Span
    cell: int | None = None
    magic: str | None = None
    dedent: bool = False
    tail: bool = False

    def holds(self, line: int) -> bool:
        """Whether a line of the unit is in the part."""
        return self.low <= line <= self.high


def extent_of(source: Source, document: Document, selection: Span | None, scope: str) -> Extent:
    """The part of the unit that ``scope`` and ``selection`` mean; always whole lines."""
    text = source.text
    cell = document.active if isinstance(document, Notebook) else None
    first, last = source.first_line, source.last_line
    if scope == "document":
        return Extent(0, len(text.text), 1, 1, len(text.starts), text.span(0, len(text.text)), cell, _magic(document))
    low, high = first, last
    if scope in ("selection", "statement") and selection is not None:
        low = min(max(first + selection.start_line - 1, first), last)
        high = min(max(first + selection.end_line - 1, low), last)
        if selection.end_column == 0 and selection.end_line > selection.start_line:
            high = max(low, high - 1)
        low, high = _widened(source, low, high)
    start, end = text.starts[low - 1], text.line_end(high)
    tail = False
    if scope == "cell" or selection is None:
        end = text.line_end(last)
        tail = end < len(text.text)
    span = Span(low - first + 1, 0, high - first + 1, len(text.line(high)))
    dedent = scope in ("selection", "statement")
    return Extent(start, end + tail, first, low, high, span, cell, _magic(document), dedent, tail)


def ended_like(original: str, text: str) -> str:
    """The converted ``text`` of a cell without the line break behind it, which was not the cell's own."""
    return text.removesuffix("\n") if original.endswith("\n") else text.rstrip("\r\n")


def _magic(document: Document) -> str | None:
    if isinstance(document, Notebook) and 0 <= document.active < len(document.cells):
        return cell_magic(document.cells[document.active].text)
    return None


def _widened(source: Source, low: int, high: int) -> tuple[int, int]:
    """The lines of the whole statements that lines ``low`` to ``high`` touch: the innermost that hold them all."""
    block = list(statements(source.tree))
    touched = [node for node in block if first_line(node) <= high and (node.end_lineno or node.lineno) >= low]
    holding = [node for node in touched if first_line(node) <= low and (node.end_lineno or node.lineno) >= high]
    headers = [node for node in holding if _only_header(node, low, high)]
    if headers:
        node = headers[-1]
        return first_line(node), node.end_lineno or node.lineno
    inside = [node for node in touched if node not in holding]
    starts = [first_line(node) for node in inside if first_line(node) >= (holding[-1].lineno if holding else 0)]
    ends = [node.end_lineno or node.lineno for node in inside]
    return min([low, *starts]), max([high, *ends])


def _only_header(node: object, low: int, high: int) -> bool:
    """A simple statement, or a compound one whose header is touched."""
    body = getattr(node, "body", None)
    if not isinstance(body, list) or not body:
        return True
    return low < first_line(body[0]) or first_line(body[0]) == getattr(node, "lineno", 0)
