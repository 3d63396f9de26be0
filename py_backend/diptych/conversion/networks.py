"""What is known of a network's life in a document: where it is built, initialised, moved and called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.source.knowledge import words
from diptych.source.nodes import inside
from diptych.source.scopes import Scope
from diptych.source.types import Instance, Role

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


def only_called(rewriter: Rewriter, name: str) -> bool:
    """Whether ``name`` is only called or asked for attributes: nobody counts or picks its layers."""
    for node in rewriter.source.reads_of(name):
        parent = rewriter.parent(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if not called and not (
            isinstance(parent, ast.Attribute) and parent.attr not in ("children", "modules", "named_modules")
        ):
            return False
    return True


def constructed_in_module(rewriter: Rewriter, node: ast.AST) -> bool:
    """Whether ``node`` stands in a method of a class that derives from a framework's module."""
    scope: Scope | None = rewriter.scope_of(node)
    while scope is not None:
        if scope.is_class and isinstance(scope.node, ast.ClassDef) and scope.parent is not None:
            return rewriter.source.inference.base_of(scope.node, scope.parent) is not None
        scope = scope.parent
    return False


def module_assigned(rewriter: Rewriter, statement: ast.stmt) -> str | None:
    """The name that a statement gives a newly built module."""
    if (
        not isinstance(statement, ast.Assign)
        or len(statement.targets) != 1
        or not isinstance(statement.targets[0], (ast.Name, ast.Attribute))
    ):
        return None
    value = statement.value
    found = rewriter.type_of(value)
    if not isinstance(value, ast.Call) or not isinstance(found, Instance) or found.role is not Role.MODULE:
        return None
    if found.call is not value and not _moved(value):
        return None
    return ast.unparse(statement.targets[0])


def _moved(value: ast.Call) -> bool:
    """``Net().to(device)``"""
    return (
        isinstance(value.func, ast.Attribute)
        and value.func.attr in ("to", "cpu", "cuda")
        and isinstance(value.func.value, ast.Call)
    )


def moved_after(rewriter: Rewriter, statement: ast.stmt, name: str) -> ast.stmt | None:
    """The statement of the same block that moves the module to a device: ``net.to(device)``."""
    suite = rewriter.suite(statement)
    for other in suite[suite.index(statement) + 1 :]:
        value = other.value if isinstance(other, (ast.Expr, ast.Assign)) else None
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
            continue
        owner = value.func.value
        if isinstance(owner, ast.Name) and owner.id == name and value.func.attr == "to" and len(value.args) == 1:
            return other
    return None


_GROWING = ("append", "extend", "insert", "add_module", "register_module")
WITHOUT_PARAMETERS = words(
    """
    ReLU ReLU6 LeakyReLU RReLU ELU SELU CELU GELU SiLU Mish Hardswish Hardsigmoid Hardtanh Hardshrink Softshrink
    Tanhshrink Softplus Softsign Sigmoid LogSigmoid Tanh Threshold GLU Softmax Softmax2d Softmin LogSoftmax Identity
    Flatten Unflatten Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout CosineSimilarity
    PairwiseDistance MaxPool2d AvgPool2d
    """
)


def grown_after(rewriter: Rewriter, statement: ast.stmt, name: str) -> list[ast.stmt]:
    """The statements after ``statement``, of its block, that add layers to the network ``name``."""
    if not may_grow(rewriter, name):
        return []
    suite = rewriter.suite(statement)
    return [other for other in suite[suite.index(statement) + 1 :] if grows(other, name)]


def may_grow(rewriter: Rewriter, name: str) -> bool:
    """Whether layers are added to ``name`` anywhere in the unit: most networks never grow."""
    return any(_grows(node, name) for node in rewriter.source.nodes.attributes(*_GROWING))


def grows(statement: ast.AST, name: str) -> bool:
    """Whether layers are added to ``name`` somewhere inside."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in _GROWING and _grows(node, name) for node in inside(statement)
    )


def _grows(node: ast.Attribute, name: str) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == name


def is_called(statement: ast.AST, name: str) -> bool:
    """Whether ``name(...)`` is inside."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in inside(statement)
    )


def held(rewriter: Rewriter, node: ast.Call) -> bool:
    """Whether something that will be initialized holds the module built at ``node``: a name, a container, a class."""
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Expr):
        return True  # built and thrown away
    if isinstance(parent, ast.Assign):
        return len(parent.targets) == 1 and isinstance(parent.targets[0], (ast.Name, ast.Attribute))
    if isinstance(parent, ast.Attribute):
        return parent.attr == "to"  # another rule writes, or refuses, where it moves
    item: ast.AST = node
    while isinstance(parent, (ast.List, ast.Tuple, ast.ListComp, ast.GeneratorExp, ast.Dict, ast.Starred)):
        item, parent = parent, rewriter.parent(parent)  # nn.ModuleList([nn.Linear(2, 2)])
    if not isinstance(parent, ast.Call) or item not in parent.args:
        return False
    if isinstance(parent.func, ast.Attribute) and parent.func.attr in _GROWING:
        return True
    found = rewriter.type_of(parent)
    return isinstance(found, Instance) and found.role is Role.MODULE and found.call is parent


_FILES = frozenset(("save_parameters", "load_parameters", "state_dict", "load_state_dict"))


def kept_in_files(rewriter: Rewriter) -> bool:
    """Whether parameters are saved or loaded: their names count the layers, so that equal networks have to come out
    equal, whatever each of them is called on."""
    return any(rewriter.source.nodes.attributes(*_FILES))


_MAKING = ("Conv", "LazyConv", "Linear", "LazyLinear", "BatchNorm", "LazyBatchNorm", "GroupNorm", "LayerNorm")


def input_is_fresh(rewriter: Rewriter, node: ast.Call) -> bool:
    """Whether what the layer built at ``node`` changes in place was made by the layer before it in a container, so that
    nothing else sees the change."""
    parent = rewriter.parent(node)
    if not isinstance(parent, ast.Call) or node not in parent.args:
        return False
    container, place = rewriter.type_of(parent), parent.args.index(node)
    if not isinstance(container, Instance) or container.path != "torch.nn.Sequential" or place == 0:
        return False
    before = rewriter.type_of(parent.args[place - 1])
    layer = before.path.rpartition(".") if isinstance(before, Instance) else ("", "", "")
    return layer[0] == "torch.nn" and layer[2].startswith(_MAKING)
