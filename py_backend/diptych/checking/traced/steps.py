"""The places of a program at which its values are looked at: after each statement of the module's level."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeGuard

MARK = "__diptych_after__"
BEGIN = "__diptych_before__"


@dataclass(frozen=True)
class Place:
    """Lines of a statement, 1-based and both included; ``nested`` where it stands in a loop, branch or with;
    ``function`` is the one whose body it belongs to, "" for the module's level."""

    first: int
    last: int
    nested: bool
    function: str = ""


def instrumented(text: str, filename: str) -> tuple[ast.Module, list[Place]]:
    """The program with a call after every statement of the module's level and in its loops, branches and with-blocks,
    and of the functions that run once as part of that level (``main()``); and the places those calls speak of. Raises
    ``SyntaxError``."""
    tree = ast.parse(text, filename)
    places: list[Place] = []
    once = _called_once(tree)
    head = _head(tree.body)
    body = _marked(tree.body[head:], places, nested=False, function="")
    for definition in once:
        definition.body = _marked(definition.body, places, nested=False, function=definition.name)
    tree.body = tree.body[:head] + body
    return ast.fix_missing_locations(tree), places


def _called_once(tree: ast.Module) -> list[ast.FunctionDef]:
    """Functions that nothing speaks of but one statement of the module's level, which calls them."""
    spoken: Counter[str] = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    level = [
        inner for statement in tree.body for inner in (statement.body if _is_main_guard(statement) else [statement])
    ]
    called: set[str] = set()
    for statement in level:
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and spoken[value.func.id] == 1:
            called.add(value.func.id)
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in called]
    plain = [node for node in definitions if not any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(node))]
    return [node for node in plain if not node.decorator_list]


def _head(body: list[ast.stmt]) -> int:
    """How many statements have to stay first: the docstring and imports from ``__future__``."""
    count = 0
    for statement in body:
        docstring = count == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            break
        count += 1
    return count


def _marked(body: list[ast.stmt], places: list[Place], nested: bool, function: str) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    for statement in body:
        inside = not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        number = len(places)
        places.append(Place(_first_line(statement), statement.end_lineno or statement.lineno, nested, function))
        if inside:
            _mark_blocks(statement, places, function)
        result += [_call(BEGIN, number, statement.lineno), statement]
        result.append(_call(MARK, number, statement.end_lineno or statement.lineno))
    return result


def _mark_blocks(statement: ast.stmt, places: list[Place], function: str) -> None:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if block and isinstance(block, list) and isinstance(block[0], ast.stmt):
            setattr(statement, name, _marked(block, places, nested=not _is_main_guard(statement), function=function))
    for handler in [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]:
        handler.body = _marked(handler.body, places, nested=True, function=function)


def _is_main_guard(statement: ast.stmt) -> TypeGuard[ast.If]:
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
