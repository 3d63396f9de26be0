"""``x[:, 1][0] = 9``, ``x.view(-1)[0] = 5``: PyTorch writes into ``x``, MXNet into a copy."""

from __future__ import annotations

import ast

from diptych.conversion.index_parts import Index, parts_of
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.source.types import Api, Tensor

_VIEWS = frozenset(["T", "mT", "H", "mH"])


@on_node(ast.Assign, ast.AugAssign, ast.AnnAssign)
def assigned(rewriter: Rewriter, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> bool:
    """Refuses to write into a part of something that is itself made from an array."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if not isinstance(target, ast.Subscript):
            continue
        found = rewriter.type_of(target.value)
        if not isinstance(found, Tensor) or found.framework is not rewriter.origin:
            continue
        if _copied(rewriter, target.value):
            message = f"`{rewriter.text(target)}` writes into the array in PyTorch, into a copy of a part in MXNet."
            rewriter.fail(node, "copied-part", message, "Write one index: `x[0, 1] = 9`.", comment="writes into a copy")
            return True
    return False


@on_node(ast.Call)
def initialized(rewriter: Rewriter, node: ast.Call) -> bool:
    """``nn.init.zeros_(w[:, :2])``: the function would fill a copy."""
    found = rewriter.type_of(node.func)
    path = found.path if isinstance(found, Api) else ""
    if not path.startswith("torch.nn.init.") or not path.endswith("_") or not node.args:
        return False
    if not isinstance(node.args[0], ast.Subscript) or not _copied(rewriter, node.args[0]):
        return False
    message = f"`{rewriter.text(node.args[0])}` is a part of the array in PyTorch, a copy of it in MXNet."
    rewriter.fail(node, "copied-part", message, "Assign the values to the part.", comment="fills a copy")
    rewriter.claim_only(node.func)
    return True


def _copied(rewriter: Rewriter, value: ast.expr) -> bool:
    """Whether ``value`` is a part that only one side keeps in the array's own memory."""
    if isinstance(value, ast.Subscript):
        kinds = [kind for kind, _ in parts_of(rewriter, value)]
        whole = kinds in ([Index.SLICE], [Index.ELLIPSIS]) and getattr(value.slice, "step", None) is None
        return not (whole or all(kind is Index.NUMBER for kind in kinds)) or (
            isinstance(value.value, ast.Subscript | ast.Call) and _copied(rewriter, value.value)
        )
    return isinstance(value, ast.Call) or (isinstance(value, ast.Attribute) and value.attr in _VIEWS)
