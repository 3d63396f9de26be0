"""Each program converts to one that computes the same values, or is refused with an error: nothing in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sides import Sides, refused

from diptych import convert
from diptych.equivalence.model import Dialect, Framework

pytestmark = pytest.mark.frameworks

# Programs of PyTorch that have to come out right in MXNet's nd: name -> (program, values compared).
TO_ND = {
    "flatten everything": (
        "import torch\nx = torch.tensor([[1., 2., 3.], [4., 5., 7.]])\na = x.flatten()\nb = torch.flatten(x)\n",
        "a b",
    ),
    "dtype of a NumPy array": (
        "import torch\ndata = numpy.array([1, 2], dtype='int64')\na = torch.from_numpy(data)\n"
        "b = torch.from_numpy(data * 2)\nc = torch.tensor(data)\n",
        "a b c",
    ),
    "dtype of numbers": (
        "import torch\na = torch.tensor([1, 2])\nb = torch.tensor([1., 2])\nc = torch.tensor([True, False])\n"
        "d = torch.tensor([[1], [-2]])\ne = torch.full((2,), 3)\nf = torch.full((2,), 0.5)\n",
        "a b c d e f",
    ),
    "functions of an array": (
        "import torch\nx = torch.tensor([[1., 2., 3.], [4., 5., 7.]])\na = torch.sum(x)\nb = torch.sum(x, 1)\n"
        "c = torch.mean(x, dim=0, keepdim=True)\nd = torch.mean(x)\ne = torch.sum(x * 2, dim=1)\n",
        "a b c d e",
    ),
    "sizes": (
        "import torch\nx = torch.ones(2, 3)\na = x.size(0)\nb = x.size()\nc = x.numel()\nd = torch.numel(x)\n"
        "e = x.size(dim=-1)\nrows, columns = x.size()\nn = x.size()[1]\n",
        "a b c d e rows columns n",
    ),
    "integers divided": (
        "import torch\nx = torch.tensor([1, 2, 3])\na = x / 2\nb = x + 0.5\nc = x * 2\nd = 1 / x\n",
        "a b c d",
    ),
    "to the CPU": ("import torch\nx = torch.ones(2)\na = x.cpu()\n", "a"),
    "layers appended": (
        "import torch\nfrom torch import nn\nnet = nn.Sequential()\nnet.append(nn.Linear(3, 2))\n"
        "net.append(nn.ReLU())\nfill(net, numpy.ones((2, 3)).astype('float32'), numpy.ones(2).astype('float32'))\n"
        "y = net(torch.ones(2, 3))\n",
        "y",
    ),
    "layers appended after the first": (
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(3, 2))\nnet.append(nn.Linear(2, 1))\n"
        "fill(net, *[numpy.ones(s).astype('float32') for s in ((2, 3), (2,), (1, 2), (1,))])\n"
        "y = net(torch.ones(2, 3))\n",
        "y",
    ),
    "parameters iterated": (
        "from torch import nn\nnet = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))\n"
        "shapes = [p.shape for p in net.parameters()]\n",
        "shapes",
    ),
    "weights by a name": (
        "import torch\nfrom torch import nn\nnet = nn.Linear(3, 2)\nother = nn.Linear(3, 2)\n"
        "fill(net, numpy.ones((2, 3)).astype('float32'), numpy.ones(2).astype('float32'))\nfile = 'net.pt'\n"
        "torch.save(net.state_dict(), file)\nother.load_state_dict(torch.load(file))\ny = other(torch.ones(2, 3))\n",
        "y",
    ),
    "momentum and decay": (
        "import torch\nfrom torch import nn\nnet = nn.Linear(3, 2)\n"
        "fill(net, numpy.ones((2, 3)).astype('float32'), numpy.ones(2).astype('float32'))\n"
        "loss_fn = nn.CrossEntropyLoss()\n"
        "trainer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)\n"
        "X, y = torch.tensor([[1., 2., 3.], [0., 1., 5.]]), torch.tensor([0, 1])\n"
        "for i in range(4):\n    trainer.zero_grad()\n    loss = loss_fn(net(X), y)\n    loss.backward()\n"
        "    trainer.step()\n"
        "result = net(X)\n",
        "result",
    ),
    "evaluation of a network with dropout": (
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5))\n"
        "fill(net, numpy.ones((2, 3)).astype('float32'), numpy.ones(2).astype('float32'))\n"
        "net.eval()\ny = net(torch.ones(2, 3))\n",
        "y",
    ),
}
# Programs that have no safe counterpart: an error says so.
REFUSED_IN_ND = {
    "a training step in prediction mode": (
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5))\n"
        "loss_fn = nn.CrossEntropyLoss()\ntrainer = torch.optim.SGD(net.parameters(), lr=0.1)\nnet.eval()\n"
        "for X, y in torch.utils.data.DataLoader([], 4):\n    trainer.zero_grad()\n    loss = loss_fn(net(X), y)\n"
        "    loss.backward()\n    trainer.step()\n"
    ),
    "groups of parameters with options of their own": (
        "import torch\nfrom torch import nn\nnet = nn.Linear(3, 2)\n"
        "trainer = torch.optim.SGD([{'params': net.weight, 'weight_decay': 0.1}, {'params': net.bias}], lr=0.1)\n"
    ),
    "a hook that gives something back": (
        "import torch\nfrom torch import nn\nnet = nn.Linear(3, 2)\n"
        "net.register_forward_hook(lambda layer, given, output: output * 2)\n"
    ),
    "momentum that a cycle of rates changes too": (
        "import torch\nfrom torch import nn\nnet = nn.Linear(3, 2)\n"
        "trainer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)\n"
        "scheduler = torch.optim.lr_scheduler.OneCycleLR(trainer, 0.5, total_steps=10)\n"
    ),
}
TO_TORCH = {
    "flatten keeps the first dimension": (
        "from mxnet import nd\nx = nd.ones((2, 3, 4))\na = x.flatten()\nb = nd.flatten(x)\n",
        "a b",
    ),
    "dtype of numbers": (
        "from mxnet import nd\na = nd.array([1, 2])\nb = nd.array([1, 2], dtype='int32')\nc = nd.array([0.5])\n",
        "a b c",
    ),
    "dtype of a NumPy array": (
        "from mxnet import nd\ndata = numpy.array([1, 2])\na = nd.array(data)\nb = nd.array(data, dtype=data.dtype)\n",
        "a b",
    ),
    "functions of an array": (
        "from mxnet import nd\nx = nd.ones((2, 3))\na = nd.sum(x, axis=1)\nb = nd.mean(x)\nc = nd.argmax(x, axis=1)\n"
        "n = x.size\nr = x.shape[0]\n",
        "a b n r",
    ),
    "integers divided": (
        "from mxnet import nd\nx = nd.array([1, 2, 3], dtype='int32')\na = x / 2\nb = x + 1\n",
        "a b",
    ),
    "dropout outside of recording": (
        "from mxnet import nd\nfrom mxnet.gluon import nn\nnet = nn.Sequential()\n"
        "net.add(nn.Dense(2, in_units=3), nn.Dropout(0.5))\nnet.initialize()\n"
        "fill(net, numpy.ones((2, 3), 'f'), numpy.ones(2, 'f'))\ny = net(nd.ones((2, 3)))\n",
        "y",
    ),
    "weights loaded": (
        "from mxnet import nd\nfrom mxnet.gluon import nn\n"
        "def build():\n    net = nn.Dense(2, in_units=3)\n    return net\n"
        "net = nn.Dense(2, in_units=3)\nnet.initialize()\nfill(net, numpy.ones((2, 3), 'f'), numpy.ones(2, 'f'))\n"
        "net.save_parameters('net.params')\nother = nn.Dense(2, in_units=3)\nother.load_parameters('net.params')\n"
        "y = other(nd.ones((2, 3)))\n",
        "y",
    ),
}
TO_TORCH_REFUSED = {
    "a mode that nobody knows": (
        "from mxnet import autograd, nd\nfrom mxnet.gluon import nn\nnet = nn.Dropout(0.5)\n"
        "def forward(x):\n    return net(x)\nwith autograd.record():\n    y = forward(nd.ones((2, 3)))\n"
    ),
    "another mode than recording": (
        "from mxnet import autograd, nd\nfrom mxnet.gluon import nn\nnet = nn.Dropout(0.5)\n"
        "with autograd.record(train_mode=False):\n    y = net(nd.ones((2, 3)))\n"
    ),
}
TO_NP = {
    "arrays": (
        "import torch\nx = torch.tensor([[1.0, 2.5], [3.0, -4.0]])\na = x.sum(dim=1)\nb = x + 1\nc = x == x\n"
        "d = x.argmax(dim=1)\ne = x.mean()\nf = x.reshape(4)\ng = x.flatten()\n",
        "a b c d e f g",
    ),
    "a network": (
        "import torch\nfrom torch import nn\nnet = nn.Linear(3, 2)\n"
        "fill(net, numpy.ones((2, 3)).astype('float32'), numpy.ones(2).astype('float32'))\ny = net(torch.ones(2, 3))\n",
        "y",
    ),
}


@pytest.fixture(scope="module")
def sides() -> Iterator[Sides]:
    with Sides() as both:
        yield both


@pytest.mark.parametrize("name", TO_ND)
def test_pytorch_programs_are_right_in_nd(sides: Sides, name: str) -> None:
    source, names = TO_ND[name]
    assert not refused(convert(source))
    assert not sides.difference(source, Framework.MXNET, tuple(names.split()))


@pytest.mark.parametrize("name", REFUSED_IN_ND)
def test_pytorch_programs_without_a_safe_counterpart_are_refused(name: str) -> None:
    assert refused(convert(REFUSED_IN_ND[name]))


@pytest.mark.parametrize("name", TO_TORCH)
def test_mxnet_programs_are_right_in_pytorch_or_refused(sides: Sides, name: str) -> None:
    source, names = TO_TORCH[name]
    assert not sides.difference(source, Framework.PYTORCH, tuple(names.split()))


@pytest.mark.parametrize("name", TO_TORCH_REFUSED)
def test_mxnet_programs_without_a_safe_counterpart_are_refused(name: str) -> None:
    assert refused(convert(TO_TORCH_REFUSED[name], "pytorch"))


@pytest.mark.parametrize("name", TO_NP)
def test_pytorch_programs_are_right_in_np(sides: Sides, name: str) -> None:
    source, names = TO_NP[name]
    assert not refused(convert(source, dialect="np"))
    assert not sides.difference(source, Framework.MXNET, tuple(names.split()), Dialect.NP)
