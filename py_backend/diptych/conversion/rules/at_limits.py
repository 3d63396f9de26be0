"""Operators, and calls of layers and losses, at arrays at which the counterpart was seen not to do."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import Written
from diptych.conversion.edits import Range
from diptych.conversion.profiles import Taken, limit
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Framework
from diptych.source.types import Instance, Role, framework_of

# What PyTorch's layers and losses call the arrays they take, in their order.
_FORWARD = {
    Role.MODULE: ("input",),
    Role.LOSS: ("input", "target"),
}
_OTHERS = {
    "torch.nn.TripletMarginLoss": ("anchor", "positive", "negative"),
    "torch.nn.MarginRankingLoss": ("input1", "input2", "target"),
    "torch.nn.CosineEmbeddingLoss": ("input1", "input2", "target"),
    "torch.nn.CosineSimilarity": ("x1", "x2"),
    "torch.nn.PairwiseDistance": ("x1", "x2"),
    "torch.nn.Bilinear": ("input1", "input2"),
    "torch.nn.RNN": ("input", "hx"),
    "torch.nn.LSTM": ("input", "hx"),
    "torch.nn.GRU": ("input", "hx"),
    "torch.nn.RNNCell": ("input", "hx"),
    "torch.nn.LSTMCell": ("input", "hx"),
    "torch.nn.GRUCell": ("input", "hx"),
}


@on_node(ast.BinOp, ast.Compare, ast.UnaryOp)
def computed(rewriter: Rewriter, node: ast.BinOp | ast.Compare | ast.UnaryOp) -> bool:
    """``x & y``, where no writing is for it."""
    use = rewriter.use(node)
    record = rewriter.record_for(use.path) if use is not None else None
    if use is None or record is None or framework_of(use.path) is not rewriter.origin:
        return False
    values = (
        [node.operand]
        if isinstance(node, ast.UnaryOp)
        else [node.left, node.right]
        if isinstance(node, ast.BinOp)
        else [node.left, *node.comparators]
    )
    taken = Taken(record.id, "", frozenset(), tuple(values))
    rewriter.taken.append(taken)
    reason = limit(rewriter, taken)
    if reason:
        rewriter.fail(node, "limit", f"`{rewriter.text(node)}`: {reason}.", comment=reason)
    return False


@on_node(ast.Call)
def called(rewriter: Rewriter, node: ast.Call) -> bool:
    """``layer(x)``; what was named is written by position, as Gluon's layers take it."""
    found = rewriter.type_of(node.func)
    if not isinstance(found, Instance) or found.role not in _FORWARD or found.framework is not rewriter.origin:
        return False
    if found.definition is not None:
        return False
    record = rewriter.record_for(found.path)
    if record is None:
        return False
    values = (*node.args, *(item.value for item in node.keywords))
    taken = Taken(record.id, "()", frozenset(), values)
    rewriter.taken.append(taken)
    reason = limit(rewriter, taken)
    if reason:
        rewriter.fail(node, "limit", f"`{rewriter.text(node)}`: {reason}.", comment=reason)
    elif node.keywords and rewriter.target is Framework.MXNET and found.path.startswith("torch.nn."):
        _by_position(rewriter, node, found)
    return False


def _by_position(rewriter: Rewriter, node: ast.Call, found: Instance) -> None:
    names = _OTHERS.get(found.path, _FORWARD[found.role])
    passed = {keyword.arg: keyword.value for keyword in node.keywords}
    order = names[len(node.args) : len(node.args) + len(passed)]
    if set(passed) != set(order):
        message = f"`{rewriter.text(node)}`: Gluon's layers take their arrays by position."
        rewriter.fail(node, "keyword", message, "Pass them by position, in their order.", comment="pass by position")
        return
    if list(passed) == list(order):
        for keyword in node.keywords:
            start = rewriter.range(keyword).start
            rewriter.replace(Range(start, rewriter.value_start(keyword, rewriter.range(keyword))))
        return
    rewriter.rewrite_arguments(
        node,
        None,
        [
            *(Written("", (rewriter.range(value),)) for value in node.args),
            *(Written("", (rewriter.range(passed[name]),)) for name in order),
        ],
    )
