"""``transforms.ToTensor()(image)``: torchvision's takes an image of PIL or NumPy, Gluon's an array."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.model import Framework
from diptych.source.types import Instance, Role, Tensor

_TO_TENSOR = "mxnet.gluon.data.vision.transforms.ToTensor"


@on_node(ast.Call)
def called(rewriter: Rewriter, node: ast.Call) -> bool:
    """To PyTorch: the transform, or one of those that it is composed of, is called with an array."""
    found = rewriter.type_of(node.func)
    if rewriter.target is not Framework.PYTORCH or not isinstance(found, Instance) or found.role is not Role.TRANSFORM:
        return False
    arrays = [value for value in node.args if isinstance(rewriter.type_of(value), Tensor)]
    if not arrays or found.call is None or not _converts(rewriter, found.call):
        return False
    message = f"`{rewriter.text(node.func)}`: torchvision's `ToTensor` takes an image of PIL or NumPy, not a tensor."
    advice = "Call it with `image.asnumpy()`, or write `image.astype('float32').transpose(2, 0, 1) / 255`."
    rewriter.fail(node, "to-tensor", message, advice, comment="ToTensor takes no tensor in PyTorch")
    return False


def _converts(rewriter: Rewriter, made: ast.Call) -> bool:
    calls = [item for item in ast.walk(made) if isinstance(item, ast.Call)]
    uses = [use for item in calls if (use := rewriter.use(item.func)) is not None]
    return any(use.path == _TO_TENSOR for use in uses)
