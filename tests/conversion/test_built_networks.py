"""What is inside of a network that a function builds is not carried over."""

from __future__ import annotations

import pytest

from diptych import convert
from diptych.conversion.model import Severity

TORCH = "from torch import nn\nfrom torchvision import models\nnet = models.resnet18(num_classes=10)\n"
MXNET = "from mxnet import gluon\nfrom mxnet.gluon import nn\nnet = gluon.model_zoo.vision.resnet18_v1(classes=10)\n"


@pytest.mark.parametrize(
    "line",
    [
        "net.fc = nn.Linear(512, 5)",
        "net.layer1[0] = nn.Identity()",
        "net.fc.weight = None",
        "part = nn.Sequential(*list(net.children())[:-2])",
        "net.add_module('last', nn.ReLU())",
        "names = [name for name, value in net.named_parameters()]",
        "n = net.fc.in_features",
    ],
)
def test_refused_to_mxnet(line: str) -> None:
    assert any(found.severity is Severity.ERROR for found in convert(TORCH + line, "mxnet").diagnostics)


@pytest.mark.parametrize("line", ["net.output = nn.Dense(5)", "net.features.add(nn.Dense(5))", "f = net.features"])
def test_refused_to_pytorch(line: str) -> None:
    assert any(found.severity is Severity.ERROR for found in convert(MXNET + line, "pytorch").diagnostics)


def test_imports_that_nothing_uses_go_or_name_the_counterpart() -> None:
    code = "import torch, torchvision\nfrom torchvision import models\n"
    code += "from torch.utils.data import Dataset, random_split\n"
    result = convert(code, "mxnet")
    assert result.code == "import mxnet as mx\nfrom mxnet.gluon.data import Dataset\n"
    assert not result.diagnostics
