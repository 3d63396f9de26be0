"""Edits of whole statements: taking away, adding beside, indenting, unwrapping."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from diptych.conversion.edits import Range
from diptych.conversion.imports import first_line, remove_statement
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Equivalence
from diptych.source.lexer import Lexeme, scan

STEP = "    "


def indent_of(rewriter: Rewriter, statement: ast.stmt) -> str:
    """The white space before a statement that begins its line."""
    line = rewriter.source.text.line(first_line(statement))
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def alone_on_lines(rewriter: Rewriter, statement: ast.stmt) -> bool:
    """Whether nothing but white space and a comment shares the statement's lines."""
    text, place = rewriter.source.text, rewriter.range(statement)
    start = text.starts[first_line(statement) - 1]
    end = text.line_end(statement.end_lineno or statement.lineno)
    after = text.text[place.end : end].strip()
    before = text.text[start : place.start].strip(" \t\f\ufeff")
    return (not before or before.startswith("@")) and (not after or after.startswith("#"))


def in_one_cell(rewriter: Rewriter, statements: list[ast.stmt]) -> bool:
    """Whether one block can hold the statements: they are not in several cells of a notebook."""
    cells = {rewriter.source.cell_at(rewriter.range(statement).start) for statement in statements}
    return len(cells) < 2


def add_after(rewriter: Rewriter, statement: ast.stmt, code: str, record: Equivalence | None = None) -> None:
    """A statement of its own behind ``statement``."""
    place, records = rewriter.range(statement), (record.id,) if record else ()
    if alone_on_lines(rewriter, statement):
        end = rewriter.source.text.line_end(statement.end_lineno or statement.lineno)
        line = rewriter.newline + indent_of(rewriter, statement) + code
        rewriter.edits.replace(end, end, line, records=records, origin=place)
    else:
        rewriter.edits.replace(place.end, place.end, f"; {code}", records=records, origin=place)


def add_before(rewriter: Rewriter, statement: ast.stmt, code: str, record: Equivalence | None = None) -> None:
    """A line of its own before ``statement``."""
    start = rewriter.source.text.starts[first_line(statement) - 1]
    line = indent_of(rewriter, statement) + code + rewriter.newline
    records = (record.id,) if record else ()
    rewriter.edits.replace(start, start, line, records=records, origin=rewriter.range(statement))


def wrap(rewriter: Rewriter, statements: list[ast.stmt], header: str, record: Equivalence | None = None) -> None:
    """``header`` before the statements, which are set one step deeper."""
    first, last = first_line(statements[0]), statements[-1].end_lineno or statements[-1].lineno
    indent = indent_of(rewriter, statements[0])
    start = rewriter.source.text.starts[first - 1]
    step = "\t" if indent.startswith("\t") else STEP
    records = (record.id,) if record else ()
    origin = Range(rewriter.range(statements[0]).start, rewriter.range(statements[-1]).end)
    rewriter.edits.replace(start, start, indent + header + rewriter.newline, records=records, origin=origin)
    rewriter.edits.deepen(start, rewriter.source.text.line_end(last), rewriter.newline, step)
    removed = rewriter.memory.get("removed")
    gone = [item for item in statements if isinstance(removed, set) and id(item) in removed]
    for line in _movable(rewriter, first, last):
        if any(first_line(item) <= line <= (item.end_lineno or item.lineno) for item in gone):
            continue  # no line is left that could be set deeper
        offset = rewriter.source.text.starts[line - 1]
        place = Range(offset, offset + len(rewriter.source.text.line(line)))
        rewriter.edits.replace(offset, offset, step, origin=place)


def unwrap(rewriter: Rewriter, block: ast.With | ast.For, record: Equivalence | None = None) -> None:
    """Takes a ``with``, or a loop, away and sets its body one step less deep."""
    text = rewriter.source.text
    first = first_line(block.body[0])
    header = text.starts[block.lineno - 1]
    if first == block.lineno:  # with a: b
        rewriter.edits.replace(rewriter.range(block).start, rewriter.range(block.body[0]).start)
        return
    head = block.iter if isinstance(block, ast.For) else block.items[-1].context_expr
    header_end = text.starts[head.end_lineno or block.lineno]
    rewriter.edits.replace(header, header_end, records=(record.id,) if record else ())
    dedent(
        rewriter,
        header_end,
        block.end_lineno or block.lineno,
        indent_of(rewriter, block.body[0]),
        indent_of(rewriter, block),
    )


def dedent(rewriter: Rewriter, start: int, last: int, deep: str, shallow: str) -> None:
    """Lines from offset ``start`` to line ``last`` lose what ``deep`` is longer than ``shallow``."""
    text = rewriter.source.text
    first = text.place(start)[0]
    for line in _movable(rewriter, first, last):
        content = text.line(line)
        common = len(deep) - len(shallow)
        if content.startswith(deep):
            start = text.starts[line - 1]
            rewriter.edits.replace(start, start + len(deep), *([shallow] if shallow else []))
        else:
            spaces = len(content) - len(content.lstrip(" \t"))
            cut = min(common, spaces)
            rewriter.edits.replace(text.starts[line - 1], text.starts[line - 1] + cut)


def _movable(rewriter: Rewriter, first: int, last: int) -> list[int]:
    """The lines that hold something and do not begin inside a string."""
    text = rewriter.source.text
    known = rewriter.memory.get("inside strings")
    inside: set[int] = known if isinstance(known, set) else set()
    if known is None:
        nodes = rewriter.source.nodes
        for node in (*nodes.of(ast.Constant), *nodes.of(ast.JoinedStr)):
            if node.end_lineno != node.lineno:
                inside.update(_lines_inside_strings(rewriter, node))
        rewriter.memory["inside strings"] = inside
    return [line for line in range(first, last + 1) if line not in inside and text.line(line).strip()]


def _lines_inside_strings(rewriter: Rewriter, node: ast.expr) -> Iterator[int]:
    """The lines of a text that begin inside it: not those of its parts, which may stand in lines of their own."""
    text, start = rewriter.source.text, rewriter.range(node).start
    for token in scan(rewriter.text(node)):
        if token.lexeme is Lexeme.STRING:
            yield from range(text.place(start + token.start)[0] + 1, text.place(start + token.end)[0] + 1)


__all__ = [
    "add_after",
    "add_before",
    "alone_on_lines",
    "dedent",
    "in_one_cell",
    "indent_of",
    "remove_statement",
    "unwrap",
    "wrap",
]
