"""What a piece of syntax uses of a framework: the public path behind a name, a method, an attribute, an operator."""

from __future__ import annotations

import ast

import msgspec

from diptych.equivalence.aliases import canonical, inherited
from diptych.equivalence.model import Framework
from diptych.source.model import Module
from diptych.source.scopes import Scope, children
from diptych.source.source import Source
from diptych.source.types import Api, Instance, Role, Tensor, UserClass, framework_of

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.FloorDiv: "__floordiv__",
    ast.Mod: "__mod__",
    ast.Pow: "__pow__",
    ast.MatMult: "__matmul__",
    ast.USub: "__neg__",
    ast.UAdd: "__pos__",
    ast.Invert: "__invert__",
    ast.BitAnd: "__and__",
    ast.BitOr: "__or__",
    ast.BitXor: "__xor__",
    ast.LShift: "__lshift__",
    ast.RShift: "__rshift__",
    ast.Eq: "__eq__",
    ast.NotEq: "__ne__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
}
_CONTAINERS = ("torch.nn.Sequential", "torch.nn.ModuleList")  # of modules, that are added like lists


class Use(msgspec.Struct, frozen=True):
    """``receiver`` is the object whose method or attribute it is, None for a plain name."""

    path: str
    receiver: ast.expr | None = None


def use_of(source: Source, node: ast.expr, scope: Scope) -> Use | None:
    """The use that ``node`` is: a name, an attribute, or an operation. Calls are uses of what they call."""
    if isinstance(node, ast.Name):
        found = source.type_of(node, scope)
        return Use(found.path) if isinstance(found, Api) else None
    if isinstance(node, ast.Attribute):
        return _attribute(source, node, scope)
    if isinstance(node, (ast.BinOp, ast.UnaryOp)):
        operand = node.left if isinstance(node, ast.BinOp) else node.operand
        operands = [operand, node.right] if isinstance(node, ast.BinOp) else [operand]
        return _operator(source, operands, node.op, scope)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _operator(source, [node.left, node.comparators[0]], node.ops[0], scope)
    return None


def _attribute(source: Source, node: ast.Attribute, scope: Scope) -> Use | None:
    owner = source.type_of(node.value, scope)
    if isinstance(owner, Api):
        return Use(canonical(f"{owner.path}.{node.attr}"))
    if isinstance(owner, Tensor):
        return Use(f"{owner.path}.{node.attr}", node.value)
    if isinstance(owner, Instance) and framework_of(owner.path) is not None:
        if owner.definition is not None and node.attr in source.inference.members_of(owner.definition).defined:
            return None
        path = "mxnet.gluon.ParameterDict" if owner.path.endswith(".collect_params") else owner.path
        return Use(f"{path}.{node.attr}", node.value)
    return None


def _operator(source: Source, operands: list[ast.expr], operator: ast.AST, scope: Scope) -> Use | None:
    method = _OPERATORS.get(type(operator))
    for operand in operands:
        found = source.type_of(operand, scope)
        if method is not None and isinstance(found, Tensor):
            return Use(f"{found.path}.{method}", operand)
        if method == "__add__" and isinstance(found, Instance) and found.role is Role.DATASET:
            return Use(f"{found.path}.{method}", operand)
        if method in ("__add__", "__mul__") and isinstance(found, Instance) and found.path in _CONTAINERS:
            return Use(f"{found.path}.{method}", operand)
    return None


def names_used(code: str, framework: Framework) -> set[str]:
    """The public names of one framework that a program uses: functions, methods, attributes, operators."""
    source = Source.of(Module(code))
    found: set[str] = set()
    stack: list[tuple[ast.AST, Scope]] = [(source.tree, source.scope)]
    while stack:
        node, scope = stack.pop()
        found |= {name for name in _names(source, node, scope) if framework_of(name) is framework}
        stack += children(node, scope)
    return found | {base for name in found if (base := inherited(name)) is not None}


def _names(source: Source, node: ast.AST, scope: Scope) -> list[str]:
    if isinstance(node, ast.expr) and (use := use_of(source, node, scope)) is not None:
        reflected = isinstance(node, ast.BinOp) and use.receiver is node.right
        return [canonical(use.path), *([canonical(use.path.replace(".__", ".__r"))] if reflected else [])]
    if isinstance(node, ast.ClassDef):
        return _methods(source, node, scope)
    if isinstance(node, ast.Attribute):
        owner = source.type_of(node.value, scope)
        return [f"{owner.base}.{node.attr}"] if isinstance(owner, UserClass) and owner.base else []
    if isinstance(node, ast.Call) and isinstance(called := source.type_of(node.func, scope), Instance):
        return [f"{called.path}.__call__", f"{called.path}.forward"]
    implied: list[tuple[ast.expr, str]] = []
    if isinstance(node, ast.Subscript):
        implied = [(node.value, "__getitem__" if isinstance(node.ctx, ast.Load) else "__setitem__")]
    elif isinstance(node, ast.AugAssign):
        implied = [(node.target, in_place_operator(node.op) or "")]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _BUILTINS and node.args:
        implied = [(node.args[0], name) for name in _BUILTINS[node.func.id]]
    elif isinstance(node, (ast.For, ast.comprehension)):
        implied = [(node.iter, "__iter__")]
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        implied = [(node.test, "__bool__")]
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        implied = [(node.comparators[0], "__contains__")]
    elif isinstance(node, ast.withitem):
        implied = [(node.context_expr, name) for name in ("__enter__", "__exit__")]
    elif isinstance(node, (ast.Set, ast.Dict)):
        hashed = node.elts if isinstance(node, ast.Set) else [key for key in node.keys if key is not None]
        implied = [(key, "__hash__") for key in hashed]
    elif isinstance(node, ast.Compare):
        implied = [(node.left, _OPERATORS.get(type(node.ops[0]), ""))]
    elif isinstance(node, ast.BinOp):
        implied = [(node.right, (in_place_operator(node.op) or "").replace("__i", "__r", 1))]
    owners = [(source.type_of(value, scope), name) for value, name in implied]
    return [f"{owner.path}.{name}" for owner, name in owners if isinstance(owner, (Tensor, Instance)) and name]


def _methods(source: Source, node: ast.ClassDef, scope: Scope) -> list[str]:
    """The methods of a framework's class that a class of the document writes itself."""
    bases = [found.path for base in node.bases if isinstance(found := source.type_of(base, scope), Api)]
    written = [item.name for item in node.body if isinstance(item, ast.FunctionDef)]
    return [f"{base}.{name}" for base in bases for name in written]


_BUILTINS = {
    "len": ("__len__",),
    "bool": ("__bool__", "__nonzero__"),
    "int": ("__int__",),
    "float": ("__float__",),
    "iter": ("__iter__",),
    "list": ("__iter__",),
    "abs": ("__abs__",),
    "reversed": ("__reversed__",),
    "str": ("__str__",),
    "repr": ("__repr__",),
    "print": ("__str__",),
    "complex": ("__complex__",),
}


def in_place_operator(operator: ast.operator) -> str | None:
    """``__iadd__`` for ``+=``."""
    method = _OPERATORS.get(type(operator))
    return None if method is None else f"__i{method[2:]}"
