"""``x[0]``, ``x[1:3, :]`` mean the same on both sides; masks and arrays of indices do not in MXNet's nd."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.source.types import Plain, Tensor


@on_node(ast.Subscript)
def indexed(rewriter: Rewriter, node: ast.Subscript) -> bool:
    """Refuses what is not known to be numbers and slices."""
    found = rewriter.type_of(node.value)
    if not isinstance(found, Tensor) or found.framework is not rewriter.origin:
        return False
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if all(_plain(rewriter, part) for part in parts):
        return False
    message = f"`{rewriter.text(node)}`: only numbers and slices are known to select the same on both sides."
    advice = "MXNet's nd takes a mask by `nd.contrib.boolean_mask`, an array of indices by `take`."
    rewriter.fail(node, "index", message, advice, comment="an index that may select other elements")
    return True


def _plain(rewriter: Rewriter, part: ast.expr) -> bool:
    if isinstance(part, ast.Slice):
        bounds = [bound for bound in (part.lower, part.upper, part.step) if bound is not None]
        return all(_plain(rewriter, bound) for bound in bounds)
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub):
        return _plain(rewriter, part.operand)
    if isinstance(part, ast.Constant):
        return part.value is Ellipsis or (isinstance(part.value, int) and not isinstance(part.value, bool))
    return rewriter.type_of(part) is Plain.NUMBER or _counts(rewriter, part)


def _counts(rewriter: Rewriter, part: ast.expr) -> bool:
    """A name that a loop over ``range`` or ``enumerate`` gives, or arithmetic of such."""
    if isinstance(part, ast.BinOp):
        return _plain(rewriter, part.left) and _plain(rewriter, part.right)
    if not isinstance(part, ast.Name):
        return False
    _, bindings = rewriter.scope_of(part).resolve(part.id, (part.lineno, part.col_offset))
    return bool(bindings) and all(
        isinstance(binding.value, ast.Call)
        and isinstance(binding.value.func, ast.Name)
        and (binding.value.func.id == "range" or (binding.value.func.id == "enumerate" and binding.index == (0,)))
        for binding in bindings
    )
