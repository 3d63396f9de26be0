"""``backward``, PyTorch to MXNet: what leads to the loss is computed inside ``autograd.record()``."""

from __future__ import annotations

import ast
import re

from diptych.conversion.edits import Part, Range
from diptych.conversion.gradients import manner
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.written import enclosed
from diptych.conversion.statements import STEP, alone_on_lines, in_one_cell, indent_of, wrap
from diptych.conversion.training import method_call, recorded, step_of
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.types import Tensor

_RECORD = "mxnet.autograd.record"


@on_node(ast.Expr)
def backward(rewriter: Rewriter, node: ast.Expr) -> bool:
    """``loss.backward()``: the statements that compute ``loss`` are recorded."""
    call = method_call(node, "backward")
    if call is None or rewriter.target is not Framework.MXNET or not isinstance(call.func, ast.Attribute):
        return False
    head = call.func.value
    found = rewriter.type_of(head)
    if not isinstance(found, Tensor) or found.framework is not rewriter.origin:
        return False
    block = rewriter.suite(node)
    if not isinstance(head, ast.Name):
        return _of_expression(rewriter, node, call, block)
    step = step_of(block)
    if step is not None and step.backward is node and step.assigned in block:
        return _record(rewriter, node, recorded(rewriter, block, step.assigned))
    if _several(rewriter, block):
        return rewriter.memory.get(("recorded", id(block))) is not True
    rewriter.fail(
        node,
        "recording",
        "What `backward` differentiates must be computed inside `autograd.record()`; what sets the loss is not "
        "in this block.",
        "Assign the loss to a name in the block that calls `backward`.",
        comment="compute the loss inside autograd.record()",
    )
    return True


def _record(rewriter: Rewriter, node: ast.stmt, computed: list[ast.stmt]) -> bool:
    if not all(alone_on_lines(rewriter, statement) for statement in computed):
        rewriter.fail(node, "recording", "Put the statements that lead to the loss on lines of their own.")
        return True
    if not in_one_cell(rewriter, computed):
        message = "What leads to the loss is in several cells, but has to be inside one `autograd.record()`."
        rewriter.fail(node, "recording", message, "Join these cells.", comment="join the cells that compute the loss")
        return True
    wrap(rewriter, computed, _header(rewriter, node), rewriter.record_for(_RECORD))
    return False


def _header(rewriter: Rewriter, node: ast.stmt) -> str:
    return f"with {rewriter.names.spell(_RECORD, rewriter.scope_of(node))}():"


def _of_expression(rewriter: Rewriter, node: ast.Expr, call: ast.Call, block: list[ast.stmt]) -> bool:
    """``(x * x).sum().backward()``: the expression gets a name, and is recorded with what leads to it."""
    assert isinstance(call.func, ast.Attribute)
    head = call.func.value
    if not alone_on_lines(rewriter, node) or step_of(block) is not None or _count(block) > 1:
        rewriter.fail(node, "recording", "Assign the loss to a name, and put it on a line of its own.")
        return True
    computed = recorded(rewriter, block, node, head)[:-1]
    name = _free_name(rewriter)
    indent = indent_of(rewriter, node)
    step = "\t" if indent.startswith("\t") else STEP
    text = rewriter.source.text.text
    value = enclosed(rewriter, head)
    dot = text.index(".", value.end)
    rest = Range(dot, rewriter.range(call.func).end)
    inner: list[Part] = [f"{name} = ", value, rewriter.newline, indent, name]
    opened = [_header(rewriter, node), rewriter.newline, indent]
    if computed:
        if _record(rewriter, node, computed):
            return True
        opened = []
    rewriter.claim_only(call.func)
    place = Range(rewriter.range(node).start, rest.end)
    rewriter.replace(place, *opened, step, *inner, rest, record=rewriter.record_for(_RECORD))
    return False


def _free_name(rewriter: Rewriter) -> str:
    text = rewriter.source.text.text
    names = ("loss", *(f"loss_{number}" for number in range(1, 1000)))
    return next(name for name in names if not re.search(rf"\b{name}\b", text))


def _count(block: list[ast.stmt]) -> int:
    return sum(method_call(statement, "backward") is not None for statement in block)


def _several(rewriter: Rewriter, block: list[ast.stmt]) -> bool:
    """Records what leads to each of several losses of a block that no optimizer steps on; whether that was done."""
    key = ("recorded", id(block))
    if key in rewriter.memory:
        return True
    calls = [(place, call) for place, item in enumerate(block) if (call := method_call(item, "backward")) is not None]
    stepped = any(method_call(item, "step") or method_call(item, "zero_grad") for item in block)
    spans: list[tuple[int, int]] = []
    for place, call in calls:
        assert isinstance(call.func, ast.Attribute)
        head = call.func.value
        made = [item for item in block[:place] if isinstance(head, ast.Name) and _sets(item, head.id)]
        if not made or stepped:
            return False
        last = made[-1]
        assert isinstance(last, ast.Assign)
        computed = recorded(rewriter, block, last)
        spans.append((block.index(computed[0]), block.index(last)))
    joined: list[tuple[int, int]] = []
    for first, last_ in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last_))
        else:
            joined.append((first, last_))
    if any(first <= place <= last_ for place, _ in calls for first, last_ in joined):
        return False
    failed = [_record(rewriter, block[last_], block[first : last_ + 1]) for first, last_ in joined]
    rewriter.memory[key] = not any(failed)
    return True


def _sets(statement: ast.stmt, name: str) -> bool:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    target = statement.targets[0]
    return isinstance(target, ast.Name) and target.id == name


@on_node(ast.Assign)
def asked_by_attribute(rewriter: Rewriter, node: ast.Assign) -> bool:
    """``x.requires_grad = True`` -> ``x.attach_grad()``."""
    target = node.targets[0]
    if rewriter.target is not Framework.MXNET or not isinstance(target, ast.Attribute) or len(node.targets) > 1:
        return False
    found = rewriter.type_of(target.value)
    if target.attr != "requires_grad" or not isinstance(found, Tensor) or found.parameter:
        return False
    if found.framework is not rewriter.origin:
        return False
    rewriter.claim_only(target)
    if constant(node.value) is not True:
        message = "MXNet can be asked for an array's gradient, but an array can't be told to need none any more."
        rewriter.fail(node, "gradient", message, "Take `x.detach()`.", comment="an array that needs no gradient")
        return True
    record = rewriter.record_for("torch.Tensor.requires_grad_")
    rewriter.replace(node, rewriter.range(target.value), f".attach_grad({manner(rewriter)})", record=record)
    return True
