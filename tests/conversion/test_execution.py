"""Conversion is held to what it computes: both sides run, each in a process of its own, from the same weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from diptych import convert
from diptych.equivalence.model import Framework

pytestmark = pytest.mark.frameworks

# The article's model, loss, optimizer and training loop on batches that end with a smaller one.
TORCH = """
import torch
from torch import nn
from torch.utils.data import DataLoader

net = nn.Sequential(
    nn.Linear(12, 8),
    nn.ReLU(),
    nn.Linear(8, 3),
)
weights(net)
train_data: DataLoader = batches()
loss_fn = nn.CrossEntropyLoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.5)
history = []
for epoch in range(2):
    for X, y in train_data:
        trainer.zero_grad()
        loss = loss_fn(net(X.view(-1, 12)), y)
        loss.backward()
        trainer.step()
        history.append(loss.item())
"""
MXNET = """
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn
from mxnet.gluon.data import DataLoader

net = nn.Sequential()
with net.name_scope():
    net.add(
        nn.Dense(8, activation='relu'),
        nn.Dense(3)
    )
net.initialize()
weights(net)
train_data: DataLoader = batches()
loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1, 'momentum': 0.5})
history = []
for epoch in range(2):
    for X, y in train_data:
        with autograd.record():
            loss = loss_fn(net(X.flatten()), y)
        loss.backward()
        trainer.step(X.shape[0])
        history.append(loss.mean().asscalar())
"""
_BATCHES = """
import numpy
numbers = numpy.random.RandomState(0)
data = numbers.randn(20, 3, 4).astype("float32")
labels = numbers.randint(0, 3, 20)
parameters = [numbers.randn(*shape).astype("float32") * 0.3 for shape in ((8, 12), (8,), (3, 8), (3,))]
parts = [(data[i : i + 8], labels[i : i + 8]) for i in range(0, 20, 8)]
"""
_WEIGHTS = {
    Framework.PYTORCH: """
import torch
def weights(net):
    net(torch.ones(1, 12))
    with torch.no_grad():
        for own, value in zip(net.parameters(), parameters):
            own.copy_(torch.from_numpy(value))
def batches():
    return [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in parts]
""",
    Framework.MXNET: """
import mxnet
def weights(net):
    net.initialize(force_reinit=True)
    net(mxnet.nd.ones((1, 12)))
    for own, value in zip(net.collect_params().values(), parameters):
        own.set_data(mxnet.nd.array(value))
def batches():
    return [(mxnet.nd.array(x), mxnet.nd.array(y)) for x, y in parts]
""",
}


def _losses(framework: Framework, code: str, folder: Path) -> list[float]:
    # The converter renames what it reads; `weights` and `batches` are the reader's own and stand outside.
    script = folder / f"on_{framework.value}.py"
    ending = "\nimport json\nprint(json.dumps([float(value) for value in history]))\n"
    script.write_text(_BATCHES + _WEIGHTS[framework] + code + ending, encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "diptych.runtime", str(script)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    numbers: list[float] = json.loads(done.stdout.splitlines()[-1])
    return numbers


@pytest.mark.parametrize(("source", "origin"), [(TORCH, Framework.PYTORCH), (MXNET, Framework.MXNET)])
def test_training_computes_the_same_losses_on_the_other_side(source: str, origin: Framework, tmp_path: Path) -> None:
    conversion = convert(source, origin.other)
    assert not [found for found in conversion.diagnostics if found.severity.value == "error"]
    own = _losses(origin, source, tmp_path)
    other = _losses(origin.other, conversion.code, tmp_path)
    assert other == pytest.approx(own, rel=1e-4)


EXAMPLES = Path(__file__).parents[2] / "examples"


def _epoch(code: str, script: Path) -> tuple[float, float]:
    """Average loss of the first epoch and test accuracy of a script as it is, but for `epochs` in its parameters."""
    script.write_text(code.replace("epochs = 5", "epochs = 1", 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "diptych.runtime", str(script)],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=EXAMPLES.parent,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout.split("avg loss ")[1].split(",")[0]), float(done.stdout.split("test accuracy ")[1])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "target"), [("torch", Framework.MXNET), ("mxnet", Framework.PYTORCH)])
def test_the_converted_example_runs_unedited_and_trains_as_its_twin(
    name: str, target: Framework, tmp_path: Path
) -> None:
    """The whole shipped script on all of MNIST, against the hand-written one of the same framework."""
    twin = {"torch": "mxnet", "mxnet": "torch"}[name]
    conversion = convert((EXAMPLES / f"mnist_mlp_{name}.py").read_text(encoding="utf-8"), target)
    assert not [found for found in conversion.diagnostics if found.severity.value == "error"]
    loss, accuracy = _epoch(conversion.code, tmp_path / "converted.py")
    by_hand, _ = _epoch((EXAMPLES / f"mnist_mlp_{twin}.py").read_text(encoding="utf-8"), tmp_path / "twin.py")
    assert loss == pytest.approx(by_hand, abs=0.02)
    assert accuracy >= 0.93
