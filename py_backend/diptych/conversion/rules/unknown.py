"""Methods and attributes of something unknown: those that only this framework's arrays have are not left in silence."""

from __future__ import annotations

import ast
import io
from functools import cache

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.catalog import load
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant
from diptych.source.knowledge import words
from diptych.source.scopes import BindingKind


def refuse_unknown(rewriter: Rewriter, node: ast.Call) -> None:
    """A method that only this framework's objects have, on something unknown: it stays, and that is said."""
    function = node.func
    if not isinstance(function, ast.Attribute) or not _tells(rewriter, node, function.attr):
        return
    if function.attr in _WITH_TWO and len(node.args) != 2 and rewriter.origin is Framework.PYTORCH:
        return  # NumPy's, which takes every dimension or none
    if function.attr in _OF_DIMENSIONS and not node.args and not node.keywords:
        return  # of all elements, which is the same on both sides
    if _is_unknown(rewriter, function.value):
        _refuse(rewriter, node, function)


@on_node(ast.Attribute)
def attribute(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``x.is_cuda``, ``x.requires_grad = True``."""
    parent = rewriter.parent(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    if not called and node.attr in _ATTRIBUTES[rewriter.origin] and _is_unknown(rewriter, node.value):
        _refuse(rewriter, node, node)
    return False


def _is_unknown(rewriter: Rewriter, value: ast.expr) -> bool:
    if rewriter.origin not in rewriter.source.frameworks or rewriter.type_of(value) is not None:
        return False
    root = value
    while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
        root = root.func if isinstance(root, ast.Call) else root.value
    if not isinstance(root, ast.Name):
        return not isinstance(root, (ast.Constant, ast.JoinedStr, ast.List, ast.Dict))
    _, bindings = rewriter.scope_of(root).resolve(root.id, (root.lineno, root.col_offset))
    return not any(binding.kind in (BindingKind.IMPORT, BindingKind.CLASS) for binding in bindings)


def _refuse(rewriter: Rewriter, node: ast.expr, function: ast.Attribute) -> None:
    message = f"Nothing says what `{rewriter.text(function.value)}` is, so `.{function.attr}` stays as it was."
    advice = "Annotate it, or convert the code that creates it as well."
    rewriter.fail(node, "unknown-receiver", message, advice, comment=f"nothing says what `.{function.attr}` is of")


_WITH_TWO = frozenset(["transpose", "repeat"])  # of these MXNet's arrays have others by the same name
_OF_DIMENSIONS = frozenset(["max", "min"])  # PyTorch gives the places as well
# Beside the methods that only this framework's arrays have: those that its other objects have, or that give something
# else on the other side's arrays: unchanged, `a.std()` would go on without a word. In-place forms (`add_`) tell too.
_TELLING = {
    Framework.PYTORCH: words(
        """
        backward train eval zero_grad state_dict load_state_dict cuda parameters expand_as view_as sigmoid relu clamp
        softmax log_softmax gather transpose repeat topk std var norm argsort max min view size tolist
        """
    ),
    Framework.MXNET: words(
        """
        collect_params hybridize initialize backward set_data list_ctx reset_ctx std var norm argsort max min flatten
        expand_dims topk repeat
        """
    ),
}
# Methods that objects of other kinds and libraries have as well, such as pandas' and Matplotlib's.
_COMMON = words("type select where unique mode scatter sub median quantile diff indices storage slice pad roll")
# np's arrays name these methods and refuse each call of them, and `cumsum` at negative dimensions.
_ONLY_BY_NAME = words(
    """
    abs arccos arccosh arcsin arcsinh arctan arctanh ceil cos cosh cumsum diag exp expm1 fix flip floor log log10 log1p
    log2 log_softmax nansum norm reciprocal relu rsqrt sigmoid sign sin sinh softmax sqrt square tan tanh tile
    topk trunc
    """
)
_NOT_OF_ND = words("cumsum nonzero")  # methods of NumPy's arrays that nd's lack
_ATTRIBUTES = {
    Framework.PYTORCH: words(
        """
        is_cuda is_cpu is_mps is_xpu is_ipu is_maia is_meta is_sparse is_sparse_csr is_nested requires_grad grad_fn
        is_leaf mT mH itemsize nbytes
        """
    ),
    Framework.MXNET: words("stype grad_req fresh_grad"),
}
_ARRAYS = {Framework.PYTORCH: ("torch.Tensor",), Framework.MXNET: ("mxnet.np.ndarray", "mxnet.nd.NDArray")}
# What Python's own objects and NumPy's arrays have too.
_PYTHONS = frozenset(
    name for kind in (str, bytes, int, float, list, tuple, dict, set, io.TextIOWrapper) for name in dir(kind)
)
_NUMPYS = words(
    """
    all any argmax argmin argpartition argsort astype base byteswap choose clip compress conj conjugate copy cumprod
    cumsum data diagonal dot dtype dump dumps fill flags flat flatten getfield imag item itemset itemsize max mean min
    nbytes ndim newbyteorder nonzero partition prod ptp put ravel real repeat reshape resize round searchsorted setfield
    setflags shape size sort squeeze std strides sum swapaxes take tobytes tofile tolist tostring trace transpose var
    view
    """
)


def _tells(rewriter: Rewriter, call: ast.Call, method: str) -> bool:
    if rewriter.target is Framework.MXNET:
        words_ = {keyword.arg for keyword in call.keywords}
        if method in load().methods("torch.Tensor") and words_ & {"dim", "keepdim"}:
            return True
        if method == "flatten" and (rewriter.dialect is Dialect.ND or call.args):
            return True  # nd's keeps the first dimension, np's takes none
        if method == "select" and len(call.args) == 2 and not call.keywords:
            return True
        if rewriter.dialect is Dialect.ND and method in _NOT_OF_ND:
            return True
        if rewriter.dialect is Dialect.NP and method in _ONLY_BY_NAME and (method != "log" or not call.args):
            return True
    if method == "split" and call.args and constant(call.args[0]) is not None:
        return isinstance(constant(call.args[0]), int)  # a text is split at a text
    if method == "sort":
        return not isinstance(rewriter.parent(call), ast.Expr)  # Python's and NumPy's sort in place
    return method in _TELLING[rewriter.origin] or method in _own(rewriter.origin)


@cache
def _own(framework: Framework) -> frozenset[str]:
    """The methods that only arrays of this framework have."""
    others = {path for other in (framework.other,) for path in _ARRAYS[other]}
    found = {name for owner in _ARRAYS[framework] for name in load().methods(owner)}
    theirs = {name for owner in others for name in load().methods(owner)}
    return frozenset(found - theirs - _PYTHONS - _NUMPYS - _COMMON)
