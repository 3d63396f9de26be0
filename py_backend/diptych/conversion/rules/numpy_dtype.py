"""``torch.from_numpy`` keeps the dtype of the array, ``nd.array`` makes float32 of it."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use


@on_call("torch.from_numpy")
def from_numpy(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The record's mapping holds; that it may change the dtype and copies is said."""
    message = "`from_numpy` shares the array and keeps its dtype; MXNet copies it, to float32 unless a dtype is given."
    rewriter.warn(node, "dtype", message, "Pass `dtype=` where the array is not float32.")
    return False
