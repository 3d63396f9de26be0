"""``nn.Dropout(1.0)``: MXNet divides what it keeps by the share that it keeps, of which nothing is left."""

from __future__ import annotations

import ast

from diptych.conversion.literals import settled
from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.source.calls import argument, constant


@on_call("torch.nn.Dropout", "mxnet.gluon.nn.Dropout")
def everything_dropped(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """A rate of one gives zeros in PyTorch, and no numbers in MXNet."""
    rate = argument(node, 0, "p" if use.path.startswith("torch.") else "rate")
    if rate is None or constant(settled(rewriter, rate)) != 1:
        return False
    message = "A rate of 1 gives zeros in PyTorch and not-a-number in MXNet."
    rewriter.fail(node, "dropout", message, comment="a rate of 1 gives other numbers")
    rewriter.claim(node.func)
    return True
