"""How many dimensions the data has that a layer of any dimension sees, as the layers around it tell.

Gluon's ``BatchNorm`` takes data of every rank, PyTorch has a layer for each and refuses data of another rank: a layer
chosen wrongly can't go unnoticed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from diptych.source.nodes import inside

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

_AROUND = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
_FLAT = ("Dense", "Flatten")


def dimensions(rewriter: Rewriter, node: ast.AST) -> int | None:
    """The number of spatial dimensions at the layer ``node``; 1 where the data is flat, None where nothing tells."""
    for layer in _before(rewriter, node):
        found = _of(rewriter, layer)
        if found is not None:
            return found or 1
    around: ast.AST | None = node
    while around is not None:
        around = rewriter.parent(around)
        if isinstance(around, (ast.Call, *_AROUND)):
            every = {found for call in _calls([around]) if (found := _of(rewriter, call)) is not None}
            spatial = {found for found in every if found} or every
            if len(spatial) == 1:
                return spatial.pop() or 1
            if len(spatial) > 1:
                return None
    return None


def _before(rewriter: Rewriter, node: ast.AST) -> Iterator[ast.expr]:
    """The layers that stand before ``node`` in the same call, the nearest first."""
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Call) and node in parent.args:
        yield from reversed(parent.args[: parent.args.index(node)])


def _calls(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    for node in nodes:
        yield from (item for item in inside(node) if isinstance(item, ast.Call))


def _of(rewriter: Rewriter, layer: ast.AST) -> int | None:
    """What one layer tells: its dimensions, 0 for a layer of flat data."""
    use = rewriter.use(layer.func) if isinstance(layer, ast.Call) else None
    name = use.path.rpartition(".")[2] if use is not None else ""
    found = re.search(r"([123])D(?:Transpose)?$", name)
    if found is not None:
        return int(found[1])
    return 0 if name in _FLAT else None
