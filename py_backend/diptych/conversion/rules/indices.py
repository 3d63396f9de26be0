"""``x.argmax(1)``: the same places, as integers in PyTorch and as floats in nd."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect, Framework
from diptych.source.types import Family, Tensor


@on_call(
    "torch.Tensor.argmax",
    "torch.argmax",
    "torch.Tensor.argmin",
    "torch.argmin",
    "mxnet.nd.NDArray.argmax",
    "mxnet.nd.argmax",
    "mxnet.nd.NDArray.argmin",
    "mxnet.nd.argmin",
)
def places(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Says so; the record's mapping of arguments writes the call."""
    if rewriter.dialect is Dialect.ND:
        rewriter.inform(node, "dtype", f"`{use.path.rpartition('.')[2]}` gives int64 in PyTorch and float32 in nd.")
        given = rewriter.type_of(node)
        whole = isinstance(given, Tensor) and given.dtype is Family.INTEGER
        if rewriter.target is Framework.PYTORCH and not whole and not _only_compared(rewriter, node):
            rewriter.replace(node, rewriter.range(node), ".float()", record=rewriter.record_for(use.path))
    return False


def _only_compared(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether the places are read only where integers do as well as floats."""
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Attribute):
        return parent.attr in ("dtype", "shape", "astype", "asscalar")
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        name = parent.targets[0].id
        reads = [item for item in rewriter.source.nodes.named(name) if isinstance(item.ctx, ast.Load)]
        return all(
            not isinstance(rewriter.parent(item), ast.Assign) and _only_compared(rewriter, item) for item in reads
        )
    return isinstance(parent, (ast.Compare, ast.Expr, ast.FormattedValue)) or (
        isinstance(parent, ast.Call) and ast.unparse(parent.func) == "print"
    )
