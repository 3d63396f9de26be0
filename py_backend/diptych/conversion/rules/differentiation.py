"""``torch.autograd.grad`` and ``backward``, and functions with a gradient of their own."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Part, Range
from diptych.conversion.imports import first_line
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import alone_on_lines, in_one_cell, wrap
from diptych.conversion.training import recorded, step_of
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant
from diptych.source.types import Api, Instance, Role, UserClass

_FUNCTIONS = {
    "torch.autograd.Function": "mxnet.autograd.Function",
    "mxnet.autograd.Function": "torch.autograd.Function",
}


def _arguments(node: ast.Call, *names: str) -> dict[str, ast.expr] | None:
    """The arguments by name; None where others are passed."""
    given = dict(zip(names, node.args, strict=False))
    given |= {item.arg or "": item.value for item in node.keywords}
    starred = any(isinstance(item, ast.Starred) for item in node.args)
    return given if len(node.args) <= len(names) and set(given) <= set(names) and not starred else None


@on_call("torch.autograd.grad", "torch.autograd.backward")
def to_mxnet(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """What leads to the head is recorded; then the function of the same name differentiates it."""
    grad = use.path.endswith(".grad")
    names = (
        ("outputs", "inputs", "grad_outputs", "retain_graph") if grad else ("tensors", "grad_tensors", "retain_graph")
    )
    given = _arguments(node, *names)
    head = given.get(names[0]) if given else None
    statement = rewriter.statement(node)
    block = rewriter.suite(statement) if statement is not None else []
    made = [item for item in block if _sets(item, head) and item.lineno < node.lineno]
    if given is None or not isinstance(head, ast.Name) or not made or step_of(block) is not None:
        message = "What is differentiated must be one name that is set in this block, and nothing else may be asked."
        rewriter.fail(node, "recording", message, comment="compute this inside autograd.record()")
        rewriter.claim_only(node.func)
        return True
    last = made[-1]
    assert isinstance(last, ast.Assign)
    computed = recorded(rewriter, block, last)
    if not all(alone_on_lines(rewriter, item) for item in computed):
        rewriter.fail(node, "recording", "Put the statements that lead to the result on lines of their own.")
        return True
    if not in_one_cell(rewriter, computed):
        message = "What leads to the result is in several cells, but has to be inside one `autograd.record()`."
        rewriter.fail(node, "recording", message, "Join these cells.", comment="join the cells that compute this")
        return True
    scope = rewriter.scope_of(node)
    record = rewriter.record_for(use.path)
    wrap(rewriter, computed, f"with {rewriter.names.spell('mxnet.autograd.record', scope)}():", record)
    function = rewriter.names.spell("mxnet.autograd.grad" if grad else "mxnet.autograd.backward", scope)
    place = rewriter.range(head)
    parts: list[Part] = [f"{function}(", *([place] if grad else ["[", place, "]"])]
    if grad:
        parts += [", ", rewriter.range(given["inputs"])]
    direction = given.get(names[2] if grad else names[1])
    if direction is not None:
        written = rewriter.range(direction)
        parts += [", ", *([written] if grad or isinstance(direction, (ast.List, ast.Tuple)) else ["[", written, "]"])]
    if "retain_graph" in given:
        parts += [", retain_graph=", rewriter.range(given["retain_graph"])]
    rewriter.claim(node.func)
    if grad and rewriter.dialect is Dialect.NP:  # MXNet gives arrays of nd here
        rewriter.replace(node, "[array.as_np_ndarray() for array in ", *parts, ")]", record=record)
        return True
    rewriter.replace(node, *parts, ")", record=record)
    return True


def _sets(statement: ast.stmt, head: ast.expr | None) -> bool:
    target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
    return isinstance(target, ast.Name) and isinstance(head, ast.Name) and target.id == head.id


@on_call("mxnet.autograd.grad", "mxnet.autograd.backward")
def to_torch(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The function of the same name."""
    grad = use.path.endswith(".grad")
    names = ("heads", "variables", "head_grads", "retain_graph") if grad else ("heads", "head_grads", "retain_graph")
    given = _arguments(node, *names)
    if given is None or "heads" not in given:
        message = "Recording the gradient itself, or its mode, has no counterpart in this form."
        rewriter.fail(node, "unmapped-argument", message, comment="how this differentiates has no counterpart")
        rewriter.claim_only(node.func)
        return True
    others = {"heads": "outputs" if grad else "tensors", "head_grads": "grad_outputs" if grad else "grad_tensors"}
    function = rewriter.names.spell(f"torch.autograd.{'grad' if grad else 'backward'}", rewriter.scope_of(node))
    parts: list[Part] = [f"{function}(", rewriter.range(given["heads"])]
    if grad:
        parts += [", ", rewriter.range(given["variables"])]
    for name in ("head_grads", "retain_graph"):
        if name in given and not (isinstance(given[name], ast.Constant) and constant(given[name]) is None):
            parts += [f", {others.get(name, name)}=", rewriter.range(given[name])]
    rewriter.claim(node.func)
    rewriter.replace(node, *parts, ")", record=rewriter.record_for(use.path))
    return True


@on_node(ast.ClassDef)
def own_function(rewriter: Rewriter, node: ast.ClassDef) -> bool:
    """``class F(torch.autograd.Function)`` <-> ``class F(autograd.Function)``, whose methods are not static."""
    for base in node.bases:
        found = rewriter.type_of(base)
        if not isinstance(found, Api) or found.path not in _FUNCTIONS or found.framework is not rewriter.origin:
            continue
        if rewriter.target is Framework.MXNET and rewriter.dialect is Dialect.NP:
            message = "MXNet hands arrays of nd to `backward`, also where np is used: such a function fails with np."
            rewriter.fail(base, "own-function", message, comment="MXNet's functions of one's own work with nd only")
            return False
        rewriter.claim(base)
        record = rewriter.record_for(found.path)
        name = rewriter.names.spell(_FUNCTIONS[found.path], rewriter.scope_of(node))
        rewriter.replace(base, name, record=record)
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.name in ("forward", "backward"):
                _method(rewriter, method)
    return False


def _method(rewriter: Rewriter, method: ast.FunctionDef) -> None:
    text = rewriter.source.text
    indent = text.line(method.lineno)[: method.col_offset]
    if rewriter.target is Framework.MXNET:
        for decorator in method.decorator_list:
            if ast.unparse(decorator) != "staticmethod" or method.args.kwonlyargs or method.args.defaults:
                rewriter.fail(method, "own-function", "Only a static method with plain arguments has a counterpart.")
                return
            start = text.starts[decorator.lineno - 1]
            rewriter.claim(decorator)
            rewriter.replace(Range(start, text.starts[decorator.lineno]))
        return
    place = text.starts[first_line(method) - 1]
    rewriter.edits.replace(place, place, f"{indent}@staticmethod{rewriter.newline}")


@on_call("torch.autograd.Function.apply")
def applied(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``F.apply(x)`` -> ``F()(x)``."""
    if node.keywords or not isinstance(node.func, ast.Attribute):
        return False
    place = Range(rewriter.range(node.func.value).end, rewriter.range(node.func).end)
    rewriter.claim_only(node.func)
    rewriter.replace(place, "()", record=rewriter.record_for(use.path))
    return True


@on_node(ast.Call)
def applied_class(rewriter: Rewriter, node: ast.Call) -> bool:
    """``F.apply(x)`` <-> ``F()(x)`` of a class of the document."""
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr == "apply" and rewriter.target is Framework.MXNET:
        found = rewriter.type_of(function.value)
        if isinstance(found, UserClass) and found.base == "torch.autograd.Function":
            return applied(rewriter, node, Use("torch.autograd.Function.apply"))
    if isinstance(function, ast.Call) and rewriter.target is Framework.PYTORCH and not function.args:
        found = rewriter.type_of(function.func)
        if isinstance(found, UserClass) and found.base == "mxnet.autograd.Function" and not function.keywords:
            place = Range(rewriter.range(function.func).end, rewriter.range(function).end)
            rewriter.claim_only(function)
            rewriter.replace(place, ".apply", record=rewriter.record_for("mxnet.autograd.Function.__call__"))
            return True
    return False


@on_call("torch.autograd.Function.save_for_backward", "mxnet.autograd.Function.save_for_backward")
def saved(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``ctx.save_for_backward(x)`` is written alike."""
    rewriter.claim_only(node.func)
    return not node.keywords


@on_node(ast.Attribute)
def kept(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``ctx.saved_tensors`` is written alike, and so is what the function keeps itself."""
    found = rewriter.type_of(node.value)
    function = isinstance(found, Instance) and found.path in _FUNCTIONS and found.framework is rewriter.origin
    return function and (node.attr == "saved_tensors" or rewriter.use(node) is None)


@on_call("mxnet.gluon.utils.clip_global_norm")
def clipped(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: gradients that ``step(n)`` divides by n are other numbers there."""
    statement = rewriter.statement(node)
    steps = [
        item.value
        for item in (rewriter.suite(statement) if statement is not None else [])
        if isinstance(item, ast.Expr)
        and isinstance(item.value, ast.Call)
        and isinstance(item.value.func, ast.Attribute)
        and item.value.func.attr == "step"
    ]
    for step in steps:
        owner = rewriter.type_of(step.func.value) if isinstance(step.func, ast.Attribute) else None
        known = isinstance(owner, Instance) and owner.role is Role.OPTIMIZER
        if not step.args or constant(step.args[0]) != 1 or not known:
            message = "The gradients are sums that `step` divides: PyTorch's are means, and have another norm."
            rewriter.fail(node, "clipping", message, "Take the mean of the loss and call `step(1)`.")
            rewriter.claim(node.func)
            return True
    return False
