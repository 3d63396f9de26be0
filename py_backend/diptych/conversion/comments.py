"""Trailing comments beside what could not be converted."""

from __future__ import annotations

from diptych.conversion.rewriter import Rewriter
from diptych.source.lexer import logical_lines

MARK = "# diptych: "


def write_comments(rewriter: Rewriter) -> None:
    """One comment at the end of each logical line that holds something left as it was; none twice."""
    if not rewriter.comments:
        return
    text = rewriter.source.parsed.text
    for start, end in logical_lines(text):
        messages = [
            message
            for offset in sorted(rewriter.comments)
            if start <= offset <= end
            for message in rewriter.comments[offset]
        ]
        line = rewriter.source.text.text[start:end]
        for message in dict.fromkeys(messages):
            comment = MARK + " ".join(message.split())
            if comment not in line and not line.rstrip().endswith("\\"):
                rewriter.edits.replace(end, end, "  " + comment)
