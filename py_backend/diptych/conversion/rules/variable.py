"""``Variable(x)`` -> ``x``: since PyTorch 0.4 tensors are variables themselves."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import remove_statement
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.types import Api

_VARIABLE = Api("torch.autograd.Variable")


@on_node(ast.Assign)
def rebinding(rewriter: Rewriter, node: ast.Assign) -> bool:
    """``X, y = Variable(X), Variable(y)`` goes: it would become ``X, y = X, y``."""
    if len(node.targets) != 1 or rewriter.target is not Framework.MXNET:
        return False
    targets, values = _items(node.targets[0]), _items(node.value)
    if len(targets) != len(values):
        return False
    for target, value in zip(targets, values, strict=True):
        if not isinstance(value, ast.Call) or len(value.args) != 1 or value.keywords:
            return False
        name = value.args[0]
        same = isinstance(target, ast.Name) and isinstance(name, ast.Name) and target.id == name.id
        if not same or rewriter.type_of(value.func) != _VARIABLE:
            return False
    rewriter.claim(node)
    rewriter.records["variable"] = None
    remove_statement(rewriter, node)
    return True


def _items(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


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
