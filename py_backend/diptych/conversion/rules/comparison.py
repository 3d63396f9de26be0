"""``predicted == y``: MXNet's nd compares arrays of one dtype only, and its ``argmax`` gives floats."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.numpy_dtype import taken_by_numpy
from diptych.equivalence.model import Dialect, Framework
from diptych.source.types import Family, Tensor


@on_node(ast.Compare)
def one_dtype(rewriter: Rewriter, node: ast.Compare) -> bool:
    """To MXNet: the other side takes the dtype of the integers, whose kind differs between the two frameworks."""
    if rewriter.target is not Framework.MXNET or rewriter.dialect is not Dialect.ND or len(node.ops) != 1:
        return False
    left, right = node.left, node.comparators[0]
    types = rewriter.type_of(left), rewriter.type_of(right)
    if not all(isinstance(found, Tensor) and found.framework is rewriter.origin for found in types):
        return False
    families = [found.dtype for found in types if isinstance(found, Tensor)]
    if Family.INTEGER not in families or Family.FLOAT in families:
        return False
    kept, cast = (left, right) if families[0] is Family.INTEGER else (right, left)
    record = rewriter.record_for("torch.Tensor.__eq__")
    if isinstance(kept, ast.Name):
        rewriter.replace(cast, rewriter.range(cast), f".astype({kept.id}.dtype)", record=record)
    else:
        rewriter.replace(cast, rewriter.range(cast), ".astype('float32')", record=record)
        rewriter.replace(kept, rewriter.range(kept), ".astype('float32')", record=record)
    return False


@on_node(ast.Attribute)
def dtype(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``y.dtype`` means the same on both sides, as long as it is only handed on."""
    found = rewriter.type_of(node.value)
    if node.attr != "dtype" or not isinstance(found, Tensor):
        return False
    parent = rewriter.parent(node)
    named = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in ("str", "repr")
    numpy = rewriter.target is Framework.PYTORCH and taken_by_numpy(rewriter, node)
    return isinstance(parent, ast.Call) and not named and not numpy
