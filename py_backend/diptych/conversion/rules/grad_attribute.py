"""``x.grad = None``, ``x.grad = y``: MXNet's gradients are arrays that stay; they are written into."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.written import subscript
from diptych.equivalence.model import Framework
from diptych.source.types import Tensor


@on_node(ast.Attribute)
def written_into(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """To MXNet: ``x.grad[:] = y`` of an array whose gradient was asked for; another has no array to write into."""
    if node.attr != "grad" or not isinstance(node.ctx, ast.Store) or rewriter.target is not Framework.MXNET:
        return False
    found, statement = rewriter.type_of(node.value), rewriter.parent(node)
    if not isinstance(found, Tensor) or found.framework is not Framework.PYTORCH or found.parameter:
        return False
    record = rewriter.record_for("torch.Tensor.grad")
    place = f"[{subscript(rewriter, node.value)}]"
    if found.grad is not True or not isinstance(statement, (ast.Assign, ast.AugAssign)):
        message = f"Nothing says that a gradient of `{rewriter.text(node.value)}` was asked for."
        rewriter.fail(node, "gradient", message, "Call `x.requires_grad_()` before.", comment="MXNet has no array here")
        return True
    nothing = isinstance(statement.value, ast.Constant) and statement.value.value is None
    if nothing and isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        rewriter.replace(statement, rewriter.range(node), f"{place} = 0", record=record)
    else:
        rewriter.replace(node, rewriter.range(node), place, record=record)
    return True
