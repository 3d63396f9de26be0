"""Integers among floats: PyTorch promotes where a result needs it, MXNet's nd keeps the array's dtype."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Part
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant
from diptych.source.types import Family, Tensor

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod, ast.FloorDiv)
_WHOLE = (Family.INTEGER, Family.BOOLEAN)
_FLOAT = ".astype('float32')"


@on_node(ast.BinOp)
def arithmetic(rewriter: Rewriter, node: ast.BinOp) -> bool:
    """``x / 2``, ``x + y``."""
    if isinstance(node.op, _ARITHMETIC):
        _promote(rewriter, node, [node.left, node.right], divides=isinstance(node.op, ast.Div))
    return False


@on_node(ast.Compare)
def comparison(rewriter: Rewriter, node: ast.Compare) -> bool:
    """``x > 0.5`` of integers; arrays of two dtypes are compared by a rule of their own."""
    operands = [node.left, *node.comparators]
    if len(operands) == 2 and sum(_is_array(rewriter, operand) for operand in operands) == 1:
        _promote(rewriter, node, operands, divides=False)
    return False


@on_node(ast.AugAssign)
def in_place(rewriter: Rewriter, node: ast.AugAssign) -> bool:
    """``x /= 2``: in place the array keeps its dtype on both sides, where PyTorch does not refuse."""
    found = rewriter.type_of(node.value)
    if isinstance(found, Tensor) and found.dtype in _WHOLE and _is_array(rewriter, node.target):
        target = rewriter.type_of(node.target)
        if isinstance(target, Tensor) and target.dtype is not found.dtype:
            _refused(rewriter, node, "arrays of two dtypes meet")
    return False


def _is_array(rewriter: Rewriter, node: ast.expr) -> bool:
    found = rewriter.type_of(node)
    return isinstance(found, Tensor) and found.framework is rewriter.origin


def _promote(rewriter: Rewriter, node: ast.expr, operands: list[ast.expr], *, divides: bool) -> None:
    """To MXNet integers are cast where PyTorch would; to PyTorch, what nd keeps whole is refused."""
    families: dict[int, Family | None] = {}
    for operand in operands:
        found = rewriter.type_of(operand)
        if isinstance(found, Tensor) and found.framework is rewriter.origin:
            families[id(operand)] = found.dtype
            if rewriter.target is Framework.PYTORCH and found.dialect is Dialect.NP:
                return
    if not families or rewriter.dialect is Dialect.NP:
        return
    others = [number_family(rewriter, operand) for operand in operands if id(operand) not in families]
    arrays = [operand for operand in operands if id(operand) in families]
    known = [families[id(operand)] for operand in arrays]
    floats = divides or Family.FLOAT in others or Family.FLOAT in known
    whole = [operand for operand in arrays if families[id(operand)] in _WHOLE]
    if rewriter.target is Framework.PYTORCH:
        if len(whole) == len(arrays) and (divides or Family.FLOAT in others or None in others):
            _refused(rewriter, node, "MXNet's nd keeps integers here, PyTorch makes floats of them")
    elif None in known and (divides or Family.FLOAT in others):
        name = rewriter.text(arrays[known.index(None)])
        _refused(rewriter, node, f"nothing says whether `{name}` holds floats; MXNet's nd keeps integers whole")
    elif None in others and whole:
        _refused(rewriter, node, "nothing says whether integers meet floats here; MXNet's nd keeps integers whole")
    elif floats or set(known) == set(_WHOLE):
        for operand in whole:
            if floats or families[id(operand)] is Family.BOOLEAN:
                _cast(rewriter, operand, _FLOAT if floats else ".astype('int64')")


def _cast(rewriter: Rewriter, operand: ast.expr, cast: str) -> None:
    plain = isinstance(operand, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    parts: list[Part] = [rewriter.range(operand)] if plain else ["(", rewriter.range(operand), ")"]
    rewriter.replace(operand, *parts, cast, record=rewriter.record_for("torch.Tensor.to"))


def number_family(rewriter: Rewriter, node: ast.expr) -> Family | None:
    """Whether a number is whole, as far as the text tells: a literal, a name given one, a length."""
    value = constant(node)
    if isinstance(value, (bool, int)):
        return Family.INTEGER
    if isinstance(value, float):
        return Family.FLOAT
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {"len": Family.INTEGER, "int": Family.INTEGER, "float": Family.FLOAT}.get(node.func.id)
    if isinstance(node, ast.BinOp):
        sides = {number_family(rewriter, node.left), number_family(rewriter, node.right)}
        if isinstance(node.op, ast.Div) or Family.FLOAT in sides:
            return Family.FLOAT if None not in sides else None
        return Family.INTEGER if sides == {Family.INTEGER} and not isinstance(node.op, ast.Pow) else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        return Family.INTEGER
    if isinstance(node, ast.Name):
        _, bindings = rewriter.scope_of(node).resolve(node.id, (node.lineno, node.col_offset))
        values = [binding.value if not binding.index else None for binding in bindings]
        found = {constant(item) if isinstance(item, ast.Constant) else None for item in values}
        kinds = {type(item) for item in found}
        if kinds in ({int}, {float}):
            return Family.INTEGER if kinds == {int} else Family.FLOAT
    return None


def _refused(rewriter: Rewriter, node: ast.AST, reason: str) -> None:
    text = rewriter.text(node) if isinstance(node, (ast.expr, ast.stmt)) else ""
    advice = "Write the dtype that is meant: `.float()` in PyTorch, `.astype('float32')` in MXNet."
    rewriter.fail(node, "dtype", f"`{text}`: {reason}.", advice, comment="the dtype decides the result here")
