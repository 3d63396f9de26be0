"""The training step: ``zero_grad``, ``backward``, ``step()`` <-> ``record()``, ``backward``, ``step(size)``."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Range
from diptych.conversion.gradients import add_up_gradients, backward_runs_once
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_before, alone_on_lines, remove_statement, unwrap
from diptych.conversion.training import batch_size, step_keeps_samples, step_of
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.types import Api, Instance, Role

_RECORD = "mxnet.autograd.record"


@on_call("torch.optim.Optimizer.zero_grad", "torch.nn.Module.zero_grad")
def zero_grad(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet: each backward writes the gradient anew, so this goes, if it stands in the step it belongs to."""
    statement = rewriter.statement(node)
    if not isinstance(statement, ast.Expr) or statement.value is not node:
        return False
    step = step_of(rewriter.suite(statement))
    if step is None:
        message = "Gradients are kept over several backward passes here; MXNet writes them anew each time."
        rewriter.fail(node, "accumulated-gradient", message, "Set `grad_req='add'` on the parameters by hand.")
        rewriter.claim(node.func)
        return True
    if _read_after(rewriter, node, step.backward):
        message = "PyTorch's gradients are None from here on, MXNet's arrays stay; they are read below."
        rewriter.fail(node, "accumulated-gradient", message, comment="MXNet's gradients stay")
        rewriter.claim(node.func)
        return True
    rewriter.claim(node)
    record = rewriter.record_for(use.path)
    if record is not None:
        rewriter.records[record.id] = None
    remove_statement(rewriter, statement)
    return True


def _read_after(rewriter: Rewriter, zero: ast.Call, backward: ast.Expr) -> bool:
    """Whether a gradient is read behind a ``zero_grad`` that stands behind the backward pass, outside of any loop."""
    if zero.lineno < backward.lineno or not backward_runs_once(rewriter):
        return False
    return any(
        isinstance(node, ast.Attribute) and node.attr == "grad" and node.lineno > zero.lineno
        for node in ast.walk(rewriter.source.tree)
    )


@on_call("torch.optim.Optimizer.step")
def step_with_size(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``trainer.step()`` -> ``trainer.step(X.shape[0])``, or ``step(1)`` where the loss is one number."""
    statement = rewriter.statement(node)
    found = step_of(rewriter.suite(statement)) if statement is not None else None
    if found is None or found.step is not node or node.args or node.keywords:
        message = "`step` needs the batch size, which the block does not show: there is no `backward` beside it."
        rewriter.fail(
            node, "batch-size", message, "Call `backward` and `step` in one block.", comment="step needs the batch size"
        )
        rewriter.claim_only(node.func)
        return True
    assert isinstance(node.func, ast.Attribute)
    if found.zero is None and not (backward_runs_once(rewriter) or add_up_gradients(rewriter, node.func.value)):
        message = "No `zero_grad` in this block: PyTorch adds up gradients, MXNet writes them anew."
        rewriter.fail(node, "accumulated-gradient", message, "Set `grad_req='add'` on the parameters by hand.")
        rewriter.claim_only(node.func)
        return True
    size = batch_size(rewriter, found, rewriter.scope_of(node)) if step_keeps_samples(rewriter, found) else "1"
    end = rewriter.range(node).end - 1
    rewriter.claim_only(node.func)
    stale = ", ignore_stale_grad=True" if _may_skip_parameters(rewriter) else ""
    rewriter.replace(Range(end, end), (size or "1") + stale, record=rewriter.record_for(use.path))
    return True


def _may_skip_parameters(rewriter: Rewriter) -> bool:
    """Whether a forward pass of the document goes different ways: PyTorch leaves alone what had no part in the loss,
    MXNet's trainer refuses it unless it is told to."""
    known = rewriter.memory.get("goes different ways")
    if not isinstance(known, bool):
        known = any(
            isinstance(node, ast.FunctionDef)
            and node.name == "forward"
            and any(isinstance(inner, (ast.If, ast.For, ast.While, ast.IfExp)) for inner in ast.walk(node))
            for node in ast.walk(rewriter.source.tree)
        )
        rewriter.memory["goes different ways"] = known
    return known


@on_call("mxnet.gluon.Trainer.step")
def step_without_size(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``trainer.step(X.shape[0])`` -> ``trainer.step()``; the division moves to the loss (see the rule for losses)."""
    statement = rewriter.statement(node)
    found = step_of(rewriter.suite(statement)) if statement is not None else None
    if found is None or found.step is not node:
        message = "`step` divides by the batch size; the block does not show the `backward` whose gradient that is."
        rewriter.fail(node, "batch-size", message, "Call `backward` and `step` in one block.")
        rewriter.claim_only(node.func)
        return True
    places, closing = rewriter.slots(node)
    rewriter.claim(node)
    if places:
        rewriter.replace(Range(places[0].start, closing), record=rewriter.record_for(use.path))
    return True


@on_node(ast.With)
def recording(rewriter: Rewriter, node: ast.With) -> bool:
    """To PyTorch: computation is always recorded; gradients have to be set to zero first."""
    if rewriter.target is not Framework.PYTORCH or not node.items:
        return False
    call = node.items[0].context_expr
    if not isinstance(call, ast.Call) or rewriter.type_of(call.func) != Api(_RECORD):
        return False
    record = rewriter.record_for(_RECORD)
    if len(node.items) > 1 or call.args or call.keywords or not alone_on_lines(rewriter, node):
        return False
    rewriter.claim(call)
    found = step_of(rewriter.suite(node))
    if found is not None and found.trainer is not None and found.zero is None:
        assert found.step is not None
        assert isinstance(found.step.func, ast.Attribute)
        owner = rewriter.type_of(found.step.func.value)
        if isinstance(owner, Instance) and owner.role is Role.OPTIMIZER:
            add_before(
                rewriter, node, f"{found.trainer}.zero_grad()", rewriter.record_for("torch.optim.Optimizer.zero_grad")
            )
    unwrap(rewriter, node, record)
    return True
