"""Positions in text: lines, offsets, and the UTF-8 columns that ``ast`` counts in."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from functools import cached_property

from diptych.source.model import Span

_LINE_END = re.compile(r"\r\n|\r|\n")  # what Python's tokenizer ends a line at; str.splitlines knows more


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends."""
    return _LINE_END.split(text) if "\n" in text or "\r" in text else [text]


class Text:
    """A text and its lines. Offsets are in code points."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    @cached_property
    def _ascii(self) -> bool:
        return self.text.isascii()

    def line(self, number: int) -> str:
        """Line ``number`` (1-based) without its end."""
        return self.text[self.starts[number - 1] : self.line_end(number)]

    def line_end(self, number: int) -> int:
        """Offset of the end of line ``number``, its line break not included."""
        if number >= len(self.starts):
            return len(self.text)
        end = self.starts[number]
        start = self.starts[number - 1]
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return end

    def offset(self, line: int, column: int) -> int:
        """Offset of a place given in code points, held inside the text."""
        if line < 1:
            return 0
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[line - 1] + max(column, 0), self.line_end(line))

    def place(self, offset: int) -> tuple[int, int]:
        """Line (1-based) and column (code points) of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1]

    def from_utf8(self, line: int, column: int) -> int:
        """Offset of a place as ``ast`` gives it: the column counts UTF-8 bytes."""
        start = self.starts[line - 1]
        if self._ascii:
            return start + column
        return start + len(self.line(line).encode()[:column].decode(errors="ignore"))

    def range(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> tuple[int, int]:
        """Start and end offset of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.from_utf8(node.lineno, node.col_offset), self.from_utf8(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> str:
        """The text of a node as it was written."""
        start, end = self.range(node)
        return self.text[start:end]

    def span(self, start: int, end: int) -> Span:
        """Two offsets as lines and columns."""
        return Span(*self.place(start), *self.place(end))
