"""``x.unsqueeze_(0)`` -> ``x = np.expand_dims(x, 0)``: MXNet's arrays keep their shape; the name gets another array."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import NotMapped
from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.written import chosen_for, written_parts
from diptych.conversion.sharing import shares_memory
from diptych.conversion.uses import Use
from diptych.source.types import Api

_NAMES = ("unsqueeze_", "squeeze_", "transpose_", "swapaxes_", "swapdims_", "t_")


@on_call(*(f"torch.Tensor.{name}" for name in _NAMES))
def shaped(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Writes an assignment where no other name can hold the array."""
    array = use.receiver
    try:
        if not isinstance(rewriter.parent(node), ast.Expr) or not isinstance(array, ast.Name):
            raise NotMapped("it changes a shape in place: write it as a statement of its own, for a name")
        if not _alone(rewriter, array):
            raise NotMapped(f"something else may hold `{array.id}`, whose shape MXNet can't change in place")
        chosen = chosen_for(rewriter, node)
        if chosen is None:
            return False
        parts = written_parts(rewriter, node, chosen)
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"`{use.path}` stays as it was: {reason}.", comment=str(reason))
        rewriter.claim_only(node.func)
        return True
    rewriter.claim_only(node.func)
    rewriter.replace(node, f"{array.id} = ", *parts, record=chosen.record)
    return True


def _alone(rewriter: Rewriter, array: ast.Name) -> bool:
    """Whether the name is made in its own scope and only ever read in place: by operators, methods and functions."""
    scope = rewriter.scope_of(array)
    bindings = scope.bindings.get(array.id, [])
    if not bindings or any(binding.value is None or binding.scope is not scope for binding in bindings):
        return False
    if any(isinstance(binding.value, ast.Name) or binding.index for binding in bindings):
        return False
    if shares_memory(rewriter, scope, array.id, array):
        return False
    reads = [node for node in rewriter.source.nodes.named(array.id) if isinstance(node.ctx, ast.Load)]
    return all(_in_place(rewriter, read) for read in reads)


def _in_place(rewriter: Rewriter, read: ast.Name) -> bool:
    parent = rewriter.parent(read)
    if isinstance(parent, ast.Attribute):
        return True
    if isinstance(parent, ast.Subscript):
        return parent.value is read
    if isinstance(parent, ast.Call):
        plain = isinstance(parent.func, ast.Name) and parent.func.id in ("print", "len", "float", "int", "str")
        return plain or isinstance(rewriter.type_of(parent.func), Api)
    return isinstance(parent, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.FormattedValue, ast.Return))
