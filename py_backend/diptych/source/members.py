"""What the classes of a document hold: the attributes that their methods set, and everything that they define."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from diptych.source.calls import constant


@dataclass
class Members:
    """``values`` are, for each attribute of the object, what its methods assign to it, each with its method;
    ``defined`` are the names of all functions inside and of all attributes that are set, on any object."""

    values: dict[str, list[tuple[ast.expr, ast.FunctionDef]]] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)

    @staticmethod
    def of(definition: ast.ClassDef) -> Members:
        """The members of a class."""
        found = Members()
        for node in ast.walk(definition):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.defined.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                found.defined.add(node.attr)
        for method in definition.body:
            if isinstance(method, ast.FunctionDef) and method.args.args:
                found._add(method, method.args.args[0].arg)
        return found

    def _add(self, method: ast.FunctionDef, me: str) -> None:
        for node in ast.walk(method):
            if isinstance(node, ast.Call) and _registers(node, me):
                name = constant(node.args[0])
                if isinstance(name, str):
                    self.values.setdefault(name, []).append((node.args[1], method))
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Attribute) and _is_own(target, me):
                        self.values.setdefault(target.attr, []).append((node.value, method))


def _registers(call: ast.Call, me: str) -> bool:
    """Whether ``call`` is ``self.register_parameter(name, value)``."""
    function = call.func
    named = isinstance(function, ast.Attribute) and function.attr == "register_parameter"
    return named and _is_own(function, me) and len(call.args) == 2


def _is_own(node: ast.expr, me: str) -> bool:
    """Whether ``node`` is an attribute of the object itself."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == me
