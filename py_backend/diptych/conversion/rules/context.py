"""What MXNet's contexts are asked: ``x.ctx.device_type == 'gpu'`` -> ``x.device.type == 'cuda'``."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.types import Instance, Role, Tensor

_KINDS = {"gpu": "cuda", "cpu": "cpu"}
_ASKED = ("device_type", "device_id", "device_typeid")


@on_node(ast.Attribute)
def asked(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """To PyTorch, where a device's kind is ``type`` and has another name; number and code have no counterpart."""
    if rewriter.target is not Framework.PYTORCH or node.attr not in _ASKED or not _is_context(rewriter, node.value):
        return False
    parent = rewriter.parent(node)
    other = None
    if isinstance(parent, ast.Compare) and len(parent.ops) == 1 and isinstance(parent.ops[0], (ast.Eq, ast.NotEq)):
        other = parent.comparators[0] if parent.left is node else parent.left
    kind = constant(other)
    rewriter.claim_only(node)
    if node.attr != "device_type" or other is None or not isinstance(kind, str) or kind not in _KINDS:
        rewriter.fail(node, "unmapped-argument", "A context is described in other words than PyTorch's devices.")
        return True
    record = rewriter.record_for("torch.Tensor.device")
    rewriter.replace(node, rewriter.range(node.value), ".type", record=record)
    rewriter.replace(other, f"'{_KINDS[kind]}'", record=record)
    return True


def _is_context(rewriter: Rewriter, value: ast.expr) -> bool:
    if isinstance(value, ast.Attribute) and value.attr in ("ctx", "context"):
        found = rewriter.type_of(value.value)
        return isinstance(found, Tensor) and found.framework is Framework.MXNET
    found = rewriter.type_of(value)
    if isinstance(found, Instance) and found.role is Role.DEVICE:
        return found.framework is Framework.MXNET
    use = rewriter.use(value.func) if isinstance(value, ast.Call) else None
    return use is not None and use.path in ("mxnet.current_context", "mxnet.context.current_context")
