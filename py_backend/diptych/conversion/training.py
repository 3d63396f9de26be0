"""The shape of a training step: which statements of a block belong together."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diptych.equivalence.model import Framework
from diptych.source.calls import argument, constant
from diptych.source.scopes import Binding, BindingKind, Scope
from diptych.source.types import Instance, Items, Repeated, Role, Tensor, Type, UserFunction

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


_GRADIENTS = re.compile(r"clip_grad|\.grad\b")
_GRADIENTS_ANYWHERE = re.compile(r"clip_grad|\.[\s\\]*grad\b")  # in text as it was written
_SCHEDULER = re.compile(r"sched")  # what its name says to set the learning rate


@dataclass(frozen=True)
class Step:
    """One block's training step. ``loss`` is the name that backward is called on, ``assigned`` what sets it."""

    loss: str
    backward: ast.Expr
    assigned: ast.Assign
    step: ast.Call | None
    trainer: str | None
    zero: ast.Expr | None


def method_call(statement: ast.stmt, name: str) -> ast.Call | None:
    """The call if the statement is ``something.name(...)`` and nothing else."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Attribute) and function.attr == name:
            return statement.value
    return None


def _flat(block: list[ast.stmt] | tuple[ast.stmt, ...]) -> list[ast.stmt]:
    """The statements of a block, those of its plain ``with`` blocks included."""
    found: list[ast.stmt] = []
    for statement in block:
        found.append(statement)
        if isinstance(statement, ast.With):
            found += _flat(statement.body)
    return found


def step_of(block: list[ast.stmt] | tuple[ast.stmt, ...]) -> Step | None:
    """The training step in a block, None where it holds none, or more than one."""
    flat = _flat(block)
    backward = [node for node in flat if method_call(node, "backward")]
    if len(backward) != 1 or not isinstance(backward[0], ast.Expr):
        return None
    call = method_call(backward[0], "backward")
    assert call is not None
    assert isinstance(call.func, ast.Attribute)
    if not isinstance(call.func.value, ast.Name):
        return None
    loss = call.func.value.id
    before = flat[: flat.index(backward[0])]
    assigned = [node for node in before if isinstance(node, ast.Assign) and _sets(node, loss)]
    if not assigned:
        return None
    steps = [
        found for node in flat if (found := method_call(node, "step")) and not _SCHEDULER.search(ast.unparse(found))
    ]
    zeros = [node for node in flat if method_call(node, "zero_grad") and isinstance(node, ast.Expr)]
    if len(steps) > 1:  # a schedule steps as well, whatever its name
        cleared = {_receiver(found) for node in zeros if (found := method_call(node, "zero_grad"))}
        steps = [found for found in steps if _receiver(found) in cleared]
    step = steps[0] if len(steps) == 1 else None
    trainer = ast.unparse(step.func.value) if step is not None and isinstance(step.func, ast.Attribute) else None
    return Step(loss, backward[0], assigned[-1], step, trainer, zeros[0] if zeros else None)


def _receiver(call: ast.Call) -> str:
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def _sets(node: ast.Assign, name: str) -> bool:
    return len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name


def is_loss_call(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether ``node`` calls a loss of the framework that is converted from."""
    return loss_of(rewriter, node) is not None


def loss_of(rewriter: Rewriter, node: ast.expr) -> Instance | None:
    """The loss that ``node`` calls."""
    if not isinstance(node, ast.Call):
        return None
    found = rewriter.source.type_of(node.func, rewriter.scope_of(node))
    if isinstance(found, Instance) and found.role is Role.LOSS and found.framework is rewriter.origin:
        return found
    return None


def reduction(loss: Instance) -> str | None:
    """How a PyTorch loss reduces: 'mean', 'sum', 'none'; None where it can't be told."""
    if loss.call is None:
        return "mean" if loss.path.endswith("Loss") else None
    given = argument(loss.call, None, "reduction")
    if given is None:
        return "mean"
    value = constant(given)
    return value if isinstance(value, str) else None


def one_of_classes(loss: Instance) -> bool:
    """Whether a loss is the cross-entropy of classes and labels that both frameworks have as one: Gluon's gives a value
    for each sample, PyTorch's reduces them. What takes other arguments is written out."""
    given = [] if loss.call is None else [*loss.call.args, *loss.call.keywords]
    if loss.path in ("mxnet.gluon.loss.SoftmaxCrossEntropyLoss", "mxnet.gluon.loss.SoftmaxCELoss"):
        return not given
    return loss.path == "torch.nn.CrossEntropyLoss" and all(
        isinstance(item, ast.keyword) and item.arg == "reduction" for item in given
    )


def batch_size(rewriter: Rewriter, step: Step, scope: Scope) -> str | None:
    """An expression for the number of samples in the batch: of the loader's data, else of the labels."""
    loop = _loop_around(scope, step.backward)
    if loop is not None:
        target = loop.target
        if isinstance(target, ast.Tuple) and isinstance(target.elts[-1], ast.Tuple):
            target = target.elts[-1]  # for i, (X, y) in enumerate(loader)
        if isinstance(target, ast.Tuple) and isinstance(target.elts[0], ast.Name):
            name = target.elts[0].id
            place = (step.backward.lineno, step.backward.col_offset)
            found = rewriter.source.inference.name(name, place, scope)
            if isinstance(found, Tensor):
                return f"{name}.shape[0]"
    value = step.assigned.value
    if isinstance(value, ast.Call) and len(value.args) == 2 and isinstance(value.args[1], ast.Name):
        found = rewriter.source.type_of(value.args[1], scope)
        return f"{value.args[1].id}.shape[0]" if isinstance(found, Tensor) else None
    return None


def _loop_around(scope: Scope, statement: ast.stmt) -> ast.For | None:
    """The innermost ``for`` of a scope that holds the statement."""
    found: ast.For | None = None
    for bindings in scope.bindings.values():
        for binding in bindings:
            loop = binding.node
            if binding.kind is BindingKind.LOOP and isinstance(loop, ast.For):
                inside = loop.lineno <= statement.lineno <= (loop.end_lineno or loop.lineno)
                if inside and (found is None or loop.lineno > found.lineno):
                    found = loop
    return found


def per_sample(rewriter: Rewriter, node: ast.Name) -> bool:
    """PyTorch to MXNet: whether the name holds a loss that the result keeps one value per sample of.

    That is so where all that its scope gives the name are means of a known loss and each is stepped on, if at all, in
    its own block by the size of its batch."""
    if rewriter.target is not Framework.MXNET:
        return False
    owner, bindings = rewriter.scope_of(node).resolve(node.id, (node.lineno, node.col_offset))
    if owner is None or not bindings:
        return False
    key = ("per sample", id(owner), node.id)
    known = rewriter.memory.get(key)
    if not isinstance(known, bool):
        every = owner.bindings[node.id]
        stepped = any(method_call(statement, "backward") for binding in every for statement in binding.block)
        known = stepped and all(_keeps_samples(rewriter, binding) for binding in every)
        rewriter.memory[key] = known
    return known


def step_keeps_samples(rewriter: Rewriter, step: Step) -> bool:
    """Whether the loss of a training step stays one value per sample: ``step(batch size)`` then divides by it."""
    call = method_call(step.backward, "backward")
    assert call is not None
    assert isinstance(call.func, ast.Attribute)
    assert isinstance(call.func.value, ast.Name)
    return per_sample(rewriter, call.func.value)


def _keeps_samples(rewriter: Rewriter, binding: Binding) -> bool:
    if binding.kind is not BindingKind.ASSIGN or not isinstance(binding.node, ast.Assign) or binding.scope is None:
        return False
    value = binding.value
    if not isinstance(value, ast.Call) or binding.index or len(binding.node.targets) != 1:
        return False
    found = rewriter.source.type_of(value.func, binding.scope)
    if not isinstance(found, Instance) or not one_of_classes(found) or reduction(found) != "mean":
        return False
    if not any(method_call(statement, "backward") for statement in binding.block):
        return True
    step = step_of(binding.block)
    if step is None or step.assigned is not binding.node or step.step is None:
        return False
    if _reads_gradients(rewriter) and any(_GRADIENTS.search(ast.unparse(item)) for item in binding.block):
        return False  # gradients that are read are the mean's
    return batch_size(rewriter, step, binding.scope) is not None


def _reads_gradients(rewriter: Rewriter) -> bool:
    """Whether anything of the unit does, as most do not."""
    known = rewriter.memory.get("gradients are read")
    if not isinstance(known, bool):
        known = _GRADIENTS_ANYWHERE.search(rewriter.source.text.text) is not None
        rewriter.memory["gradients are read"] = known
    return known


def recorded(
    rewriter: Rewriter, block: list[ast.stmt], loss: ast.Assign | ast.Expr, value: ast.expr | None = None
) -> list[ast.stmt]:
    """From the first statement that computes with parameters for the loss, to the loss; ``value`` is what it is."""
    end = block.index(loss)
    needed = {inner.id for inner in ast.walk(value or loss.value) if isinstance(inner, ast.Name)}
    first = end
    for number in range(end - 1, -1, -1):
        statement = block[number]
        if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)) or statement.value is None:
            continue
        bound = {
            inner.id
            for inner in ast.walk(statement)
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
        }
        if bound & needed and _computes(rewriter, statement.value):
            first = number
            needed |= {inner.id for inner in ast.walk(statement.value) if isinstance(inner, ast.Name)}
    return block[first : end + 1]


def _computes(rewriter: Rewriter, value: ast.expr) -> bool:
    """Whether gradients may flow through ``value``: unless it is known that none do, or nothing comes in."""
    if not _may_need_gradients(rewriter.type_of(value)) or _asks(value):
        return False
    inside = [inner for inner in ast.walk(value) if isinstance(inner, ast.expr) and inner is not value]
    return any(_comes_in(rewriter, inner) for inner in inside)


def _asks(value: ast.expr) -> bool:
    """``x.clone().requires_grad_()``: gradients end here."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "requires_grad_"


def _comes_in(rewriter: Rewriter, inner: ast.expr) -> bool:
    """Whether a part of an expression may bring gradients: an array, a network, a call of something unknown."""
    found = rewriter.type_of(inner)
    if found is None:
        return isinstance(inner, (ast.Call, ast.Name, ast.Attribute)) and isinstance(
            getattr(inner, "ctx", ast.Load()), ast.Load
        )
    return isinstance(found, (Instance, UserFunction)) or _may_need_gradients(found)


def _may_need_gradients(found: Type | None) -> bool:
    if isinstance(found, Tensor):
        return found.grad is not False
    if isinstance(found, Items):
        return any(_may_need_gradients(item) for item in found.items)
    return found is None or (isinstance(found, Repeated) and _may_need_gradients(found.item))
