"""What dtypes and devices are asked: ``x.dtype is torch.float32``, ``x.device.type == 'cuda'``; and ``2 in x``."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant
from diptych.source.types import Tensor

_KINDS = {"cuda": "gpu", "cpu": "cpu"}
_TEXTS = ("str", "repr", "format")
_BUILTIN = {"bool": "bool", "int": "int64", "float": "float64"}
_NAMED = ("float16", "float32", "float64", "int8", "int32", "int64", "uint8", "bool")


def _of_array(rewriter: Rewriter, node: ast.AST, *names: str) -> bool:
    """Whether ``node`` is such an attribute of an array of PyTorch's."""
    if not isinstance(node, ast.Attribute) or node.attr not in names:
        return False
    found = rewriter.type_of(node.value)
    return isinstance(found, Tensor) and found.framework is Framework.PYTORCH


@on_node(ast.Compare)
def identity(rewriter: Rewriter, node: ast.Compare) -> bool:
    """``x.dtype is torch.float32`` -> ``==``: MXNet's dtypes are equal to NumPy's classes, and other objects."""
    if rewriter.target is not Framework.MXNET or len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        return False
    if not any(_of_array(rewriter, side, "dtype", "device") for side in (node.left, node.comparators[0])):
        return False
    first, second = rewriter.range(node.left), rewriter.range(node.comparators[0])
    operator = "==" if isinstance(node.ops[0], ast.Is) else "!="
    rewriter.replace(node, first, f" {operator} ", second, record=rewriter.record_for("torch.Tensor.dtype"))
    return False


@on_node(ast.Compare)
def named(rewriter: Rewriter, node: ast.Compare) -> bool:
    """``x.dtype == 'float32'``, ``x.dtype == bool`` -> ``x.dtype == torch.float32``: PyTorch's are no texts."""
    if rewriter.target is not Framework.PYTORCH or len(node.ops) != 1:
        return False
    sides = (node.left, node.comparators[0])
    for side, other in (sides, sides[::-1]):
        builtin = isinstance(other, ast.Name) and other.id in _BUILTIN and _is_builtin(rewriter, other)
        name = _BUILTIN[other.id] if builtin and isinstance(other, ast.Name) else constant(other)
        if not isinstance(side, ast.Attribute) or side.attr != "dtype" or not isinstance(name, str):
            continue
        found = rewriter.type_of(side.value)
        if not isinstance(found, Tensor) or found.framework is not Framework.MXNET:
            continue
        if rewriter.dialect is Dialect.ND or name not in _NAMED:
            rewriter.fail(node, "dtype", f"nd's dtypes are never equal to `{name}`.")
            return True
        text = rewriter.names.spell(f"torch.{name}", rewriter.scope_of(node))
        rewriter.replace(other, text, record=rewriter.record_for("mxnet.np.ndarray.dtype"))
    return False


def _is_builtin(rewriter: Rewriter, name: ast.Name) -> bool:
    return rewriter.scope_of(name).resolve(name.id, (name.lineno, name.col_offset))[0] is None


@on_node(ast.Compare)
def contained(rewriter: Rewriter, node: ast.Compare) -> bool:
    """``2 in x``: NumPy is asked element by element, since MXNet cuts 2.5 off to 2 beside integers."""
    if rewriter.target is not Framework.MXNET or len(node.ops) != 1 or not isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return False
    array = node.comparators[0]
    found = rewriter.type_of(array)
    if not isinstance(found, Tensor) or found.framework is not Framework.PYTORCH or not isinstance(array, ast.Name):
        return False
    value = node.left if isinstance(node.left, (ast.Name, ast.Constant)) else None
    if value is None:
        rewriter.fail(node, "unmapped-argument", "MXNet's arrays do not know `in`.", "Write `(x == value).any()`.")
        return True
    of_array = ".asnumpy()" if isinstance(rewriter.type_of(value), Tensor) else ""
    absent = "not " if isinstance(node.ops[0], ast.NotIn) else ""
    parts = (f"{absent}bool((", rewriter.range(array), ".asnumpy() == ", rewriter.range(value), f"{of_array}).any())")
    rewriter.replace(node, *parts, record=rewriter.record_for("torch.Tensor.__contains__"))
    return True


@on_node(ast.Attribute)
def asked(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``x.device.type``, ``x.dtype.itemsize``."""
    if rewriter.target is not Framework.MXNET or not isinstance(node.value, ast.Attribute):
        return False
    if _of_array(rewriter, node.value, "dtype"):
        return _asked_of_dtype(rewriter, node)
    if not _of_array(rewriter, node.value, "device"):
        return False
    other = _compared(rewriter, node)
    kind = constant(other)
    if node.attr != "type" or other is None or not isinstance(kind, str) or kind not in _KINDS:
        rewriter.fail(node, "unmapped-argument", "A device is described in other words in MXNet.")
        return True
    rewriter.claim_only(node)
    record = rewriter.record_for("torch.Tensor.device")
    rewriter.replace(node, rewriter.range(node.value), ".device_type", record=record)
    rewriter.replace(other, f"'{_KINDS[kind]}'", record=record)
    return True


def _compared(rewriter: Rewriter, node: ast.expr) -> ast.expr | None:
    """What ``node`` is held equal or unequal to."""
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Compare) and isinstance(parent.ops[0], (ast.Eq, ast.NotEq)) and len(parent.ops) == 1:
        return parent.comparators[0] if parent.left is node else parent.left
    return None


def _asked_of_dtype(rewriter: Rewriter, node: ast.Attribute) -> bool:
    place, record = rewriter.range(node.value), rewriter.record_for("torch.Tensor.dtype")
    numpy = rewriter.names.spell("numpy.dtype", rewriter.scope_of(node)).removesuffix(".dtype")
    rewriter.claim_only(node)
    if node.attr == "itemsize":
        rewriter.replace(node, f"{numpy}.dtype(", place, ").itemsize", record=record)
    elif node.attr == "is_floating_point":
        rewriter.replace(node, f"{numpy}.issubdtype(", place, f", {numpy}.floating)", record=record)
    else:
        rewriter.fail(node, "unmapped-argument", f"MXNet's dtypes have no `{node.attr}`.")
    return True


@on_node(ast.Attribute)
def as_text(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``str(x.device)``, ``f'{x.dtype}'``: other words."""
    found = rewriter.type_of(node.value)
    if node.attr not in ("dtype", "device", "ctx", "context") or not isinstance(found, Tensor):
        return False
    if found.framework is not rewriter.origin:
        return False
    parent = rewriter.parent(node)
    named = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _TEXTS
    if named:
        rewriter.fail(
            node, "text", f"The text of `{node.attr}` differs: `torch.float32` and `cpu` are words of PyTorch's."
        )
    return named
