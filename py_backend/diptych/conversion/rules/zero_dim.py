"""A single number: shape () in PyTorch, (1,) in nd; and arrays without elements, which nd can't make."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Range
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant
from diptych.source.types import Tensor

_SHAPE = frozenset(["shape", "ndim", "size"])
_CREATE = (
    *(f"torch.{name}" for name in ("ones", "zeros", "rand", "randn", "empty", "full")),
    *(f"torch.Tensor.new_{name}" for name in ("ones", "zeros", "empty", "full")),
)


@on_node(ast.Attribute)
def shape(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``x.sum().shape`` differs."""
    found = rewriter.type_of(node.value)
    if node.attr not in _SHAPE or not isinstance(found, Tensor) or found.framework is not rewriter.origin:
        return False
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in ("str", "repr"):
        rewriter.fail(node, "text", "A shape reads `torch.Size([2, 3])` in PyTorch and `(2, 3)` in MXNet.")
        return True
    if rewriter.dialect is not Dialect.ND or not (found.rank == 0 or _reduced(node.value)):
        return node.attr != "size"  # the same on both sides
    rewriter.fail(node, "zero-dim", "A single number has the shape () in PyTorch and (1,) in nd.")
    return True


def _reduced(value: ast.expr) -> bool:
    """Whether ``value`` is a reduction of everything: one number, whose rank is 1 in nd."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("sum", "mean", "max", "min", "argmax", "argmin", "prod", "norm")
        and not value.args
        and not value.keywords
    )


@on_node(ast.Call)
def number(rewriter: Rewriter, node: ast.Call) -> bool:
    """To MXNet's nd: ``float(x)`` -> ``float(x.asscalar())``; arrays of np are numbers by themselves."""
    if rewriter.dialect is Dialect.NP:
        return False
    if not isinstance(node.func, ast.Name) or node.func.id not in ("float", "int") or len(node.args) != 1:
        return False
    value = node.args[0]
    if rewriter.target is not Framework.MXNET or not isinstance(rewriter.type_of(value), Tensor):
        return False
    if rewriter.scope_of(node).resolve(node.func.id, (node.lineno, node.col_offset))[0] is not None:
        return False  # a name of the user's own
    plain = isinstance(value, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    inner: tuple[Range | str, ...] = (rewriter.range(value),) if plain else ("(", rewriter.range(value), ")")
    rewriter.replace(value, *inner, ".asscalar()", record=rewriter.record_for("torch.Tensor.item"))
    return False


@on_node(ast.FormattedValue)
def formatted(rewriter: Rewriter, node: ast.FormattedValue) -> bool:
    """``f"{x:.1f}"``: PyTorch formats a single number, MXNet's arrays know no format."""
    formats = rewriter.target is Framework.MXNET and node.format_spec is not None
    if formats and isinstance(rewriter.type_of(node.value), Tensor):
        rewriter.fail(node, "format", "MXNet's arrays take no format.", "Write `{x.item():.1f}`.")
    return False


@on_call(*_CREATE)
def empty(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``torch.zeros(0, 3)`` and ``torch.ones(())`` are refused."""
    sizes = [item.value for item in node.keywords if item.arg == "size"] or list(node.args)
    if use.path.endswith("full"):
        sizes = sizes[:1]
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = list(sizes[0].elts)
    if rewriter.dialect is not Dialect.ND or (sizes and all(constant(size) != 0 for size in sizes)):
        return False
    rewriter.fail(node, "zero-size", "nd has no arrays without elements and none of shape ().", "Convert to np.")
    rewriter.claim(node.func)
    return True
