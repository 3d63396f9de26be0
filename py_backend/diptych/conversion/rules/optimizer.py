"""``optim.SGD(net.parameters(), lr=r)`` <-> ``gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': r})``."""

from __future__ import annotations

import ast
import re

from diptych.conversion.arguments import Bound, NotMapped, bind
from diptych.conversion.edits import Part, Range
from diptych.conversion.optimizers import (
    CLASSES,
    IDLE,
    NEUTRAL,
    TO_MXNET,
    TO_PYTORCH,
    Choice,
    Given,
    Passed,
    is_default,
    of_momentum,
)
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import remove_statement
from diptych.conversion.uses import Use
from diptych.equivalence.model import Equivalence, Framework
from diptych.source.calls import constant
from diptych.source.types import Api, Instance, Role, Tensor

_CHANGING_RATE = re.compile(r"\b(lr_scheduler|param_groups|set_learning_rate)\b")


def _steady(rewriter: Rewriter) -> bool:
    """Whether nothing in the document changes the learning rate."""
    known = rewriter.memory.get("the rate is steady")
    if not isinstance(known, bool):
        known = not _CHANGING_RATE.search(rewriter.source.parsed.text)
        rewriter.memory["the rate is steady"] = known
    return known


@on_call(*TO_MXNET)
def to_trainer(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The optimizer becomes a name and a dictionary of options, or a rule of its own."""
    record = rewriter.record_for(use.path)
    if record is None:
        return False
    try:
        _write_trainer(rewriter, node, record, use.path)
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"`{use.path}` stays as it was: {reason}.", comment=str(reason))
        rewriter.claim(node)
    return True


def _write_trainer(rewriter: Rewriter, node: ast.Call, record: Equivalence, path: str) -> None:
    own = next(spelling for spelling in record.torch if spelling.name == path)
    bound = bind(rewriter, node, own)
    if "params" not in bound.values:
        raise NotMapped("`params` is not given")
    given = _given(bound)
    for name, values in NEUTRAL.items():
        if not is_default(given, name, *values):
            raise NotMapped(f"`{name}={bound.text(name, rewriter)}` has no counterpart in `mxnet.gluon.Trainer`")
        given.pop(name, None)
    params = given.pop("params")
    if isinstance(params.node, (ast.List, ast.Tuple)) and any(_is_group(item) for item in params.node.elts):
        raise NotMapped("groups of parameters with options of their own need a trainer each")
    choice = TO_MXNET[path](given, steady=_steady(rewriter))
    trainer = rewriter.names.spell("mxnet.gluon.Trainer", rewriter.scope_of(node))
    rewriter.claim(node.func)
    parts: list[Part] = [f"{trainer}(", *params.parts, ", ", *_optimizer(rewriter, choice), ")"]
    rewriter.replace(node, *parts, record=record)
    if not _are_parameters(rewriter, params.node):
        rewriter.warn(
            node,
            "parameters",
            "`Trainer` takes a network's `collect_params()`; what is passed here is not known to be that.",
        )


def _given(bound: Bound) -> Given:
    return {name: Passed(values[0][0], (values[0][1],)) for name, values in bound.values.items()}


def _optimizer(rewriter: Rewriter, choice: Choice) -> list[Part]:
    """``'adam', {'learning_rate': 0.1}``, or ``Stepwise(adam_step, learning_rate=0.1)``."""
    parts: list[Part] = []
    if choice.rule:
        for number, (name, value) in enumerate(choice.options):
            parts += [", " if number else "", f"{name}=", *value]
        rule = rewriter.helpers.name(choice.name) or choice.name
        return [f"{rewriter.helpers.name('Stepwise')}({rule}, ", *parts, ")"]
    for number, (name, value) in enumerate(choice.options):
        parts += [", " if number else "", f"'{name}': ", *value]
    return [f"'{choice.name}', {{", *parts, "}"] if parts else [f"'{choice.name}'"]


def _is_group(node: ast.expr) -> bool:
    """Whether ``node`` is a dictionary of parameters and options, or one that is made by a call."""
    return isinstance(node, (ast.Dict, ast.DictComp)) or (
        isinstance(node, ast.Call) and ast.unparse(node.func) == "dict"
    )


def _are_parameters(rewriter: Rewriter, value: ast.expr) -> bool:
    if isinstance(value, (ast.List, ast.Tuple)):
        items = [rewriter.type_of(item) for item in value.elts]
        return bool(items) and all(isinstance(item, Tensor) and item.parameter for item in items)
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
    kind, given, made = _kind(rewriter, bound)
    kind = "sgd" if kind == "ccsgd" else kind
    if kind not in TO_PYTORCH or "params" not in bound.values:
        raise NotMapped(f"the optimizer `{bound.text('optimizer', rewriter)}` has no counterpart that is known")
    if "compression_params" in bound.values or "update_on_kvstore" in bound.values:
        raise NotMapped("the way gradients travel between devices has no counterpart")
    for name, values in IDLE.items():
        if is_default(given, name, *values):
            given.pop(name, None)
    choose, allowed = TO_PYTORCH[kind]
    for name in given:
        if name not in allowed.split():
            raise NotMapped(f"the option `{name}` has no counterpart in PyTorch's optimizer")
    gathers = kind in ("sgd", "nag", "ccsgd") and not is_default(given, "momentum", 0)
    choice = of_momentum(kind, given) if gathers and not _steady(rewriter) else choose(given)
    if "kvstore" in bound.values:
        rewriter.warn(node, "dropped-argument", "`kvstore` is dropped: PyTorch keeps parameters on their device.")
    parts: list[Part] = [bound.values["params"][0][1]]
    if choice.rule:
        function = rewriter.helpers.name("Stepwise") or ""
        parts += [f", {rewriter.helpers.name(choice.name)}"]
    else:
        function = rewriter.names.spell(choice.name, rewriter.scope_of(node))
    for name, value in choice.options:
        parts += [f", {name}=", *value]
    rewriter.claim(node.func)
    if made is not None:
        rewriter.claim_only(made)
        rewriter.claim(made.func)
    rewriter.replace(node, f"{function}(", *parts, ")", record=rewriter.record_for(CLASSES[kind]) or record)


def _kind(rewriter: Rewriter, bound: Bound) -> tuple[str, Given, ast.Call | None]:
    """The optimizer's name and options, and the call that makes it where it is no text."""
    value = bound.node("optimizer")
    name = constant(value)
    if isinstance(name, str):
        return name.lower(), _options(rewriter, bound), None
    if isinstance(value, ast.Name):
        apart = _made_apart(rewriter, value)
        value = apart.value if apart is not None else None
    if isinstance(value, ast.Call) and "optimizer_params" not in bound.values and not value.args:
        last = _class_of(rewriter, value)
        if last and all(item.arg for item in value.keywords):
            options = {item.arg: Passed(item.value, (rewriter.range(item.value),)) for item in value.keywords}
            return last.lower(), {name: passed for name, passed in options.items() if name}, value
    return "", {}, None


def _class_of(rewriter: Rewriter, value: ast.expr) -> str:
    """``SGD`` where ``value`` calls ``mx.optimizer.SGD``, else nothing."""
    found = rewriter.type_of(value.func) if isinstance(value, ast.Call) else None
    owner, _, last = found.path.rpartition(".") if isinstance(found, Api) else ("", "", "")
    return last if owner == "mxnet.optimizer" and (last[:1].isupper() or last == "ccSGD") else ""


def _made_apart(rewriter: Rewriter, name: ast.Name) -> ast.Assign | None:
    """The only statement that gives an optimizer this name, where nothing but trainers are handed it."""
    owner, _ = rewriter.scope_of(name).resolve(name.id, (name.lineno, name.col_offset))
    bindings = owner.bindings.get(name.id, []) if owner is not None else []
    made = bindings[0].node if len(bindings) == 1 else None
    if not isinstance(made, ast.Assign) or len(made.targets) != 1 or not _class_of(rewriter, made.value):
        return None
    for node in ast.walk(rewriter.source.tree):
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Load):
            around = rewriter.parent(node)
            around = rewriter.parent(around) if isinstance(around, ast.keyword) else around
            found = rewriter.type_of(around.func) if isinstance(around, ast.Call) else None
            if not isinstance(found, Api) or found.path != "mxnet.gluon.Trainer":
                return None
    return made


@on_node(ast.Assign)
def made_before(rewriter: Rewriter, node: ast.Assign) -> bool:
    """``sgd = mx.optimizer.SGD(learning_rate=0.1)`` goes into the optimizer that a trainer of it becomes."""
    target = node.targets[0]
    if rewriter.target is not Framework.PYTORCH or not isinstance(target, ast.Name):
        return False
    if not isinstance(node.value, ast.Call) or _made_apart(rewriter, target) is not node:
        return False
    rewriter.claim_only(node.value)
    rewriter.claim(node.value.func)
    remove_statement(rewriter, node)
    return True


def _options(rewriter: Rewriter, bound: Bound) -> Given:
    given = bound.node("optimizer_params")
    if given is None or (isinstance(given, ast.Constant) and given.value is None):
        return {}
    found: Given = {}
    if isinstance(given, ast.Dict):
        for key, value in zip(given.keys, given.values, strict=True):
            name = constant(key)
            if not isinstance(name, str):
                raise NotMapped("the options are no literal dictionary")
            found[name] = Passed(value, (rewriter.range(value),))
        return found
    if isinstance(given, ast.Call) and isinstance(given.func, ast.Name) and given.func.id == "dict" and not given.args:
        return {item.arg: Passed(item.value, (rewriter.range(item.value),)) for item in given.keywords if item.arg}
    raise NotMapped("the options are no literal dictionary")


@on_call("torch.nn.Module.parameters", "mxnet.gluon.Block.collect_params")
def parameters(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``net.parameters()`` <-> ``net.collect_params()``."""
    if node.args or node.keywords or not isinstance(node.func, ast.Attribute):
        return False
    place = rewriter.range(node.func)
    to_mxnet = rewriter.target is Framework.MXNET
    parent = rewriter.parent(node)
    if isinstance(parent, ast.keyword):
        parent = rewriter.parent(parent)
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
