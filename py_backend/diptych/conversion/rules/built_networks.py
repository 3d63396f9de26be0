"""Networks that a function builds (``resnet18()``): their inside is arranged otherwise on the other side."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.source.types import Instance, Role

_OWNERS = ("torch.nn.Module", "mxnet.gluon.Block")
_INSIDE = """
    children modules named_children named_modules named_parameters named_buffers get_submodule get_parameter add_module
    register_module register_child append extend insert pop _children
"""


def _built(rewriter: Rewriter, node: ast.expr) -> bool:
    found = rewriter.type_of(node)
    made = isinstance(found, Instance) and found.role is Role.MODULE and found.path in _OWNERS
    return made and isinstance(found, Instance) and found.definition is None and found.call is not None


def _refuse(rewriter: Rewriter, node: ast.AST, owner: ast.expr) -> None:
    name = rewriter.text(owner)
    message = f"The layers inside of `{name}` have other names and another arrangement on the other side."
    advice = "Build the network with the number of classes that it needs, or write its layers out."
    rewriter.fail(node, "unmapped-argument", message, advice, comment=f"the inside of {name} differs on the other side")


@on_call(*(f"{owner}.{name}" for owner in _OWNERS for name in _INSIDE.split()))
def walked(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``list(net.children())[:-2]`` would be other layers."""
    if use.receiver is None or not _built(rewriter, use.receiver):
        return False
    _refuse(rewriter, node, use.receiver)
    rewriter.claim(node.func)
    return True


@on_node(ast.Assign, ast.AnnAssign)
def exchanged(rewriter: Rewriter, node: ast.Assign | ast.AnnAssign) -> bool:
    """``net.fc = nn.Linear(512, 5)`` would be a layer that nothing calls."""
    for written in node.targets if isinstance(node, ast.Assign) else [node.target]:
        target: ast.expr = written
        while isinstance(target, ast.Subscript):
            target = target.value
        owner = target
        while isinstance(owner, (ast.Attribute, ast.Subscript)) and not _built(rewriter, owner):
            owner = owner.value
        if owner is not target and _built(rewriter, owner):
            _refuse(rewriter, node, owner)
            rewriter.claim(node)
            return True
    return False
