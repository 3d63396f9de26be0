"""The very dtype of an array, where the text tells it: MXNet's nd refuses to compute with two widths at once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.source.types import Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

_UNUSUAL = frozenset(("float64", "double", "float16", "half", "int32", "int", "int16", "short", "int8", "uint8"))


def names_widths(rewriter: Rewriter) -> bool:
    """Whether the unit names a dtype beside the usual float32 and int64."""
    known = rewriter.memory.get("unusual dtypes")
    if not isinstance(known, bool):
        nodes = rewriter.source.nodes
        known = any(nodes.attributes(*_UNUSUAL)) or any(
            isinstance(node.value, str) and node.value in _UNUSUAL for node in nodes.of(ast.Constant)
        )
        rewriter.memory["unusual dtypes"] = known
    return known


def exact_dtype(rewriter: Rewriter, node: ast.expr) -> str | None:
    """The dtype of an array, as NumPy names it; None where the text does not tell it."""
    found = rewriter.type_of(node)
    return found.name if isinstance(found, Tensor) else None
