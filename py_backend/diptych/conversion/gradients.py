"""``x = torch.zeros(3, requires_grad=True)``: MXNet asks for a gradient in another statement, ``attach_grad()``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from diptych.conversion.literals import settled
from diptych.conversion.model import Severity
from diptych.equivalence.model import Framework
from diptych.source.calls import argument, constant
from diptych.source.types import Instance

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter
    from diptych.source.scopes import Scope

_ASKED = "gradients asked for"
_NOTICES = re.compile(r"backward|autograd|optim|\bgrad|is_leaf|retain_grad|requires_grad(?!\s*=[^=])")


def asked_apart(rewriter: Rewriter, call: ast.Call, item: ast.keyword) -> bool:
    """Whether ``requires_grad`` is left out of the call to MXNet: it is False, or can be asked for afterwards."""
    if item.arg != "requires_grad" or rewriter.target is not Framework.MXNET:
        return False
    wanted, asked = constant(settled(rewriter, item.value)), rewriter.memory.get(_ASKED)
    if wanted is False:
        return True
    if wanted is not True or not isinstance(asked, dict):
        return False
    return ask_behind(rewriter, call) or _goes_unnoticed(rewriter, call)


def _goes_unnoticed(rewriter: Rewriter, call: ast.Call) -> bool:
    """Whether nothing in the text can tell if a gradient was asked for, nor another text that calls this one."""
    scope: Scope | None = rewriter.scope_of(call)
    while scope is not None:
        if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            return False
        scope = scope.parent
    return not _NOTICES.search(rewriter.source.text.text)


def ask_behind(rewriter: Rewriter, call: ast.Call) -> bool:
    """Ask for the gradient of what ``call`` gives in a statement behind it, if it is assigned to a name."""
    asked, statement = rewriter.memory.get(_ASKED), rewriter.parent(call)
    if not isinstance(asked, dict):  # a call by itself is looked up: nothing can follow it
        return False
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    if not isinstance(statement.targets[0], (ast.Name, ast.Attribute)):
        return False
    asked[id(call)] = (call, statement)
    return True


def is_asked(rewriter: Rewriter, name: str) -> bool:
    """Whether a gradient of an array of this name was asked for so."""
    asked = rewriter.memory.get(_ASKED)
    found = asked.values() if isinstance(asked, dict) else ()
    return any(isinstance(item, ast.Name) and item.id == name for _, statement in found for item in statement.targets)


def expect_gradients(rewriter: Rewriter) -> None:
    """A whole unit is converted: there is room for statements."""
    rewriter.memory[_ASKED] = {}


def attach_gradients(rewriter: Rewriter) -> None:
    """``x.attach_grad()`` behind each array that was converted and asks for a gradient."""
    from diptych.conversion.statements import add_after  # noqa: PLC0415  (statements ask the rewriter)

    asked = rewriter.memory.get(_ASKED, {})
    assert isinstance(asked, dict)
    failed = {found.line for found in rewriter.diagnostics if found.severity is Severity.ERROR}
    for _, statement in asked.values():
        if failed.isdisjoint(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)):
            record = rewriter.record_for("torch.Tensor.requires_grad_")
            array = rewriter.text(statement.targets[0])
            add_after(rewriter, statement, f"{array}.attach_grad({manner(rewriter)})", record)


def manner(rewriter: Rewriter) -> str:
    """``'add'`` where several backward passes add up in PyTorch; MXNet writes gradients anew unless it is told so."""
    known = rewriter.memory.get("gradients add up")
    if not isinstance(known, bool):
        known = rewriter.memory["gradients add up"] = _adds_up(rewriter)
    return "'add'" if known else ""


def _adds_up(rewriter: Rewriter) -> bool:
    calls = _passes(rewriter)
    if len(calls) != 1:
        return len(calls) > 1
    return not backward_runs_once(rewriter) and not _SET_TO_ZERO.search(rewriter.source.text.text)


def backward_runs_once(rewriter: Rewriter) -> bool:
    """Whether the text has one backward pass, which nothing repeats: no gradient is there yet."""
    calls = _passes(rewriter)
    around = rewriter.parent(calls[0]) if len(calls) == 1 else None
    while around is not None and not isinstance(around, (ast.For, ast.While, ast.FunctionDef, ast.Module)):
        around = rewriter.parent(around)
    return isinstance(around, ast.Module)


def _passes(rewriter: Rewriter) -> list[ast.Call]:
    calls = (node for node in rewriter.source.nodes.of(ast.Call) if isinstance(node, ast.Call))
    return [node for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr == "backward"]


def add_up_gradients(rewriter: Rewriter, trainer: ast.expr) -> bool:
    """Has the parameters of a trainer add up their gradients, which nothing in the text sets to zero or asks for apart.

    False where the text does not show the network whose parameters they are."""
    from diptych.conversion.statements import add_after  # noqa: PLC0415  (statements ask the rewriter)

    text, owner = rewriter.source.text.text, rewriter.type_of(trainer)
    made = owner.call if isinstance(owner, Instance) else None
    statement = rewriter.statement(made) if made is not None else None
    if made is None or statement is None or _SET_TO_ZERO.search(text) or "requires_grad" in text:
        return False
    given = argument(made, 0, "params")
    network = given.func.value if isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute) else None
    if not isinstance(network, ast.Name) or ast.unparse(given or made) != f"{network.id}.parameters()":
        return False
    asked = rewriter.memory.setdefault("added up", set())
    assert isinstance(asked, set)
    if id(statement) not in asked:
        asked.add(id(statement))
        line = f"{network.id}.collect_params().setattr('grad_req', 'add')"
        add_after(rewriter, statement, line, rewriter.record_for("torch.nn.Module.requires_grad_"))
    return True


_SET_TO_ZERO = re.compile(r"\bzero_grad\b|\.grad(\.data)?\.zero_|\.grad\s*=\s*None")
