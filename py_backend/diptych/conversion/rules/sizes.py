"""Methods that become attributes: ``x.size(0)`` -> ``x.shape[0]``, ``x.numel()`` <-> ``x.size``."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Part
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.calls import argument
from diptych.source.types import Plain, Tensor


@on_call("torch.Tensor.size", "torch.Tensor.numel", "torch.Tensor.nelement", "torch.numel")
def to_attribute(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet, where ``size`` is the number of elements."""
    record = rewriter.record_for(use.path)
    array = use.receiver or argument(node, 0, "input")
    if record is None or array is None or any(isinstance(item, ast.Starred) for item in node.args):
        return False
    given = len(node.args) + len(node.keywords) - (use.receiver is None)
    dimension = argument(node, 0, "dim") if use.path.endswith(".size") else None
    if given > (dimension is not None):
        return False
    plain = isinstance(array, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    parts: list[Part] = [rewriter.range(array)] if plain else ["(", rewriter.range(array), ")"]
    parts += [".shape" if use.path.endswith(".size") else ".size"]
    parts += ["[", rewriter.range(dimension), "]"] if dimension is not None else []
    rewriter.claim_only(node.func)
    if use.receiver is None:
        rewriter.claim(node.func)
    rewriter.replace(node, *parts, record=record)
    return True


@on_node(ast.Attribute)
def to_method(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """To PyTorch, where ``size`` is a method that gives the shape."""
    found = rewriter.type_of(node.value) if node.attr == "size" else None
    if not isinstance(found, Tensor) or found.framework is not rewriter.origin or found.parameter:
        return False
    if rewriter.target is not Framework.PYTORCH or not isinstance(node.ctx, ast.Load):
        return False
    rewriter.replace(node, rewriter.range(node.value), ".numel()", record=rewriter.record_for("torch.Tensor.numel"))
    return True


@on_node(ast.Call)
def of_a_shape(rewriter: Rewriter, node: ast.Call) -> bool:
    """To MXNet, whose shapes are plain tuples: ``x.shape.numel()``."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "numel" or node.args or node.keywords:
        return False
    if rewriter.target is not Framework.MXNET or rewriter.type_of(node.func.value) is not Plain.SIZE:
        return False
    product = rewriter.names.spell("math.prod", rewriter.scope_of(node))
    rewriter.claim_only(node.func)
    rewriter.replace(node, f"{product}(", rewriter.range(node.func.value), ")")
    return True
