"""The little of Python's lexis that half-typed text still has: strings, comments, brackets, line ends.

``tokenize`` gives up at the first thing it does not know; this scan never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

import msgspec

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<string>(?:\b[rRbBuUfFtT]{1,2})?(?P<quote>\"{3}|'{3}|"|'))
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<joined>\\(?:\r\n|\r|\n))
  | (?P<end>\r\n|\r|\n)
    """,
    re.VERBOSE,
)
_LONG = {quote: re.compile(rf"(?:\\(?s:.)|(?!{quote})(?s:.))*") for quote in ('"""', "'''")}
_SHORT = {quote: re.compile(rf"(?:\\(?:\r\n|(?s:.))|[^\\\r\n{quote}])*") for quote in ('"', "'")}


class Lexeme(str, Enum):
    """The kinds of token."""

    COMMENT = "comment"
    STRING = "string"
    OPEN = "open"
    CLOSE = "close"
    JOINED = "joined"  # a backslash before the line's end
    END = "end"


_LEXEMES = {lexeme.value: lexeme for lexeme in Lexeme}


class Token(msgspec.Struct, frozen=True):
    """``complete`` is False for a string whose closing quotes are missing."""

    lexeme: Lexeme
    start: int
    end: int
    complete: bool = True


def scan(text: str, position: int = 0) -> Iterator[Token]:
    """The tokens of ``text`` from ``position`` on, everything else skipped."""
    while match := _TOKEN.search(text, position):
        assert match.lastgroup is not None
        if quote := match["quote"]:
            body = (_LONG if len(quote) == 3 else _SHORT)[quote].match(text, match.end())
            assert body is not None
            complete = text.startswith(quote, body.end())
            position = body.end() + (len(quote) if complete else 0)
            yield Token(Lexeme.STRING, match.start(), position, complete)
        else:
            position = match.end()
            yield Token(_LEXEMES[match.lastgroup], match.start(), position)


def logical_lines(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Start and end offset (the line break not included) of each logical line from ``start`` on, where one begins;
    blank and comment lines too."""
    depth = 0
    for token in scan(text, start):
        if token.lexeme is Lexeme.OPEN:
            depth += 1
        elif token.lexeme is Lexeme.CLOSE:
            depth = max(depth - 1, 0)
        elif token.lexeme is Lexeme.END and depth == 0:
            yield start, token.start
            start = token.end
    yield start, len(text)
