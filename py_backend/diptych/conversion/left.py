"""What an earlier conversion left: a text with its comments is a result, and converting a result changes nothing."""

from __future__ import annotations

import ast

from diptych.conversion.comments import MARK
from diptych.conversion.model import Diagnostic, Severity
from diptych.conversion.uses import use_of
from diptych.equivalence.model import Framework
from diptych.source.lexer import Lexeme, logical_lines, scan
from diptych.source.scopes import Scope, children
from diptych.source.source import Source
from diptych.source.types import framework_of


def left_before(source: Source, target: Framework) -> tuple[Diagnostic, ...]:
    """The places that a conversion to ``target`` has left as they were; none where the text is no such result.

    A mark does not tell which way the conversion went, but two things do: what it stands beside is mostly of the
    framework converted from, and the rest of the text mostly of the other. Going back, the same marks stop nothing."""
    if MARK not in source.text.text:
        return ()
    marks = _marks(source)
    own, other = (_lines(source, framework) for framework in (target.other, target))
    of_origin = sum(bool(own & lines) for lines, _, _ in marks)
    of_target = sum(bool(other & lines) for lines, _, _ in marks)
    marked = {line for lines, _, _ in marks for line in lines}
    rest = len(other - marked) - len(own - marked)
    back = rest < 0 < of_target or (rest <= 0 and of_origin < of_target)
    if not marks or back:
        return ()
    advice = "Remove the `# diptych:` comments to have the text converted again."
    return tuple(
        Diagnostic(Severity.ERROR, *source.text.place(offset), "left-before", _message(told), advice)
        for _, offset, told in marks
    )


def _message(told: str) -> str:
    return f"An earlier conversion left this, so the whole text stays as it is: {told}."


def _marks(source: Source) -> list[tuple[frozenset[int], int, str]]:
    """Of each logical line of code that a mark ends: its lines, the offset of its code, and what the mark says."""
    found: list[tuple[frozenset[int], int, str]] = []
    text = source.parsed.text
    for start, end in logical_lines(text):
        line = text[start:end]
        if MARK not in line:
            continue
        comments = [token for token in scan(line) if token.lexeme is Lexeme.COMMENT]
        if not comments or MARK not in line[comments[-1].start :] or not line[: comments[-1].start].strip():
            continue
        told = line[comments[-1].start :].split(MARK, 1)[1].strip().rstrip(".")
        code = start + len(line) - len(line.lstrip())
        first, last = source.text.place(code)[0], source.text.place(end)[0]
        found.append((frozenset(range(first, last + 1)), code, told))
    return found


def _lines(source: Source, framework: Framework) -> set[int]:
    """The lines on which something of a framework is used."""
    found: set[int] = set()
    stack: list[tuple[ast.AST, Scope]] = [(source.tree, source.scope)]
    while stack:
        node, scope = stack.pop()
        if isinstance(node, ast.expr):
            use = use_of(source, node, scope)
            if use is not None and framework_of(use.path) is framework:
                found.add(node.lineno)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if any(framework_of(name) is framework for name in names):
                found.add(node.lineno)
        stack += children(node, scope)
    return found
