"""To PyTorch: MXNet lets arrays that ask for gradients be changed anywhere, PyTorch inside of ``no_grad()`` only."""

from __future__ import annotations

import ast

from diptych.conversion.modes import is_recorded
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import alone_on_lines, wrap
from diptych.equivalence.model import Framework
from diptych.source.types import Api, Tensor


@on_node(ast.AugAssign, ast.Assign)
def updated(rewriter: Rewriter, node: ast.AugAssign | ast.Assign) -> bool:
    """``w -= rate * w.grad``: PyTorch changes what has a gradient inside of ``no_grad()`` only."""
    if rewriter.target is not Framework.PYTORCH or not _steps(rewriter, node) or is_recorded(rewriter, node):
        return False
    if _is_without_gradients(rewriter, node):
        return False
    wrapped = rewriter.memory.setdefault("without gradients", set())
    assert isinstance(wrapped, set)
    suite = rewriter.suite(node)
    if id(node) in wrapped or node not in suite:
        return False
    following = [node]
    for other in suite[suite.index(node) + 1 :]:
        if not isinstance(other, (ast.AugAssign, ast.Assign)) or not _steps(rewriter, other):
            break
        following.append(other)
    if not all(alone_on_lines(rewriter, item) for item in following):
        return False
    wrapped |= {id(item) for item in following}
    header = f"with {rewriter.names.spell('torch.no_grad', rewriter.scope_of(node))}():"
    wrap(rewriter, list(following), header, rewriter.record_for("torch.no_grad"))
    return False


def _is_without_gradients(rewriter: Rewriter, node: ast.AST) -> bool:
    """Whether ``torch.no_grad()`` stands around it already."""
    current = rewriter.parent(node)
    while current is not None:
        items = current.items if isinstance(current, ast.With) else []
        if any("no_grad" in ast.unparse(item.context_expr) for item in items):
            return True
        current = rewriter.parent(current)
    return False


def _steps(rewriter: Rewriter, node: ast.AugAssign | ast.Assign) -> bool:
    """Whether an array is changed in place by its gradient."""
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    if isinstance(node, ast.Assign) and (len(node.targets) > 1 or not isinstance(target, ast.Subscript)):
        return False
    array = target.value if isinstance(target, ast.Subscript) else target
    found = rewriter.type_of(array)
    if not isinstance(array, (ast.Name, ast.Subscript)) or isinstance(found, Api):
        return False
    if isinstance(found, Tensor) and (found.framework is not rewriter.origin or found.parameter):
        return False
    return any(isinstance(inner, ast.Attribute) and inner.attr == "grad" for inner in ast.walk(node.value))
