"""What a hover answers: the symbol, its record, and the user's own call converted with its own arguments."""

from __future__ import annotations

import pytest

from diptych import lookup
from diptych.conversion.lookup import lookup_document
from diptych.conversion.model import Lookup
from diptych.source.model import Cell, CellType, Notebook, Span

TRAINING = """\
import torch
from torch import nn

net = nn.Sequential(nn.Linear(28*28, 256), nn.ReLU())
loss_fn = nn.CrossEntropyLoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
for X, y in torch.utils.data.DataLoader([], 128):
    trainer.zero_grad()
    loss = loss_fn(net(X.view(-1, 28*28)), y)
    loss.backward()
    trainer.step()
    print((X == y).sum(), X.shape, loss.item())  # loss.item()
    print("loss.item()", X + 1)
"""


def at(text: str, marked: str, occurrence: int = 0) -> Lookup | None:
    """The lookup at ``|`` inside ``marked``."""
    before, _, after = marked.partition("|")
    offset = -1
    for _ in range(occurrence + 1):
        offset = text.index(before + after, offset + 1)
    offset += len(before)
    line = text.count("\n", 0, offset) + 1
    return lookup(text, line, offset - (text.rfind("\n", 0, offset) + 1))


@pytest.mark.parametrize(
    ("marked", "symbol", "converted"),
    [
        ("nn.Li|near", "torch.nn.Linear", "nn.Dense(256, in_units=28*28)"),
        ("nn.Re|LU", "torch.nn.ReLU", "nn.Activation('relu')"),
        ("optim.S|GD", "torch.optim.SGD", "gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})"),
        ("l|r=0.1", "torch.optim.SGD", "gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})"),
        ("net.para|meters", "torch.nn.Sequential.parameters", "net.collect_params()"),
        ("X.vi|ew", "torch.Tensor.view", "X.reshape(-1, 28*28)"),
        ("loss.back|ward", "torch.Tensor.backward", "loss.backward()"),
        ("trainer.st|ep", "torch.optim.SGD.step", "trainer.step(X.shape[0])"),
        ("trainer.zero|_grad", "torch.optim.SGD.zero_grad", ""),
        ("loss.it|em", "torch.Tensor.item", "loss.mean().asscalar()"),
        ("Data|Loader", "torch.utils.data.DataLoader", "gluon.data.DataLoader([], 128)"),
        ("loss|_fn(net", "torch.nn.CrossEntropyLoss", "loss_fn(net(X.reshape(-1, 28*28)), y)"),
        ("X |==", "torch.Tensor.__eq__", "X == y"),
        ("X |+ 1", "torch.Tensor.__add__", "X + 1"),
        ("X.sha|pe", "torch.Tensor.shape", "X.shape"),
    ],
)
def test_the_users_own_call_is_converted(marked: str, symbol: str, converted: str) -> None:
    found = at(TRAINING, marked)
    assert found is not None
    assert (found.symbol, found.converted_call) == (symbol, converted)


@pytest.mark.parametrize("marked", ["# loss.it|em()", '"loss.it|em()"', "f|or X, y", "28|*28", "n|et = ", "pri|nt("])
def test_strings_comments_and_other_names_answer_nothing(marked: str) -> None:
    assert at(TRAINING, marked) is None


def test_flatten_is_written_unless_rank_2_is_known() -> None:
    found = at("from torch import nn\nnn.Linear(28*28, 256)\n", "nn.Li|near")
    assert found is not None
    assert found.converted_call == "nn.Dense(256, in_units=28*28, flatten=False)"


@pytest.mark.parametrize(
    ("text", "marked", "converted"),
    [
        ("from torch import nn\nnn.Linear(784, 10", "nn.Li|near", "nn.Dense(10, in_units=784, flatten=False)"),
        ("import torch\nx = torch.ones(5, 3\nif x:\n", "torch.on|es", "nd.ones((5, 3))"),
        ("%matplotlib inline\nimport torch\n!ls\n%time x = torch.ones(5, 3)\n", "torch.on|es", "nd.ones((5, 3))"),
        ("import torch\ntorch.ones?\ny = torch.ones(5, 3) +\n", "= torch.on|es", "nd.ones((5, 3))"),
        ("def f(:\n  pass\nimport torch\n汉 = torch.ones(5, 3)", "torch.on|es", "nd.ones((5, 3))"),
    ],
)
def test_half_typed_code_and_magics_are_no_obstacle(text: str, marked: str, converted: str) -> None:
    found = at(text, marked)
    assert found is not None
    assert found.converted_call == converted


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("from torch import nn\ndef f(nn):\n    return nn.Linear(3, 4)\n", "nn.Li|near"),
        ("x = 'a,b'\nx.spl|it(',')".replace("|", ""), "x.spl|it"),
        ("import torch\nargs.device\n", "args.dev|ice"),
        ("import torch\ntorch = None\ntorch.ones(1)\n", "torch.on|es"),
    ],
)
def test_a_name_is_a_framework_s_only_if_something_says_so(text: str, marked: str) -> None:
    assert at(text, marked) is None


def test_cells_of_two_processes_do_not_share_names() -> None:
    cells = (
        Cell("from torch import nn"),
        Cell("%%mxnet\nfrom mxnet.gluon import nn"),
        Cell("# nn.Linear", CellType.MARKDOWN),
        Cell("layer = nn.Linear(3, 4)"),
        Cell("%%mxnet\nlayer = nn.Dense(3)"),
        Cell("def broken(:\n"),
    )
    torch = lookup_document(Notebook(cells, active=3), 1, 12)
    mxnet = lookup_document(Notebook(cells, active=4), 2, 12)
    assert torch is not None
    assert mxnet is not None
    assert (torch.symbol, torch.span) == ("torch.nn.Linear", Span(1, 8, 1, 17))
    assert (mxnet.symbol, mxnet.converted_call) == (
        "mxnet.gluon.nn.Dense",
        "nn.Sequential(nn.Flatten(), nn.LazyLinear(3))",
    )


def test_columns_are_code_points() -> None:
    found = lookup("import torch\nprint('汉字', torch.ones(5, 3))\n", 2, 19)
    assert found is not None
    assert found.call_span == Span(2, 12, 2, 28)


def test_what_has_no_counterpart_says_why() -> None:
    found = at("import torch\nx = torch.ones(2, requires_grad=True)\n", "torch.on|es")
    assert found is not None
    assert found.converted_call is None
    assert [item.code for item in found.diagnostics] == ["unmapped-argument"]
