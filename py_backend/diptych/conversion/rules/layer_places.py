"""``net[1].weight.data()``: a Gluon layer that flattens, or has an activation, becomes several layers in PyTorch."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.dense import expansion
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.types import Instance

_CONTAINERS = ("mxnet.gluon.nn.Sequential", "mxnet.gluon.nn.HybridSequential")
_WEIGHTS = ("weight", "bias")
_DENSE = "mxnet.gluon.nn.Dense"


@on_node(ast.Subscript)
def place(rewriter: Rewriter, node: ast.Subscript) -> bool:
    """``net[1]`` counts the layers that PyTorch has."""
    if not _is_container(rewriter, node.value):
        return False
    counts = _counts(rewriter, node.value)
    if counts is not None and all(count == 1 for count, _ in counts):
        return False
    index = constant(node.slice)
    if counts is None or not isinstance(index, int) or not -len(counts) <= index < len(counts):
        _refuse(rewriter, node)
        return False
    index %= len(counts)
    parent = rewriter.parent(node)
    if counts[index][0] > 1 and not (isinstance(parent, ast.Attribute) and parent.attr in _WEIGHTS):
        _refuse(rewriter, node)
        return False
    found = sum(count for count, _ in counts[:index]) + counts[index][1]
    rewriter.replace(node.slice, str(found), record=rewriter.record_for(_CONTAINERS[0]))
    return False


@on_node(ast.Call)
def values(rewriter: Rewriter, node: ast.Call) -> bool:
    """``net[1].weight.data()`` -> ``net[1].weight.data``; ``len(net)``."""
    function = node.func
    if isinstance(function, ast.Name) and function.id == "len" and len(node.args) == 1:
        _counted(rewriter, node.args[0])
    if not isinstance(function, ast.Attribute) or function.attr not in ("data", "grad"):
        return False
    weight = function.value
    layer = weight.value if isinstance(weight, ast.Attribute) and weight.attr in _WEIGHTS else None
    if isinstance(layer, ast.Subscript) and _is_container(rewriter, layer.value):
        record = rewriter.record_for("mxnet.gluon.Parameter.data")
        rewriter.replace(node, rewriter.range(function), record=record)
    return False


@on_node(ast.For)
def each(rewriter: Rewriter, node: ast.For) -> bool:
    """``for layer in net``."""
    _counted(rewriter, node.iter)
    return False


@on_node(ast.Attribute)
def weight(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``layer.weight`` of a layer that became a container."""
    found = rewriter.type_of(node.value)
    if node.attr not in _WEIGHTS or not isinstance(found, Instance) or found.path != _DENSE or found.call is None:
        return False
    if rewriter.target is not Framework.PYTORCH or isinstance(node.value, ast.Subscript):
        return False
    count, place = expansion(rewriter, found.call)
    if count > 1:
        rewriter.replace(node.value, rewriter.range(node.value), f"[{place}]", record=rewriter.record_for(_DENSE))
    return False


def _is_container(rewriter: Rewriter, value: ast.expr) -> bool:
    found = rewriter.type_of(value)
    return (
        rewriter.target is Framework.PYTORCH
        and isinstance(found, Instance)
        and found.path in _CONTAINERS
        and found.definition is None
    )


def _counts(rewriter: Rewriter, container: ast.expr) -> list[tuple[int, int]] | None:
    """For each layer added: of how many layers PyTorch's is, and at which place among them the weights are; None where
    this can't be told."""
    name = ast.unparse(container)
    found: list[tuple[int, int]] = []
    for function in rewriter.source.nodes.attributes("add"):
        call = rewriter.parent(function)
        if not isinstance(call, ast.Call) or call.func is not function or ast.unparse(function.value) != name:
            continue
        if call.keywords or isinstance(rewriter.statement(call), (ast.For, ast.While)):
            return None
        for layer in call.args:
            use = rewriter.use(layer.func) if isinstance(layer, ast.Call) else None
            if use is None or not isinstance(layer, ast.Call):
                return None
            found.append(expansion(rewriter, layer) if use.path == _DENSE else (1, 0))
    return found or None


def _counted(rewriter: Rewriter, value: ast.expr) -> None:
    if _is_container(rewriter, value):
        counts = _counts(rewriter, value)
        if counts is None or any(count > 1 for count, _ in counts):
            _refuse(rewriter, value)


def _refuse(rewriter: Rewriter, node: ast.expr) -> None:
    message = "A layer with an activation, or that flattens, becomes several in PyTorch: the places are not the same."
    advice = "Write `flatten=False`, and the activation as a layer of its own."
    rewriter.fail(node, "layer-places", message, advice, comment="PyTorch's container has other places")
