"""Training and prediction: the mode belongs to the network in PyTorch, to the recording scope in MXNet."""

from __future__ import annotations

import ast
from enum import Enum
from typing import TYPE_CHECKING

from diptych.conversion.networks import constructed_in_module
from diptych.conversion.training import method_call
from diptych.source.types import Api, Instance, Role

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

_DEPENDENT = ("Dropout", "BatchNorm", "SyncBatchNorm", "AlphaDropout", "FeatureAlphaDropout", "InstanceNorm", "RReLU")
_RECURRENT = ("LSTM", "GRU", "RNN", "Transformer", "MultiheadAttention")
_ANY = frozenset(
    (
        "torch.nn.Module",
        "torch.nn.Sequential",
        "mxnet.gluon.Block",
        "mxnet.gluon.HybridBlock",
        "mxnet.gluon.nn.Sequential",
        "mxnet.gluon.nn.HybridSequential",
    )
)
_MADE_ELSEWHERE = ("torch.nn.Module", "mxnet.gluon.Block")  # called for one, a function gives a network of any layers


class Mode(str, Enum):
    """What a network does in a forward pass."""

    TRAIN = "train"
    EVAL = "eval"


def network_of(rewriter: Rewriter, call: ast.Call) -> Instance | None:
    """The network that ``call`` is a forward pass of, where its result depends on the mode, or may."""
    found = rewriter.type_of(call.func)
    if not isinstance(found, Instance) or found.role is not Role.MODULE or found.framework is not rewriter.origin:
        return None
    if constructed_in_module(rewriter, call):
        return None  # the mode comes from the network around
    unknown = found.definition is None and found.path in (_ANY if found.call is None else _MADE_ELSEWHERE)
    own = found.path.rpartition(".")[2]
    known = found.definition is None and found.path not in _ANY
    if known:
        return found if own.startswith((*_DEPENDENT, *_RECURRENT)) else None
    return found if unknown or _document_depends(rewriter) else None


def _document_depends(rewriter: Rewriter) -> bool:
    """Whether a layer that depends on the mode is used anywhere."""
    known = rewriter.memory.get("mode-dependent")
    if isinstance(known, bool):
        return known
    answer = False
    for node in ast.walk(rewriter.source.tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name.startswith((*_DEPENDENT, *_RECURRENT)) and isinstance(node, ast.expr):
            answer = answer or isinstance(rewriter.type_of(node), Api)
        if name in ("training", "is_training"):
            answer = True  # a network that asks for its mode
    rewriter.memory["mode-dependent"] = answer
    return answer


def mode_of(rewriter: Rewriter, call: ast.Call) -> Mode | None:
    """PyTorch: the mode that the network of this forward pass is in; None where the text does not say."""
    name = ast.unparse(call.func)
    statement = rewriter.statement(call)
    while statement is not None:
        suite = rewriter.suite(statement)
        index = suite.index(statement) if statement in suite else 0
        for before in reversed(suite[:index]):
            found = _set_by(before, name)
            if found:
                return found.pop() if len(found) == 1 and _surely_set(before, name) else None
        around = rewriter.parent(statement)
        if isinstance(around, (ast.For, ast.While)) and any(_set_by(after, name) for after in suite[index:]):
            return None  # another mode may come round
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return None
        if around is None or isinstance(around, ast.Module):
            return Mode.TRAIN
        statement = around if isinstance(around, ast.stmt) else rewriter.statement(around)
    return None


def _set_by(statement: ast.stmt, name: str) -> set[Mode]:
    """The modes that a statement, or what is inside it, sets; a network passed on may be set to any."""
    found: set[Mode] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute) and node.attr in ("train", "eval") and ast.unparse(node.value) == name:
            found.add(Mode(node.attr))
        if isinstance(node, ast.Call) and any(ast.unparse(item) == name for item in node.args):
            found |= set(Mode) if not isinstance(node.func, ast.Attribute) else set()
    return found


def _surely_set(statement: ast.stmt, name: str) -> bool:
    calls = [method_call(statement, mode.value) for mode in Mode]
    return any(
        call is not None and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == name
        for call in calls
    )


def forwards(rewriter: Rewriter, inside: ast.AST, name: str) -> list[ast.Call]:
    """The forward passes of the network ``name`` inside a statement."""
    return [node for node in ast.walk(inside) if isinstance(node, ast.Call) and ast.unparse(node.func) == name]


def is_recorded(rewriter: Rewriter, node: ast.AST) -> bool:
    """MXNet: whether ``node`` stands inside of ``autograd.record()``, in the same function."""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, (ast.FunctionDef, ast.Lambda, ast.Module)):
        if isinstance(current, ast.With) and _records(rewriter, current):
            return True
        current = rewriter.parent(current)
    return False


def _records(rewriter: Rewriter, node: ast.With) -> bool:
    call = node.items[0].context_expr
    return isinstance(call, ast.Call) and rewriter.type_of(call.func) == Api("mxnet.autograd.record")
