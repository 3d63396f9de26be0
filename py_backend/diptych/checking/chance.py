"""Names whose values chance or the machine decides: no comparison of them would say anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from diptych.checking.story import Step

RANDOM = "it depends on random numbers that both sides do not share"
MACHINE = "it depends on the clock or the machine"
# Calls by the end of their names, as the text writes them.
_MACHINE = re.compile(
    r"(^|\.)(now|utcnow|today|uuid[14]|getpid|urandom|token_hex|token_bytes|gettempdir|mkdtemp|getcwd|time_ns"
    r"|perf_counter_ns|ctime|strftime|localtime)$|^id$|^hash$"
)


def by_chance(text: str, steps: tuple[Step, ...]) -> dict[str, str]:
    """The names of one side, and why. What is computed from such a value is such a value too."""
    statements = _Statements(text)
    found: dict[str, str] = {}
    for step in steps:
        loaded = statements.loaded(step.first, step.last) if not step.end else set()
        reason = RANDOM if step.random else ""
        reason = reason or (MACHINE if statements.asks_the_machine(step.first, step.last) and not step.end else "")
        reason = reason or next((found[name] for name in loaded if name in found), "")
        if reason:
            for name in step.changed:
                found.setdefault(root(name), reason)
    return found


def computed_from(text: str, steps: tuple[Step, ...], sources: set[str]) -> set[str]:
    """The variables that hold something computed from one of ``sources``."""
    statements = _Statements(text)
    found = set(sources)
    for step in steps:
        if not step.end and statements.loaded(step.first, step.last) & found:
            found |= {root(name) for name in step.changed}
    return found


def root(name: str) -> str:
    """The variable of a row: ``net`` of ``net[0].grad`` and of ``main:net[0]``."""
    return re.split(r"[.\[]", name, maxsplit=1)[0].rpartition(":")[2]


class _Statements:
    """What the statements of a text load and call, the functions that they call included."""

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        self._nodes = {(_first(node), node.end_lineno): node for node in ast.walk(tree) if isinstance(node, ast.stmt)}
        kinds = (ast.FunctionDef, ast.ClassDef)
        self._definitions = {node.name: node for node in ast.walk(tree) if isinstance(node, kinds)}

    def loaded(self, first: int, last: int) -> set[str]:
        """Names that the statement reads."""
        return {node.id for node in self._reached(first, last) if isinstance(node, ast.Name) and _is_load(node)}

    def asks_the_machine(self, first: int, last: int) -> bool:
        """Whether it reads a clock that is not shared, an identifier, or the like."""
        calls = (node for node in self._reached(first, last) if isinstance(node, ast.Call))
        return any(_MACHINE.search(ast.unparse(call.func)) for call in calls)

    def _reached(self, first: int, last: int) -> Iterator[ast.AST]:
        node = self._nodes.get((first, last))
        if node is None or isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return
        stack: list[ast.AST] = [node]
        entered: set[str] = set()
        while stack:
            for each in ast.walk(stack.pop()):
                yield each
                if isinstance(each, ast.Name) and each.id in self._definitions and each.id not in entered:
                    entered.add(each.id)
                    stack.append(self._definitions[each.id])


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
