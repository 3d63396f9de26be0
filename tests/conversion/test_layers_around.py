"""Gluon's ``BatchNorm`` takes any rank; the layers around tell which of PyTorch's it becomes."""

from __future__ import annotations

import pytest

from diptych import convert

PREAMBLE = "from mxnet.gluon import nn\n"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("net = nn.Sequential()\nnet.add(nn.Conv2D(4, 3), nn.BatchNorm())\n", "nn.LazyBatchNorm2d()"),
        ("net = nn.Sequential()\nnet.add(nn.BatchNorm(), nn.Conv3D(4, 3))\n", "nn.LazyBatchNorm3d()"),
        ("net = nn.Sequential()\nnet.add(nn.Conv2D(4, 3), nn.Dense(3), nn.BatchNorm())\n", "nn.LazyBatchNorm1d()"),
        ("class A(nn.Block):\n    def __init__(self):\n        super().__init__()\n        self.c = nn.Conv1D(4, 3)\n"
         "        self.b = nn.BatchNorm(in_channels=4)\n", "nn.BatchNorm1d(4)"),
    ],
)  # fmt: skip
def test_the_layers_around_tell_the_dimensions(source: str, written: str) -> None:
    assert written in convert(PREAMBLE + source, "pytorch", "nd").code


@pytest.mark.parametrize(
    "source",
    ["layer = nn.BatchNorm()\n", "a = nn.Conv2D(3, 1)\nb = nn.Conv3D(3, 1)\nlayer = nn.BatchNorm()\n"],
)
def test_where_nothing_tells_them_the_layer_stays(source: str) -> None:
    result = convert(PREAMBLE + source, "pytorch", "nd")
    assert "= nn.BatchNorm()" in result.code
    assert result.diagnostics


@pytest.mark.parametrize(
    ("layer", "matters"),
    [
        ("nn.GRU(4, 5)", False),
        ("nn.GRU(4, 5, 2, dropout=0.5)", True),
        ("nn.LSTM(4, 5, **options)", True),
        ("nn.GRUCell(4, 5)", False),
        ("nn.InstanceNorm2d(4)", False),
        ("nn.InstanceNorm2d(4, track_running_stats=True)", True),
    ],
)
def test_the_mode_matters_where_a_layer_drops_out_or_keeps_statistics(layer: str, matters: bool) -> None:
    source = f"import torch\nfrom torch import nn\nx = torch.ones(2, 4)\nlayer = {layer}\ny = layer(x)\n"
    assert ("autograd.train_mode()" in convert(source, "mxnet", "nd").code) is matters
