"""The places of a program at which its values are looked at: after each statement of the module's own level."""

from __future__ import annotations

import ast
from dataclasses import dataclass

MARK = "__diptych_after__"
BEGIN = "__diptych_before__"


@dataclass(frozen=True)
class Place:
    """Lines of a statement, 1-based and both included; ``nested`` where it stands in a loop, branch or with."""

    first: int
    last: int
    nested: bool


def instrumented(text: str, filename: str) -> tuple[ast.Module, list[Place]]:
    """The program with a call after every statement of the module's level and in its loops, branches and with-blocks
    (not in functions and classes), and the places those calls speak of. Raises ``SyntaxError``."""
    tree = ast.parse(text, filename)
    places: list[Place] = []
    head = _head(tree.body)
    body = _marked(tree.body[head:], places, nested=False)
    tree.body = tree.body[:head] + body
    return ast.fix_missing_locations(tree), places


def _head(body: list[ast.stmt]) -> int:
    """How many statements have to stay first: the docstring and imports from ``__future__``."""
    count = 0
    for statement in body:
        docstring = count == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            break
        count += 1
    return count


def _marked(body: list[ast.stmt], places: list[Place], nested: bool) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    for statement in body:
        inside = not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        number = len(places)
        places.append(Place(_first_line(statement), statement.end_lineno or statement.lineno, nested))
        if inside:
            _mark_blocks(statement, places)
        result += [_call(BEGIN, number, statement.lineno), statement]
        result.append(_call(MARK, number, statement.end_lineno or statement.lineno))
    return result


def _mark_blocks(statement: ast.stmt, places: list[Place]) -> None:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if block and isinstance(block, list) and isinstance(block[0], ast.stmt):
            setattr(statement, name, _marked(block, places, nested=not _is_main_guard(statement)))
    for handler in [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]:
        handler.body = _marked(handler.body, places, nested=True)


def _is_main_guard(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__name__" in {
        node.id for node in ast.walk(statement.test) if isinstance(node, ast.Name)
    }


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _call(name: str, number: int, line: int) -> ast.stmt:
    call = ast.Expr(ast.Call(ast.Name(name, ast.Load()), [ast.Constant(number)], []))
    for node in ast.walk(call):
        if isinstance(node, (ast.expr, ast.stmt)):
            node.lineno = node.end_lineno = line
            node.col_offset = node.end_col_offset = 0
    return call
