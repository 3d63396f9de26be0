"""Making text parseable at unchanged offsets: what is typed so far keeps its line and column.

Statements that do not parse are completed at their line's end (brackets closed, a missing name or body supplied), else
blanked. Columns of what is there never change, so a place in the repaired text is the same place in the user's.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from diptych.source.lexer import Lexeme, logical_lines, scan
from diptych.source.magics import mask

HOLE = "__diptych_hole__"  # stands where a name was still to be typed
_ATTEMPTS = 8
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_BLOCK = re.compile(r"(?:async\s+)?(?:def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b")
_STATEMENT = re.compile(
    r"(?:import|from|def|class|if|for|while|with|return|try|raise|async|del|assert|global|nonlocal|pass|break|continue|@)"
    r"|\w[\w.]*(?:\s*,\s*[\w.]+)*\s*[-+*/]?=(?!=)"
)


@dataclass(frozen=True)
class Problem:
    """Why the text did not parse as it was. ``line`` is 1-based, ``column`` 0-based in code points."""

    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Parsed:
    """``text`` is what was parsed: the user's text, or the same at the same offsets, masked and repaired.

    ``problem`` tells of broken Python; masked magics are no problem."""

    text: str
    tree: ast.Module
    problem: Problem | None = None


@lru_cache(maxsize=512)
def parse(text: str) -> Parsed:
    """The syntax tree of any text at all."""
    plain = text if not text.startswith("\ufeff") else "\f" + text[1:]
    tree, problem = try_parse(plain)
    if tree is not None:
        return Parsed(plain, tree)
    masked = mask(plain)
    if masked != plain:
        tree, problem = try_parse(masked)
        if tree is not None:
            return Parsed(masked, tree)
    return _repaired(masked, problem)


def try_parse(text: str) -> tuple[ast.Module | None, Problem | None]:
    """The tree, or the reason why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SyntaxWarning of the user's own text is not ours to show
            return ast.parse(text), None
    except SyntaxError as error:
        return None, Problem(error.lineno or 1, max((error.offset or 1) - 1, 0), error.msg or "invalid syntax")
    except (ValueError, RecursionError, MemoryError, UnicodeError) as error:  # null bytes, surrogates, depth
        return None, Problem(1, 0, str(error) or type(error).__name__)


def _repaired(text: str, problem: Problem | None) -> Parsed:
    first = problem
    for _ in range(_ATTEMPTS):
        if problem is None:
            break
        mended = _mend(text, problem)
        if mended == text:
            break
        text = mended
        tree, problem = try_parse(text)
        if tree is not None:
            return Parsed(text, tree, first)
    return _piecewise(text, first)


def _mend(text: str, problem: Problem) -> str:
    """``text`` with the statement around ``problem`` completed or blanked."""
    if "'except' or 'finally'" in problem.message:
        tries = list(re.finditer(r"^[ \t]*(try[ \t]*:)", text, re.MULTILINE))
        if tries:
            return text[: tries[-1].start(1)] + "if 1:" + text[tries[-1].end(1) :]
    start, end = _broken(text, problem.line)
    while True:
        statement = text[start:end]
        deeper = _is_header_of(text, start, end)
        completed = _completed(statement, deeper)
        if completed is None:
            completed = _blank(statement)
        elif completed == statement and statement.rstrip().endswith(":") and not deeper:
            completed = _with_body(statement)
        if completed != statement:
            return text[:start] + completed + text[end:]
        # The line itself is fine: the fault is that it follows a header without a body, or that of an open bracket.
        before = _previous(text, start)
        if before is None:
            return text[:start] + _blank(statement, keep=False) + text[end:]
        header = text[before[0] : before[1]]
        if header.rstrip().endswith(":") and not header.rstrip().endswith(": pass"):
            return text[: before[0]] + _with_body(header) + text[before[1] :]
        return text[:start] + _blank(statement, keep=False) + text[end:]


def _broken(text: str, line: int) -> tuple[int, int]:
    """The statement that holds ``line``, ended where the next one seems to begin."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    offset = starts[min(line, len(starts)) - 1]
    chosen = (0, len(text))
    for start, end in logical_lines(text):
        chosen = start, end
        if end >= offset:
            break
    start, end = chosen
    return start, min(end, _seeming_end(text, start, end))


def _seeming_end(text: str, start: int, end: int) -> int:
    """Where a statement with an open bracket ends: before the first line that is no deeper and begins a statement."""
    lines = list(re.finditer(r"[^\r\n]*", text[start:end]))
    lines = [line for line in lines if line.group()]
    if not lines:
        return end
    first = lines[0].group()
    indent = len(first) - len(first.lstrip())
    previous = lines[0]
    for line in lines[1:]:
        body = line.group().lstrip()
        if body and len(line.group()) - len(body) <= indent and _STATEMENT.match(body):
            return start + previous.end()
        previous = line
    return end


def _is_header_of(text: str, start: int, end: int) -> bool:
    """Whether the next line with code stands deeper than the statement."""
    statement = text[start:end].lstrip("\r\n")
    following = next((line for line in re.split(r"[\r\n]+", text[end:]) if line.strip(" \t\f")), "")
    return _indent(following) > _indent(statement)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t\f"))


def _completed(statement: str, header: bool) -> str | None:
    """The statement with what is missing at its end supplied, None if that is not what it lacks.

    ``header``: lines of its body follow, it needs none."""
    body = statement.lstrip(" \t\f\r\n")
    indent = statement[: len(statement) - len(body)]
    code, tail = _code_and_comment(body)
    for candidate in (*_candidates(code, header), *_candidates(_softened(code), header)):
        wrapped = _alone(candidate)
        if wrapped is not None and try_parse(wrapped)[0] is not None:
            return indent + candidate + tail
    return None


def _code_and_comment(body: str) -> tuple[str, str]:
    """A trailing comment would swallow what is appended."""
    last = None
    for token in scan(body):
        last = token
    if last is not None and last.lexeme is Lexeme.COMMENT and last.end == len(body):
        code = body[: last.start].rstrip()
        return code, re.sub(r"[^\r\n]", "", body[len(code) :])
    code = body.rstrip()
    return code, body[len(code) :]


def _softened(code: str) -> str:
    """Dots and equals signs that nothing follows, inside brackets, blanked."""
    return re.sub(r"(?:\.|(?<![=!<>])=)(?=\s*[)\]},])", " ", code)


def _candidates(code: str, header: bool) -> list[str]:
    closed = code + _closers(code)
    holed = code + HOLE + _closers(code)
    endings = [code, closed, holed]
    if code.startswith(("from ", "import ")):
        endings += [code + " import " + HOLE]
    if code.startswith("@"):
        endings += [code + "\n"]
    if _BLOCK.match(code):
        body = "" if header else " pass"
        endings += [ending + ":" + body for ending in (closed, holed)] + [closed + body]
        endings += [closed + " in " + HOLE + ":" + body] if code.startswith(("for", "async for")) else []
    return endings


def _closers(code: str) -> str:
    """The quotes and brackets that are still open."""
    stack: list[str] = []
    quote = ""
    for token in scan(code):
        if token.lexeme is Lexeme.OPEN:
            stack.append(_CLOSING[code[token.start]])
        elif token.lexeme is Lexeme.CLOSE and stack:
            stack.pop()
        elif token.lexeme is Lexeme.STRING and not token.complete:
            opening = re.match(r"\w*(\"{3}|'{3}|\"|')", code[token.start : token.end])
            quote = opening[1] if opening else ""
    return quote + "".join(reversed(stack))


def _alone(code: str) -> str | None:
    """``code`` in the smallest text in which it can stand by itself."""
    if re.match(r"(?:elif|else)\b", code):
        return "if 1: pass\n" + code
    if re.match(r"(?:except|finally)\b", code):
        return "try: pass\n" + code
    if re.match(r"case\b", code):
        return None
    if code.startswith("@"):
        return code.rstrip() + "\ndef f(): pass"
    if re.match(r"(?:return|yield|await|async|break|continue|nonlocal)\b", code):
        return "async def f():\n while 1:\n  " + code
    return code + (" pass" if code.endswith(":") else "")


def _with_body(header: str) -> str:
    return header.rstrip() + " pass"


def _previous(text: str, start: int) -> tuple[int, int] | None:
    """The logical line with code before ``start``."""
    found = None
    for begin, end in logical_lines(text):
        if begin >= start:
            break
        code = _code_and_comment(text[begin:end].strip())[0]
        if code:
            found = begin, begin + len(text[begin:end].rstrip())
    return found


def _blank(statement: str, keep: bool = True) -> str:
    """Spaces, or ``pass`` where the statement may be its block's only one; line breaks stay."""
    body = statement.lstrip(" \t\f\r\n")
    indent = statement[: len(statement) - len(body)]
    word = ("pass" if len(body.split("\n")[0].rstrip()) >= 4 else "0") if keep and body else ""
    if _BLOCK.match(body) and keep and body.startswith(("if", "for", "while", "with", "def", "class", "try", "async")):
        word = "if 1: pass" if len(body) >= 10 and "\n" not in body[:10] else word
    return indent + word + re.sub(r"[^\r\n]", " ", body[len(word) :])


def _piecewise(text: str, problem: Problem | None) -> Parsed:
    """The last resort: keep the longest beginning and end of the text that parse, blank what is between."""
    starts = [start for start, _ in logical_lines(text) if text[start : start + 1].strip(" \t#\r\n")]
    kept = list(text)
    pieces = pairwise([*starts, len(text)])
    blank = re.compile(r"[^\r\n]")
    parts = [blank.sub(" ", text[: starts[0]])] if starts else []
    for start, end in pieces:
        piece = text[start:end]
        parts.append(piece if try_parse(piece)[0] is not None else blank.sub(" ", piece))
    joined = "".join(parts)
    tree = try_parse(joined)[0] if len(joined) == len(kept) else None
    if tree is None:
        joined = blank.sub(" ", text)
        tree = ast.parse("")
    return Parsed(joined, tree, problem)
