"""The very dtype of an array, where the text tells it: MXNet's nd refuses to compute with two widths at once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.equivalence.model import Framework
from diptych.source.calls import argument, family_of_data
from diptych.source.types import Api, Family, Instance, Role, Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

_UNUSUAL = frozenset(("float64", "double", "float16", "half", "int32", "int", "int16", "short", "int8", "uint8"))
_CASTS = {"float": "float32", "double": "float64", "half": "float16", "long": "int64", "int": "int32", "bool": "bool"}
_NAMES = {**_CASTS, "short": "int16"}
_FLOATS = frozenset(("ones", "zeros", "rand", "randn", "empty"))
_KEEP = frozenset(
    [
        "reshape",
        "view",
        "flatten",
        "t",
        "T",
        "detach",
        "clone",
        "cpu",
        "cuda",
        "contiguous",
        "squeeze",
        "unsqueeze",
        "mean",
        "max",
        "min",
        "relu",
        "abs",
        "exp",
        "sqrt",
        "clamp",
        "transpose",
        "permute",
    ]
)
_OF_FAMILY = {Family.FLOAT: "float32", Family.INTEGER: "int64", Family.BOOLEAN: "bool"}
_LIMIT = 12


def names_widths(rewriter: Rewriter) -> bool:
    """Whether the unit names a dtype beside the usual float32 and int64."""
    known = rewriter.memory.get("unusual dtypes")
    if not isinstance(known, bool):
        known = any(
            (isinstance(node, ast.Attribute) and node.attr in _UNUSUAL)
            or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _UNUSUAL)
            for node in ast.walk(rewriter.source.tree)
        )
        rewriter.memory["unusual dtypes"] = known
    return known


def exact_dtype(rewriter: Rewriter, node: ast.expr, depth: int = 0) -> str | None:
    """The dtype of PyTorch's array ``node``; None where the text does not tell it."""
    found = rewriter.type_of(node)
    if depth > _LIMIT or not isinstance(found, Tensor) or found.framework is not Framework.PYTORCH:
        return None
    if isinstance(node, ast.Name):
        _, bindings = rewriter.scope_of(node).resolve(node.id, (node.lineno, node.col_offset))
        values = [binding.value if not binding.index else None for binding in bindings]
        names = {exact_dtype(rewriter, value, depth + 1) if value is not None else None for value in values}
        return names.pop() if len(names) == 1 else None
    if isinstance(node, (ast.UnaryOp, ast.Subscript, ast.Attribute)):
        return exact_dtype(rewriter, node.operand if isinstance(node, ast.UnaryOp) else node.value, depth + 1)
    if isinstance(node, ast.Compare):
        return "bool"
    if isinstance(node, ast.BinOp):
        return _of_operation(rewriter, node, found, depth)
    return _of_call(rewriter, node, found, depth) if isinstance(node, ast.Call) else None


def _of_operation(rewriter: Rewriter, node: ast.BinOp, found: Tensor, depth: int) -> str | None:
    sides = [side for side in (node.left, node.right) if isinstance(rewriter.type_of(side), Tensor)]
    names = {exact_dtype(rewriter, side, depth + 1) for side in sides}
    name = names.pop() if len(names) == 1 else None
    if name is not None and found.dtype is Family.FLOAT and not name.startswith("float"):
        return "float32"
    return name


def _of_call(rewriter: Rewriter, node: ast.Call, found: Tensor, depth: int) -> str | None:
    function = rewriter.type_of(node.func)
    if isinstance(function, Instance) and function.role is Role.MODULE:
        return "float32"
    given = argument(node, None, "dtype")
    if given is not None:
        return _named(given)
    if isinstance(function, Api):
        return _of_function(rewriter, node, function.path.rpartition(".")[2], found, depth)
    if not isinstance(node.func, ast.Attribute):
        return None
    name = node.func.attr
    if name in _CASTS:
        return _CASTS[name]
    if name == "to" and node.args:
        return _named(node.args[0]) or exact_dtype(rewriter, node.func.value, depth + 1)
    if name == "argmax":
        return "int64"
    own = exact_dtype(rewriter, node.func.value, depth + 1)
    if name == "sum":
        return own if own is None or own.startswith("float") else "int64"
    return own if name in _KEEP else None


def _of_function(rewriter: Rewriter, node: ast.Call, name: str, found: Tensor, depth: int) -> str | None:
    if name in _FLOATS:
        return "float32"
    if name in ("tensor", "full"):
        family = family_of_data(
            argument(node, 1 if name == "full" else 0, "data" if name == "tensor" else "fill_value")
        )
        return (
            {Family.FLOAT: "float32", Family.INTEGER: "int64", Family.BOOLEAN: "bool"}.get(family) if family else None
        )
    if name == "argmax":
        return "int64"
    own = exact_dtype(rewriter, node.args[0], depth + 1) if node.args else None
    if name == "sum":
        return own if own is None or own.startswith("float") else "int64"
    return own if name in _KEEP else None


def _named(node: ast.expr) -> str | None:
    name = node.attr if isinstance(node, ast.Attribute) else None
    return _NAMES.get(name, name if name in _UNUSUAL | {"float32", "int64"} else None) if name else None
