"""``x.reshape((0, -1))``: in nd 0 keeps a dimension, and -2, -3 and -4 have meanings of their own."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect
from diptych.source.calls import constant


@on_call("mxnet.nd.NDArray.reshape", "mxnet.nd.reshape")
def sizes(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: a 0 at place i is ``x.shape[i]``; the other codes are refused."""
    array = use.receiver if use.receiver is not None else next(iter(node.args), None)
    given = [item.value for item in node.keywords if item.arg == "shape"] or node.args[use.receiver is None :]
    if len(given) == 1 and isinstance(given[0], (ast.Tuple, ast.List)):
        given = given[0].elts
    values = [constant(item) for item in given]
    if rewriter.dialect is not Dialect.ND or not any(value in (0, -2, -3, -4) for value in values):
        return False
    reversed_codes = any(item.arg == "reverse" for item in node.keywords)
    if reversed_codes or any(value in (-2, -3, -4) for value in values) or not isinstance(array, ast.Name):
        message = "The codes 0, -2, -3 and -4 of nd's reshape mean nothing in PyTorch."
        rewriter.fail(node, "reshape-code", message, "Write the sizes themselves, `x.shape[0]` for example.")
        rewriter.claim(node.func) if use.receiver is None else rewriter.claim_only(node.func)
        return True
    record = rewriter.record_for(use.path)
    for place, (item, value) in enumerate(zip(given, values, strict=True)):
        if value == 0:
            rewriter.replace(item, f"{array.id}.shape[{place}]", record=record)
    return False
