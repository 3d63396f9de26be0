"""``net.train()``, ``net.eval()`` <-> inside or outside of ``autograd.record()``."""

from __future__ import annotations

import ast

from diptych.conversion.modes import Mode, called, forwards, is_recorded, mode_of, network_of
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_before, alone_on_lines, remove_statement, wrap
from diptych.conversion.training import recorded, step_of
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.nodes import inside

_ADVICE = "MXNet trains inside `autograd.record()` and predicts outside of it; write the modes out in PyTorch."


@on_call("torch.nn.Module.train", "torch.nn.Module.eval")
def mode(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet the calls go: each forward pass is held to the mode that it had (the rule below)."""
    statement = rewriter.statement(node)
    if not isinstance(statement, ast.Expr) or statement.value is not node or node.args or node.keywords:
        return False
    rewriter.claim(node)
    remove_statement(rewriter, statement)
    return True


@on_node(ast.Call)
def forward(rewriter: Rewriter, node: ast.Call) -> bool:
    """A forward pass of a network with layers that behave differently in training."""
    if network_of(rewriter, node) is None:
        return False
    if rewriter.target is Framework.MXNET:
        _hold(rewriter, node)
    else:
        _write(rewriter, node)
    return False


def _hold(rewriter: Rewriter, node: ast.Call) -> None:
    """To MXNet: training has to be recorded, prediction must not be."""
    wanted = Mode.TRAIN if _will_be_recorded(rewriter, node) else Mode.EVAL
    found = mode_of(rewriter, node)
    if found is wanted or (found is Mode.TRAIN and _train_alone(rewriter, node)):
        return
    name = rewriter.text(node.func)
    said = f"is in mode {found.value}" if found else "may be in either mode"
    message = f"`{name}` {said} here, and has, or may have, layers that MXNet would run in mode {wanted.value}."
    rewriter.fail(node, "mode", message, _ADVICE, comment=f"MXNet would run {name} in mode {wanted.value} here")


def _train_alone(rewriter: Rewriter, node: ast.Call) -> bool:
    """A pass in training that nothing differentiates -> its statement inside of ``autograd.train_mode()``."""
    statement = rewriter.statement(node)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)) or not alone_on_lines(rewriter, statement):
        return False
    inside = [item for item in ast.walk(statement) if isinstance(item, ast.Call) and network_of(rewriter, item)]
    if any(mode_of(rewriter, item) is not Mode.TRAIN for item in inside):
        return False
    written = rewriter.memory.setdefault("trained alone", set())
    assert isinstance(written, set)
    if id(statement) not in written:
        written.add(id(statement))
        header = f"with {rewriter.names.spell('mxnet.autograd.train_mode', rewriter.scope_of(node))}():"
        wrap(rewriter, [statement], header, rewriter.record_for("mxnet.autograd.train_mode"))
    return True


def _will_be_recorded(rewriter: Rewriter, node: ast.Call) -> bool:
    statement = rewriter.statement(node)
    while isinstance(statement, ast.stmt):
        block = rewriter.suite(statement)
        step = step_of(block)
        if step is not None and step.assigned in block:
            return any(statement is item for item in recorded(rewriter, block, step.assigned))
        around = rewriter.parent(statement)
        if not isinstance(around, ast.With):
            return False
        statement = around
    return False


def _write(rewriter: Rewriter, node: ast.Call) -> None:
    """To PyTorch: the mode is set before."""
    network = called(node)
    name = rewriter.text(network)
    statement = rewriter.statement(node)
    anchor = _anchor(rewriter, statement, name, recorded=is_recorded(rewriter, node)) if statement else None
    if anchor is None or not isinstance(network, ast.Name) or _deferred(rewriter, node):
        message = f"`{name}` has, or may have, layers that depend on the mode; which it is can't be told here."
        rewriter.fail(node, "mode", message, _ADVICE, comment=f"set the mode of {name}")
        return
    wanted = Mode.TRAIN if is_recorded(rewriter, node) else Mode.EVAL
    written = rewriter.memory.setdefault("modes", set())
    assert isinstance(written, set)
    if (id(anchor), name, wanted) not in written:
        written.add((id(anchor), name, wanted))
        add_before(rewriter, anchor, f"{name}.{wanted.value}()", rewriter.record_for(f"torch.nn.Module.{wanted.value}"))


def _anchor(rewriter: Rewriter, statement: ast.stmt, name: str, *, recorded: bool) -> ast.stmt | None:
    """The outermost statement, up through loops and ``with``, whose passes of the network are all of one mode."""
    anchor = statement
    while True:
        around = rewriter.parent(anchor)
        if not isinstance(around, (ast.With, ast.For, ast.While)) or _binds(around, name):
            break
        if any(is_recorded(rewriter, call) is not recorded for call in forwards(rewriter, around, name)):
            break
        anchor = around
    return anchor if alone_on_lines(rewriter, anchor) else None


def _binds(statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in inside(statement)
    )


def _deferred(rewriter: Rewriter, node: ast.Call) -> bool:
    """Whether the pass runs when a function is called that something recorded, or something unknown, may call."""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        current = rewriter.parent(current)
    if current is None:
        return False
    if not isinstance(current, ast.FunctionDef):
        return True
    uses = [item for item in rewriter.source.nodes.named(current.name) if isinstance(item.ctx, ast.Load)]
    return any(
        not isinstance(call := rewriter.parent(item), ast.Call) or call.func is not item or is_recorded(rewriter, item)
        for item in uses
    )
