"""Literals, and names that hold one: ``dim = 1`` above ``x.sum(dim)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.source.scopes import BindingKind

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


def settled(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """The literal that a name holds wherever this use is reached from; any other expression itself."""
    if not isinstance(node, ast.Name):
        return node
    _, bindings = rewriter.scope_of(node).resolve(node.id, (node.lineno, node.col_offset))
    values = [_part(binding.value, binding.index) for binding in bindings]
    plain = all(binding.kind is BindingKind.ASSIGN for binding in bindings)
    first = values[0] if values else None
    if first is None or not plain or isinstance(first, ast.List) or not is_fixed(first):
        return node
    return first if all(each is not None and ast.dump(each) == ast.dump(first) for each in values) else node


def _part(value: ast.expr | None, index: tuple[int, ...]) -> ast.expr | None:
    """What ``dim, keepdim = 1, True`` gives a name; None where the text does not show it."""
    for step in index:
        if not isinstance(value, (ast.Tuple, ast.List)) or not 0 <= step < len(value.elts):
            return None
        if any(isinstance(item, ast.Starred) for item in value.elts):
            return None
        value = value.elts[step]
    return value


def settled_text(rewriter: Rewriter, node: ast.expr, text: str) -> str:
    """``text`` of an argument, or that of the literal its name holds."""
    literal = settled(rewriter, node)
    return text if literal is node else ast.unparse(literal)


def is_fixed(node: ast.expr) -> bool:
    """Whether it is a literal that nothing can change."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(is_fixed(item) for item in node.elts)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.Constant)
