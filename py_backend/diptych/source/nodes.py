"""The nodes of a unit, walked once: what is around each, the scope it is evaluated in, and where each name stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

from diptych.source.knowledge import words
from diptych.source.scopes import Scope, children

N = TypeVar("N", bound=ast.AST)

# What holds no node, or only ones that nothing asks for (contexts, operators).
_BARE = words(
    """
    id attr arg name asname module level rest kwd_attrs kind simple is_async conversion type_comment type_ignores ctx
    op ops
    """
)
_LEAVES = (ast.Constant, ast.Name, ast.Global, ast.Nonlocal, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop)
_SCOPED = frozenset(
    (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Lambda,
        ast.ListComp,
        ast.SetComp,
        ast.DictComp,
        ast.GeneratorExp,
    )
)


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of each kind of node that may hold nodes, the last first."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        leaf = issubclass(kind, _LEAVES)
        self[kind] = () if leaf else tuple(name for name in reversed(kind._fields) if name not in _BARE)
        return self[kind]


_FIELDS = _Fields()


class Nodes:
    """Every node below the root of a unit; ``ordered`` are those with a place in the text, the outer before the inner,
    the earlier before the later."""

    def __init__(self, root: ast.Module, scope: Scope) -> None:
        self._around: dict[ast.AST, ast.AST] = {}
        self._scopes: dict[ast.AST, Scope] = {root: scope}
        self.ordered = _in_order(self._walk(root))

    def _walk(self, root: ast.AST) -> list[ast.AST]:
        around, scopes = self._around, self._scopes
        found: list[ast.AST] = []
        stack = [root]
        while stack:
            node = stack.pop()
            found.append(node)
            kind, scope = type(node), scopes[node]
            if kind in _SCOPED:
                for child, inside in reversed(children(node, scope)):
                    around[child], scopes[child] = node, inside
                    stack.append(child)
                continue
            for name in _FIELDS[kind]:
                value = getattr(node, name)
                if value.__class__ is list:
                    for child in reversed(value):
                        if child is not None:  # `**more` in a dictionary has no key
                            around[child], scopes[child] = node, scope
                            stack.append(child)
                elif value is not None:
                    around[value], scopes[value] = node, scope
                    stack.append(value)
        return found

    def around(self, node: ast.AST) -> ast.AST | None:
        """The node right around ``node``, None around the root."""
        return self._around.get(node)

    def scope_of(self, node: ast.AST) -> Scope | None:
        """The scope in which ``node`` is evaluated; None where it is no node of this unit."""
        return self._scopes.get(node)

    def of(self, kind: type[N]) -> list[N]:
        """Every node of exactly this kind, in the order of the text."""
        return self._by_kind.get(kind, [])  # type: ignore[return-value]  # they are filed by their kind

    def named(self, name: str) -> list[ast.Name]:
        """Every place that reads, binds or deletes ``name`` as a name, in any scope, in the order of the text."""
        return self._names.get(name, [])

    def attributes(self, *names: str) -> Iterator[ast.Attribute]:
        """Every attribute of one of these names."""
        for name in names:
            yield from self._attributes.get(name, ())

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self.ordered:
            found.setdefault(type(node), []).append(node)
        return found

    @cached_property
    def _names(self) -> dict[str, list[ast.Name]]:
        found: dict[str, list[ast.Name]] = {}
        for node in self.of(ast.Name):
            found.setdefault(node.id, []).append(node)
        return found

    @cached_property
    def _attributes(self) -> dict[str, list[ast.Attribute]]:
        found: dict[str, list[ast.Attribute]] = {}
        for node in self.of(ast.Attribute):
            found.setdefault(node.attr, []).append(node)
        return found


def inside(node: ast.AST) -> list[ast.AST]:
    """``node`` and all that is inside it, but for contexts and operators."""
    found: list[ast.AST] = []
    stack = [node]
    while stack:
        current = stack.pop()
        found.append(current)
        for name in _FIELDS[type(current)]:
            value = getattr(current, name)
            if value.__class__ is list:
                stack += [child for child in reversed(value) if child is not None]
            elif value is not None:
                stack.append(value)
    return found


def placed_inside(node: ast.AST) -> list[ast.AST]:
    """As ``inside``, those with a place in the text, the outer before the inner, the earlier before the later."""
    return _in_order(inside(node))


def _in_order(nodes: list[ast.AST]) -> list[ast.AST]:
    placed = [node for node in nodes if node._attributes]
    placed.sort(key=attrgetter("end_lineno", "end_col_offset"), reverse=True)
    placed.sort(key=attrgetter("lineno", "col_offset"))  # a stable sort: of two that begin together the longer is first
    return placed
