"""``x += 1`` where another name may share the memory: PyTorch and MXNet's nd share in different cases."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.sharing import shares_memory, shares_with_numpy
from diptych.source.types import Tensor


@on_node(ast.AugAssign)
def updated(rewriter: Rewriter, node: ast.AugAssign) -> bool:
    """``x += 1``."""
    target = node.target.value if isinstance(node.target, ast.Subscript) else node.target
    return _refuse_shared(rewriter, node, target)


@on_node(ast.Assign)
def element(rewriter: Rewriter, node: ast.Assign) -> bool:
    """``x[0] = 1``."""
    targets = [target.value for target in node.targets if isinstance(target, ast.Subscript)]
    return any(_refuse_shared(rewriter, node, target) for target in targets)


def _refuse_shared(rewriter: Rewriter, node: ast.stmt, target: ast.expr) -> bool:
    found, scope = rewriter.type_of(target), rewriter.scope_of(node)
    if not isinstance(target, ast.Name):
        return False
    if not isinstance(found, Tensor):
        if not shares_with_numpy(rewriter, scope, target.id, node.lineno):
            return False
    elif found.framework is not rewriter.origin or not shares_memory(rewriter, scope, target.id, node):
        return False
    rewriter.fail(
        node,
        "shared-memory",
        f"`{target.id}` may share its memory with another array here, and not in the same cases on both sides.",
        f"Make a new array: `{target.id} = {target.id} + ...`.",
        comment="arrays may share memory here",
    )
    return True
