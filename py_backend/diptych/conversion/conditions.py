"""Conditions that records name: what has to be known for a simpler spelling to be right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.source.types import Instance, Role, Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


def holds(rewriter: Rewriter, name: str, node: ast.AST) -> bool:
    """Whether the condition is known to hold; unknown is no."""
    if name == "rank2":
        return isinstance(node, ast.expr) and input_rank(rewriter, node) == 2
    return False


def input_rank(rewriter: Rewriter, layer: ast.expr) -> int | None:
    """The rank of what a layer, constructed at ``layer``, is called on; None where some call is out of sight."""
    parent = rewriter.parent(layer)
    if isinstance(parent, ast.Call) and layer in parent.args and _is_sequential(rewriter, parent):
        rank = input_rank(rewriter, parent)
        for before in parent.args[: parent.args.index(layer)]:
            module = rewriter.type_of(before)
            rank = rewriter.source.inference.rank_after(module, rank) if isinstance(module, Instance) else None
        return rank
    if isinstance(parent, ast.Assign) and parent.value is layer and len(parent.targets) == 1:
        target = parent.targets[0]
        if isinstance(target, ast.Name) and rewriter.scope_of(parent).is_module:
            return rank_of_calls(rewriter, target.id)
    return None


def _is_sequential(rewriter: Rewriter, call: ast.Call) -> bool:
    found = rewriter.type_of(call)
    return isinstance(found, Instance) and found.path.rpartition(".")[2] in ("Sequential", "HybridSequential")


def rank_of_calls(rewriter: Rewriter, name: str) -> int | None:
    """The rank that every call of the module ``name`` gives it. A name that is passed on may be called elsewhere."""
    ranks: set[int | None] = set()
    for node in rewriter.source.reads_of(name):
        parent = rewriter.parent(node)
        if isinstance(parent, ast.Call) and parent.func is node and len(parent.args) == 1 and not parent.keywords:
            found = rewriter.type_of(parent.args[0])
            ranks.add(found.rank if isinstance(found, Tensor) else None)
        elif not isinstance(parent, ast.Attribute) or parent.attr in ("forward", "__call__"):
            ranks.add(None)
    return ranks.pop() if len(ranks) == 1 else None


__all__ = ["Role", "holds", "input_rank"]
