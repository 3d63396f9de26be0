"""``optim.SGD(net.parameters(), lr=r)`` <-> ``gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': r})``."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import Bound, NotMapped, bind
from diptych.conversion.edits import Part, Range
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Equivalence, Framework
from diptych.source.calls import constant
from diptych.source.types import Instance, Role, Tensor

# torch's argument, MXNet's option, torch's default, MXNet's default
_SGD = (
    ("lr", "learning_rate", "0.001", "0.01"),
    ("momentum", "momentum", "0", "0.0"),
    ("weight_decay", "wd", "0", "0.0"),
)
_NEUTRAL = {"dampening": 0, "maximize": False, "differentiable": False, "foreach": None, "fused": None}


@on_call("torch.optim.SGD")
def to_trainer(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The optimizer becomes a name and a dictionary of options."""
    record = rewriter.record_for(use.path)
    if record is None:
        return False
    try:
        _write_trainer(rewriter, node, record)
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"`torch.optim.SGD` stays as it was: {reason}.", comment=str(reason))
        rewriter.claim(node)
    return True


def _write_trainer(rewriter: Rewriter, node: ast.Call, record: Equivalence) -> None:
    bound = bind(rewriter, node, record.torch[0])
    for name, neutral in _NEUTRAL.items():
        if name in bound.values and (
            bound.node(name) is None or ast.unparse(bound.values[name][0][0]) != repr(neutral)
        ):
            raise NotMapped(f"`{name}={bound.text(name, rewriter)}` has no counterpart in `mxnet.gluon.Trainer`")
    nesterov = bound.node("nesterov")
    if nesterov is not None and constant(nesterov) not in (True, False):
        raise NotMapped("whether `nesterov` holds can't be told")
    if "params" not in bound.values:
        raise NotMapped("`params` is not given")
    options: list[Part] = []
    for name, option, default, _ in _SGD:
        if name in bound.values:
            options += [", " if options else "", f"'{option}': ", bound.values[name][0][1]]
        elif name == "lr":
            options += [f"'{option}': {default}"]
    optimizer = "nag" if nesterov is not None and constant(nesterov) else "sgd"
    trainer = rewriter.names.spell("mxnet.gluon.Trainer", rewriter.scope_of(node))
    rewriter.claim(node.func)
    parts: list[Part] = [f"{trainer}(", bound.values["params"][0][1], f", '{optimizer}', {{", *options, "})"]
    rewriter.replace(node, *parts, record=record)
    value = bound.node("params")
    if value is not None and not _are_parameters(rewriter, value):
        rewriter.warn(
            node,
            "parameters",
            "`Trainer` takes a network's `collect_params()`; what is passed here is not known to be that.",
        )


def _are_parameters(rewriter: Rewriter, value: ast.expr) -> bool:
    found = rewriter.type_of(value)
    return isinstance(found, Instance) and found.role is Role.PARAMETERS


@on_call("mxnet.gluon.Trainer")
def to_optimizer(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The name picks the class, the dictionary becomes keyword arguments."""
    record = rewriter.record_for(use.path)
    if record is None:
        return False
    own = next(spelling for spelling in record.mxnet if spelling.name == "mxnet.gluon.Trainer")
    try:
        _write_optimizer(rewriter, node, bind(rewriter, node, own), record)
    except NotMapped as reason:
        rewriter.fail(
            node, "unmapped-argument", f"`mxnet.gluon.Trainer` stays as it was: {reason}.", comment=str(reason)
        )
        rewriter.claim(node)
    return True


def _write_optimizer(rewriter: Rewriter, node: ast.Call, bound: Bound, record: Equivalence) -> None:
    kind = constant(bound.node("optimizer"))
    if kind not in ("sgd", "nag") or "params" not in bound.values:
        raise NotMapped(f"the optimizer `{bound.text('optimizer', rewriter)}` has no counterpart that is known")
    if "compression_params" in bound.values or "update_on_kvstore" in bound.values:
        raise NotMapped("the way gradients travel between devices has no counterpart")
    if "kvstore" in bound.values:
        rewriter.warn(node, "dropped-argument", "`kvstore` is dropped: PyTorch keeps parameters on their device.")
    options = _options(rewriter, bound)
    parts: list[Part] = [
        rewriter.names.spell("torch.optim.SGD", rewriter.scope_of(node)),
        "(",
        bound.values["params"][0][1],
    ]
    for name, option, _, own_default in _SGD:
        if option in options:
            parts += [f", {name}=", rewriter.range(options.pop(option))]
        elif name == "lr":
            parts += [f", {name}={own_default}"]
    if options:
        raise NotMapped(f"the option `{next(iter(options))}` has no counterpart in `torch.optim.SGD`")
    rewriter.claim(node.func)
    rewriter.replace(node, *parts, ", nesterov=True)" if kind == "nag" else ")", record=record)


def _options(rewriter: Rewriter, bound: Bound) -> dict[str, ast.expr]:
    given = bound.node("optimizer_params")
    if given is None or (isinstance(given, ast.Constant) and given.value is None):
        return {}
    found: dict[str, ast.expr] = {}
    if isinstance(given, ast.Dict):
        for key, value in zip(given.keys, given.values, strict=True):
            name = constant(key)
            if not isinstance(name, str):
                raise NotMapped("the options are no literal dictionary")
            found[name] = value
        return found
    if isinstance(given, ast.Call) and isinstance(given.func, ast.Name) and given.func.id == "dict" and not given.args:
        return {keyword.arg: keyword.value for keyword in given.keywords if keyword.arg}
    raise NotMapped("the options are no literal dictionary")


@on_call("torch.nn.Module.parameters", "mxnet.gluon.Block.collect_params")
def parameters(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``net.parameters()`` <-> ``net.collect_params()``."""
    if node.args or node.keywords or not isinstance(node.func, ast.Attribute):
        return False
    place = rewriter.range(node.func)
    to_mxnet = rewriter.target is Framework.MXNET
    parent = rewriter.parent(node)
    maker = rewriter.type_of(parent) if isinstance(parent, ast.Call) else None
    handed_on = isinstance(maker, Instance) and maker.role is Role.OPTIMIZER
    if not handed_on and not to_mxnet:
        message = "`collect_params()` is a dictionary; PyTorch's `parameters()` are the values only."
        rewriter.fail(
            node, "parameters", message, "Use `dict(net.named_parameters())`.", "collect_params is a dictionary"
        )
        rewriter.claim(node.func)
        return True
    name = "collect_params" if to_mxnet else "parameters"
    rewriter.claim_only(node.func)
    record = rewriter.record_for(use.path)
    if not handed_on:
        name += "().values"
    rewriter.replace(Range(place.end - len(node.func.attr), place.end), name, record=record)
    return True


@on_node(ast.Call)
def values(rewriter: Rewriter, node: ast.Call) -> bool:
    """``net.collect_params().values()`` -> ``net.parameters()``."""
    inner = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr == "values" else None
    if rewriter.target is not Framework.PYTORCH or not isinstance(inner, ast.Call) or node.args or node.keywords:
        return False
    found = rewriter.type_of(inner)
    if not isinstance(found, Instance) or found.role is not Role.PARAMETERS or inner.args or inner.keywords:
        return False
    assert isinstance(inner.func, ast.Attribute)
    for seen in (node.func, inner, inner.func):
        rewriter.claim_only(seen)
    place = Range(rewriter.range(inner.func.value).end, rewriter.range(node).end)
    rewriter.replace(place, ".parameters()", record=rewriter.record_for("mxnet.gluon.Block.collect_params"))
    return True


@on_node(ast.Name, ast.Attribute)
def parameter(rewriter: Rewriter, node: ast.Name | ast.Attribute) -> bool:
    """A parameter is a tensor in PyTorch; in MXNet it is asked for its array. Only its shape is the same."""
    if rewriter.target is not Framework.MXNET or not isinstance(node.ctx, ast.Load):
        return False
    found = rewriter.type_of(node)
    parent = rewriter.parent(node)
    if not isinstance(found, Tensor) or not found.parameter or found.framework is not rewriter.origin:
        return False
    if isinstance(parent, ast.Attribute) and parent.attr in ("shape", "size"):
        return False
    message = (
        f"`{rewriter.text(node)}` is a tensor in PyTorch; in MXNet its array is `.data()`, its gradient `.grad()`."
    )
    rewriter.fail(node, "parameter", message, comment="a parameter's array is .data() in MXNet")
    if isinstance(parent, ast.Attribute):
        rewriter.claim_only(parent)
    return True
