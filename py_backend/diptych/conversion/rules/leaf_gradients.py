"""To PyTorch: MXNet writes a gradient anew in each pass and lets arrays with gradients be changed; PyTorch adds up."""

from __future__ import annotations

import ast

from diptych.conversion.modes import is_recorded
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_before, alone_on_lines, wrap
from diptych.conversion.training import method_call
from diptych.equivalence.model import Framework
from diptych.source.types import Api, Tensor, UserFunction

_LOOPS = (ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@on_node(ast.Expr)
def backward(rewriter: Rewriter, node: ast.Expr) -> bool:
    """``y.backward()`` that may come again: the gradients that ``attach_grad()`` asked for begin at nothing."""
    call = method_call(node, "backward") if rewriter.target is Framework.PYTORCH else None
    if call is None or not isinstance(call.func, ast.Attribute) or not alone_on_lines(rewriter, node):
        return False
    found = rewriter.type_of(call.func.value)
    leaves = _leaves(rewriter)
    known = isinstance(found, Tensor) and found.framework is rewriter.origin
    if not known or not leaves or (_first(rewriter, node) and not _repeated(rewriter, node)):
        return False
    if not _repeated(rewriter, node):
        leaves = _reached(rewriter, node, leaves)
    if not leaves:
        return False
    helper = rewriter.helpers.name("clear_gradients")
    add_before(rewriter, node, f"{helper}({', '.join(leaves)})", rewriter.record_for("mxnet.nd.NDArray.backward"))
    return False


def _leaves(rewriter: Rewriter) -> list[str]:
    """The arrays of the document that ask for a gradient which is written anew, as arguments."""
    known = rewriter.memory.get("attached")
    if isinstance(known, list):
        return known
    found: dict[str, None] = {}
    for node in ast.walk(rewriter.source.tree):
        plain = isinstance(node, ast.Call) and not node.args and not node.keywords
        if not isinstance(node, ast.Call) or not plain or not isinstance(node.func, ast.Attribute):
            continue
        array = node.func.value
        if node.func.attr != "attach_grad" or not isinstance(array, ast.Name):
            continue
        loop = rewriter.parent(rewriter.statement(node) or node)
        each = isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and loop.target.id == array.id
        if each and isinstance(loop, ast.For):
            if isinstance(loop.iter, (ast.Name, ast.List, ast.Tuple)):
                found["*" + ast.unparse(loop.iter)] = None
            continue
        if rewriter.scope_of(node).is_module:
            found[array.id] = None
    rewriter.memory["attached"] = list(found)
    return list(found)


def _reached(rewriter: Rewriter, node: ast.Expr, leaves: list[str]) -> list[str]:
    """Those that are read since the pass before: MXNet keeps the gradients of the others. A function may read all."""
    suite = rewriter.suite(node)
    before = [item for item in suite if item.lineno < node.lineno]
    passes = [
        place
        for place, item in enumerate(before)
        if any(isinstance(inner, ast.Expr) and method_call(inner, "backward") for inner in ast.walk(item))
    ]
    inner = [found for item in before[passes[-1] + 1 if passes else 0 :] for found in ast.walk(item)]
    if any(isinstance(item, ast.Call) and isinstance(rewriter.type_of(item.func), UserFunction) for item in inner):
        return leaves
    read = {item.id for item in inner if isinstance(item, ast.Name)}
    return [leaf for leaf in leaves if leaf.startswith("*") or leaf in read]


def _first(rewriter: Rewriter, node: ast.Expr) -> bool:
    """Whether no other pass backward stands before this one."""
    calls = [item for item in ast.walk(rewriter.source.tree) if isinstance(item, ast.Expr)]
    return all(item.lineno >= node.lineno for item in calls if method_call(item, "backward"))


def _repeated(rewriter: Rewriter, node: ast.AST) -> bool:
    current = rewriter.parent(node)
    while current is not None and not isinstance(current, _LOOPS):
        current = rewriter.parent(current)
    return current is not None


@on_node(ast.AugAssign, ast.Assign)
def updated(rewriter: Rewriter, node: ast.AugAssign | ast.Assign) -> bool:
    """``w -= rate * w.grad``: PyTorch changes what has a gradient inside of ``no_grad()`` only."""
    if rewriter.target is not Framework.PYTORCH or not _steps(rewriter, node) or is_recorded(rewriter, node):
        return False
    wrapped = rewriter.memory.setdefault("without gradients", set())
    assert isinstance(wrapped, set)
    suite = rewriter.suite(node)
    if id(node) in wrapped or node not in suite:
        return False
    following = [node]
    for other in suite[suite.index(node) + 1 :]:
        if not isinstance(other, (ast.AugAssign, ast.Assign)) or not _steps(rewriter, other):
            break
        following.append(other)
    if not all(alone_on_lines(rewriter, item) for item in following):
        return False
    wrapped |= {id(item) for item in following}
    header = f"with {rewriter.names.spell('torch.no_grad', rewriter.scope_of(node))}():"
    wrap(rewriter, list(following), header, rewriter.record_for("torch.no_grad"))
    return False


def _steps(rewriter: Rewriter, node: ast.AugAssign | ast.Assign) -> bool:
    """Whether an array is changed in place by its gradient."""
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    if isinstance(node, ast.Assign) and (len(node.targets) > 1 or not isinstance(target, ast.Subscript)):
        return False
    array = target.value if isinstance(target, ast.Subscript) else target
    found = rewriter.type_of(array)
    if not isinstance(array, (ast.Name, ast.Subscript)) or isinstance(found, Api):
        return False
    if isinstance(found, Tensor) and (found.framework is not rewriter.origin or found.parameter):
        return False
    return any(isinstance(inner, ast.Attribute) and inner.attr == "grad" for inner in ast.walk(node.value))
