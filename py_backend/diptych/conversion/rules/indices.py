"""``x.argmax(1)``: the same places, as integers in PyTorch and as floats in nd."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect


@on_call(
    "torch.Tensor.argmax",
    "torch.argmax",
    "torch.Tensor.argmin",
    "torch.argmin",
    "mxnet.nd.NDArray.argmax",
    "mxnet.nd.argmax",
    "mxnet.nd.NDArray.argmin",
    "mxnet.nd.argmin",
)
def places(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Says so; the record's mapping of arguments writes the call."""
    if rewriter.dialect is Dialect.ND:
        rewriter.inform(node, "dtype", f"`{use.path.rpartition('.')[2]}` gives int64 in PyTorch and float32 in nd.")
    return False
