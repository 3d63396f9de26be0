"""What only Gluon's blocks are told: ``hybridize()``, and the methods of all parameters at once."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Range
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.initialize import draws
from diptych.conversion.statements import remove_statement
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.types import Api, Instance, Role, UserFunction

_DICT = "mxnet.gluon.ParameterDict."


@on_call("mxnet.gluon.Block.hybridize", "mxnet.gluon.HybridBlock.hybridize")
def compiled(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: the call goes, as it changes no value."""
    statement = rewriter.statement(node)
    if not isinstance(statement, ast.Expr) or statement.value is not node:
        return False
    rewriter.claim(node)
    record = rewriter.record_for(use.path)
    if record is not None:
        rewriter.records[record.id] = None
    remove_statement(rewriter, statement)
    return True


@on_node(ast.Call)
def collected(rewriter: Rewriter, node: ast.Call) -> bool:
    """``net.collect_params().reset_ctx(c)`` -> ``net.to(c)``, and what else is done to all parameters at once."""
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if rewriter.target is not Framework.PYTORCH or not isinstance(inner, ast.Call) or inner.args or inner.keywords:
        return False
    found = rewriter.type_of(inner)
    is_all = isinstance(found, Instance) and found.role is Role.PARAMETERS and found.path.endswith(".collect_params")
    if not is_all or not isinstance(node.func, ast.Attribute) or not isinstance(inner.func, ast.Attribute):
        return False
    name, owner = node.func.attr, rewriter.range(inner.func.value)
    record = rewriter.record_for(_DICT + name)
    parts: list[str | Range] = []
    if name == "reset_ctx" and len(node.args) == 1 and not node.keywords:
        parts = [owner, ".to(", rewriter.range(node.args[0]), ")"]
    elif name == "zero_grad" and not node.args and not node.keywords:
        parts = [owner, ".zero_grad()"]
    elif name == "setattr" and len(node.args) == 2 and constant(node.args[0]) == "grad_req":
        kept = constant(node.args[1])
        if kept in ("write", "null"):
            parts = [owner, f".requires_grad_({kept == 'write'})"]
            rewriter.claim(node.args[1])
    elif name == "initialize":
        parts = _drawn(rewriter, node, owner)
    if not parts:
        return False
    for seen in (node, node.func, inner, inner.func):
        rewriter.claim_only(seen)
    rewriter.replace(node, *parts, record=record)
    return True


def _drawn(rewriter: Rewriter, node: ast.Call, owner: Range) -> list[str | Range]:
    given = {item.arg: item.value for item in node.keywords} | dict(zip(("init", "ctx"), node.args, strict=False))
    draw, context = given.get("init"), given.get("ctx")
    if len(node.args) > 2 or not set(given) <= {"init", "ctx", "force_reinit"}:
        return []
    placed: list[str | Range] = [owner, *((".to(", rewriter.range(context), ")") if context is not None else ())]
    if draw is None:
        return placed  # drawn when it was built
    if not draws(rewriter, draw):
        return []
    return [f"{rewriter.helpers.name('initialize')}(", *placed, ", ", rewriter.range(draw), ")"]


@on_call("torch.nn.Module.requires_grad_")
def frozen(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``net.requires_grad_(False)`` -> ``net.collect_params().setattr('grad_req', 'null')``."""
    given = node.args[0] if node.args else next((item.value for item in node.keywords), None)
    wanted = True if given is None else constant(given)
    statement = rewriter.statement(node)
    if not isinstance(wanted, bool) or not isinstance(statement, ast.Expr) or statement.value is not node:
        message = "MXNet says which gradients it keeps in a statement of its own, and needs to know which."
        rewriter.fail(node, "parameter", message, comment="which gradients are kept can't be told")
        rewriter.claim_only(node.func)
        return True
    if use.receiver is None:
        return False
    rewriter.claim_only(node.func)
    manner = "write" if wanted else "null"
    written = f".collect_params().setattr('grad_req', '{manner}')"
    rewriter.replace(node, rewriter.range(use.receiver), written, record=rewriter.record_for(use.path))
    return True


@on_node(ast.Attribute)
def training(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """To MXNet: ``self.training`` -> ``autograd.is_training()``."""
    if node.attr != "training" or not isinstance(node.ctx, ast.Load) or rewriter.target is not Framework.MXNET:
        return False
    found = rewriter.type_of(node.value)
    if not isinstance(found, Instance) or found.role is not Role.MODULE or found.framework is not rewriter.origin:
        return False
    if _module_around(rewriter, node) != ast.unparse(node.value):
        return False
    rewriter.claim(node)
    name = rewriter.names.spell("mxnet.autograd.is_training", rewriter.scope_of(node))
    rewriter.replace(node, f"{name}()", record=rewriter.record_for("torch.nn.Module.training"))
    return True


@on_call("mxnet.autograd.is_training")
def is_training(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: ``autograd.is_training()`` -> ``self.training``, inside a block's methods."""
    own = _module_around(rewriter, node)
    if own is None:
        message = "Only inside of a block's methods PyTorch can tell whether it is trained."
        rewriter.fail(node, "mode", message, comment="whether the network is trained can't be asked here")
        rewriter.claim(node)
        return True
    rewriter.claim(node)
    rewriter.replace(node, f"{own}.training", record=rewriter.record_for(use.path))
    return True


def _module_around(rewriter: Rewriter, node: ast.AST) -> str | None:
    """The name by which the method around ``node`` calls its own module."""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        current = rewriter.parent(current)
    owner = rewriter.parent(current) if current is not None else None
    if not isinstance(current, ast.FunctionDef) or not isinstance(owner, ast.ClassDef) or not current.args.args:
        return None
    bases = [rewriter.type_of(base) for base in owner.bases]
    modules = {"torch.nn.Module", "mxnet.gluon.Block", "mxnet.gluon.HybridBlock"}
    known = any(isinstance(base, Api) and base.path in modules for base in bases)
    return current.args.args[0].arg if known else None


@on_call(
    "torch.nn.Module.register_forward_hook",
    "torch.nn.Module.register_forward_pre_hook",
    "mxnet.gluon.Block.register_forward_hook",
    "mxnet.gluon.Block.register_forward_pre_hook",
)
def hooked(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """What a hook gives back takes the output's place in PyTorch, and is ignored by MXNet: it must give nothing."""
    hook = node.args[0] if node.args else next((item.value for item in node.keywords if item.arg == "hook"), None)
    if hook is not None and _gives_nothing(rewriter, hook):
        return False
    message = "Nothing says that this hook gives nothing back; PyTorch would take it for the output, MXNet would not."
    rewriter.fail(node, "hook", message, comment="a hook that may give something back")
    rewriter.claim_only(node.func)
    return True


def _gives_nothing(rewriter: Rewriter, hook: ast.expr) -> bool:
    if isinstance(hook, ast.Lambda):
        function = hook.body.func if isinstance(hook.body, ast.Call) else None
        named = isinstance(function, ast.Name) and function.id == "print"
        return named or (isinstance(function, ast.Attribute) and function.attr in ("append", "extend", "update"))
    found = rewriter.type_of(hook)
    if not isinstance(found, UserFunction) or found.definition.decorator_list:
        return False
    returns = [item for item in ast.walk(found.definition) if isinstance(item, (ast.Return, ast.Yield, ast.YieldFrom))]
    return all(isinstance(item, ast.Return) and item.value is None for item in returns)
