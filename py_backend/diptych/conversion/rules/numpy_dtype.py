"""``numpy.finfo(x.dtype)``: MXNet's dtypes are NumPy's own, of PyTorch's NumPy knows the names."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Framework
from diptych.source.scopes import BindingKind
from diptych.source.types import Tensor


@on_node(ast.Attribute)
def given_to_numpy(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """To PyTorch: the dtype's name, where a function of NumPy takes the dtype."""
    if node.attr != "dtype" or not isinstance(node.ctx, ast.Load) or rewriter.target is not Framework.PYTORCH:
        return False
    found = rewriter.type_of(node.value)
    if not isinstance(found, Tensor) or found.framework is not Framework.MXNET or not taken_by_numpy(rewriter, node):
        return False
    record = rewriter.record_for(f"{found.path}.dtype")
    rewriter.replace(node, "str(", rewriter.range(node.value), ".dtype).removeprefix('torch.')", record=record)
    return True


def taken_by_numpy(rewriter: Rewriter, node: ast.AST) -> bool:
    """Whether the innermost call that ``node`` is an argument of is one of NumPy's."""
    inner, around = node, rewriter.parent(node)
    while isinstance(around, (ast.keyword, ast.List, ast.Tuple)):
        inner, around = around, rewriter.parent(around)
    return isinstance(around, ast.Call) and inner is not around.func and _is_numpy(rewriter, around.func)


def _is_numpy(rewriter: Rewriter, function: ast.expr) -> bool:
    root = function
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    _, bindings = rewriter.scope_of(root).resolve(root.id, (root.lineno, root.col_offset))
    return bool(bindings) and all(
        binding.kind is BindingKind.IMPORT and binding.path.partition(".")[0] == "numpy" for binding in bindings
    )
