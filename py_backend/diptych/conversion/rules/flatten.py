"""``x.flatten(1)`` -> ``x.flatten()`` in nd, which keeps the first dimension; ``x.flatten()`` -> ``x.reshape(-1)``."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Range
from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect
from diptych.source.calls import argument, constant
from diptych.source.types import Tensor


@on_call("torch.Tensor.flatten", "torch.flatten")
def flatten(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Which dimensions are flattened has to be known."""
    function = use.receiver is None
    start = argument(node, 1 if function else 0, "start_dim")
    end = argument(node, 2 if function else 1, "end_dim")
    array = argument(node, 0, "input") if function else use.receiver
    first = 0 if start is None else constant(start)
    text = {0: ".reshape(-1)", 1: ".flatten()"}.get(first) if isinstance(first, int) else None
    known = end is None or constant(end) == -1
    plain = isinstance(array, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    if array is None or text is None or not known or not plain or (first == 1 and rewriter.dialect is Dialect.NP):
        message = "Which dimensions this flattens has no counterpart in one call; write it with `reshape`."
        rewriter.fail(node, "unmapped-argument", message, comment="write this with reshape")
        rewriter.claim(node.func) if function else rewriter.claim_only(node.func)
        return True
    if function:
        rewriter.claim(node.func)
    else:
        rewriter.claim_only(node.func)
    rewriter.replace(
        Range(*rewriter.source.text.range(node)), rewriter.range(array), text, record=rewriter.record_for(use.path)
    )
    return True


@on_call("mxnet.nd.NDArray.flatten", "mxnet.nd.flatten")
def of_one_dimension(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: nd makes a column of an array with one dimension, where ``flatten(start_dim=1)`` fails."""
    array = use.receiver if use.receiver is not None else argument(node, 0, "data")
    found = rewriter.type_of(array) if array is not None else None
    if not isinstance(found, Tensor) or found.rank != 1:
        return False
    rewriter.fail(node, "unmapped-argument", "Of one dimension nd makes a column here.", "Write `x.reshape(-1, 1)`.")
    rewriter.claim(node.func) if use.receiver is None else rewriter.claim_only(node.func)
    return True
