"""``x.attach_grad()`` keeps the last gradient in MXNet; PyTorch adds to the one that is there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_before, alone_on_lines
from diptych.equivalence.model import Framework
from diptych.source.types import UserFunction

_BACKWARD = ("mxnet.nd.NDArray.backward", "mxnet.np.ndarray.backward", "mxnet.autograd.backward")
_ATTACH = ("mxnet.nd.NDArray.attach_grad", "mxnet.np.ndarray.attach_grad")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@on_node(ast.Call)
def anew(rewriter: Rewriter, node: ast.Call) -> bool:
    """To PyTorch, where a pass may run again: ``x.grad = None`` before it, for the arrays that it reaches."""
    if rewriter.target is not Framework.PYTORCH or not _is(rewriter, node, _BACKWARD):
        return False
    statement, function = rewriter.statement(node), _around(rewriter, node, *_FUNCTIONS)
    loop = _around(rewriter, node, ast.For, ast.While, ast.AsyncFor)
    if statement is None:
        return False
    if loop is not None and function is not None and _holds(loop, function):
        loop = None  # it makes the function, and does not run it
    body = _recorded(rewriter, statement)
    read = {item.id for part in body for item in ast.walk(part) if isinstance(item, ast.Name)}
    own = any(isinstance(rewriter.type_of(item.func), UserFunction) for part in body for item in _calls(part))
    names: list[str] = []
    lists: list[str] = []
    for attach in _attached(rewriter):
        array = attach.func.value if isinstance(attach.func, ast.Attribute) else attach
        here = _around(rewriter, attach, *_FUNCTIONS) is function
        earlier = any(_before(rewriter, attach, other, node, function) for other in _passes(rewriter))
        if not (loop is not None or earlier or (function is not None and not here)):
            continue
        text = rewriter.text(array)
        root = text.partition(".")[0]
        reached = root in read or (own and loop is not None)
        several = _several(rewriter, attach, array)
        if several is not None:
            lists.append(several)
            continue
        if not isinstance(array, (ast.Name, ast.Attribute)) or _is_passing(rewriter, attach, array):
            _refuse(rewriter, node)
            return False
        if reached and text not in names and (here or root in read):
            names.append(text)
    if (names or lists) and not alone_on_lines(rewriter, statement):
        _refuse(rewriter, node)
        return False
    for name in names:
        add_before(rewriter, statement, f"{name}.grad = None", rewriter.record_for(_ATTACH[0]))
    if lists:
        cleared = ", ".join(f"*{each}" for each in dict.fromkeys(lists))
        helper = rewriter.helpers.name("clear_gradients")
        add_before(rewriter, statement, f"{helper}({cleared})", rewriter.record_for(_ATTACH[0]))
    return False


def _refuse(rewriter: Rewriter, node: ast.Call) -> None:
    message = "PyTorch adds gradients up; MXNet keeps the last one. Whose they are can't be told here."
    rewriter.fail(node, "gradients-add", message, "Set `x.grad = None` before each pass.", comment="gradients add up")


def _is(rewriter: Rewriter, node: ast.Call, paths: tuple[str, ...]) -> bool:
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("backward", "attach_grad"):
        return False
    use = rewriter.use(node.func)
    return use is not None and use.path in paths


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (item for item in ast.walk(tree) if isinstance(item, ast.Call))


def _attached(rewriter: Rewriter) -> list[ast.Call]:
    return _called(rewriter, "attach_grad", _ATTACH)


def _passes(rewriter: Rewriter) -> list[ast.Call]:
    return _called(rewriter, "backward", _BACKWARD)


def _called(rewriter: Rewriter, name: str, paths: tuple[str, ...]) -> list[ast.Call]:
    """Every call of a method by this name that is one of ``paths``."""
    calls = (rewriter.parent(function) for function in rewriter.source.nodes.attributes(name))
    return [call for call in calls if isinstance(call, ast.Call) and _is(rewriter, call, paths)]


def _before(rewriter: Rewriter, attach: ast.Call, other: ast.Call, node: ast.Call, function: ast.AST | None) -> bool:
    """Whether another pass runs between ``attach`` and ``node``."""
    if other is node or _around(rewriter, other, *_FUNCTIONS) is not function:
        return False
    return attach.lineno < other.lineno < node.lineno


def _several(rewriter: Rewriter, attach: ast.Call, array: ast.expr) -> str | None:
    """The list whose items a loop asks the gradients of: ``for each in params: each.attach_grad()``."""
    loop = _around(rewriter, attach, ast.For)
    if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name) or not isinstance(array, ast.Name):
        return None
    known = isinstance(loop.iter, (ast.Name, ast.List, ast.Tuple)) and loop.target.id == array.id
    return ast.unparse(loop.iter) if known and rewriter.scope_of(attach).is_module else None


def _is_passing(rewriter: Rewriter, attach: ast.Call, array: ast.expr) -> bool:
    """Whether the array has the name of a loop's item: ``for each in arrays: each.attach_grad()``."""
    loop = _around(rewriter, attach, ast.For)
    if not isinstance(loop, ast.For):
        return False
    return any(
        isinstance(item, ast.Name) and isinstance(array, ast.Name) and item.id == array.id
        for item in ast.walk(loop.target)
    )


def _recorded(rewriter: Rewriter, statement: ast.stmt) -> list[ast.stmt]:
    """The statements of the suite up to the pass, from the one before on: what was recorded is among them."""
    suite = rewriter.suite(statement)
    around = rewriter.parent(statement)
    before = [item for item in suite if item.lineno < statement.lineno]
    passed = [n for n, item in enumerate(before) if any(_is(rewriter, call, _BACKWARD) for call in _calls(item))]
    before = before[passed[-1] + 1 :] if passed else before
    return [*before, statement, around] if isinstance(around, ast.With) else [*before, statement]


def _around(rewriter: Rewriter, node: ast.AST, *kinds: type[ast.AST]) -> ast.AST | None:
    current = rewriter.parent(node)
    while current is not None and not isinstance(current, kinds):
        current = rewriter.parent(current)
    return current


def _holds(outer: ast.AST, inner: ast.AST) -> bool:
    """Whether ``inner`` is a part of ``outer``."""
    return any(item is inner for item in ast.walk(outer))
