"""Trailing comments beside what could not be converted."""

from __future__ import annotations

import ast
from bisect import bisect_right

from diptych.conversion.rewriter import Rewriter
from diptych.source.lexer import logical_lines

MARK = "# diptych: "


def write_comments(rewriter: Rewriter) -> None:
    """One comment at the end of each logical line that holds something left as it was; none twice."""
    if not rewriter.comments:
        return
    begins = _lines_that_begin(rewriter)
    messages: dict[tuple[int, int], list[str]] = {}
    for offset in sorted(rewriter.comments):
        line = _logical_line(rewriter, offset, begins[max(bisect_right(begins, offset) - 1, 0)])
        messages.setdefault(line, []).extend(rewriter.comments[offset])
    for (start, end), found in messages.items():
        text = rewriter.source.text.text[start:end]
        for message in dict.fromkeys(found):
            comment = MARK + " ".join(message.split())
            if comment not in text and not text.rstrip().endswith("\\"):
                rewriter.edits.replace(end, end, "  " + comment)


def _lines_that_begin(rewriter: Rewriter) -> list[int]:
    """Where a statement begins a line, which is then no part of the logical line before; and the text itself."""
    text = rewriter.source.text
    found = {0}
    for node in rewriter.source.nodes.ordered:
        if isinstance(node, ast.stmt):
            start = text.starts[node.lineno - 1]
            if not text.text[start : rewriter.range(node).start].strip():
                found.add(start)
    return sorted(found)


def _logical_line(rewriter: Rewriter, offset: int, begin: int) -> tuple[int, int]:
    """Start and end of the logical line that holds ``offset``, from the beginning of one."""
    text = rewriter.source.parsed.text
    return next((start, end) for start, end in logical_lines(text, begin) if offset <= end)
