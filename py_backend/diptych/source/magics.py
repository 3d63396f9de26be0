"""IPython's magics, masked at unchanged offsets so that the rest of a cell parses.

What a mask hides keeps its length: line and column of every other character stay what they were.
"""

from __future__ import annotations

import re

from diptych.source.lexer import logical_lines

_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)")
_TIMED = re.compile(r"(?P<magic>%(?:time|timeit|prun|memit|mprun)\b(?:[ \t]+-\w+(?:[ \t]*\d+)?)*[ \t]+)(?=\S)")
_LINE_MAGIC = re.compile(r"(?:%\w|!|\?|,\w|;\w|/\w)")
_ASSIGNED = re.compile(r"[\w.,\[\] \t]+=[ \t]*(?P<magic>(?:%\w|!)[^\r\n]*)")
_HELP = re.compile(r"[^\s#'\"()=]+\?{1,2}[ \t]*$")
_PYTHON_CELLS = frozenset(
    {"capture", "mxnet", "prun", "py", "python", "python3", "pytorch", "time", "timeit", "memit", "mprun"}
)


def cell_magic(text: str) -> str | None:
    """The name of the ``%%magic`` that a cell begins with."""
    match = _CELL_MAGIC.match(text)
    return match["name"] if match else None


def is_python(magic: str) -> bool:
    """Whether a ``%%magic`` takes Python statements that run in the notebook's own names (or in MXNet's process)."""
    return magic in _PYTHON_CELLS


def mask(text: str) -> str:
    """``text`` with magics, shell lines and help requests made harmless, every offset unchanged.

    A cell whose ``%%magic`` takes another language than Python is masked whole."""
    magic = cell_magic(text)
    if magic is not None and not is_python(magic):
        return re.sub(r"[^\r\n]", " ", text)
    if not re.search(r"[%!?]|^[ \t]*[,;/]", text, re.MULTILINE):
        return text
    parts: list[str] = []
    position = 0
    for start, end in logical_lines(text):
        parts += text[position:start], _mask_line(text[start:end])
        position = end
    return "".join([*parts, text[position:]])


def _mask_line(line: str) -> str:
    body = line.lstrip()
    indent = line[: len(line) - len(body)]
    if body.startswith("%%"):
        return indent + "#" + body[1:]
    if timed := _TIMED.match(body):
        return indent + "0;".ljust(timed.end()) + body[timed.end() :]
    if _LINE_MAGIC.match(body) or _HELP.match(body):
        return indent + _nothing(body)
    if assigned := _ASSIGNED.match(body):
        start = assigned.start("magic")
        return indent + body[:start] + "0" + re.sub(r"[^\r\n]", " ", body[start + 1 :])
    return line


def _nothing(line: str) -> str:
    """A statement that does nothing, as long as ``line``: it may be the only one of its block."""
    kept = "pass" if len(re.split(r"[\r\n]", line, maxsplit=1)[0]) >= 4 else "0"
    return kept + re.sub(r"[^\r\n]", " ", line[len(kept) :])
