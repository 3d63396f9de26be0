"""``Variable(x)`` -> ``x``: since PyTorch 0.4 tensors are variables themselves."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use


@on_call("torch.autograd.Variable")
def variable(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Only the plain form: ``requires_grad=True`` has a counterpart of its own (``attach_grad``)."""
    if len(node.args) != 1 or node.keywords:
        message = "`Variable` with options has no counterpart: call `x.attach_grad()` in MXNet."
        rewriter.fail(node, "unmapped-argument", message, comment="Variable with options")
        rewriter.claim(node.func)
        return True
    rewriter.claim(node.func)
    rewriter.replace(node, rewriter.range(node.args[0]), record=rewriter.record_for(use.path))
    return True
