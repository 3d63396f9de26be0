"""``torch.device('cuda:0')`` <-> ``mx.gpu(0)``; tensors move by ``to`` and ``as_in_context``."""

from __future__ import annotations

import ast

from diptych.conversion.devices import names_device
from diptych.conversion.edits import Range
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.transforms import context_text, device
from diptych.conversion.uses import Use
from diptych.source.calls import constant
from diptych.source.types import Api, Tensor


@on_call("torch.device")
def to_context(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The device's name is known, or chosen by whether there is a GPU."""
    record = rewriter.record_for(use.path)
    if len(node.args) == 1 and not node.keywords:
        value = node.args[0]
        if isinstance(value, ast.IfExp):
            parts = [device(rewriter, item, rewriter.range(item)) for item in (value.body, value.orelse)]
            if all(isinstance(constant(item), str) for item in (value.body, value.orelse)) and all(parts):
                rewriter.claim(node.func)
                first, second = parts
                assert first is not None
                assert second is not None
                rewriter.replace(node, *first, " if ", rewriter.range(value.test), " else ", *second, record=record)
                return True
        if _numbered(rewriter, node, value):
            return True
        if names_device(rewriter, value):
            rewriter.claim(node.func)
            rewriter.replace(node, rewriter.range(value), record=record)
            return True
        name = constant(value)
        context = context_text(rewriter, name, rewriter.scope_of(node)) if isinstance(name, str) else None
        if context is not None:
            rewriter.claim(node)
            rewriter.replace(node, *context, record=record)
            return True
    message = "Which device this is can't be told from the text."
    rewriter.fail(
        node, "unmapped-argument", message, "Write the device's name as a literal.", "a device that can't be told"
    )
    rewriter.claim(node)
    return True


@on_node(ast.Assign)
def word(rewriter: Rewriter, node: ast.Assign) -> bool:
    """``device = 'cuda' if torch.cuda.is_available() else 'cpu'`` -> ``mx.gpu() if ... else mx.cpu()``."""
    target = node.targets[0]
    if len(node.targets) == 1 and isinstance(target, ast.Name) and names_device(rewriter, target):
        _words(rewriter, node.value)
    return False


def _words(rewriter: Rewriter, value: ast.expr) -> None:
    if isinstance(value, ast.IfExp):
        _words(rewriter, value.body)
        _words(rewriter, value.orelse)
        return
    name = constant(value)
    context = context_text(rewriter, name if isinstance(name, str) else "cuda", rewriter.scope_of(value))
    assert context is not None
    rewriter.claim(value)
    rewriter.replace(value, *context, record=rewriter.record_for("torch.device"))


def _numbered(rewriter: Rewriter, node: ast.Call, value: ast.expr) -> bool:
    """``torch.device(f'cuda:{i}')`` -> ``mx.gpu(i)``."""
    parts = value.values if isinstance(value, ast.JoinedStr) else []
    if len(parts) != 2 or constant(parts[0]) != "cuda:" or not isinstance(parts[1], ast.FormattedValue):
        return False
    if parts[1].format_spec is not None or parts[1].conversion != -1 or not isinstance(parts[1].value, ast.Name):
        return False
    path = rewriter.names.spell("mxnet.gpu", rewriter.scope_of(node))
    rewriter.claim(node)
    rewriter.replace(node, f"{path}({parts[1].value.id})", record=rewriter.record_for("torch.device"))
    return True


@on_call("torch.cuda.is_available", "torch.accelerator.is_available")
def gpus(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``mx.context.num_gpus() > 0``."""
    rewriter.claim(node)
    rewriter.replace(
        node,
        rewriter.names.spell("mxnet.context.num_gpus", rewriter.scope_of(node)) + "() > 0",
        record=rewriter.record_for("torch.cuda.is_available"),
    )
    return True


@on_call("mxnet.cpu", "mxnet.gpu")
def to_device(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``mx.gpu(1)`` -> ``torch.device('cuda:1')``."""
    record = rewriter.record_for(use.path)
    index = constant(node.args[0]) if node.args else 0
    if node.keywords or len(node.args) > 1 or not isinstance(index, int):
        message = "Which device this is can't be told from the text."
        rewriter.fail(node, "unmapped-argument", message, "Write the device's number as a literal.")
        rewriter.claim(node)
        return True
    name = "cpu" if use.path == "mxnet.cpu" else f"cuda:{index}"
    rewriter.claim(node)
    rewriter.replace(node, rewriter.names.spell("torch.device", rewriter.scope_of(node)) + f"('{name}')", record=record)
    return True


@on_call("torch.Tensor.to")
def moved(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``X.to(device)`` -> ``X.as_in_context(device)``."""
    if len(node.args) != 1 or node.keywords or not isinstance(node.func, ast.Attribute):
        return False
    found = rewriter.type_of(node.args[0])
    if isinstance(found, (Api, Tensor)):
        return False
    context = device(rewriter, node.args[0], rewriter.range(node.args[0]))
    if context is None:
        return False
    place = rewriter.range(node.func)
    record = rewriter.record_for("mxnet.nd.NDArray.as_in_context")
    rewriter.claim_only(node.func)
    rewriter.replace(Range(place.end - 2, place.end), "as_in_context", record=record)
    if context != (rewriter.range(node.args[0]),):
        rewriter.claim(node.args[0])
        rewriter.replace(node.args[0], *context, record=record)
    return True


@on_call("mxnet.nd.NDArray.as_in_context", "mxnet.nd.NDArray.as_in_ctx", "mxnet.np.ndarray.as_in_ctx")
def stays(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``X.as_in_context(device)`` -> ``X.to(device)``."""
    if len(node.args) != 1 or node.keywords or not isinstance(node.func, ast.Attribute):
        return False
    place = rewriter.range(node.func)
    rewriter.claim_only(node.func)
    rewriter.replace(Range(place.end - len(node.func.attr), place.end), "to", record=rewriter.record_for(use.path))
    return True
