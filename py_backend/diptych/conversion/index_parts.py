"""What the parts of an index are, as far as reading tells: ``x[0, 1:, mask]``."""

from __future__ import annotations

import ast
from enum import Enum
from typing import TYPE_CHECKING

from diptych.source.calls import constant
from diptych.source.types import Family, Plain, Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


class Index(Enum):
    """One part of an index."""

    NUMBER = "a whole number"
    SLICE = "a slice"
    BACKWARD = "a slice with a negative step"
    ELLIPSIS = "..."
    NEW = "None"
    MASK = "an array of booleans"
    INTEGERS = "an array of integers"
    FLOATS = "an array of floats"
    ARRAY = "an array of nothing known"
    LIST = "a list of whole numbers"
    UNKNOWN = "nothing known"
    OTHER = "something else"


ARRAYS = frozenset([Index.MASK, Index.INTEGERS, Index.FLOATS, Index.ARRAY, Index.LIST, Index.UNKNOWN])


def parts_of(rewriter: Rewriter, node: ast.Subscript) -> list[tuple[Index, ast.expr]]:
    """Every part with what it is."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return [(_part(rewriter, part), part) for part in parts]


def _part(rewriter: Rewriter, part: ast.expr) -> Index:
    if isinstance(part, ast.Slice):
        bounds = [bound for bound in (part.lower, part.upper, part.step) if bound is not None]
        if not all(_bound(rewriter, bound) for bound in bounds):
            return Index.OTHER
        step = constant(part.step)
        return Index.BACKWARD if isinstance(step, int) and step < 0 else Index.SLICE
    if isinstance(part, ast.Constant) and (part.value is None or part.value is Ellipsis):
        return Index.NEW if part.value is None else Index.ELLIPSIS
    if is_number(rewriter, part):
        return Index.NUMBER
    if isinstance(part, (ast.List, ast.Tuple)):
        whole = [isinstance(constant(item), int) and not isinstance(constant(item), bool) for item in part.elts]
        return Index.LIST if whole and all(whole) else Index.OTHER
    found = rewriter.type_of(part)
    if isinstance(found, Tensor):
        return _array(part, found)
    simple = isinstance(part, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    return Index.UNKNOWN if found is None and simple else Index.OTHER


def _array(part: ast.expr, found: Tensor) -> Index:
    inner = part.operand if isinstance(part, ast.UnaryOp) else part
    if isinstance(inner, ast.Compare) or found.dtype is Family.BOOLEAN:
        return Index.MASK
    if found.dtype is None:
        return Index.ARRAY
    return Index.INTEGERS if found.dtype is Family.INTEGER else Index.FLOATS


def is_number(rewriter: Rewriter, part: ast.expr) -> bool:
    """Whether a part is a whole number of Python's."""
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub):
        return is_number(rewriter, part.operand)
    if isinstance(part, ast.Constant):
        return isinstance(part.value, int) and not isinstance(part.value, bool)
    return rewriter.type_of(part) is Plain.NUMBER or _counts(rewriter, part)


def _bound(rewriter: Rewriter, part: ast.expr) -> bool:
    """Whether a bound of a slice may be taken for a number: nothing else fits there but an array."""
    return is_number(rewriter, part) or (not isinstance(part, ast.Constant) and rewriter.type_of(part) is None)


def _counts(rewriter: Rewriter, part: ast.expr) -> bool:
    """A name that a loop over ``range`` or ``enumerate`` gives, or arithmetic of such."""
    if isinstance(part, ast.BinOp):
        return is_number(rewriter, part.left) and is_number(rewriter, part.right)
    if not isinstance(part, ast.Name):
        return False
    _, bindings = rewriter.scope_of(part).resolve(part.id, (part.lineno, part.col_offset))
    return bool(bindings) and all(
        isinstance(binding.value, ast.Call)
        and isinstance(binding.value.func, ast.Name)
        and (binding.value.func.id == "range" or (binding.value.func.id == "enumerate" and binding.index == (0,)))
        for binding in bindings
    )
