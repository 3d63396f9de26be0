"""``nn.Linear`` <-> ``nn.Dense``, with the activation and the flattening that only ``Dense`` has."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import Crossing, NotMapped, Written, bind, carry, spelling_of
from diptych.conversion.conditions import input_rank, rank_of_calls
from diptych.conversion.edits import Part, Range
from diptych.conversion.networks import kept_in_files
from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import indent_of
from diptych.conversion.uses import Use
from diptych.equivalence.model import Equivalence
from diptych.source.calls import constant

_ACTIVATIONS = {"relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "Tanh", "softrelu": "Softplus", "softsign": "Softsign"}


@on_call("torch.nn.Linear")
def with_activation(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet: the activation that follows in a container is written into the layer."""
    activation = rewriter.memory.get(("activation", id(node)))
    if not isinstance(activation, str):
        return False
    record = rewriter.record_for(use.path)
    own = spelling_of(record, rewriter.origin, use.path) if record is not None else None
    target = rewriter.target_spelling(record) if record is not None else None
    if record is None or own is None or target is None:
        return False
    try:
        arguments = carry(Crossing(rewriter, record, own, target, node), bind(rewriter, node, own))
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"`torch.nn.Linear` stays as it was: {reason}.", comment=str(reason))
        rewriter.claim(node)
        return True
    arguments.append(Written("activation", (activation,)))
    rewriter.rewrite_call(node, record, rewriter.names.spell(target.name, rewriter.scope_of(node)), arguments)
    return True


@on_call("mxnet.gluon.nn.Dense")
def to_linear(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: a layer that flattens has a ``Flatten`` before it, an activation is a layer behind it."""
    record = rewriter.record_for(use.path)
    if record is None:
        return False
    try:
        _write_linear(rewriter, node, record)
    except NotMapped as reason:
        rewriter.fail(
            node, "unmapped-argument", f"`mxnet.gluon.nn.Dense` stays as it was: {reason}.", comment=str(reason)
        )
        rewriter.claim(node)
    return True


def _write_linear(rewriter: Rewriter, node: ast.Call, record: Equivalence) -> None:
    bound = bind(rewriter, node, record.mxnet[0])
    kind = constant(bound.node("activation")) if "activation" in bound.values else None
    if "activation" in bound.values and bound.text("activation", rewriter) != "None" and kind not in _ACTIVATIONS:
        raise NotMapped(f"the activation `{bound.text('activation', rewriter)}` can't be told")
    for name, default in (("weight_initializer", "None"), ("bias_initializer", "'zeros'"), ("dtype", "'float32'")):
        if name in bound.values and bound.text(name, rewriter) not in (default, default.replace("'", '"')):
            raise NotMapped(f"`{name}={bound.text(name, rewriter)}` has no counterpart in `torch.nn.Linear`")
    unknown = set(bound.values) - {
        "units",
        "activation",
        "use_bias",
        "flatten",
        "dtype",
        "weight_initializer",
        "bias_initializer",
        "in_units",
        "prefix",
    }
    if unknown or "units" not in bound.values:
        raise NotMapped(f"`{next(iter(unknown), 'units')}` has no counterpart in `torch.nn.Linear`")
    layers = _layers(rewriter, node, {name: values[0] for name, values in bound.values.items()}, kind)
    rewriter.claim(node.func)
    inside = rewriter.parent(node)
    added = isinstance(inside, ast.Call) and isinstance(inside.func, ast.Attribute) and inside.func.attr == "add"
    parts: list[Part] = []
    for number, layer in enumerate(layers):
        parts += [_separator(rewriter, node) if added else ", ", *layer] if number else layer
    if len(layers) > 1 and not added:
        parts = [_spell(rewriter, node, "Sequential"), "(", *parts, ")"]
    rewriter.replace(node, *parts, record=record)


def expansion(rewriter: Rewriter, node: ast.Call) -> tuple[int, int]:
    """Of how many layers PyTorch's is, and at which place among them the weights are."""
    record = rewriter.record_for("mxnet.gluon.nn.Dense")
    if record is None:
        return 1, 0
    bound = bind(rewriter, node, record.mxnet[0])
    flattens = "flatten" not in bound.values or constant(bound.node("flatten")) is not False
    before = int(flattens and (kept_in_files(rewriter) or dense_rank(rewriter, node) != 2))
    behind = int("activation" in bound.values and constant(bound.node("activation")) in _ACTIVATIONS)
    return before + 1 + behind, before


def _layers(
    rewriter: Rewriter, node: ast.Call, values: dict[str, tuple[ast.expr, Range]], kind: object
) -> list[list[Part]]:
    layers: list[list[Part]] = []
    if "flatten" not in values or constant(values["flatten"][0]) is not False:
        if "flatten" in values and constant(values["flatten"][0]) is not True:
            raise NotMapped("whether `flatten` holds can't be told")
        if kept_in_files(rewriter) or dense_rank(rewriter, node) != 2:
            layers.append([_spell(rewriter, node, "Flatten"), "()"])
    inputs = values.get("in_units")
    known: Part | None = inputs[1] if inputs is not None and constant(inputs[0]) != 0 else _units_before(rewriter, node)
    layer: list[Part] = [_spell(rewriter, node, "LazyLinear" if known is None else "Linear"), "("]
    layer += [known, ", "] if known is not None else []
    layer += [values["units"][1]]
    if "use_bias" in values:
        layer += [", bias=", values["use_bias"][1]]
    layers.append([*layer, ")"])
    if kind in _ACTIVATIONS:
        layers.append([_spell(rewriter, node, _ACTIVATIONS[str(kind)]), "()"])
    return layers


def _spell(rewriter: Rewriter, node: ast.AST, name: str) -> str:
    return rewriter.names.spell(f"torch.nn.{name}", rewriter.scope_of(node))


def _separator(rewriter: Rewriter, node: ast.Call) -> str:
    """Layers of a container on lines of their own stay that."""
    text, start = rewriter.source.text, rewriter.range(node).start
    before = text.text[text.starts[node.lineno - 1] : start]
    if before.strip():
        return ", "
    statement = rewriter.statement(node)
    around = rewriter.parent(statement) if statement is not None else None
    if (
        statement is not None
        and isinstance(around, ast.With)
        and "name_scope" in rewriter.text(around.items[0].context_expr)
    ):
        before = before[len(indent_of(rewriter, statement)) - len(indent_of(rewriter, around)) :]  # it is taken away
    return "," + rewriter.newline + before


def _neighbours(rewriter: Rewriter, node: ast.Call) -> tuple[list[ast.expr], int] | None:
    """The layers of the ``add`` that ``node`` is in, and its place."""
    parent = rewriter.parent(node)
    if (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Attribute)
        and parent.func.attr == "add"
        and node in parent.args
    ):
        return parent.args, parent.args.index(node)
    return None


def _units_before(rewriter: Rewriter, node: ast.Call) -> Part | None:
    """The units of the fully connected layer that feeds this one; only layers that keep the width may be between."""
    around = _neighbours(rewriter, node)
    if around is None:
        return None
    layers, index = around
    for layer in reversed(layers[:index]):
        use = rewriter.use(layer.func) if isinstance(layer, ast.Call) else None
        name = use.path.rpartition(".")[2] if use is not None else ""
        if name == "Dense" and isinstance(layer, ast.Call):
            units = layer.args[0] if layer.args else next((k.value for k in layer.keywords if k.arg == "units"), None)
            simple = isinstance(units, (ast.Constant, ast.Name))
            flat = dense_rank(rewriter, node) == 2
            return rewriter.text(units) if units is not None and simple and flat else None
        if name not in ("Activation", "Dropout"):
            return None
    return None


def dense_rank(rewriter: Rewriter, node: ast.Call) -> int | None:
    """The rank of this layer's input."""
    around = _neighbours(rewriter, node)
    if around is None:
        return input_rank(rewriter, node)
    layers, index = around
    for layer in reversed(layers[:index]):
        use = rewriter.use(layer.func) if isinstance(layer, ast.Call) else None
        name = use.path.rpartition(".")[2] if use is not None else ""
        if name == "Dense" and isinstance(layer, ast.Call):
            flatten = next((k.value for k in layer.keywords if k.arg == "flatten"), None)
            if flatten is None or constant(flatten) is True:
                return 2
        elif name not in ("Activation", "Dropout"):
            return None
    parent = rewriter.parent(node)
    assert isinstance(parent, ast.Call)
    assert isinstance(parent.func, ast.Attribute)
    owner = parent.func.value
    if isinstance(owner, ast.Name) and rewriter.scope_of(node).is_module and _first_add(rewriter, parent, owner.id):
        return rank_of_calls(rewriter, owner.id)
    return None


def _first_add(rewriter: Rewriter, call: ast.Call, name: str) -> bool:
    """Whether no other ``add`` puts layers before those of ``call``."""
    before = rewriter.source.parsed.text[: rewriter.range(call).start]
    return f"{name}.add(" not in before
