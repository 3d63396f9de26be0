"""A text runs in its framework and its conversion in the other; every top-level value is compared."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import psutil
import pytest

from diptych.checking import check as check_module
from diptych.checking.check import check, check_document
from diptych.checking.check_model import Check, CheckState, Limits, Row, Verdict
from diptych.conversion.model import Conversion
from diptych.source.model import Cell, Module, Notebook

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


SOURCES = """\
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(5)
a = torch.rand(3, 2)
b = torch.randn(2, 3)
c = torch.randint(0, 7, (5,))
d = torch.randint(9, (2, 2))
e = torch.randperm(8)
f = torch.randn_like(a)
g = torch.rand_like(a)
h = torch.empty(4).normal_(1.0, 2.0)
i = torch.empty(4).uniform_(-1, 1)
j = torch.bernoulli(torch.full((6,), 0.5))
k = torch.normal(0.0, 2.0, size=(3,))
m = F.dropout(torch.ones(4, 5), 0.3, training=True)
emb = nn.Embedding(7, 3)
lstm = nn.LSTM(3, 4, num_layers=2)
out, (hn, cn) = lstm(torch.randn(5, 2, 3))
gru = nn.GRU(3, 4)
conv = nn.Conv2d(3, 4, 3, padding=1)
tr = nn.ConvTranspose2d(3, 4, 3)
cl = conv(torch.randn(1, 3, 5, 5))
ln = nn.LayerNorm(4)
q = ln(torch.randn(2, 4))
v = emb(torch.tensor([1, 2, 3]))
batches = []
for X, in DataLoader(TensorDataset(torch.arange(6).float()), batch_size=4, shuffle=True):
    batches.append(X.sum().item())
"""


def test_every_source_that_is_replaced_gives_both_sides_the_same() -> None:
    found = check(SOURCES)
    assert found.state is CheckState.EQUAL, found.message
    assert all(row.difference == 0 for row in found.rows if row.name in "abcdefghijkmv")


NP = """\
import mxnet as mx
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
npx.set_np()
mx.random.seed(4)
a = np.random.uniform(0, 2, size=(3, 2))
b = np.random.normal(size=(2, 3))
c = np.random.randint(0, 7, size=(5,))
d = np.random.rand(2, 2)
e = np.random.randn(3)
f = np.random.exponential(2.0, size=(3,))
net = nn.Sequential()
net.add(nn.Dense(4, in_units=3, activation='relu'), nn.Dropout(0.5), nn.Dense(2, in_units=4))
net.initialize()
with autograd.record():
    y = net(b).sum()
y.backward()
z = net(b)
"""


def test_the_np_dialect_does_too() -> None:
    found = check(NP, "pytorch")
    assert found.state is CheckState.EQUAL, found.message


MAIN = """\
import torch
from torch import nn
def train(net, X, y, steps):
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(steps):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(X), y)
        loss.backward()
        opt.step()
    return loss.item()

def main():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    X = torch.randn(8, 3)
    y = X.sum(dim=1, keepdim=True)
    final = train(net, X, y, 3)
    print(final)

if __name__ == "__main__":
    main()
"""


def test_a_function_that_is_the_program_is_looked_into() -> None:
    found = check(MAIN)
    assert found.state is CheckState.EQUAL, found.message
    assert row(found, "main:net.weight").verdict is Verdict.EQUAL


def faulty(monkeypatch: pytest.MonkeyPatch, right: str, wrong: str) -> None:
    """Let the converter write something wrong."""
    real = check_module.convert_document

    def converted(*arguments: Any, **options: Any) -> Conversion:
        conversion = real(*arguments, **options)
        assert right in conversion.code
        return msgspec.structs.replace(conversion, code=conversion.code.replace(right, wrong))

    monkeypatch.setattr(check_module, "convert_document", converted)


@pytest.mark.parametrize(
    ("right", "wrong", "name", "line"),
    [
        ("'learning_rate': 0.1", "'learning_rate': 0.1001", "net.0.bias", 16),
        ("'learning_rate': 0.1", "'learning_rate': 0.1, 'wd': 5e-4", "net.0.weight", 12),  # too little in one pass
        ("autograd.record()", "autograd.record(train_mode=False)", "loss", 14),
        ("shape=(5, 3)", "shape=(5, 3), scale=2", "x", 5),
        ("activation='relu'", "activation='tanh'", "loss", 14),
    ],
)
def test_a_wrong_conversion_is_found_at_its_first_line(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, name: str, line: int
) -> None:
    faulty(monkeypatch, right, wrong)
    found = check(TRAINING)
    assert found.state is CheckState.DIFFERS, found.message
    assert row(found, name).verdict is Verdict.DIFFERS
    assert found.parting is not None
    assert found.parting.original.first == line


def test_a_side_that_stops_is_compared_up_to_there(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty(monkeypatch, "order =", "raise ValueError('stopped')\norder =")
    found = check(TRAINING)
    assert found.state is CheckState.CONVERTED_FAILED
    assert {row(found, name).verdict for name in "xyk"} == {Verdict.EQUAL}
    assert row(found, "total").note == "only the original has it"


async def test_cancelling_ends_both_processes() -> None:
    before = set(psutil.Process().children(recursive=True))
    text = "import torch\nx = torch.ones(3)\nwhile True:\n    x = x + 1\n"
    began = asyncio.Event()
    work = asyncio.create_task(check_document(Module(text), progress=lambda *_: began.set()))
    await asyncio.wait_for(began.wait(), 120)
    started = set(psutil.Process().children(recursive=True)) - before
    assert started
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert psutil.wait_procs(list(started), timeout=10)[1] == []


VALUES = """\
import torch
nothing, yes, far, odd = None, True, float("-inf"), float("nan")
wide, text = 2 ** 80, "text \\ud800"
holes = torch.tensor([1.0, float("nan"), float("inf")])
empty, truths, half = torch.zeros(0), torch.ones(3).bool(), torch.ones(2).half()
parts = {"a": (1, [2.5, float("inf")]), "b": torch.ones(2)}
"""


def test_values_of_all_kinds() -> None:
    found = check(VALUES)
    assert found.state is CheckState.EQUAL, found.message
    assert len(found.rows) == 11


async def test_the_cells_of_mxnets_process_are_checked_by_themselves() -> None:
    cells = [
        Cell("import torch\nx = torch.ones(2)"),
        Cell("%%mxnet\nfrom mxnet import nd\ny = nd.ones((2, 3))"),
        Cell("%%bash\nls"),
        Cell("%%mxnet\nz = y + 1"),
    ]
    found = await check_document(Notebook(tuple(cells), active=1))
    assert [(row.name, row.verdict) for row in found.rows] == [("y", Verdict.EQUAL), ("z", Verdict.EQUAL)]


def test_both_sides_read_the_same_clock_and_the_machine_is_left_out() -> None:
    found = check(
        "import os, time\nimport torch\nx = torch.ones(2)\ntic = time.time()\nmine = os.getpid()\nhalf = mine / 2\n"
    )
    assert row(found, "tic").verdict is Verdict.EQUAL
    assert "machine" in row(found, "half").note
