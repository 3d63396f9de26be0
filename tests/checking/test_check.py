"""A text runs in its framework and its conversion in the other; every top-level value is compared."""

from __future__ import annotations

import pytest

from diptych.checking.check import check
from diptych.checking.check_model import Check, CheckState, Limits, Row, Verdict

pytestmark = pytest.mark.frameworks

TRAINING = """\
import torch
from torch import nn

torch.manual_seed(1)
x = torch.randn(5, 3)
y = torch.rand(5, 1)
k = torch.randint(0, 10, (4,))
order = torch.randperm(6)
net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4, 1))
loss_fn = nn.MSELoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    trainer.zero_grad()
    loss = loss_fn(net(x), y)
    loss.backward()
    trainer.step()
total = loss.item()
text = "hello"
"""


def row(found: Check, name: str) -> Row:
    return next(row for row in found.rows if row.name == name)


def test_random_numbers_weights_and_gradients_are_those_of_the_other_side() -> None:
    found = check(TRAINING)
    assert found.state is CheckState.EQUAL, found.message
    equal = {row.name for row in found.rows if row.verdict is Verdict.EQUAL}
    assert {"x", "y", "k", "order", "net.0.weight", "net.3.bias", "net.0.weight.grad", "loss", "total"} <= equal


def test_gluon_with_an_initializer_trains_as_its_conversion_does() -> None:
    found = check(
        """\
from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn
x = nd.random.normal(shape=(6, 3))
y = nd.random.uniform(0, 1, shape=(6, 2))
net = nn.Sequential()
net.add(nn.Dense(4, in_units=3, activation='relu'), nn.Dense(2, in_units=4))
net.initialize(init.Normal(0.1))
loss_fn = gluon.loss.L2Loss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})
for i in range(4):
    with autograd.record():
        loss = loss_fn(net(x), y)
    loss.backward()
    trainer.step(6)
""",
        "pytorch",
    )
    assert found.state is CheckState.EQUAL, found.message
    assert row(found, "net.1.weight.grad").verdict is Verdict.EQUAL


def test_code_that_fails_says_where() -> None:
    found = check("import torch\nx = torch.ones(3)\ny = x.reshape(2, 2)\n")
    assert found.state is CheckState.ORIGINAL_FAILED
    assert found.original is not None
    assert found.original.line == 3
    assert "invalid for input of size 3" in found.message


def test_code_that_never_ends_is_stopped_with_what_it_starts() -> None:
    found = check("import torch\nx = torch.ones(3)\nwhile True:\n    x = x + 1\n", limits=Limits(seconds=2))
    assert found.state is CheckState.TIMED_OUT
    assert "at line 4" in found.message


def test_code_that_takes_too_much_memory_is_stopped() -> None:
    text = "import torch\nkeep = []\nwhile True:\n    keep.append(torch.ones(10_000_000))\n"
    assert check(text, limits=Limits(seconds=60, memory=2**30)).state is CheckState.OUT_OF_MEMORY


def test_what_the_converter_refuses_is_not_executed() -> None:
    found = check("import torch\nx = torch.linalg.eigh(torch.ones(2, 2)\n")
    assert found.state is CheckState.CONVERSION_REFUSED
    assert found.original is None


def test_numbers_from_a_source_that_is_not_shared_are_not_compared() -> None:
    found = check("import torch\nx = torch.ones(3)\npicked = torch.multinomial(x, 2)\nnext_one = picked + 1\n")
    assert row(found, "x").verdict is Verdict.EQUAL
    for name in ("picked", "next_one"):
        assert "random" in row(found, name).note


def adam(factor: float) -> str:
    return f"""\
import torch
from torch import nn
x = torch.randn(4, 3)
net = nn.Linear(3, 2)
trainer = torch.optim.Adam(net.parameters(), lr=0.1)
trainer.zero_grad()
loss = net(x).mean() * {factor}
loss.backward()
trainer.step()
"""


def test_a_real_difference_in_small_gradients_is_never_taken_for_rounding() -> None:
    assert check(adam(1.0)).state is CheckState.EQUAL
    found = check(adam(1e-6))  # here Adam's epsilon counts, which MXNet adds before it corrects the bias
    assert found.state is CheckState.DIFFERS
    assert row(found, "net.weight").line == 9
    assert row(found, "net.weight.grad").verdict is Verdict.EQUAL


NORMALIZED = """\
import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(8, 1, 6, 6)
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(64, 2))
trainer = torch.optim.Adam(net.parameters(), lr=0.01)
losses = []
for step in range(5):
    trainer.zero_grad()
    loss = (net(x) ** 2).mean()
    loss.backward()
    trainer.step()
    losses.append(loss.item())
"""


def test_what_only_rounding_moves_is_called_close() -> None:
    """A bias before a normalization has no effect: its gradients are what rounding leaves of 0; Adam enlarges them."""
    found = check(NORMALIZED)
    assert found.state is CheckState.CLOSE, found.message
    assert row(found, "net.0.bias").verdict is Verdict.CLOSE
    assert row(found, "losses").verdict is Verdict.EQUAL
