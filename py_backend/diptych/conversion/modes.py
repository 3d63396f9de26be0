"""Training and prediction: the mode belongs to the network in PyTorch, to the recording scope in MXNet."""

from __future__ import annotations

import ast
from enum import Enum
from typing import TYPE_CHECKING

from diptych.conversion.networks import constructed_in_module
from diptych.conversion.training import method_call
from diptych.source.nodes import inside
from diptych.source.types import Api, Instance, Role

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

_DEPENDENT = (
    "Dropout",
    "BatchNorm",
    "SyncBatchNorm",
    "AlphaDropout",
    "FeatureAlphaDropout",
    "InstanceNorm",
    "RReLU",
    "Zoneout",
)
_STEPPED = ("SequentialRNNCell", "HybridSequentialRNNCell", "ResidualCell", "BidirectionalCell")
_PLAIN_RECURRENT = ("LSTM", "GRU", "RNN")
_BEFORE_DROPOUT, _BEFORE_STATISTICS = 3, 4  # arguments that stand before the one that makes the mode matter
_RECURRENT = ("LSTM", "GRU", "RNN", "Transformer", "MultiheadAttention")
_NAMED_SO = (*_DEPENDENT, *_RECURRENT)
_ASKING = ("training", "is_training")  # a network that asks for its mode
_ANY = frozenset(
    (
        "torch.nn.Module",
        "torch.nn.Sequential",
        "mxnet.gluon.Block",
        "mxnet.gluon.HybridBlock",
        "mxnet.gluon.nn.Sequential",
        "mxnet.gluon.nn.HybridSequential",
        *(f"mxnet.gluon.rnn.{name}" for name in _STEPPED),
    )
)
_MADE_ELSEWHERE = ("torch.nn.Module", "mxnet.gluon.Block")  # called for one, a function gives a network of any layers


class Mode(str, Enum):
    """What a network does in a forward pass."""

    TRAIN = "train"
    EVAL = "eval"


def called(call: ast.Call) -> ast.expr:
    """What a call is a forward pass of: ``net(x)``, and all the steps of ``cell.unroll(length, x)``."""
    function = call.func
    return function.value if isinstance(function, ast.Attribute) and function.attr == "unroll" else function


def network_of(rewriter: Rewriter, call: ast.Call) -> Instance | None:
    """The network that ``call`` is a forward pass of, where its result depends on the mode, or may."""
    found = rewriter.type_of(called(call))
    if not isinstance(found, Instance) or found.role is not Role.MODULE or found.framework is not rewriter.origin:
        return None
    if constructed_in_module(rewriter, call):
        return None  # the mode comes from the network around
    unknown = found.definition is None and found.path in (_ANY if found.call is None else _MADE_ELSEWHERE)
    own = found.path.rpartition(".")[2]
    known = found.definition is None and found.path not in _ANY
    if known:
        return found if _depends(own, found.call) else None
    return found if unknown or _document_depends(rewriter) else None


def _depends(layer: str, call: ast.Call | None) -> bool:
    """Whether a layer of this name, made by ``call``, depends on the mode: recurrent ones do where they drop out,
    PyTorch's instance normalization where it keeps statistics."""
    written = {keyword.arg for keyword in call.keywords} if call is not None else {None}
    if layer.startswith(_PLAIN_RECURRENT):
        few = call is not None and len(call.args) <= _BEFORE_DROPOUT and not any(map(_starred, call.args))
        return not layer.endswith("Cell") and not (few and not written & {"dropout", None})
    if layer.startswith("InstanceNorm"):
        few = call is not None and len(call.args) <= _BEFORE_STATISTICS and not any(map(_starred, call.args))
        return not (few and not written & {"track_running_stats", None})
    return layer.startswith((*_DEPENDENT, *_RECURRENT))


def _starred(item: ast.expr) -> bool:
    return isinstance(item, ast.Starred)


def _document_depends(rewriter: Rewriter) -> bool:
    """Whether a layer that depends on the mode is used anywhere."""
    known = rewriter.memory.get("mode-dependent")
    if isinstance(known, bool):
        return known
    nodes = rewriter.source.nodes
    answer = any(nodes.attributes(*_ASKING)) or any(nodes.named(name) for name in _ASKING)
    answer = answer or any(_may_depend(rewriter, node, node.attr) for node in nodes.of(ast.Attribute))
    answer = answer or any(_may_depend(rewriter, node, node.id) for node in nodes.of(ast.Name))
    rewriter.memory["mode-dependent"] = answer
    return answer


def _may_depend(rewriter: Rewriter, node: ast.expr, name: str) -> bool:
    if not name.startswith(_NAMED_SO):
        return False
    around = rewriter.parent(node)
    call = around if isinstance(around, ast.Call) and around.func is node else None
    return _depends(name, call) and isinstance(rewriter.type_of(node), Api)


def mode_of(rewriter: Rewriter, call: ast.Call) -> Mode | None:
    """PyTorch: the mode that the network of this forward pass is in; None where the text does not say."""
    name = ast.unparse(called(call))
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
    for node in inside(statement):
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


def forwards(rewriter: Rewriter, statement: ast.AST, name: str) -> list[ast.Call]:
    """The forward passes of the network ``name`` inside a statement."""
    return [node for node in inside(statement) if isinstance(node, ast.Call) and ast.unparse(called(node)) == name]


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
