"""What is under the cursor, and its counterpart on the other side."""

from __future__ import annotations

import ast
from functools import lru_cache

from diptych.conversion.convert import dialect_of
from diptych.conversion.model import Diagnostic, DialectChoice, Lookup, Severity
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use, use_of
from diptych.equivalence.aliases import canonical
from diptych.equivalence.catalog import load
from diptych.equivalence.model import Dialect, Equivalence
from diptych.source.collector import without_collecting
from diptych.source.lexer import Lexeme, scan
from diptych.source.model import Document, Module, Span
from diptych.source.repair import HOLE
from diptych.source.source import Source
from diptych.source.types import Instance, Role, framework_of

_AROUND = frozenset(("initialize", "mode"))  # errors about what is missing beside a call that converts itself
_OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.Compare)


def lookup(source: str, line: int, column: int) -> Lookup | None:
    """The record of what is at ``line`` (1-based) and ``column`` (0-based, code points), None where there is none."""
    return lookup_document(Module(source), line, column)


@without_collecting
def lookup_document(document: Document, line: int, column: int, dialect: DialectChoice = "auto") -> Lookup | None:
    """As ``lookup``, in a module or in the active cell of a notebook (imports of earlier cells count)."""
    source = Source.of(document)
    first = source.first_line
    if not 1 <= line <= len(source.original.starts):
        return None
    offset = source.text.offset(first + line - 1, column)
    if column < 0 or column > len(source.original.line(line)):
        return None
    return _answer(source, offset, dialect)


@lru_cache(maxsize=256)
def _answer(source: Source, offset: int, dialect: DialectChoice) -> Lookup | None:
    try:
        return _at(source, offset, dialect)
    except RecursionError:
        return None


def _at(source: Source, offset: int, dialect: DialectChoice) -> Lookup | None:
    path = source.path_to(offset)
    node = path[-1]
    if isinstance(node, ast.alias):
        return _imported(source, path, offset, dialect)
    if _in_text(source, path, offset):
        return None
    if isinstance(node, ast.keyword):
        return _keyword(source, path, offset, dialect)
    if isinstance(node, _OPERATIONS) and not _on_operator(source, node, offset):
        return None
    if not isinstance(node, (ast.Name, ast.Attribute, *_OPERATIONS)):
        return None
    scope = source.scope_at(path)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return None
    if isinstance(node, ast.Attribute) and not _on_attribute(source, node, offset):
        return None
    use = use_of(source, node, scope) or _called_object(source, path, node)
    return _found(source, path, node, use, dialect) if use is not None else None


def _called_object(source: Source, path: list[ast.AST], node: ast.expr) -> Use | None:
    """``loss_fn(output, y)`` is a use of the loss's class."""
    if isinstance(node, ast.Name) and _call_around(path, node) is not None:
        found = source.type_of(node, source.scope_at(path))
        if isinstance(found, Instance) and found.definition is None and found.role is Role.LOSS:
            return Use(found.path)
    return None


def _in_text(source: Source, path: list[ast.AST], offset: int) -> bool:
    """Whether the place is inside a string or a comment."""
    line, _ = source.text.place(offset)
    if isinstance(path[-1], (ast.Constant, ast.JoinedStr)):
        return True
    start = source.text.starts[line - 1]
    return any(
        token.lexeme is Lexeme.COMMENT and start + token.start <= offset for token in scan(source.text.line(line))
    ) and not isinstance(path[-1], (ast.Name, ast.Attribute))


def _on_attribute(source: Source, node: ast.Attribute, offset: int) -> bool:
    """Whether the place is on the attribute's own name, not on what stands before the dot."""
    end = source.text.range(node)[1]
    return end - len(node.attr) <= offset <= end


def _on_operator(source: Source, node: ast.expr, offset: int) -> bool:
    """Whether the place is between the operands."""
    if isinstance(node, ast.BinOp):
        low, high = source.text.range(node.left)[1], source.text.range(node.right)[0]
    elif isinstance(node, ast.Compare):
        low, high = source.text.range(node.left)[1], source.text.range(node.comparators[0])[0]
    else:
        assert isinstance(node, ast.UnaryOp)
        low, high = source.text.range(node)[0], source.text.range(node.operand)[0]
    between = source.text.text[low:high]
    return low <= offset < high and bool(source.text.text[offset : offset + 1].strip()) and "#" not in between


def _record(use: Use) -> Equivalence | None:
    records = load().named(use.path)
    return records[0] if records else None


def _found(source: Source, path: list[ast.AST], node: ast.expr, use: Use, dialect: DialectChoice) -> Lookup | None:
    framework = framework_of(use.path)
    if framework is None:
        return None
    target = framework.other
    rewriter = Rewriter(source, load(), target, dialect_of(source, dialect))
    record = rewriter.record_for(use.path)
    if record is None:
        return None
    if dialect == "auto" and rewriter.dialect is Dialect.ND and not rewriter.writes(record):
        other = Rewriter(source, load(), target, Dialect.NP)  # as the whole unit would be converted
        if (there := other.record_for(use.path)) is not None and other.writes(there):
            rewriter, record = other, there
    start, end = source.text.range(node)
    if isinstance(node, ast.Attribute) and use.receiver is not None:
        start = end - len(node.attr)
    call = _call_around(path, node)
    whole: ast.expr = call if call is not None else node
    converted, diagnostics = _converted(rewriter, whole)
    proof = load().proof(record.id)
    return Lookup(
        symbol=canonical(use.path),
        framework=framework,
        equivalence=record,
        span=_span(source, start, end),
        dialect=rewriter.dialect,
        proof=proof,
        call=None if HOLE in source.text.of(whole) else source.text.of(whole),
        call_span=_span(source, *source.text.range(whole)),
        converted_call=None if converted is None or HOLE in converted else converted,
        diagnostics=diagnostics,
    )


def _call_around(path: list[ast.AST], node: ast.expr) -> ast.Call | None:
    parent = path[-2] if len(path) > 1 and path[-1] is node else None
    if isinstance(parent, ast.Call) and parent.func is node:
        return parent
    return None


def _converted(rewriter: Rewriter, node: ast.expr) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The user's own call on the other side."""
    rewriter.run(node)
    place = rewriter.range(node)
    statement = rewriter.parent(node)
    gone = rewriter.memory.get("removed")
    text = (
        ""
        if isinstance(gone, set) and id(statement) in gone
        else "".join(segment.text for segment in rewriter.edits.render(place.start, place.end))
    )
    text = "\n\n\n".join([*rewriter.helpers.called(text), text])
    first = rewriter.source.first_line
    diagnostics = tuple(
        Diagnostic(found.severity, found.line - first + 1, found.column, found.code, found.message, found.suggestion)
        for found in rewriter.diagnostics
    )
    failed = any(found.severity is Severity.ERROR and found.code not in _AROUND for found in diagnostics)
    return (None if failed else text), diagnostics


def _keyword(source: Source, path: list[ast.AST], offset: int, dialect: DialectChoice) -> Lookup | None:
    """On the name of a keyword argument: the call's record."""
    keyword, call = path[-1], path[-2]
    assert isinstance(keyword, ast.keyword)
    start = source.text.range(keyword)[0]
    if not isinstance(call, ast.Call) or keyword.arg is None or offset > start + len(keyword.arg):
        return None
    scope = source.scope_at(path)
    use = use_of(source, call.func, scope)
    if use is None:
        return None
    return _found(source, [*path[:-1], call.func], call.func, use, dialect)


def _imported(source: Source, path: list[ast.AST], offset: int, dialect: DialectChoice) -> Lookup | None:
    """On a name in an import statement."""
    alias, statement = path[-1], path[-2]
    assert isinstance(alias, ast.alias)
    module = statement.module or "" if isinstance(statement, ast.ImportFrom) else ""
    use = Use(canonical(f"{module}.{alias.name}" if module else alias.name))
    framework, record = framework_of(use.path), _record(use)
    if framework is None or record is None:
        return None
    return Lookup(
        symbol=use.path,
        framework=framework,
        equivalence=record,
        span=_span(source, *source.text.range(alias)),
        dialect=dialect_of(source, dialect),
        proof=load().proof(record.id),
    )


def _span(source: Source, start: int, end: int) -> Span:
    """In lines of the module or the active cell."""
    span = source.text.span(start, end)
    moved = source.first_line - 1
    first, last = span.start_line - moved, span.end_line - moved
    original = source.original
    if not 1 <= first <= last <= len(original.starts):
        return Span(first, span.start_column, last, span.end_column)
    width = len(original.line(last))  # what repair supplied at a line's end is not the user's
    return Span(first, span.start_column, last, min(span.end_column, width))
