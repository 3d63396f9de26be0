"""Batch norm: PyTorch keeps the unbiased variance of a batch for prediction, MXNet the biased one."""

from __future__ import annotations

import ast
import re

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework

_LAYERS = ("torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.BatchNorm3d", "mxnet.gluon.nn.BatchNorm")
_PREDICTS = {
    Framework.PYTORCH: re.compile(r"\.(eval|train)\("),
    Framework.MXNET: re.compile(r"\b(record|train_mode|predict_mode)\("),
}


@on_call(*_LAYERS)
def running_variance(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Says so where the text changes between training and prediction: over n values the two part by n / (n - 1)."""
    text = rewriter.source.text.text
    if not _PREDICTS[rewriter.origin].search(text):
        return False
    message = (
        "After training the running variance is the unbiased one in PyTorch and the biased one in MXNet: over n values "
        "a batch they part by n / (n - 1), and predictions with them."
    )
    if ".backward(" in text or not _trains_first(rewriter, text):
        rewriter.warn(node, "running-variance", message)
    else:
        rewriter.fail(node, "running-variance", message, comment="predictions use another running variance")
    return False


def _trains_first(rewriter: Rewriter, text: str) -> bool:
    """Whether a network is called before it is set to predict, outside of any training step."""
    if rewriter.origin is not Framework.PYTORCH:
        return False
    for found in re.finditer(r"\b(\w+)\.eval\(", text):
        if re.search(rf"(?<![\w.]){found[1]}\(", text[: found.start()]):
            return True
    return False
