"""What a writing demands of a use (``when``). Unknown is no.

- ``dim``: it was passed, and is not the literal None; ``!dim``: it was not passed, or is None or equal to its default.
- ``reduction='sum'|'mean'``: the literal passed, or the default, is one of these; ``!reduction='none'``: none of these.
- ``dim:int``, ``dim:tuple``, ``other:number``, ``other:tensor``, ``p:string``, ``x:literal``, ``self:float``,
  ``self:integer``, ``self:boolean``, ``self:rank2``, ``self:parameter``: the value's type is known to be this; with
  ``!``: known to be another.
- ``min<=max``: both are literal numbers, and in this order.
- ``statement``: the call stands alone, nothing reads what it gives.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.source.calls import constant, family_of_data
from diptych.source.types import Api, Family, Instance, Items, Plain, Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diptych.conversion.rewriter import Rewriter
    from diptych.conversion.writings import Given


def holds(rewriter: Rewriter, demand: str, arguments: Mapping[str, Given], node: ast.AST) -> bool:
    """Whether ``demand`` is known to hold for a use at ``node``."""
    negated, demand = demand.startswith("!"), demand.lstrip("!")
    if demand == "statement":
        return isinstance(rewriter.parent(node), ast.Expr) is not negated
    if "<=" in demand:
        low, high = (_number(arguments.get(name)) for name in demand.split("<="))
        return low is not None and high is not None and (low <= high) is not negated
    name, typed, kind = demand.partition(":")
    if typed:
        known = _is(rewriter, arguments.get(name), kind)
        return known is (not negated)
    name, valued, values = demand.partition("=")
    given = arguments.get(name)
    if valued:
        known = _equals(rewriter, given, values.split("|"))
        return known is (not negated)
    return _passed(rewriter, given) is not negated


def _number(given: Given | None) -> float | None:
    value = constant(given.node) if given is not None else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _passed(rewriter: Rewriter, given: Given | None) -> bool:
    if given is None or not given.values:
        return False
    value = given.node
    if value is None:
        return True
    if isinstance(value, ast.Constant) and value.value is None:
        return False
    text = rewriter.text(given.values[0][1])
    return given.default in (None, "None") or not _same(text, given.default or "")


def _equals(rewriter: Rewriter, given: Given | None, values: list[str]) -> bool | None:
    if given is None:
        return None
    if not given.values:
        return any(_same(given.default or "", value) for value in values)
    text = rewriter.text(given.values[0][1])
    if any(_same(text, value) for value in values):
        return True
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return False


def _same(text: str, other: str) -> bool:
    if text == other:
        return True
    try:
        ours, theirs = ast.literal_eval(text), ast.literal_eval(other)
    except (ValueError, SyntaxError):
        return False
    return bool(ours == theirs) and isinstance(ours, bool) == isinstance(theirs, bool)


_FAMILIES = {"float": Family.FLOAT, "integer": Family.INTEGER, "boolean": Family.BOOLEAN}


def _is(rewriter: Rewriter, given: Given | None, kind: str) -> bool | None:
    if given is None or not given.values or given.node is None:
        return None if given is None or given.values else _literal_is(given.default or "", kind)
    value = given.node
    if kind == "literal":
        return _is_literal(value)
    if isinstance(value, (ast.Constant, ast.UnaryOp)) and constant(value) is not None:
        return _literal_is(rewriter.text(value), kind)
    found = rewriter.type_of(value)
    if kind in _FAMILIES:
        family = found.dtype if isinstance(found, Tensor) else family_of_data(value)
        return None if family is None else family is _FAMILIES[kind]
    if kind.startswith("rank"):
        if not isinstance(found, Tensor) or found.rank is None:
            return None
        return found.rank == int(kind[4:]) if kind[4:].isdecimal() else None
    if kind == "parameter":
        return isinstance(found, Tensor) and found.parameter
    if kind == "tuple":
        if isinstance(value, (ast.Tuple, ast.List)) or isinstance(found, Items) or found is Plain.SIZE:
            return True
        return None if found is None or found is Plain.OTHER else False
    if kind == "tensor":
        return None if found is None else isinstance(found, Tensor)
    if kind in ("number", "int"):
        return None if found is None or found is Plain.OTHER else found is Plain.NUMBER
    if kind == "string":
        return None if found is None or found is Plain.OTHER else found is Plain.STRING
    if kind == "module":
        return None if found is None else isinstance(found, Instance)
    if kind == "dtype":
        return isinstance(found, Api)
    return None


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError):
        return False
    return True


def _literal_is(text: str, kind: str) -> bool | None:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    boolean = isinstance(value, bool)
    answers = {
        "literal": True,
        "int": isinstance(value, int) and not boolean,
        "number": isinstance(value, (int, float)) and not boolean,
        "string": isinstance(value, str),
        "tuple": isinstance(value, (tuple, list)),
        "tensor": False,
        "float": isinstance(value, float),
        "integer": isinstance(value, int) and not boolean,
        "boolean": boolean,
        "negative": isinstance(value, (int, float)) and value < 0,
    }
    return answers.get(kind)
