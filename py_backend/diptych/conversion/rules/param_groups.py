"""``group['lr']`` of an optimizer's groups <-> the one ``learning_rate`` of a trainer."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Range
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import alone_on_lines, unwrap
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.types import Instance, Role

_RECORD = "torch.optim.Optimizer.param_groups"


def _groups(rewriter: Rewriter, node: ast.expr) -> ast.expr | None:
    """The optimizer of ``optimizer.param_groups``."""
    if isinstance(node, ast.Attribute) and node.attr == "param_groups":
        found = rewriter.type_of(node.value)
        if isinstance(found, Instance) and found.role is Role.OPTIMIZER and found.framework is Framework.PYTORCH:
            return node.value
    return None


def _group_of(rewriter: Rewriter, node: ast.expr) -> ast.expr | None:
    """The optimizer whose group ``node`` is: ``optimizer.param_groups[0]``, or the name of a loop over them."""
    if isinstance(node, ast.Subscript) and constant(node.slice) == 0:
        return _groups(rewriter, node.value)
    if isinstance(node, ast.Name):
        around: ast.AST | None = node
        while around is not None and not isinstance(around, (ast.FunctionDef, ast.ClassDef)):
            target = around.target if isinstance(around, ast.For) else None
            if isinstance(target, ast.Name) and target.id == node.id and isinstance(around, ast.For):
                return _groups(rewriter, around.iter)
            around = rewriter.parent(around)
    return None


@on_node(ast.For)
def each_group(rewriter: Rewriter, node: ast.For) -> bool:
    """``for group in optimizer.param_groups:`` goes: a trainer has one group."""
    if rewriter.target is not Framework.MXNET or _groups(rewriter, node.iter) is None:
        return False
    names = [
        item
        for statement in node.body
        for item in ast.walk(statement)
        if isinstance(item, ast.Name) and isinstance(node.target, ast.Name) and item.id == node.target.id
    ]
    plain = all(isinstance(above := rewriter.parent(item), ast.Subscript) and _is_rate(above) for item in names)
    jumps = any(isinstance(item, (ast.Break, ast.Continue)) for item in ast.walk(node))
    if not plain or jumps or node.orelse or not alone_on_lines(rewriter, node):
        return False
    rewriter.claim(node.iter)
    rewriter.claim(node.target)
    unwrap(rewriter, node, rewriter.record_for(_RECORD))
    return True


def _is_rate(node: ast.Subscript) -> bool:
    return constant(node.slice) == "lr"


@on_node(ast.Assign, ast.AugAssign)
def set_rate(rewriter: Rewriter, node: ast.Assign | ast.AugAssign) -> bool:
    """``group['lr'] = r`` -> ``trainer.set_learning_rate(r)``."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if rewriter.target is not Framework.MXNET or not isinstance(target, ast.Subscript) or not _is_rate(target):
        return False
    optimizer = _group_of(rewriter, target.value)
    if optimizer is None or (isinstance(node, ast.Assign) and len(node.targets) > 1):
        return False
    rewriter.claim(target)
    if _schedule_goes_on(rewriter, node):
        message = "PyTorch's schedule goes on from a rate that is set by hand; the one written for MXNet does not."
        rewriter.fail(node, "schedule", message, "Leave the rate to the schedule.", comment="the schedule sets it anew")
        return True
    owner, value = rewriter.text(optimizer), rewriter.range(node.value)
    parts: list[str | Range] = [f"{owner}.set_learning_rate("]
    if isinstance(node, ast.AugAssign):
        sign = ast.unparse(ast.BinOp(ast.Name("a"), node.op, ast.Name("b")))[1:-1]
        simple = isinstance(node.value, (ast.Name, ast.Constant, ast.Attribute, ast.Call, ast.Subscript))
        parts += [f"{owner}.learning_rate{sign}", *([value] if simple else ["(", value, ")"])]
    else:
        parts.append(value)
    rewriter.replace(node, *parts, ")", record=rewriter.record_for(_RECORD))
    return True


def _schedule_goes_on(rewriter: Rewriter, node: ast.stmt) -> bool:
    """Whether a schedule that multiplies the rate it finds may step after ``node``."""
    for call in rewriter.source.nodes.of(ast.Call):
        use = rewriter.use(call.func)
        if use is None or use.path not in _MULTIPLYING:
            continue
        if call.lineno < node.lineno or not rewriter.scope_of(node).is_module:
            return True
    return False


_MULTIPLYING = frozenset(
    f"torch.optim.lr_scheduler.{name}"
    for name in ("StepLR", "MultiStepLR", "ExponentialLR", "LinearLR", "ConstantLR", "PolynomialLR")
) | {"torch.optim.lr_scheduler.CosineAnnealingLR", "torch.optim.lr_scheduler.MultiplicativeLR"}


@on_node(ast.Subscript)
def rate(rewriter: Rewriter, node: ast.Subscript) -> bool:
    """``optimizer.param_groups[0]['lr']`` -> ``trainer.learning_rate``."""
    if rewriter.target is not Framework.MXNET or not _is_rate(node) or not isinstance(node.ctx, ast.Load):
        return False
    optimizer = _group_of(rewriter, node.value)
    if optimizer is None:
        return False
    rewriter.claim(node.value)
    rewriter.replace(node, f"{rewriter.text(optimizer)}.learning_rate", record=rewriter.record_for(_RECORD))
    return True


@on_node(ast.Attribute)
def asked(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``trainer.learning_rate`` -> ``optimizer.param_groups[0]['lr']``."""
    found = rewriter.type_of(node.value) if node.attr == "learning_rate" else None
    if not isinstance(found, Instance) or found.path != "mxnet.gluon.Trainer" or rewriter.target is Framework.MXNET:
        return False
    place = rewriter.range(node)
    ending = Range(rewriter.range(node.value).end, place.end)
    rewriter.replace(ending, ".param_groups[0]['lr']", record=rewriter.record_for("mxnet.gluon.Trainer.learning_rate"))
    return True


@on_call("mxnet.gluon.Trainer.set_learning_rate")
def told(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``trainer.set_learning_rate(r)`` -> a helper that sets it for each group."""
    value = node.args[0] if node.args else next((item.value for item in node.keywords), None)
    if value is None or use.receiver is None:
        return False
    rewriter.claim_only(node.func)
    helper, record = rewriter.helpers.name("set_rate"), rewriter.record_for(use.path)
    rewriter.replace(node, f"{helper}(", rewriter.range(use.receiver), ", ", rewriter.range(value), ")", record=record)
    return True
