"""Layers that change their input: left out only where nothing else can see the change."""

from __future__ import annotations

from diptych import convert


def test_after_a_layer_that_makes_its_output() -> None:
    source = "from torch import nn\nnet = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True), nn.ReLU(True))\n"
    conversion = convert(source, "mxnet", "np")
    assert "nn.Activation('relu'), nn.ReLU(True)" in conversion.code
    assert [each.message for each in conversion.diagnostics if "inplace" in each.message]


def test_an_argument_of_a_class_is_not_the_array_itself() -> None:
    source = "from torch import nn\nloss = nn.MSELoss(False, kind)\nother = nn.ReLU(inplace=True)\n"
    assert len([each for each in convert(source, "mxnet", "np").diagnostics if each.severity.value == "error"]) == 2
