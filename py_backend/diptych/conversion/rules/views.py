"""``y = x[:, 1]; y += 1``: a view of ``x`` in PyTorch, a copy in nd unless it is a run of whole rows."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Dialect
from diptych.source.types import Tensor


@on_node(ast.AugAssign)
def in_place(rewriter: Rewriter, node: ast.AugAssign) -> bool:
    """``y += 1``."""
    target = node.target.value if isinstance(node.target, ast.Subscript) else node.target
    return _refuse_write(rewriter, node, target)


@on_node(ast.Assign)
def element(rewriter: Rewriter, node: ast.Assign) -> bool:
    """``y[0] = 1``."""
    targets = [target.value for target in node.targets if isinstance(target, ast.Subscript)]
    return any(_refuse_write(rewriter, node, target) for target in targets)


def _refuse_write(rewriter: Rewriter, node: ast.stmt, target: ast.expr) -> bool:
    if rewriter.dialect is not Dialect.ND or not isinstance(target, ast.Name):
        return False
    if not isinstance(rewriter.type_of(target), Tensor):
        return False
    _, bindings = rewriter.scope_of(target).resolve(target.id, (target.lineno, target.col_offset))
    if not any(_is_part(binding.value) for binding in bindings if not binding.index):
        return False
    rewriter.fail(
        node,
        "view",
        f"`{target.id}` is a part of another array: writing to it changes that array in PyTorch, in nd it may not.",
        "Write to the array itself: `x[:, 1] += 1`.",
    )
    return True


def _is_part(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Tuple)
