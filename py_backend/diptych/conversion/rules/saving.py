"""``torch.save(net.state_dict(), path)`` <-> ``net.save_parameters(path)``, and loading."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.source.types import Tensor

_FORMAT = "The two frameworks write files of their own formats: parameters saved by one can't be loaded by the other."


def _called(rewriter: Rewriter, node: ast.expr | None, path: str) -> ast.Call | None:
    """``node`` if it calls the method or function that ``path`` ends in."""
    if not isinstance(node, ast.Call):
        return None
    use = rewriter.use(node.func)
    known = use is not None and use.path.rpartition(".")[2] == path and not use.path.startswith("torch.optim.")
    return node if known else None


@on_call("torch.save")
def save(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Parameters only: a whole module or a dictionary of several things has no counterpart."""
    state = _called(rewriter, node.args[0] if node.args else None, "state_dict")
    if state is None or len(node.args) != 2 or node.keywords or state.args or state.keywords:
        if node.args and isinstance(rewriter.type_of(node.args[0]), Tensor):
            return False  # arrays have a record of their own
        return _refused(rewriter, node, "Only `torch.save(net.state_dict(), path)` has a counterpart.")
    assert isinstance(state.func, ast.Attribute)
    return _write(rewriter, node, state.func, "save_parameters", node.args[1])


@on_call("torch.nn.Module.load_state_dict")
def load(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``net.load_state_dict(torch.load(path))`` -> ``net.load_parameters(path)``."""
    loaded = _called(rewriter, node.args[0] if node.args else None, "load")
    if loaded is None or len(node.args) != 1 or node.keywords or len(loaded.args) != 1:
        return _refused(rewriter, node, "Only `net.load_state_dict(torch.load(path))` has a counterpart.")
    if any(item.arg not in ("weights_only", "map_location") for item in loaded.keywords):
        return _refused(rewriter, node, "These options of `torch.load` have no counterpart.")
    if any(item.arg == "map_location" for item in loaded.keywords):
        rewriter.warn(node, "dropped-argument", "`map_location` is dropped: parameters load to where the network is.")
    assert isinstance(node.func, ast.Attribute)
    rewriter.claim(loaded.func)
    return _write(rewriter, node, node.func, "load_parameters", loaded.args[0])


def _write(rewriter: Rewriter, node: ast.Call, method: ast.Attribute, name: str, path: ast.expr) -> bool:
    rewriter.claim(node.func) if node.func is not method else rewriter.claim_only(method)
    rewriter.claim_only(method)
    if node.args and isinstance(node.args[0], ast.Call):
        rewriter.claim_only(node.args[0])
    parts = (rewriter.range(method.value), f".{name}(", rewriter.range(path), ")")
    rewriter.replace(node, *parts, record=rewriter.record_for(f"mxnet.gluon.Block.{name}"))
    rewriter.inform(node, "file-format", _FORMAT)
    return True


@on_call("torch.nn.Module.state_dict", "torch.load")
def alone(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """By themselves they give PyTorch's own dictionary."""
    return _refused(rewriter, node, f"`{use.path}` has a counterpart only together with saving or loading.")


@on_call(
    "mxnet.gluon.Block.save_parameters",
    "mxnet.gluon.Block.load_parameters",
    "mxnet.gluon.Block.save_params",
    "mxnet.gluon.Block.load_params",
)
def to_torch(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The path is all that both sides know."""
    if not isinstance(node.func, ast.Attribute):
        return False
    allowed = ("filename", "ctx")
    path = node.args[0] if node.args else next((item.value for item in node.keywords if item.arg == "filename"), None)
    if path is None or len(node.args) > 1 or any(item.arg not in allowed for item in node.keywords):
        return _refused(rewriter, node, "These options have no counterpart in PyTorch.")
    if any(item.arg == "ctx" for item in node.keywords):
        rewriter.warn(node, "dropped-argument", "`ctx` is dropped: parameters load to where the network is.")
    owner, where, scope = rewriter.range(node.func.value), rewriter.range(path), rewriter.scope_of(node)
    rewriter.claim_only(node.func)
    record = rewriter.record_for(use.path)
    if node.func.attr.startswith("save"):
        function = rewriter.names.spell("torch.save", scope)
        rewriter.replace(node, f"{function}(", owner, ".state_dict(), ", where, ")", record=record)
    else:
        function = rewriter.names.spell("torch.load", scope)
        rewriter.replace(node, owner, f".load_state_dict({function}(", where, "))", record=record)
    rewriter.inform(node, "file-format", _FORMAT)
    return True


def _refused(rewriter: Rewriter, node: ast.Call, message: str) -> bool:
    rewriter.fail(node, "unmapped-argument", message, comment=message.rstrip("."))
    rewriter.claim(node)
    return True
