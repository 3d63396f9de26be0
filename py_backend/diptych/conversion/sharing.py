"""Which names may share their memory: a view and what it is a view of."""

from __future__ import annotations

import ast

from diptych.conversion.index_parts import ARRAYS, Index, parts_of
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import use_of
from diptych.source.calls import constant
from diptych.source.scopes import Scope
from diptych.source.types import Plain

_SHARING = frozenset(
    [
        "view",
        "reshape",
        "flatten",
        "t",
        "T",
        "transpose",
        "permute",
        "squeeze",
        "unsqueeze",
        "expand",
        "view_as",
        "float",
        "double",
        "half",
        "long",
        "int",
        "bool",
        "short",
        "byte",
        "char",
        "type",
        "to",
        "cpu",
        "cuda",
        "contiguous",
        "astype",
        "as_in_context",
        "numpy",
        "asnumpy",
        "from_numpy",
        "swapaxes",
        "expand_dims",
        "broadcast_to",
        "slice_axis",
        "slice",
        "ravel",
        "unflatten",
        "reshape_as",
        "reshape_like",
        "reshape_view",
        "mT",
        "H",
        "mH",
        "adjoint",
        "movedim",
        "moveaxis",
        "rollaxis",
        "swapdims",
        "expand_as",
        "broadcast_tensors",
        "broadcast_arrays",
        "narrow",
        "select",
        "diag",
        "diagonal",
        "unfold",
        "as_strided",
        "unbind",
        "split",
        "split_with_sizes",
        "chunk",
        "tensor_split",
        "array_split",
        "hsplit",
        "vsplit",
        "dsplit",
        "unsafe_split",
        "unsafe_chunk",
        "atleast_1d",
        "atleast_2d",
        "atleast_3d",
        "meshgrid",
        "squeeze_",
        "unsqueeze_",
    ]
)
_OVERLAPPING = frozenset(["expand", "expand_as", "broadcast_to"])  # in PyTorch one element stands in several places
_COPIED = ARRAYS - {Index.UNKNOWN}  # what masks and arrays of indices pick is a copy on both sides


def shares_memory(rewriter: Rewriter, scope: Scope, name: str, change: ast.AST) -> bool:
    """Whether, where ``change`` changes ``name``, some name of the scope is made of it, or it of another, by something
    that may share. ``x = x.view(2, 3)`` leaves no name for the array that it was."""
    last = _last_line(rewriter, change)
    for own, bindings in scope.bindings.items():
        for binding in bindings:
            value = binding.value
            if value is None or binding.scope is not scope or value.lineno > last:
                continue
            roots = _roots(rewriter, value, scope)
            if own == name and roots - ({name} if _lost(scope, name) else set()):
                return True
            if own != name and name in roots:
                return True
    return False


def _last_line(rewriter: Rewriter, change: ast.AST) -> int:
    """The last line that may have run before ``change``: its own at the top of a module, any line in a loop."""
    current = rewriter.parent(change)
    while current is not None:
        if isinstance(current, (ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return 1 << 30
        current = rewriter.parent(current)
    return getattr(change, "lineno", 1 << 30)


def _lost(scope: Scope, name: str) -> bool:
    """Whether no other name holds an array that ``name`` held before."""
    for own, bindings in scope.bindings.items():
        if own == name:
            continue
        for binding in bindings:
            value = binding.value
            if value is not None and any(isinstance(node, ast.Name) and node.id == name for node in _handed(value)):
                return False
    return True


def _handed(value: ast.expr) -> list[ast.expr]:
    """What an expression may be, or hold, itself: ``x``, the entries of a list."""
    if isinstance(value, (ast.Tuple, ast.List)):
        return [inner for item in value.elts for inner in _handed(item)]
    if isinstance(value, ast.Dict):
        return [inner for item in value.values for inner in _handed(item)]
    if isinstance(value, ast.IfExp):
        return [*_handed(value.body), *_handed(value.orelse)]
    return [value.value] if isinstance(value, (ast.Starred, ast.NamedExpr)) else [value]


def shares_with_numpy(rewriter: Rewriter, scope: Scope, name: str, line: int) -> bool:
    """Whether ``name`` is a NumPy array that shares its memory with an array on one side only: ``y = x.numpy()``, or
    ``x = torch.from_numpy(y)``, above ``line``."""
    for own, bindings in scope.bindings.items():
        for binding in bindings:
            value = binding.value
            if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute) or value.lineno >= line:
                continue
            given = value.args[0] if value.args else None
            if value.func.attr == "from_numpy" and isinstance(given, ast.Name) and given.id == name:
                return True
            if own == name and value.func.attr in ("numpy", "asnumpy") and _roots(rewriter, value, scope):
                return True
    return False


def _in_both(rewriter: Rewriter, index: ast.expr) -> bool:
    """Whether a part along the first dimension alone is picked, which is a view on both sides: ``x[1]``, ``x[2:4]``."""
    if isinstance(index, ast.Slice):
        return index.step is None
    number = isinstance(constant(index), int) and not isinstance(constant(index), bool)
    return number or rewriter.type_of(index) is Plain.NUMBER


def _roots(rewriter: Rewriter, value: ast.expr, scope: Scope) -> set[str]:
    """The names whose memory ``value`` may share by an operation (not by being another name of the same array); a
    nameless one of an array whose own elements share theirs."""
    shares = overlaps = False
    while True:
        if isinstance(value, ast.Subscript):
            if any(kind in _COPIED for kind, _ in parts_of(rewriter, value)):
                return set()
            shares, value = shares or not _in_both(rewriter, value.slice), value.value
        elif isinstance(value, ast.Attribute):
            shares, value = shares or value.attr in _SHARING, value.value
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            if value.func.attr not in _SHARING:
                break
            use = use_of(rewriter.source, value.func, scope)
            function = use is not None and use.receiver is None
            if function and not value.args:
                return set()
            overlaps = overlaps or value.func.attr in _OVERLAPPING
            shares, value = True, value.args[0] if function else value.func.value
        else:
            break
    if overlaps and not isinstance(value, ast.Name):
        return {""}
    return {value.id} if shares and isinstance(value, ast.Name) else set()
