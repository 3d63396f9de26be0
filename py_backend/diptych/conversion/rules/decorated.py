"""``@torch.no_grad()`` on a function: MXNet's ``autograd.pause()`` is no decorator, a function of ours is."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Framework

_UNRECORDED = ("torch.no_grad", "torch.inference_mode")
_OTHERS = ("torch.enable_grad", "torch.set_grad_enabled")


@on_node(ast.FunctionDef)
def decorated(rewriter: Rewriter, node: ast.FunctionDef) -> bool:
    """To MXNet; PyTorch's may be written with or without parentheses."""
    if rewriter.target is Framework.MXNET:
        for decorator in node.decorator_list:
            _write(rewriter, decorator)
    return False


def _write(rewriter: Rewriter, decorator: ast.expr) -> None:
    call = decorator if isinstance(decorator, ast.Call) else None
    use = rewriter.use(call.func if call is not None else decorator)
    if use is None or use.path not in (*_UNRECORDED, *_OTHERS):
        return
    helper = rewriter.helpers.name("unrecorded")
    rewriter.claim(decorator)
    if use.path in _OTHERS or helper is None or (call is not None and (call.args or call.keywords)):
        message = f"`@{rewriter.text(decorator)}`: MXNet's `autograd` has no decorators."
        advice = "Write `with ...:` around the function's body."
        rewriter.fail(decorator, "decorator", message, advice, comment="no decorator in MXNet")
        return
    rewriter.replace(decorator, helper, record=rewriter.record_for(use.path))
