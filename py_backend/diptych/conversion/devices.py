"""Names that hold a device as a word: ``device = 'cuda' if torch.cuda.is_available() else 'cpu'``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.scopes import BindingKind
from diptych.source.types import Api

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

_KINDS = ("cpu", "cuda")
_SHOWN = ("print", "format", "str", "repr")


def names_device(rewriter: Rewriter, value: ast.expr) -> bool:
    """Whether a name holds the word of a device, and is used for nothing but a device and for being printed."""
    if not isinstance(value, ast.Name) or rewriter.target is not Framework.MXNET:
        return False
    known = rewriter.memory.setdefault("device words", {})
    assert isinstance(known, dict)
    if value.id not in known:
        known[value.id] = _only_devices(rewriter, value)
    return bool(known[value.id])


def is_word(rewriter: Rewriter, value: ast.expr) -> bool:
    """``'cuda:0'``, the accelerator's ``type``, or one of these by whether there is a GPU."""
    if isinstance(value, ast.IfExp):
        return is_word(rewriter, value.body) and is_word(rewriter, value.orelse)
    return is_accelerator(rewriter, value) or _is_kind(constant(value))


def is_accelerator(rewriter: Rewriter, value: ast.expr) -> bool:
    """``torch.accelerator.current_accelerator()``, with or without ``.type``."""
    if isinstance(value, ast.Attribute) and value.attr == "type":
        value = value.value
    found = rewriter.type_of(value.func) if isinstance(value, ast.Call) else None
    return isinstance(found, Api) and found.path == "torch.accelerator.current_accelerator"


def _is_kind(word: object) -> bool:
    kind, _, index = word.partition(":") if isinstance(word, str) else ("", "", "")
    return kind in _KINDS and (not index or index.isdecimal())


def _only_devices(rewriter: Rewriter, value: ast.Name) -> bool:
    owner, _ = rewriter.scope_of(value).resolve(value.id, (value.lineno, value.col_offset))
    bindings = owner.bindings.get(value.id, []) if owner is not None else []
    words = [
        binding.kind is BindingKind.ASSIGN
        and not binding.index
        and binding.value is not None
        and is_word(rewriter, binding.value)
        for binding in bindings
    ]
    if not words or not all(words):
        return False
    uses = [node for node in rewriter.source.nodes.named(value.id) if isinstance(node.ctx, ast.Load)]
    return all(_fits(rewriter, node) for node in uses)


def _fits(rewriter: Rewriter, node: ast.Name) -> bool:
    parent = rewriter.parent(node)
    if isinstance(parent, (ast.FormattedValue, ast.Expr)):
        return True
    if isinstance(parent, ast.keyword):
        return parent.arg in ("device", "map_location")
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, ast.Mod) and isinstance(parent.left, (ast.Constant, ast.JoinedStr))
    if not isinstance(parent, ast.Call) or node not in parent.args:
        return False
    if isinstance(parent.func, ast.Name) and parent.func.id in _SHOWN:
        return True
    if isinstance(parent.func, ast.Attribute) and parent.func.attr in ("to", "format"):
        return True
    found = rewriter.type_of(parent.func)
    return isinstance(found, Api) and found.path == "torch.device"
