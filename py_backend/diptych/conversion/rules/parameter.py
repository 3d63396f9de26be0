"""A module's weight is a tensor in PyTorch; in MXNet its array is ``data()`` and its gradient ``grad()``."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Part
from diptych.conversion.gradients import ask_behind, is_asked, manner
from diptych.conversion.modes import is_recorded
from diptych.conversion.networks import constructed_in_module
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import remove_statement
from diptych.conversion.training import step_of
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.types import Api, Instance, Role, Tensor

_KEPT = ("shape", "size", "dtype", "name")  # what MXNet's parameters are asked for themselves
_BUILTINS = ("print", "len", "float", "int", "str", "repr", "abs", "bool")
_PASSED_ON = (ast.Assign, ast.AnnAssign, ast.Return, ast.List, ast.Tuple, ast.comprehension, ast.For, ast.Expr)
_FROZEN = "MXNet's Dense leaves the bias's gradient at zero where the weight has none: freeze both"
_MANNERS = {True: "write", False: "null"}


def is_parameter(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether ``node`` is a parameter of a module of the framework that is converted from."""
    found = rewriter.type_of(node)
    return isinstance(found, Tensor) and found.parameter and found.framework is rewriter.origin


@on_node(ast.Attribute)
def member(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``p.grad`` -> ``p.grad()``, ``p.data`` -> ``p.data()``, ``p.requires_grad`` -> ``p.grad_req``."""
    if rewriter.target is not Framework.MXNET or not is_parameter(rewriter, node.value):
        return False
    owner, parent = rewriter.range(node.value), rewriter.parent(node)
    record = rewriter.record_for(f"torch.Tensor.{node.attr}")
    if node.attr in ("grad", "data"):
        rewriter.claim_only(node)
        if isinstance(node.ctx, ast.Store) and not isinstance(parent, ast.AugAssign):
            return _set(rewriter, node, parent)
        if isinstance(parent, ast.Compare) and any(isinstance(item, (ast.Is, ast.IsNot)) for item in parent.ops):
            return _refuse(rewriter, node, "a gradient that is not there yet is zeros in MXNet, not None")
        whole = "[:]" if isinstance(node.ctx, ast.Store) else _apart(rewriter, node)
        rewriter.claim_only(node.value)
        place: list[Part] = [owner]
        if _in_constructor(rewriter, node):  # before `initialize()` of the network around
            place = [f"{rewriter.helpers.name('initialized')}(", owner, ")"]
        rewriter.replace(node, *place, f".{node.attr}(){whole}", record=record)
        return True
    if node.attr == "requires_grad":
        rewriter.claim_only(node)
        rewriter.claim_only(node.value)
        if isinstance(node.ctx, ast.Store):
            return _ask(rewriter, node, parent)
        parts: list[Part] = [owner, ".grad_req != 'null'"]
        rewriter.replace(
            node, *(parts if isinstance(parent, (ast.Assign, ast.If)) else ["(", *parts, ")"]), record=record
        )
        return True
    return False


def _in_constructor(rewriter: Rewriter, node: ast.AST) -> bool:
    current: ast.AST | None = node
    while current is not None and not isinstance(current, (ast.FunctionDef, ast.Lambda)):
        current = rewriter.parent(current)
    named = isinstance(current, ast.FunctionDef) and current.name == "__init__"
    return named and constructed_in_module(rewriter, node)


def _apart(rewriter: Rewriter, node: ast.Attribute) -> str:
    """``.detach()`` where MXNet may record what is computed with ``p.data``, which PyTorch does not."""
    parent = rewriter.parent(node)
    if node.attr != "data" or (isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)):
        return ""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, (ast.FunctionDef, ast.Lambda)):
        if isinstance(current, ast.stmt) and step_of(rewriter.suite(current)) is not None:
            return ".detach()"
        current = rewriter.parent(current)
    return "" if current is None else ".detach()"


def _set(rewriter: Rewriter, node: ast.Attribute, parent: ast.AST | None) -> bool:
    """``p.data = x`` -> ``p.set_data(x)``, ``p.grad = None`` -> ``p.grad()[:] = 0``."""
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
        return _refuse(rewriter, node, "MXNet sets a parameter's array in a statement of its own")
    owner, value = rewriter.range(node.value), parent.value
    rewriter.claim_only(node.value)
    record = rewriter.record_for(f"torch.Tensor.{node.attr}")
    if node.attr == "data":
        rewriter.replace(parent, owner, ".set_data(", rewriter.range(value), ")", record=record)
        return True
    if isinstance(value, ast.Constant) and value.value is None:
        rewriter.replace(parent, owner, ".grad()[:] = 0", record=record)
        return True
    rewriter.replace(node, owner, ".grad()[:]", record=record)
    return True


def _ask(rewriter: Rewriter, node: ast.Attribute, parent: ast.AST | None) -> bool:
    """``p.requires_grad = False`` -> ``p.grad_req = 'null'``."""
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
        return _refuse(rewriter, node, "MXNet says which gradients it keeps in a statement of its own")
    value, owner = parent.value, rewriter.range(node.value)
    wanted = constant(value)
    if wanted is not True and _alone(rewriter, node.value):
        return _refuse(rewriter, node, _FROZEN)
    manner: list[Part] = ["'write' if ", rewriter.range(value), " else 'null'"]
    if isinstance(wanted, bool):
        manner = [f"'{_MANNERS[wanted]}'"]
        rewriter.claim(value)
    rewriter.replace(parent, owner, ".grad_req = ", *manner, record=rewriter.record_for("torch.Tensor.requires_grad"))
    return True


def _alone(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether a weight loses its gradient while the bias beside it keeps its own."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "weight"
        and "bias.requires_grad" not in rewriter.source.text.text
    )


@on_call("torch.Tensor.requires_grad_")
def asked(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``p.requires_grad_(False)`` -> ``p.grad_req = 'null'``."""
    if use.receiver is None:
        return False
    if not is_parameter(rewriter, use.receiver):
        return _asked_of_result(rewriter, node, use)
    given = node.args[0] if node.args else next((item.value for item in node.keywords), None)
    wanted = True if given is None else constant(given)
    if not isinstance(wanted, bool) or not isinstance(rewriter.parent(node), ast.Expr):
        return _refuse(rewriter, use.receiver, "MXNet says which gradients it keeps in a statement of its own")
    if not wanted and _alone(rewriter, use.receiver):
        return _refuse(rewriter, use.receiver, _FROZEN)
    for seen in (node.func, use.receiver):
        rewriter.claim_only(seen)
    record = rewriter.record_for("torch.Tensor.requires_grad")
    rewriter.replace(node, rewriter.range(use.receiver), f".grad_req = '{_MANNERS[wanted]}'", record=record)
    return True


def _asked_of_result(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``x = y.clone().requires_grad_()`` -> ``x = y.copy()`` and ``x.attach_grad()``, which gives nothing itself."""
    if rewriter.target is not Framework.MXNET or use.receiver is None:
        return False
    given = node.args[0] if node.args else next((item.value for item in node.keywords), None)
    if isinstance(rewriter.parent(node), ast.Expr):
        if not manner(rewriter) or not (given is None or constant(given) is True):
            return False
        rewriter.claim_only(node.func)
        written = f".attach_grad({manner(rewriter)})"
        rewriter.replace(node, rewriter.range(use.receiver), written, record=rewriter.record_for(use.path))
        return True
    rewriter.claim_only(node.func)
    wanted = given is None or constant(given) is True
    if not wanted or _flows(rewriter, use.receiver) or not ask_behind(rewriter, node):
        message = "`attach_grad()` gives nothing: ask for the gradient in a statement of its own."
        rewriter.fail(node, "parameter", message, comment="ask for the gradient in a statement of its own")
        return True
    if given is not None:
        rewriter.claim(given)
    rewriter.replace(node, rewriter.range(use.receiver), record=rewriter.record_for(use.path))
    return True


def _flows(rewriter: Rewriter, receiver: ast.expr) -> bool:
    """Whether gradients may come in from what asks for one itself: ``attach_grad()`` would cut them off."""
    found = rewriter.type_of(receiver)
    if isinstance(receiver, ast.Name) or (isinstance(found, Tensor) and found.grad is False):
        return False
    names = {inner.id for inner in ast.walk(receiver) if isinstance(inner, ast.Name)}
    text = rewriter.source.text.text
    asking = any(f"{name}.requires_grad" in text or is_asked(rewriter, name) for name in names)
    return asking or (isinstance(found, Tensor) and found.grad is True)


@on_node(ast.Name, ast.Attribute)
def parameter(rewriter: Rewriter, node: ast.Name | ast.Attribute) -> bool:
    """A parameter that is computed with -> ``p.data()``; one that is only handed on stays what it is."""
    if rewriter.target is not Framework.MXNET or not is_parameter(rewriter, node):
        return False
    parent = rewriter.parent(node)
    record = rewriter.record_for("torch.nn.Parameter")
    if isinstance(node.ctx, ast.Store):
        if isinstance(parent, ast.AugAssign):
            rewriter.replace(node, rewriter.range(node), ".data()[:]", record=record)
            return True
        return False
    if isinstance(parent, ast.Attribute):
        if parent.attr in _KEPT:
            return True
        return _data(rewriter, node)
    if isinstance(parent, ast.keyword):
        parent = rewriter.parent(parent)
    if isinstance(parent, ast.Call) and node is not parent.func:
        return _argument(rewriter, node, parent)
    if isinstance(parent, (*_PASSED_ON, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.Dict, ast.DictComp)):
        return True
    if isinstance(parent, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.FormattedValue, ast.Subscript, ast.AugAssign)):
        return _data(rewriter, node)
    return _refuse(rewriter, node)


def _argument(rewriter: Rewriter, node: ast.expr, call: ast.Call) -> bool:
    found = rewriter.type_of(call.func)
    path = found.path if isinstance(found, Api) else ""
    if path.startswith("torch.nn.init."):
        return True
    builtin = isinstance(call.func, ast.Name) and call.func.id in _BUILTINS and found is None
    method = isinstance(call.func, ast.Attribute) and isinstance(rewriter.type_of(call.func.value), Tensor)
    if builtin or method or (path.startswith("torch.") and not path.startswith(("torch.optim.", "torch.nn.Param"))):
        return _data(rewriter, node)
    if isinstance(call.func, ast.Name) and call.func.id in ("isinstance", "type", "id"):
        return True
    return _refuse(rewriter, node)


def _data(rewriter: Rewriter, node: ast.expr) -> bool:
    rewriter.replace(node, rewriter.range(node), ".data()", record=rewriter.record_for("torch.nn.Parameter"))
    return True


def _refuse(rewriter: Rewriter, node: ast.expr, why: str = "") -> bool:
    why = why or "in MXNet its array is `.data()`, its gradient `.grad()`"
    message = f"`{rewriter.text(node)}` is a tensor in PyTorch; {why}."
    rewriter.fail(node, "parameter", message, comment="a parameter's array is .data() in MXNet")
    return True


@on_node(ast.Name, ast.Attribute)
def gluon_parameter(rewriter: Rewriter, node: ast.Name | ast.Attribute) -> bool:
    """To PyTorch: the parameter itself stays; its methods have records."""
    return rewriter.target is Framework.PYTORCH and is_parameter(rewriter, node)


@on_call("mxnet.gluon.Parameter.data")
def array_of(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``p.data()`` -> ``p`` where gradients may flow through it, else ``p.data``."""
    if len(node.args) + len(node.keywords) > 1 or not isinstance(node.func, ast.Attribute):
        return False
    for item in (*node.args, *node.keywords):  # the device: a parameter has one array only
        rewriter.claim(item)
    current: ast.AST | None = node
    while current is not None and not isinstance(current, (ast.FunctionDef, ast.Lambda)):
        current = rewriter.parent(current)
    plain = current is None and not is_recorded(rewriter, node)
    rewriter.claim_only(node.func)
    ending = ".data" if plain else ""
    rewriter.replace(node, rewriter.range(node.func.value), ending, record=rewriter.record_for(use.path))
    return True


@on_call("torch.nn.Parameter")
def made(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``self.w = nn.Parameter(x)`` -> ``self.w = parameter_of(self, 'w', x)``, with a helper."""
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Call) and _registered(rewriter, parent) is not None:
        return True
    target = parent.targets[0] if isinstance(parent, ast.Assign) and len(parent.targets) == 1 else None
    value = node.args[0] if node.args else next((item.value for item in node.keywords if item.arg == "data"), None)
    wanted = node.args[1] if len(node.args) > 1 else None
    wanted = next((item.value for item in node.keywords if item.arg == "requires_grad"), wanted)
    if value is None or isinstance(value, ast.Starred) or not isinstance(target, (ast.Name, ast.Attribute)):
        rewriter.fail(node, "parameter", "MXNet's parameters have names: assign this one to a name or an attribute.")
        rewriter.claim_only(node.func)
        return True
    parts: list[Part] = []
    if isinstance(target, ast.Attribute):
        owner = rewriter.type_of(target.value)
        if not isinstance(owner, Instance) or owner.role is not Role.MODULE:
            rewriter.fail(node, "parameter", "Which module this is a parameter of can't be told.")
            rewriter.claim_only(node.func)
            return True
        parts = [rewriter.helpers.name("parameter_of") or "", "(", rewriter.range(target.value), f", '{target.attr}', "]
    else:
        parts = [rewriter.helpers.name("parameter") or "", f"('{target.id}', "]
    parts.append(rewriter.range(value))
    if wanted is not None:
        kept = constant(wanted)
        if isinstance(kept, bool):
            parts += [f", '{_MANNERS[kept]}'"] if not kept else []
        else:
            parts += [", 'write' if ", rewriter.range(wanted), " else 'null'"]
    rewriter.claim(node.func)
    rewriter.replace(node, *parts, ")", record=rewriter.record_for(use.path))
    return True


def _registered(rewriter: Rewriter, node: ast.Call) -> tuple[str, ast.expr] | None:
    """The name and the value of ``self.register_parameter('w', nn.Parameter(x))``."""
    if len(node.args) != 2 or node.keywords or not isinstance(node.func, ast.Attribute):
        return None
    name, value = constant(node.args[0]), node.args[1]
    found = rewriter.type_of(value.func) if isinstance(value, ast.Call) and len(value.args) == 1 else None
    fits = node.func.attr == "register_parameter" and isinstance(found, Api) and found.path == "torch.nn.Parameter"
    plain = isinstance(value, ast.Call) and not value.keywords
    return (name, value.args[0]) if fits and plain and isinstance(name, str) and isinstance(value, ast.Call) else None


@on_call("torch.nn.Module.register_parameter")
def registered(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``self.register_parameter('w', nn.Parameter(x))`` -> ``self.w = parameter_of(self, 'w', x)``."""
    known = _registered(rewriter, node)
    statement = rewriter.statement(node)
    plain = isinstance(statement, ast.Expr) and statement.value is node
    if known is None or use.receiver is None or not plain:
        rewriter.fail(node, "parameter", "Only a literal name and a parameter made here have a counterpart.")
        rewriter.claim_only(node.func)
        return True
    name, value = known
    owner = rewriter.range(use.receiver)
    rewriter.claim_only(node.func)
    rewriter.claim_only(node.args[1])
    rewriter.claim(node.args[0])
    if isinstance(node.args[1], ast.Call):
        rewriter.claim(node.args[1].func)
    parts: list[Part] = [owner, f".{name} = {rewriter.helpers.name('parameter_of')}(", owner, f", '{name}', "]
    rewriter.replace(node, *parts, rewriter.range(value), ")", record=rewriter.record_for(use.path))
    return True


@on_call("mxnet.gluon.Parameter.initialize")
def drawn(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch, whose parameters have their values from the start: ``p.initialize()`` goes."""
    statement = rewriter.statement(node)
    if node.args or node.keywords or not isinstance(statement, ast.Expr) or statement.value is not node:
        return False
    rewriter.claim(node)
    record = rewriter.record_for(use.path)
    if record is not None:
        rewriter.records[record.id] = None
    remove_statement(rewriter, statement)
    return True


_DRAWS = {"weight": "uniform_(-0.07, 0.07)", "bias": "zero_()", "gamma": "fill_(1)", "beta": "zero_()"}


@on_call("mxnet.gluon.ParameterDict.get")
def got(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``self.params.get('weight', shape=s)`` -> ``nn.Parameter(torch.empty(s).uniform_(-0.07, 0.07))``."""
    given = {item.arg: item.value for item in node.keywords if item.arg}
    name = constant(node.args[0]) if len(node.args) == 1 else None
    ending = next((draw for end, draw in _DRAWS.items() if isinstance(name, str) and name.endswith(end)), None)
    known = isinstance(name, str) and "shape" in given and set(given) <= {"shape", "init"}
    known = known and not isinstance(constant(given.get("init")), str)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if not known or ("init" not in given and ending is None) or not isinstance(owner, ast.Attribute):
        message = "PyTorch's parameters have their values from the start: only a name, `shape` and an object as `init`."
        rewriter.fail(node, "parameter", message, comment="a parameter whose shape, or values, are not known here")
        rewriter.claim(node.func)
        return True
    scope = rewriter.scope_of(node)
    empty: list[Part] = [rewriter.names.spell("torch.empty", scope), "(", rewriter.range(given["shape"]), ")"]
    value = [rewriter.range(given["init"]), "(", *empty, ")"] if "init" in given else [*empty, f".{ending}"]
    rewriter.claim(node.func)
    made = rewriter.names.spell("torch.nn.Parameter", scope)
    rewriter.replace(node, made, "(", *value, ")", record=rewriter.record_for(use.path))
    return True
