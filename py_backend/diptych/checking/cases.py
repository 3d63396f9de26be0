"""From the calls that a record is proven by to programs that can be executed and converted."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from diptych.checking.inputs import LARGE, NAMES, VALUES, define
from diptych.equivalence.model import Case, Dialect, Equivalence, Framework, Spelling
from diptych.equivalence.signature import Passing, parameters

Definitions = Callable[[str, Framework, Dialect], str]

_IMPORTS = {
    Framework.PYTORCH: {
        "torch": "import torch",
        "nn": "from torch import nn",
        "F": "import torch.nn.functional as F",
        "torchvision": "import torchvision",
        "datasets": "from torchvision import datasets",
        "transforms": "from torchvision import transforms",
        "DataLoader": "from torch.utils.data import DataLoader",
    },
    Framework.MXNET: {
        "mx": "import mxnet as mx",
        "nd": "from mxnet import nd",
        "np": "from mxnet import np",
        "npx": "from mxnet import npx",
        "autograd": "from mxnet import autograd",
        "gluon": "from mxnet import gluon",
        "init": "from mxnet import init",
        "nn": "from mxnet.gluon import nn",
        "rnn": "from mxnet.gluon import rnn",
        "datasets": "from mxnet.gluon.data.vision import datasets",
        "transforms": "from mxnet.gluon.data.vision import transforms",
        "DataLoader": "from mxnet.gluon.data import DataLoader",
    },
}


@dataclass(frozen=True)
class Trial:
    """One program of a case: ``code`` runs as it stands on ``side`` and, converted, on the other; the values of the
    names in ``compare`` must agree. ``free`` is run first on both sides. ``optional`` says that the side itself may
    refuse the call, which then proves nothing: a call style that the library does not have."""

    call: str
    code: str
    compare: tuple[str, ...]
    side: Framework
    dialect: Dialect
    case: Case
    free: str = ""
    optional: bool = False


def trials(record: Equivalence) -> Iterator[Trial]:
    """Every program that the cases of ``record`` ask for."""
    for case in record.cases:
        for call in case.calls:
            for dialect in dialects(record, case, call):
                yield trial(case, call, dialect)
                for style in styles(record, case, call) if case.styles else ():
                    yield trial(case, style, dialect, optional=True)


def dialects(record: Equivalence, case: Case, call: str) -> tuple[Dialect, ...]:
    """The dialects in which a call is proven: nd has neither 0-dim arrays nor any without elements."""
    if case.dialects:
        return case.dialects
    small = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)} & {"s", "e"}
    return tuple(dialect for dialect in _dialects(record, case, call) if dialect is Dialect.NP or not small)


def _dialects(record: Equivalence, case: Case, call: str) -> tuple[Dialect, ...]:
    if case.side is Framework.PYTORCH:
        found = [d for d in Dialect if any(w.text(Framework.MXNET, d) for w in record.to_mxnet)]
        return tuple(found) or tuple(d for d in Dialect if any(d in spelling.dialects for spelling in record.mxnet))
    text = f"{case.setup}\n{call}"
    if re.search(r"(?<![\w.])(np|npx)\.|mx\.(np|npx)\.", text):
        return (Dialect.NP,)
    if re.search(r"(?<![\w.])nd\.|mx\.nd\.", text):
        return (Dialect.ND,)
    return tuple(d for d in Dialect if any(d in spelling.dialects for spelling in record.mxnet))


def trial(case: Case, call: str, dialect: Dialect, optional: bool = False, definitions: Definitions = define) -> Trial:
    """The program of one call; ``definitions`` gives the statement that makes an input."""
    statement, compare = _statement(call)
    body = f"{case.setup.strip()}\n{statement}" if case.setup else statement
    names = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name) and not _stored(node)}
    own = {
        node.id for node in _outside_functions(ast.parse(case.setup)) if isinstance(node, ast.Name) and _stored(node)
    }
    inputs = [name for name in NAMES if name in names - own]
    made = [definitions(name, case.side, dialect) for name in inputs]
    needed = {node.id for node in ast.walk(ast.parse("\n".join([*made, body]))) if isinstance(node, ast.Name)}
    imports = [text for name, text in _IMPORTS[case.side].items() if name in needed]
    free = VALUES if set(inputs) & set(LARGE) or {"values", "picture", "numpy"} & names else ""
    code = "\n".join([*imports, *made, body]) + "\n"
    return Trial(call, code, compare, case.side, dialect, case, free, optional)


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack += ast.iter_child_nodes(node)


def _stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _statement(call: str) -> tuple[str, tuple[str, ...]]:
    """What is executed, and the names that are compared."""
    tree = ast.parse(call)
    only = tree.body[0] if len(tree.body) == 1 else None
    if isinstance(only, ast.Expr):
        changed = _changed(only.value)
        return (call, (changed,)) if changed else (f"r = {call}", ("r",))
    assigned = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _stored(node)]
    changed_ = [name for node in tree.body if isinstance(node, ast.Expr) if (name := _changed(node.value))]
    places = [node for node in ast.walk(tree) if isinstance(node, (ast.Subscript, ast.Attribute)) and _target(node)]
    touched = [_root(node) for node in places]
    names = [name for name in dict.fromkeys([*assigned, *changed_, *touched]) if name and not name.startswith("_")]
    return call, tuple(names)


def _target(node: ast.Subscript | ast.Attribute) -> bool:
    return isinstance(node.ctx, (ast.Store, ast.Del))


def _changed(value: ast.expr) -> str:
    """The array that an in-place call, or one with ``out``, changes; '' where it is none."""
    if not isinstance(value, ast.Call):
        return ""
    for keyword in value.keywords:
        if keyword.arg == "out":
            return _root(keyword.value)
    name = value.func.attr if isinstance(value.func, ast.Attribute) else ""
    if not name.endswith("_") or name.endswith("__"):
        return ""
    assert isinstance(value.func, ast.Attribute)
    owner = _root(value.func.value)
    if owner in ("np", "nd", "npx"):  # np.round_ is a name of NumPy's
        return ""
    if owner in ("torch", "nn", "F", "init"):
        return _root(value.args[0]) if value.args else ""
    return owner


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def styles(record: Equivalence, case: Case, call: str) -> list[str]:
    """The same call with keywords, and with the keywords in another order."""
    try:
        node = ast.parse(call, mode="eval").body
    except SyntaxError:
        return []
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        return []
    found: list[str] = []
    for spelling in record.spellings(case.side):
        if spelling.name.rpartition(".")[2] == node.func.attr:
            found += _by_keyword(node, spelling)
    return [style for style in dict.fromkeys(found) if style != ast.unparse(node)]


def _by_keyword(node: ast.Call, spelling: Spelling) -> list[str]:
    signature = [a for a in parameters(spelling) if a.passing is not Passing.KEYWORD]
    names = [argument.name for argument in signature[: len(node.args)]]
    fit = all(argument.passing is Passing.EITHER for argument in signature[: len(node.args)])
    if len(names) < len(node.args) or not fit:
        return []
    keywords = [ast.keyword(name, value) for name, value in zip(names, node.args, strict=True)] + node.keywords
    orders = [keywords, keywords[::-1]] if len(keywords) > 1 else [keywords]
    return [ast.unparse(ast.Call(node.func, [], order)) for order in orders]
