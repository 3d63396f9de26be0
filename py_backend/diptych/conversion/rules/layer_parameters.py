"""``layer.weight = nn.Parameter(x)``: Gluon's layers keep the parameters that they were made with."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.types import Api, Instance, Role

_OWN = ("weight", "bias")
_SHARED = "A layer of Gluon's keeps its parameters: one shares another's if it is made with `params=other.params`."


@on_call("torch.nn.Parameter")
def replaced(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet the values are written: ``layer.weight.set_data(x)``, in a constructor ``layer.weight.init = ...``."""
    statement = rewriter.parent(node)
    target = _target(rewriter, statement)
    if target is None or not isinstance(statement, ast.Assign):
        return False
    value = node.args[0] if len(node.args) == 1 else None
    plain = value is not None and not node.keywords and not isinstance(value, ast.Starred)
    inside = _function(rewriter, node)
    if value is None or not plain or _read_again(rewriter, value) or (inside and inside != "__init__"):
        message = f"`{rewriter.text(target)}` shares its values with another array, or is replaced in a method."
        rewriter.fail(node, "parameter", message, _SHARED, comment="Gluon's layers keep their parameters")
        rewriter.claim_only(node.func)
        return True
    rewriter.claim_only(target)
    rewriter.claim(node.func)
    record, owner = rewriter.record_for(use.path), rewriter.range(target)
    if inside:
        constant = rewriter.names.spell("mxnet.init.Constant", rewriter.scope_of(node))
        rewriter.replace(statement, owner, f".init = {constant}(", rewriter.range(value), ")", record=record)
    else:
        rewriter.replace(statement, owner, ".set_data(", rewriter.range(value), ")", record=record)
    return True


@on_node(ast.Assign)
def shared(rewriter: Rewriter, node: ast.Assign) -> bool:
    """``decoder.weight = encoder.weight``: Gluon refuses it where it runs."""
    target = _target(rewriter, node)
    made = isinstance(node.value, ast.Call) and rewriter.type_of(node.value.func) == Api("torch.nn.Parameter")
    if target is None or made:
        return False
    rewriter.fail(node, "parameter", f"`{rewriter.text(target)}` can't be set. {_SHARED}", comment="share by params=")
    return True


def _target(rewriter: Rewriter, statement: ast.AST | None) -> ast.Attribute | None:
    """The weight or bias of one of PyTorch's own layers that a statement sets."""
    if rewriter.target is not Framework.MXNET or not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
        return None
    target = statement.targets[0]
    if not isinstance(target, ast.Attribute) or target.attr not in _OWN:
        return None
    layer = rewriter.type_of(target.value)
    known = isinstance(layer, Instance) and layer.role is Role.MODULE and layer.framework is rewriter.origin
    own = isinstance(layer, Instance) and layer.definition is None and layer.path != "torch.nn.Module"
    return target if known and own else None


def _function(rewriter: Rewriter, node: ast.AST) -> str:
    current = rewriter.parent(node)
    while current is not None and not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        current = rewriter.parent(current)
    return getattr(current, "name", "lambda") if current is not None else ""


def _read_again(rewriter: Rewriter, value: ast.expr) -> bool:
    """Whether the array, which PyTorch's parameter shares, has a name that is read elsewhere."""
    names = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)} if not _computes(value) else set()
    tree = rewriter.source.tree
    loads = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    return any(loads.count(name) > 1 for name in names)


def _computes(value: ast.expr) -> bool:
    return isinstance(value, (ast.Call, ast.BinOp, ast.UnaryOp))
