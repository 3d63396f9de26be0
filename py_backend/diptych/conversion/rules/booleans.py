"""``(x == y)``: nd's comparisons give 0 and 1 as numbers, PyTorch's a boolean tensor."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Dialect, Framework
from diptych.source.types import Family, Tensor

_COUNTED = frozenset(["sum"])  # the same number on both sides, whatever its dtype


@on_node(ast.Compare)
def comparison(rewriter: Rewriter, node: ast.Compare) -> bool:
    """To PyTorch: where the result is computed with, it becomes numbers again; counts are told to be integers."""
    if rewriter.dialect is not Dialect.ND or not _compares_arrays(rewriter, node):
        return False
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Attribute) and parent.attr in _COUNTED:
        _tell(rewriter, node)
        return False
    if rewriter.target is Framework.PYTORCH and not isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        known = [rewriter.type_of(item) for item in (node.left, *node.comparators)]
        if any(isinstance(item, Tensor) and item.dtype in (Family.INTEGER, Family.BOOLEAN) for item in known):
            message = "nd's comparison of integers gives integers, PyTorch's booleans."
            rewriter.fail(node, "dtype", message, "Compare floats: `x.astype('float32') == y`.")
            return False
        record = rewriter.record_for("mxnet.nd.NDArray.__eq__")
        rewriter.replace(node, "(", rewriter.range(node), ").float()", record=record)
        rewriter.inform(node, "dtype", "nd's comparison gives numbers of the arrays' own dtype; these are float32.")
    return False


def _compares_arrays(rewriter: Rewriter, node: ast.Compare) -> bool:
    if any(isinstance(operator, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for operator in node.ops):
        return False
    found = [rewriter.type_of(item) for item in (node.left, *node.comparators)]
    return any(isinstance(item, Tensor) and item.framework is rewriter.origin for item in found)


def _tell(rewriter: Rewriter, node: ast.Compare) -> None:
    rewriter.inform(node, "dtype", "A count of a comparison is an integer in PyTorch and a float in nd.")
