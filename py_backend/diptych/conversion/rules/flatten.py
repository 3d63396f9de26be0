"""``x.flatten()`` of one dimension in nd, which makes a column of it."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.source.calls import argument
from diptych.source.types import Tensor


@on_call("mxnet.nd.NDArray.flatten", "mxnet.nd.flatten", "mxnet.nd.Flatten", "mxnet.npx.batch_flatten")
def of_one_dimension(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: nd makes a column of an array with one dimension, where ``flatten(start_dim=1)`` fails."""
    array = use.receiver if use.receiver is not None else argument(node, 0, "data")
    found = rewriter.type_of(array) if array is not None else None
    if not isinstance(found, Tensor) or found.rank != 1:
        return False
    rewriter.fail(node, "unmapped-argument", "Of one dimension MXNet makes a column here.", "Write `x.reshape(-1, 1)`.")
    rewriter.claim(node.func) if use.receiver is None else rewriter.claim_only(node.func)
    return True
