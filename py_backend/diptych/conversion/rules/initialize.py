"""MXNet draws the weights in ``initialize()``, PyTorch when the module is built."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Part, Range
from diptych.conversion.networks import (
    WITHOUT_PARAMETERS,
    constructed_in_module,
    grown_after,
    grows,
    held,
    is_called,
    may_grow,
    module_assigned,
    moved_after,
)
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_after, remove_statement
from diptych.conversion.transforms import device
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.nodes import inside
from diptych.source.types import Api, Instance, Role

_INITIALIZE = "mxnet.gluon.Block.initialize"


_WEIGHTS = (
    "Initial weights are drawn differently: PyTorch scales them by the number of inputs, MXNet takes U(-0.07, 0.07)."
)


@on_node(ast.Assign)
def initialized(rewriter: Rewriter, node: ast.Assign) -> bool:
    """To MXNet: a network that was built is initialized, on its device where it is moved to one."""
    if rewriter.target is not Framework.MXNET:
        return False
    name = module_assigned(rewriter, node)
    found = rewriter.type_of(node.value)
    if name is None or not isinstance(found, Instance) or found.framework is not rewriter.origin:
        return False
    if constructed_in_module(rewriter, node):
        return False
    grown = grown_after(rewriter, node, name) if isinstance(node.targets[0], ast.Name) else []
    moved = moved_after(rewriter, node, name)
    if _grows_elsewhere(rewriter, node, name, grown) or (
        grown and _used_before(rewriter, node, name, grown[-1], moved)
    ):
        message = f"`{name}` gets layers after it may have been used: MXNet has to initialize them before."
        advice = "Add every layer right after the network is made."
        rewriter.fail(node, "initialize", message, advice, comment="layers added later have to be initialized")
        return False
    if moved is None and _moves(node.value) is None:
        place = grown[-1] if grown else node
        add_after(rewriter, place, f"{name}.initialize()", rewriter.record_for(_INITIALIZE))
        rewriter.inform(node, "initial-weights", _WEIGHTS)
    return False


def _grows_elsewhere(rewriter: Rewriter, node: ast.Assign, name: str, grown: list[ast.stmt]) -> bool:
    """Whether a place outside of this block adds layers."""
    if not isinstance(node.targets[0], ast.Name) or not may_grow(rewriter, name):
        return False
    scope = rewriter.scope_of(node)
    body = getattr(scope.node, "body", [])
    known = {item for statement in grown for item in inside(statement)}
    sites = [item for statement in body for item in inside(statement) if isinstance(item, ast.Call)]
    return any(grows(site.func, name) and site not in known for site in sites)


def _used_before(rewriter: Rewriter, node: ast.Assign, name: str, last: ast.stmt, moved: ast.stmt | None) -> bool:
    """Whether the network is called, or moved to its device, before its last layer is there."""
    suite = rewriter.suite(node)
    between = suite[suite.index(node) + 1 : suite.index(last) + 1]
    return moved in between or _moves(node.value) is not None or any(is_called(item, name) for item in between)


@on_node(ast.Call)
def uninitialized(rewriter: Rewriter, node: ast.Call) -> bool:
    """To MXNet: a module that nothing initializes is refused."""
    found = rewriter.type_of(node) if rewriter.target is Framework.MXNET else None
    if not isinstance(found, Instance) or found.role is not Role.MODULE or found.call is not node:
        return False
    bare = found.definition is None and found.path.rpartition(".")[2] in WITHOUT_PARAMETERS
    if found.framework is not rewriter.origin or bare or constructed_in_module(rewriter, node):
        return False
    if not held(rewriter, node):
        message = "MXNet's layers have no weights until `initialize()`: give this one a name first."
        rewriter.fail(node, "initialize", message, comment="give this module a name, so that it can be initialized")
    return False


def _moves(value: ast.expr) -> ast.Call | None:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "to":
        return value
    return None


@on_call("torch.nn.Module.to")
def moved(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``net.to(device)`` -> ``net.initialize(ctx=device)``."""
    statement = rewriter.statement(node)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if (
        len(node.args) != 1
        or node.keywords
        or statement is None
        or owner is None
        or constructed_in_module(rewriter, node)
    ):
        return _refused(rewriter, node)
    value = _named_device(rewriter, node.args[0])
    context = device(rewriter, value, rewriter.range(value))
    if context is None:
        return _refused(rewriter, node)
    record = rewriter.record_for(_INITIALIZE)
    if isinstance(owner, ast.Name) and _own_statement(statement, node, owner.id):
        rewriter.claim_only(node.func)
        rewriter.claim_only(node)
        rewriter.replace(statement, rewriter.range(owner), ".initialize(ctx=", *context, ")", record=record)
        rewriter.inform(
            statement,
            "initial-weights",
            _WEIGHTS,
        )
        return True
    plain = isinstance(value, (ast.Constant, ast.Name))  # what is repeated behind the statement is not converted
    if plain and isinstance(owner, ast.Call) and isinstance(statement, ast.Assign) and statement.value is node:
        name = module_assigned(rewriter, statement)
        if name is not None:
            rewriter.claim_only(node.func)
            rewriter.claim(node.args[0])
            rewriter.replace(Range(rewriter.range(owner).end, rewriter.range(node).end))
            argument = "".join(part if isinstance(part, str) else rewriter.text(part) for part in context)
            add_after(rewriter, statement, f"{name}.initialize(ctx={argument})", record)
            return True
    return _refused(rewriter, node)


def _named_device(rewriter: Rewriter, value: ast.expr) -> ast.expr:
    """``'cpu'`` of ``torch.device('cpu')``."""
    found = rewriter.type_of(value.func) if isinstance(value, ast.Call) else None
    if not isinstance(value, ast.Call) or not isinstance(found, Api) or found.path != "torch.device":
        return value
    named = len(value.args) == 1 and not value.keywords and isinstance(constant(value.args[0]), str)
    return value.args[0] if named else value


def _own_statement(statement: ast.stmt, node: ast.Call, name: str) -> bool:
    if isinstance(statement, ast.Expr):
        return statement.value is node
    if isinstance(statement, ast.Assign) and statement.value is node and len(statement.targets) == 1:
        target = statement.targets[0]
        return isinstance(target, ast.Name) and target.id == name
    return False


def _refused(rewriter: Rewriter, node: ast.Call) -> bool:
    message = "How this moves the network can't be told; MXNet says it in `initialize(ctx=...)`."
    rewriter.fail(node, "unmapped-argument", message, comment="where the network is moved to can't be told")
    rewriter.claim_only(node.func)
    return True


@on_call(_INITIALIZE)
def built(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: ``net.initialize()`` goes, ``net.initialize(ctx=device)`` -> ``net.to(device)``."""
    statement = rewriter.statement(node)
    if not isinstance(statement, ast.Expr) or statement.value is not node or not isinstance(node.func, ast.Attribute):
        return False
    arguments = {keyword.arg: keyword.value for keyword in node.keywords}
    arguments |= dict(zip(("init", "ctx", "verbose", "force_reinit"), node.args, strict=False))
    if "init" in arguments and set(arguments) <= {"init", "force_reinit", "ctx"} and draws(rewriter, arguments["init"]):
        helper = rewriter.helpers.name("initialize")
        rewriter.claim_only(node)
        rewriter.claim_only(node.func)
        owner: list[Part] = [rewriter.range(node.func.value)]
        if "ctx" in arguments:
            owner += [".to(", rewriter.range(arguments["ctx"]), ")"]
        draw = rewriter.range(arguments["init"])
        rewriter.replace(node, f"{helper}(", *owner, ", ", draw, ")", record=rewriter.record_for(_INITIALIZE))
        return True
    if any(name not in ("ctx", "force_reinit") for name in arguments):
        message = "PyTorch draws weights when a layer is built; another initializer is called for each layer."
        rewriter.fail(node, "initializer", message, "Apply a function of `torch.nn.init` to the layers' weights.")
        rewriter.claim(node)
        return True
    record = rewriter.record_for(_INITIALIZE)
    rewriter.inform(
        statement,
        "initial-weights",
        _WEIGHTS,
    )
    if "ctx" not in arguments:
        rewriter.claim(node)
        if record is not None:
            rewriter.records[record.id] = None
        remove_statement(rewriter, statement)
        return True
    rewriter.claim_only(node)
    rewriter.claim_only(node.func)
    context = rewriter.range(arguments["ctx"])
    rewriter.replace(node, rewriter.range(node.func.value), ".to(", context, ")", record=record)
    return True


def draws(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether ``node`` makes, or holds, one of MXNet's initializers."""
    found = rewriter.type_of(node.func) if isinstance(node, ast.Call) else rewriter.type_of(node)
    return isinstance(found, (Api, Instance)) and found.path.startswith("mxnet.initializer.")


def _runs_python(node: ast.ClassDef) -> bool:
    """Whether a block computes in ``forward``, not with operators that it is handed."""
    methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    return "forward" in methods and "hybrid_forward" not in methods


@on_node(ast.ClassDef)
def base(rewriter: Rewriter, node: ast.ClassDef) -> bool:
    """``class Net(nn.Module)`` <-> ``class Net(nn.Block)``."""
    for item in node.bases:
        found = rewriter.type_of(item)
        pairs = {
            "torch.nn.Module": "mxnet.gluon.nn.Block",
            "mxnet.gluon.Block": "torch.nn.Module",
            **({"mxnet.gluon.HybridBlock": "torch.nn.Module"} if _runs_python(node) else {}),
        }
        if isinstance(found, Api) and found.framework is rewriter.origin and found.path in pairs:
            rewriter.claim(item)
            target = pairs[found.path]
            owner, _, name = target.rpartition(".")
            text = rewriter.names.spell(f"{owner}.Dense", rewriter.scope_of(node)).removesuffix("Dense") + name
            if target.startswith("torch"):
                text = rewriter.names.spell(target, rewriter.scope_of(node))
            rewriter.replace(item, text, record=rewriter.record_for(found.path))
    return False
