"""Which names may share their memory: a view and what it is a view of."""

from __future__ import annotations

import ast

from diptych.conversion.index_parts import ARRAYS, Index, parts_of
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import use_of
from diptych.source.scopes import Scope

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
_COPIED = ARRAYS - {Index.UNKNOWN}  # what masks and arrays of indices pick is a copy on both sides


def shares_memory(rewriter: Rewriter, scope: Scope, name: str) -> bool:
    """Whether some name of the scope is made of ``name``, or ``name`` of another, by something that may share."""
    for own, bindings in scope.bindings.items():
        for binding in bindings:
            value = binding.value
            if value is None or binding.scope is not scope:
                continue
            roots = _roots(rewriter, value, scope)
            if (own == name and roots) or name in roots:
                return True
    return False


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


def _roots(rewriter: Rewriter, value: ast.expr, scope: Scope) -> set[str]:
    """The names whose memory ``value`` may share by an operation (not by being another name of the same array)."""
    shares = False
    while True:
        if isinstance(value, ast.Subscript):
            if any(kind in _COPIED for kind, _ in parts_of(rewriter, value)):
                return set()
            shares, value = True, value.value
        elif isinstance(value, ast.Attribute):
            shares, value = shares or value.attr in _SHARING, value.value
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            if value.func.attr not in _SHARING:
                return set()
            use = use_of(rewriter.source, value.func, scope)
            function = use is not None and use.receiver is None
            if function and not value.args:
                return set()
            shares, value = True, value.args[0] if function else value.func.value
        else:
            break
    return {value.id} if shares and isinstance(value, ast.Name) else set()
