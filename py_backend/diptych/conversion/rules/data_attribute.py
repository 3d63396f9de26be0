"""``x.data -= y``: the array's own values are replaced, without a trace in the graph."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.written import subscript
from diptych.equivalence.model import Framework
from diptych.source.types import Tensor


@on_node(ast.Attribute)
def replaced(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """To MXNet: ``x[:] -= y``; what is given must be new, for PyTorch would share its memory from then on."""
    if node.attr != "data" or not isinstance(node.ctx, ast.Store) or rewriter.target is not Framework.MXNET:
        return False
    found = rewriter.type_of(node.value)
    if not isinstance(found, Tensor) or found.framework is not Framework.PYTORCH or found.parameter:
        return False
    statement = rewriter.parent(node)
    new = isinstance(statement, ast.AugAssign) or (
        isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.BinOp, ast.UnaryOp))
    )
    if not new:
        rewriter.fail(node, "shared-memory", "The array would share the memory of what `.data` is set to.")
        return True
    text = f"[{subscript(rewriter, node.value)}]"
    rewriter.replace(node, rewriter.range(node.value), text, record=rewriter.record_for("torch.Tensor.data"))
    return True
