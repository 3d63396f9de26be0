"""``x[0]``, ``x[:, mask]``, ``x[k] = 0``: what selects the same on both sides, and what MXNet would get wrong."""

from __future__ import annotations

import ast

from diptych.conversion.index_parts import ARRAYS, Index, parts_of
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant
from diptych.source.types import Tensor

_ADVICE = "MXNet's nd takes a mask by `nd.contrib.boolean_mask`, an array of indices by `take`."


@on_node(ast.Subscript)
def indexed(rewriter: Rewriter, node: ast.Subscript) -> bool:
    """Leaves numbers and slices, carries arrays of indices over, refuses what may select other elements."""
    found = rewriter.type_of(node.value)
    if not isinstance(found, Tensor) or found.framework is not rewriter.origin:
        return False
    parts = parts_of(rewriter, node)
    kinds = [kind for kind, _ in parts]
    if kinds == [Index.MASK] and _masked_in_nd(rewriter, node, parts[0][1], found):
        return False
    if Index.BACKWARD in kinds and _flipped(rewriter, node, parts):
        return False
    reason = _reason_against(rewriter, node, parts)
    if reason:
        message = f"`{rewriter.text(node)}`: {reason}."
        rewriter.fail(node, "index", message, _ADVICE, comment="an index that may select other elements")
        return True
    for place, (kind, part) in enumerate(parts):
        if kind in (Index.INTEGERS, Index.FLOATS, Index.ARRAY):
            _carry(rewriter, node, kind, part, place)
    return False


def _reason_against(rewriter: Rewriter, node: ast.Subscript, parts: list[tuple[Index, ast.expr]]) -> str:
    kinds = [kind for kind, _ in parts]
    nd, to_mxnet = rewriter.dialect is Dialect.ND, rewriter.target is Framework.MXNET
    arrays = [place for place, kind in enumerate(kinds) if kind in ARRAYS]
    writes = not isinstance(node.ctx, ast.Load)
    if Index.BACKWARD in kinds and not to_mxnet:
        return "PyTorch takes no negative step: write `flip`"
    if Index.OTHER in kinds:
        return "only numbers, slices, masks and arrays of indices are known to select the same on both sides"
    if not arrays:
        return ""
    if Index.NEW in kinds:
        return "beside an array of indices MXNet puts a new dimension at another place"
    joined = [place for place, kind in enumerate(kinds) if kind in ARRAYS or kind is Index.NUMBER]
    if joined != list(range(joined[0], joined[-1] + 1)):
        return "numbers and arrays of indices with a slice between them give another order of dimensions"
    if Index.MASK in kinds:
        if nd:
            return "nd reads a mask as the numbers 0 and 1"
        mask = rewriter.type_of(parts[kinds.index(Index.MASK)][1])
        if len(joined) > 1 and getattr(mask, "rank", None) != 1:
            return "a mask beside other indices has to have one dimension"
    if Index.UNKNOWN in kinds and (nd or len(joined) > 1 or (writes and to_mxnet)):
        return "nothing says what the index is"
    if to_mxnet:
        return _reason_against_mxnet(rewriter, node, parts, writes)
    return ""


def _reason_against_mxnet(
    rewriter: Rewriter, node: ast.Subscript, parts: list[tuple[Index, ast.expr]], writes: bool
) -> str:
    """MXNet writes nowhere, or anywhere, where an array of indices holds a negative one; its gradients do, too."""
    for place, (kind, part) in enumerate(parts):
        found = rewriter.type_of(part)
        if kind is Index.FLOATS:
            return "PyTorch takes no floats for indices"
        if rewriter.dialect is Dialect.ND and kind in (Index.INTEGERS, Index.ARRAY):
            if kind is Index.ARRAY:
                return "nothing says whether the index is a mask"
            if getattr(found, "rank", None) in (0, None):
                return "an index without dimensions gives another shape in nd"
        if not (writes or _learns(rewriter, node)) or kind not in (Index.INTEGERS, Index.ARRAY, Index.LIST):
            continue
        if kind is Index.ARRAY and writes:
            return "nothing says whether the index is a mask"
        if kind is Index.LIST and any(isinstance(item, ast.UnaryOp) for item in ast.walk(part)):
            return "MXNet does not write to negative indices of a list, nor their gradients"
        before = [each for each, _ in parts[:place]]
        if kind is Index.INTEGERS and (
            Index.ELLIPSIS in before or not isinstance(node.value, (ast.Name, ast.Attribute))
        ):
            return "MXNet does not write to negative indices, and which dimension they count can't be told"
    return ""


def _carry(rewriter: Rewriter, node: ast.Subscript, kind: Index, part: ast.expr, place: int) -> None:
    """To MXNet a remainder keeps negative indices right in an assignment; to PyTorch indices are int64."""
    atom = isinstance(part, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    inner = (rewriter.range(part),) if atom else ("(", rewriter.range(part), ")")
    if rewriter.target is Framework.MXNET:
        if kind is Index.INTEGERS and (not isinstance(node.ctx, ast.Load) or _learns(rewriter, node)):
            record = rewriter.record_for("torch.Tensor.__setitem__")
            rewriter.replace(part, *inner, f" % {rewriter.text(node.value)}.shape[{place}]", record=record)
    elif kind is Index.FLOATS or (kind is Index.ARRAY and rewriter.dialect is Dialect.ND):
        rewriter.replace(part, *inner, ".long()", record=rewriter.record_for("mxnet.nd.NDArray.__getitem__"))


def _flipped(rewriter: Rewriter, node: ast.Subscript, parts: list[tuple[Index, ast.expr]]) -> bool:
    """To PyTorch: ``x[::-1]`` -> ``x.flip(0)``, ``x[0, ::-1]`` -> ``x[0, :].flip(0)``, as it takes no negative step."""
    backward = [part for kind, part in parts if kind is Index.BACKWARD and isinstance(part, ast.Slice)]
    whole = all(part.lower is None and part.upper is None and constant(part.step) == -1 for part in backward)
    mixed = any(kind in ARRAYS or kind in (Index.OTHER, Index.ELLIPSIS) for kind, _ in parts)
    if rewriter.target is not Framework.PYTORCH or not whole or mixed or not isinstance(node.ctx, ast.Load):
        return False
    kept = [part for kind, part in parts if kind is not Index.NUMBER]
    record = rewriter.record_for("torch.Tensor.flip")
    if len(parts) == 1 and isinstance(node.value, (ast.Name, ast.Attribute, ast.Call)):
        rewriter.replace(node, rewriter.range(node.value), ".flip(0)", record=record)
        return True
    for part in backward:
        rewriter.replace(part, ":", record=record)
    axes = ", ".join(str(kept.index(part)) for part in backward)
    rewriter.replace(node, rewriter.range(node), f".flip({axes})", record=record)
    return True


def _learns(rewriter: Rewriter, node: ast.Subscript) -> bool:
    """Whether the array is known to get gradients."""
    return getattr(rewriter.type_of(node.value), "grad", None) is True


def _masked_in_nd(rewriter: Rewriter, node: ast.Subscript, mask: ast.expr, array: Tensor) -> bool:
    """To nd: ``x[x > 0]`` -> ``nd.contrib.boolean_mask(x.reshape(-1), (x > 0).reshape(-1))``."""
    if rewriter.dialect is not Dialect.ND or rewriter.target is not Framework.MXNET:
        return False
    rank = getattr(rewriter.type_of(mask), "rank", None)
    if not isinstance(node.ctx, ast.Load) or rank is None or rank not in (1, array.rank):
        return False
    function = rewriter.names.spell("mxnet.nd.contrib.boolean_mask", rewriter.scope_of(node))
    flat = "" if rank == 1 else ".reshape(-1)"
    picks = (rewriter.range(mask),) if rank == 1 else ("(", rewriter.range(mask), ").reshape(-1)")
    record = rewriter.record_for("torch.Tensor.__getitem__")
    rewriter.replace(node, f"{function}(", rewriter.range(node.value), f"{flat}, ", *picks, ")", record=record)
    return True
