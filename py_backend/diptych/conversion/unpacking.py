"""Arguments that a starred name holds: ``args = (x, 1)`` above ``torch.cumsum(*args)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.conversion.edits import Range
from diptych.conversion.layout import in_source_order
from diptych.source.scopes import BindingKind

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

Item = ast.expr | ast.keyword


def passed(rewriter: Rewriter, call: ast.Call) -> list[tuple[Item, Range]]:
    """The arguments of a call as they stand in the text, those in place of a starred name that the text tells.

    A keyword out of a dictionary comes with the range of its value, any other with its own."""
    found: list[tuple[Item, Range]] = []
    for item, slot in zip(in_source_order(call), rewriter.slots(call)[0], strict=True):
        held = _held(rewriter, item)
        found += [(item, slot)] if held is None else [(each, _range(rewriter, each)) for each in held]
    return found


def is_unpacked(item: ast.keyword) -> bool:
    """Whether a keyword was made from the entry of a dictionary."""
    return not hasattr(item, "lineno")


def _range(rewriter: Rewriter, item: Item) -> Range:
    return rewriter.range(item.value if isinstance(item, ast.keyword) else item)


def _held(rewriter: Rewriter, item: Item) -> list[Item] | None:
    """What ``*args`` or ``**options`` passes; None for other arguments, and where it can't be told."""
    if isinstance(item, ast.Starred):
        value = _only_value(rewriter, item.value)
        fits = isinstance(value, (ast.Tuple, ast.List)) and all(_is_steady(rewriter, each) for each in value.elts)
        return [*value.elts] if fits and isinstance(value, (ast.Tuple, ast.List)) else None
    if not isinstance(item, ast.keyword) or item.arg is not None:
        return None
    value = _only_value(rewriter, item.value)
    if not isinstance(value, ast.Dict) or not all(_is_steady(rewriter, each) for each in value.values):
        return None
    names = [key.value if isinstance(key, ast.Constant) else None for key in value.keys]
    if not all(isinstance(name, str) for name in names):
        return None
    return [ast.keyword(arg=str(name), value=each) for name, each in zip(names, value.values, strict=True)]


def _only_value(rewriter: Rewriter, node: ast.expr) -> ast.expr | None:
    """What a name holds all along: it is bound once, and read for nothing but to be unpacked."""
    if not isinstance(node, ast.Name):
        return None
    scope, bindings = rewriter.scope_of(node).resolve(node.id, (node.lineno, node.col_offset))
    if scope is None or len(scope.bindings.get(node.id, ())) != 1 or len(bindings) != 1:
        return None
    binding = bindings[0]
    if binding.kind is not BindingKind.ASSIGN or binding.index:
        return None
    loads = [each for each in rewriter.source.nodes.named(node.id) if isinstance(each.ctx, ast.Load)]
    return binding.value if all(_unpacks(rewriter.parent(each)) for each in loads) else None


def _unpacks(parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Starred) or (isinstance(parent, ast.keyword) and parent.arg is None)


def _is_steady(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether an expression gives the same where it is unpacked as where the tuple was made."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(_is_steady(rewriter, each) for each in node.elts)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    root = node
    while isinstance(root, ast.Attribute):  # torch.float32
        root = root.value
    if not isinstance(root, ast.Name):
        return isinstance(root, ast.Constant)
    scope, _ = rewriter.scope_of(root).resolve(root.id, (root.lineno, root.col_offset))
    bindings = scope.bindings.get(root.id, []) if scope is not None else []
    if len(bindings) != 1 or bindings[0].loops:  # what a loop binds may be another thing by then
        return False
    kind = bindings[0].kind
    return kind is BindingKind.IMPORT or (root is node and kind in (BindingKind.ASSIGN, BindingKind.PARAMETER))
