"""Where the arguments of a call stand in the text, so that comments and line breaks between them can stay."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Range
from diptych.source.lexer import Lexeme, scan
from diptych.source.text import Text


def slots(call: ast.Call, text: Text) -> tuple[list[Range], int]:
    """The range of each argument, keyword and parentheses included, and the offset of the closing parenthesis."""
    _, start = text.range(call.func)
    _, end = text.range(call)
    items = in_source_order(call)
    plain = _plain(text, items, start, end - 1)
    if plain is not None:
        return plain, end - 1
    opening = start
    for token in scan(text.text[start:end]):
        if token.lexeme is Lexeme.OPEN:
            opening = start + token.start
            break
    found = _divide(text.text, opening + 1, end - 1)
    return (found if len(found) == len(items) else _joined(found, items, text)), end - 1


def _plain(text: Text, items: list[ast.expr | ast.keyword], start: int, closing: int) -> list[Range] | None:
    """The arguments' own ranges, if nothing but commas and white space is between them, as it is nearly always."""
    found: list[Range] = []
    expected = "("
    for item in items:
        place = Range(*text.range(item))
        if text.text[start : place.start].strip() != expected:
            return None
        found.append(place)
        start, expected = place.end, ","
    return found if not found or text.text[start:closing].strip() in ("", ",") else None


def _joined(found: list[Range], items: list[ast.expr | ast.keyword], text: Text) -> list[Range]:
    """The commas of a ``lambda one, two: ...`` divide no arguments."""
    joined: list[Range] = []
    rest = list(found)
    for item in items:
        first = last = rest.pop(0)
        while rest and last.end < text.range(item)[1]:
            last = rest.pop(0)
        joined.append(Range(first.start, last.end))
    return joined


def _divide(text: str, start: int, end: int) -> list[Range]:
    found: list[Range] = []
    first: int | None = None
    last = start

    def finish() -> None:
        nonlocal first
        if first is not None:
            found.append(Range(first, last))
        first = None

    depth, position = 0, start
    for token in [*scan(text[start:end]), None]:
        gap_end = start + token.start if token is not None else end
        for offset in range(position, gap_end):
            character = text[offset]
            if character == "," and depth == 0:
                finish()
            elif not character.isspace():
                first = offset if first is None else first
                last = offset + 1
        if token is None:
            break
        position = start + token.end
        if token.lexeme in (Lexeme.STRING, Lexeme.OPEN, Lexeme.CLOSE):
            first = start + token.start if first is None else first
            last = position
        depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(token.lexeme, 0)
    finish()
    return found


def in_source_order(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """The arguments of a call as they stand in the text."""
    every: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    return sorted(every, key=lambda item: (_place(item), item.end_lineno or 0, item.end_col_offset or 0))


def _place(item: ast.expr | ast.keyword) -> tuple[int, int]:
    return item.lineno, item.col_offset
