"""``x.reshape((0, -1))``: in nd 0 keeps a dimension, and -2, -3 and -4 have meanings of their own."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Part
from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect
from diptych.source.calls import argument, constant


@on_call("mxnet.nd.NDArray.reshape", "mxnet.nd.reshape", "mxnet.nd.Reshape")
def sizes(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: a 0 at place i is ``x.shape[i]``; the other codes are refused."""
    array = use.receiver if use.receiver is not None else argument(node, 0, "data")
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


@on_call("torch.Tensor.view", "torch.Tensor.reshape")
def listed(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet, whose arrays take their sizes one by one or as a tuple: ``x.view([3, 2])`` -> ``x.reshape(3, 2)``."""
    sizes = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if isinstance(sizes, ast.List) and sizes.elts:
        parts: list[Part] = []
        for number, item in enumerate(sizes.elts):
            parts += [", ", rewriter.range(item)] if number else [rewriter.range(item)]
        rewriter.replace(sizes, *parts, record=rewriter.record_for(use.path))
    return False


@on_call("mxnet.npx.reshape")
def codes_of_np(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: the codes of npx below -1 copy, merge and split dimensions; of these only -2, a copy, is written."""
    array = argument(node, 0, "a")
    shape = argument(node, 1, "newshape")
    given = shape.elts if isinstance(shape, (ast.Tuple, ast.List)) else [shape]
    values = [constant(item) if item is not None else None for item in given]
    codes = [value for value in values if isinstance(value, int) and value < -1]
    if any(code != -2 for code in codes) or (codes and not isinstance(array, ast.Name)):
        message = "The codes -3, -4, -5 and -6 of npx's reshape mean nothing in PyTorch."
        rewriter.fail(node, "reshape-code", message, "Write the sizes themselves, `x.shape[0]` for example.")
        rewriter.claim(node.func)
        return True
    for place, (item, value) in enumerate(zip(given, values, strict=True)):
        if value == -2 and item is not None and isinstance(array, ast.Name):
            rewriter.replace(item, f"{array.id}.shape[{place}]", record=rewriter.record_for(use.path))
    return False
